// What every VrrpPort must do, whatever world it belongs to.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../../src/wire/address.ts';
import { isAhGenuine } from '../../src/wire/ah.ts';
import { GROUPS, open, outgoing, type Pair, payload } from './station.ts';

const FAMILIES: readonly Family[] = [4, 6];

/** Runs the suite on pairs that `makePair` makes. */
export function vrrpPortContract(name: string, makePair: () => Promise<Pair>): void {
  describe(`${name}: VRRP port`, () => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await makePair();
    });
    afterAll(() => pair.close());

    const heard = async (count: number): Promise<void> => {
      await pair.until(`${count} datagrams arrive`, () => pair.right.datagrams.length >= count);
      await pair.settle();
    };
    const openBoth = async (family: Family): Promise<void> => {
      pair.right.datagrams.length = 0;
      expect(await open(pair.left, family)).toEqual({ ok: true });
      expect(await open(pair.right, family)).toEqual({ ok: true });
    };

    it.each(FAMILIES)('carries a multicast datagram to a channel that joined the group (IPv%i)', async (family) => {
      await openBoth(family);
      const sent = outgoing(pair.left, family, { payload: payload(0x31, 51, 100) });
      expect(await pair.left.call('vrrp.send', sent)).toEqual({ ok: true });
      await heard(1);
      const [datagram] = pair.right.datagrams;
      expect(datagram).toMatchObject({ interface: pair.right.interface, family, source: sent.source });
      expect(datagram?.payload).toEqual(sent.payload);
      expect([255, undefined]).toContain(datagram?.ttl);
      expect(family === 4 ? [GROUPS[4]] : [GROUPS[6], undefined]).toContain(datagram?.destination);
      expect(pair.right.datagrams).toHaveLength(1);
    });

    it.each(FAMILIES)('does not hear what it sent itself (IPv%i)', async (family) => {
      await openBoth(family);
      pair.left.datagrams.length = 0;
      await pair.left.call('vrrp.send', outgoing(pair.left, family));
      await heard(1);
      expect(pair.left.datagrams).toEqual([]);
    });

    it.each(FAMILIES)('carries unicast to a channel without groups, and no multicast (IPv%i)', async (family) => {
      await openBoth(family);
      expect(await open(pair.right, family, [])).toEqual({ ok: true });
      const destination = pair.right.address[family];
      await pair.left.call('vrrp.send', outgoing(pair.left, family));
      await pair.left.call('vrrp.send', outgoing(pair.left, family, { destination, payload: payload(7) }));
      await heard(1);
      expect(pair.right.datagrams.map((datagram) => datagram.payload[0])).toEqual([7]);
      expect([destination, undefined]).toContain(pair.right.datagrams[0]?.destination);
    });

    it('tells the TTL of IPv4 as it was sent', async () => {
      await openBoth(4);
      await pair.left.call('vrrp.send', outgoing(pair.left, 4, { ttl: 254 }));
      await heard(1);
      expect(pair.right.datagrams[0]?.ttl).toBe(254);
    });

    it('never lets an IPv6 multicast with hop limit 254 pass for one with 255', async () => {
      await openBoth(6);
      await pair.left.call('vrrp.send', outgoing(pair.left, 6, { ttl: 254, payload: payload(1) }));
      await pair.left.call('vrrp.send', outgoing(pair.left, 6, { ttl: 255, payload: payload(2) }));
      await pair.until('the good one arrives', () => pair.right.datagrams.some(({ payload: [first] }) => first === 2));
      const bad = pair.right.datagrams.filter(({ payload: [first] }) => first === 1);
      expect(bad.map((datagram) => datagram.ttl).filter((ttl) => ttl !== 254)).toEqual([]);
    });

    it('hands over messages of any length and content', async () => {
      await openBoth(4);
      const lengths = [1, 3, 8, 20, 1400];
      for (const length of lengths) {
        await pair.left.call('vrrp.send', outgoing(pair.left, 4, { payload: new Uint8Array(length).fill(0xff) }));
      }
      await heard(lengths.length);
      expect(pair.right.datagrams.map((datagram) => datagram.payload.length)).toEqual(lengths);
    });

    it('keeps the order and loses nothing of 300 datagrams', async () => {
      await openBoth(4);
      for (let i = 0; i < 300; i++) {
        await pair.left.call('vrrp.send', outgoing(pair.left, 4, { payload: payload(i >> 8, i & 0xff) }));
      }
      await heard(300);
      expect(pair.right.datagrams.map(({ payload: [high, low] }) => high! * 256 + low!)).toEqual(
        Array.from({ length: 300 }, (_, i) => i),
      );
    });

    it('hears nothing after close, and again after another open', async () => {
      await openBoth(4);
      await pair.right.call('vrrp.close', { interface: pair.right.interface, family: 4 });
      await pair.left.call('vrrp.send', outgoing(pair.left, 4, { payload: payload(1) }));
      await pair.settle();
      expect(await open(pair.right, 4)).toEqual({ ok: true });
      await pair.left.call('vrrp.send', outgoing(pair.left, 4, { payload: payload(2) }));
      await heard(1);
      expect(pair.right.datagrams.map((datagram) => datagram.payload[0])).toEqual([2]);
    });

    it('hears each datagram once after a channel was opened twice', async () => {
      await openBoth(4);
      await openBoth(4);
      await pair.left.call('vrrp.send', outgoing(pair.left, 4));
      await heard(1);
      expect(pair.right.datagrams).toHaveLength(1);
    });

    it('hears what comes behind an Authentication Header on a channel that asked for it, and only there', async () => {
      await openBoth(4);
      const ah = { sequence: 7, password: 'secret' };
      const sent = outgoing(pair.left, 4, { payload: payload(0x21, 51, 100), ah });
      await pair.left.call('vrrp.send', sent);
      await pair.settle();
      expect(pair.right.datagrams).toEqual([]);
      const { interface: name } = pair.right;
      const channel = { interface: name, family: 4, groups: [GROUPS[4]], ah: true };
      expect(await pair.right.call('vrrp.open', channel)).toEqual({ ok: true });
      await pair.left.call('vrrp.send', sent);
      await pair.left.call('vrrp.send', outgoing(pair.left, 4, { payload: payload(2) }));
      await heard(2);
      const behind = pair.right.datagrams.filter((datagram) => datagram.ah !== undefined);
      expect(pair.right.datagrams).toHaveLength(2);
      expect(behind).toMatchObject([{ source: sent.source, payload: sent.payload, ah: { sequence: 7 } }]);
      const { id, bytes } = behind[0]!.ah!;
      expect(isAhGenuine(bytes, 'secret', { source: sent.source, destination: GROUPS[4], ttl: 255, id })).toBe(true);
      await pair.right.call('vrrp.close', { interface: name, family: 4 });
      await pair.left.call('vrrp.send', sent);
      await pair.settle();
      expect(pair.right.datagrams).toHaveLength(2);
    });

    it('refuses an interface that does not exist', async () => {
      const result = await pair.left.call('vrrp.open', { interface: 'nosuch0', family: 4, groups: [] });
      expect(result).toMatchObject({ ok: false, code: 'ENODEV', message: expect.stringContaining('nosuch0') });
    });

    it.each(FAMILIES)('hears again by itself when the carrier comes back (IPv%i)', async (family) => {
      await openBoth(family);
      await pair.plug(false);
      await pair.settle();
      await pair.plug(true);
      await pair.until('a datagram arrives', async () => {
        await pair.left.call('vrrp.send', outgoing(pair.left, family));
        return pair.right.datagrams.length > 0;
      });
      expect(pair.right.failures).toEqual([]);
    });
  });
}
