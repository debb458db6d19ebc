// What every CapturePort must do, whatever world it belongs to.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { framesOf, open, outgoing, type Pair, payload } from './station.ts';

/** Runs the suite on pairs that `makePair` makes. */
export function capturePortContract(name: string, makePair: () => Promise<Pair>): void {
  describe(`${name}: capture port`, () => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await makePair();
      for (const station of [pair.left, pair.right]) {
        await open(station, 4);
        expect(await station.call('capture.open', station.interface)).toEqual({ ok: true });
      }
    });
    afterAll(() => pair.close());
    beforeEach(() => {
      for (const station of [pair.left, pair.right]) station.frames.length = 0;
    });

    it('sees an advert on both ends, as sent and as received, byte for byte the same', async () => {
      await pair.left.call('vrrp.send', outgoing(pair.left, 4, { payload: payload(0x31, 51, 100) }));
      await pair.until('both ends saw it', () => pair.left.frames.length > 0 && pair.right.frames.length > 0);
      expect(pair.left.frames[0]).toMatchObject({ interface: pair.left.interface, direction: 'sent' });
      expect(pair.right.frames[0]).toMatchObject({ interface: pair.right.interface, direction: 'received' });
      expect(pair.right.frames[0]?.bytes).toEqual(pair.left.frames[0]?.bytes);
      expect(framesOf(pair.right)[0]).toMatchObject({
        kind: 'vrrp',
        destinationMac: '01:00:5e:00:00:12',
        ip: { source: pair.left.address[4], destination: '224.0.0.18', ttl: 255, tos: 0xc0 },
      });
    });

    it("stamps frames with the engine's clock", async () => {
      const before = await pair.right.call<number>('now');
      await pair.left.call('vrrp.send', outgoing(pair.left, 4));
      await pair.until('it arrives', () => pair.right.frames.length > 0);
      const after = await pair.right.call<number>('now');
      const { at } = pair.right.frames[0]!;
      expect(Number.isInteger(at)).toBe(true);
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(after);
    });

    it('sees what no VRRP channel hears: the channel is closed', async () => {
      await pair.right.call('vrrp.close', { interface: pair.right.interface, family: 4 });
      await pair.left.call('vrrp.send', outgoing(pair.left, 4));
      await pair.until('it is captured', () => pair.right.frames.length > 0);
      await open(pair.right, 4);
    });

    it('sees nothing after close', async () => {
      await pair.right.call('capture.close', pair.right.interface);
      await pair.left.call('vrrp.send', outgoing(pair.left, 4));
      await pair.settle();
      expect(pair.right.frames).toEqual([]);
    });

    it('refuses an interface that does not exist', async () => {
      expect(await pair.left.call('capture.open', 'nosuch0')).toMatchObject({ ok: false, code: 'ENODEV' });
    });
  });
}
