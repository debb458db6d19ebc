// What every world must do for the devices of a router: interfaces of its own over others, with their own MAC address.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceSpec, Link, MadeDevice } from '../../src/ports/network-port.ts';
import { framesOf, GROUPS, open, outgoing, type Pair } from './station.ts';

const MAC = '00:00:5e:00:01:07';
const NAME = 'vrrp.7';

/** Runs the suite on pairs that `makePair` makes. */
export function deviceContract(name: string, makePair: () => Promise<Pair>): void {
  describe(`${name}: devices`, () => {
    let pair: Pair;
    const spec = (change: Partial<DeviceSpec> = {}): DeviceSpec => ({
      name: NAME,
      base: pair.left.interface,
      kind: 'macvlan',
      mode: 'private',
      mac: MAC,
      ipv4: true,
      ipv6: false,
      ...change,
    });
    const make = async (change: Partial<DeviceSpec> = {}): Promise<MadeDevice> =>
      (await pair.left.call<MadeDevice[]>('network.createDevices', [spec(change)]))[0]!;
    const links = () => pair.left.call<Link[]>('network.links');
    const find = async () => (await links()).find((link) => link.name === NAME);
    const lastUp = () => pair.left.linkChanges.filter((change) => change.name === NAME).at(-1)?.link?.up;
    beforeAll(async () => {
      pair = await makePair();
    });
    afterAll(() => pair.close());

    it('makes one, up at once, and takes it over when it is there', async () => {
      const made = await make();
      expect(made).toMatchObject({ result: { ok: true }, reused: false, link: { name: NAME, mac: MAC, up: true } });
      expect(made.problems).toEqual([]);
      expect(await find()).toEqual(made.link);
      expect(await make()).toMatchObject({ result: { ok: true }, reused: true, link: { index: made.link!.index } });
    });

    it('refuses one without a base, and one with the name of another interface', async () => {
      const lost = await make({ name: 'vrrp.8', base: 'nosuch0' });
      expect(lost).toMatchObject({ result: { ok: false, code: 'ENODEV' } });
      expect(lost.link ?? undefined).toBeUndefined();
      expect(await make({ name: pair.left.interface })).toMatchObject({ result: { ok: false, code: 'EEXIST' } });
      expect((await links()).map((link) => link.name)).not.toContain('vrrp.8');
    });

    it('sends adverts and announcements with its MAC address, and hears what comes for the group', async () => {
      await pair.right.call('capture.open', pair.right.interface);
      for (const each of [pair.left, pair.right]) expect(await open(each, 4)).toEqual({ ok: true });
      const device = { ...pair.left, interface: NAME };
      expect(await open(device, 4, [GROUPS[4]])).toEqual({ ok: true });
      const [address] = await pair.left.call<object[]>('network.addAddresses', [
        { interface: NAME, address: '10.77.7.7', prefix: 32, scope: 0 },
      ]);
      expect(address).toEqual({ ok: true });
      expect(await pair.left.call('vrrp.send', outgoing(device, 4))).toEqual({ ok: true });
      expect(await pair.left.call('network.announce', [{ interface: NAME, address: '10.77.7.7' }])).toEqual([
        { ok: true },
      ]);
      const mine = () => framesOf(pair.right).filter((frame) => frame.sourceMac === MAC);
      await pair.until('the announcement arrives', () => mine().some((frame) => frame.kind === 'arp'));
      expect(mine().find((frame) => frame.kind === 'vrrp')).toMatchObject({ ip: { source: pair.left.address[4] } });
      await pair.right.call('vrrp.send', outgoing(pair.right, 4));
      const heard = () => pair.left.datagrams.map((datagram) => datagram.interface);
      await pair.until(
        'both interfaces hear it',
        () => heard().includes(NAME) && heard().includes(pair.left.interface),
      );
      expect(
        pair.left.datagrams.some(({ source }) => source === pair.left.address[4]),
        'own adverts',
      ).toBe(false);
    });

    it('goes down and up with its base', async () => {
      await pair.plug(false);
      await pair.until('it is down', () => lastUp() === false);
      await pair.plug(true);
      await pair.until('it is up', () => lastUp() === true);
    });

    it('removes what it made, and nothing else', async () => {
      pair.left.linkChanges.length = 0;
      await pair.left.call('network.removeDevices', [NAME, pair.left.interface]);
      expect(await find()).toBeUndefined();
      const gone = () => pair.left.linkChanges.some((change) => change.name === NAME && change.link === undefined);
      await pair.until('its end is told', gone);
      expect((await links()).map((link) => link.name)).toContain(pair.left.interface);
    });
  });
}
