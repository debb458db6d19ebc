// What every NetworkPort must do, whatever world it belongs to.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddressSpec } from '../../src/ports/network-port.ts';
import { addressFamily } from '../../src/wire/address.ts';
import { addressOf, framesOf, linkOf, type Pair } from './station.ts';

/** Runs the suite on pairs that `makePair` makes. */
export function networkPortContract(name: string, makePair: () => Promise<Pair>): void {
  describe(`${name}: network port`, () => {
    let pair: Pair;
    const spec = (address: string): AddressSpec => ({
      interface: pair.left.interface,
      address,
      prefix: addressFamily(address) === 4 ? 32 : 128,
      scope: 0,
    });
    beforeAll(async () => {
      pair = await makePair();
    });
    afterAll(() => pair.close());

    it('lists the interface with its hardware address, its state and its own addresses first', async () => {
      const link = await linkOf(pair.left);
      expect(link).toMatchObject({ up: true, multicast: true, arp: true, mtu: 1500 });
      expect(link?.mac).toMatch(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
      const first = (family: number) => link?.addresses.find(({ address }) => addressFamily(address) === family);
      expect(first(4)).toMatchObject({ address: pair.left.address[4], scope: 0, secondary: false, tentative: false });
      expect(first(6)).toMatchObject({ address: pair.left.address[6], scope: 253 });
    });

    it('adds addresses of both families, shows them at once, and tells of the link', async () => {
      pair.left.linkChanges.length = 0;
      const specs = [spec('10.77.0.1'), spec('10.77.0.2'), spec('fd77::1')];
      expect(await pair.left.call('network.addAddresses', specs)).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
      for (const { address, prefix } of specs) {
        expect(await addressOf(pair.left, address)).toMatchObject({ prefix, scope: 0, tentative: false });
      }
      await pair.until('the last change shows them all', () => {
        const addresses = pair.left.linkChanges.at(-1)?.link?.addresses.map(({ address }) => address) ?? [];
        return specs.every(({ address }) => addresses.includes(address));
      });
    });

    it('calls it done to add what is there and to remove what is not', async () => {
      const specs = [spec('10.77.0.9'), spec('fd77::9')];
      const fine = [{ ok: true }, { ok: true }];
      expect(await pair.left.call('network.addAddresses', specs)).toEqual(fine);
      expect(await pair.left.call('network.addAddresses', specs)).toEqual(fine);
      expect(await pair.left.call('network.removeAddresses', specs)).toEqual(fine);
      expect(await pair.left.call('network.removeAddresses', specs)).toEqual(fine);
      expect(await addressOf(pair.left, '10.77.0.9')).toBeUndefined();
      expect(await addressOf(pair.left, 'fd77::9')).toBeUndefined();
    });

    it('refuses the one address whose interface does not exist and adds the others', async () => {
      const specs = [spec('10.77.0.20'), { ...spec('10.77.0.21'), interface: 'nosuch0' }, spec('10.77.0.22')];
      const results = await pair.left.call<object[]>('network.addAddresses', specs);
      expect(results).toEqual([{ ok: true }, expect.objectContaining({ ok: false, code: 'ENODEV' }), { ok: true }]);
      expect(await addressOf(pair.left, '10.77.0.22')).toBeDefined();
    });

    it('tells when the carrier goes and comes, and keeps the addresses', async () => {
      const lastUp = (): boolean | undefined =>
        pair.left.linkChanges.filter((change) => change.name === pair.left.interface).at(-1)?.link?.up;
      await pair.plug(false);
      await pair.until('the link is down', () => lastUp() === false);
      expect(await linkOf(pair.left)).toMatchObject({ up: false });
      expect(await addressOf(pair.left, pair.left.address[4])).toBeDefined();
      await pair.plug(true);
      await pair.until('the link is up', () => lastUp() === true);
    });

    it('announces an IPv4 address by a gratuitous ARP request and an IPv6 address by an unsolicited advertisement', async () => {
      const { mac } = (await linkOf(pair.left))!;
      await pair.right.call('capture.open', pair.right.interface);
      const here = { interface: pair.left.interface };
      const both = [
        { ...here, address: '10.77.0.1' },
        { ...here, address: 'fd77::1' },
      ];
      expect(await pair.left.call('network.announce', both)).toEqual([{ ok: true }, { ok: true }]);
      const announced = () => framesOf(pair.right).filter((frame) => frame.sourceMac === mac);
      await pair.until('both arrive', () => announced().some((frame) => frame.kind === 'neighbour-advertisement'));
      expect(announced().find((frame) => frame.kind === 'arp')).toMatchObject({
        destinationMac: 'ff:ff:ff:ff:ff:ff',
        arp: { operation: 1, senderMac: mac, senderAddress: '10.77.0.1', targetAddress: '10.77.0.1' },
      });
      expect(announced().find((frame) => frame.kind === 'neighbour-advertisement')).toMatchObject({
        ip: { source: 'fd77::1', destination: 'ff02::1', ttl: 255 },
        advertisement: { target: 'fd77::1', override: true, solicited: false, mac },
      });
    });

    it('announces many in their order, and says which it could not: those on an interface that does not exist', async () => {
      await pair.right.call('capture.open', pair.right.interface);
      const addresses = Array.from({ length: 150 }, (_, i) => `10.78.0.${i + 1}`);
      const wanted = addresses.map((address, i) => ({
        interface: i % 50 === 7 ? 'nosuch0' : pair.left.interface,
        address,
      }));
      const results = await pair.left.call<{ ok: boolean }[]>('network.announce', wanted);
      expect(results).toHaveLength(150);
      expect(results.flatMap(({ ok }, i) => (ok ? [] : [i]))).toEqual([7, 57, 107]);
      expect(results[7]).toMatchObject({ code: 'ENODEV' });
      const seen = () =>
        framesOf(pair.right).flatMap((frame) =>
          frame.kind === 'arp' && frame.arp.senderAddress.startsWith('10.78.') ? [frame.arp.senderAddress] : [],
        );
      await pair.until('all arrive', () => seen().length >= 147);
      expect(seen()).toEqual(addresses.filter((_, i) => i % 50 !== 7));
    });
  });
}
