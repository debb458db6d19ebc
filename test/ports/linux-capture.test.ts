// What only the real capture must do: VLAN tags, floods, firewalls, interfaces that come back.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CaptureDrops } from '../../src/linux/capture-port.ts';
import { run } from '../support/host.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { connect, type LinuxPair, linuxPair } from './linux-pair.ts';
import { framesOf, open, outgoing } from './station.ts';

describeWithRoot('Linux', [], () => {
  describe('capture', () => {
    let pair: LinuxPair;
    const advertFrame = (vrid: number, middle: readonly number[] = []): Uint8Array =>
      Uint8Array.from([
        ...[0x01, 0x00, 0x5e, 0, 0, 0x12, 2, 0, 0, 0, 0, 9, ...middle, 0x08, 0x00],
        ...[0x45, 0xc0, 0, 28, 0, 1, 0, 0, 255, 112, 0, 0, 10, 9, 0, 9, 224, 0, 0, 18, 0x31, vrid, 100, 0, 0, 10, 0, 0],
      ]);
    const tagged = [0x81, 0x00, 0x20, 0x2a];
    const arp = (middle: readonly number[] = []): Uint8Array =>
      Uint8Array.from([
        ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, ...middle, 0x08, 0x06],
        ...[0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10, 9, 0, 9, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 10, 9, 0, 9],
      ]);
    beforeAll(async () => {
      pair = await linuxPair();
    });
    afterAll(() => pair.close());
    beforeEach(async () => {
      for (const station of [pair.left, pair.right]) {
        await station.call('capture.open', station.interface);
        station.frames.length = 0;
      }
    });

    it('gives a received frame its VLAN tag back', async () => {
      await pair.left.call('sendFrame', 'v1', arp(tagged), 1);
      await pair.until('both ends saw it', () => pair.left.frames.length > 0 && pair.right.frames.length > 0);
      expect(pair.right.frames[0]?.bytes).toEqual(arp(tagged));
      expect(framesOf(pair.right)[0]).toMatchObject({ kind: 'arp', vlan: 42 });
      expect(pair.left.frames[0]?.bytes).toEqual(arp(tagged));
    });

    it('leaves everything else out', async () => {
      const ping = arp();
      ping[13] = 0x99;
      await pair.left.call('sendFrame', 'v1', ping, 5);
      await pair.left.call('sendFrame', 'v1', arp(), 1);
      await pair.until('the ARP arrives', () => pair.right.frames.length > 0);
      await pair.settle();
      expect(pair.right.frames.map((frame) => frame.bytes[13])).toEqual([0x06]);
    });

    it('joins no multicast group', async () => {
      expect(await run('ip', ['-n', pair.namespaces.right, 'maddr', 'show', 'dev', 'v2'])).not.toContain('224.0.0.18');
    });

    it('keeps the engine free in a flood of ARP, counts what was dropped, and loses no advert', async () => {
      const stall = pair.right.call<number>('longestStall', 1500);
      const adverts = 40;
      for (let i = 0; i < adverts; i++) {
        await pair.left.call('sendFrame', 'v1', arp(), 1500);
        await pair.left.call('sendFrame', 'v1', advertFrame(i), 1);
      }
      const longest = await stall;
      const dropped = await pair.right.call<CaptureDrops>('capture.dropped', 'v2');
      const vrids = (): number[] => framesOf(pair.right).flatMap((f) => (f.kind === 'vrrp' ? [f.packet!.vrid] : []));
      console.info(
        `flood of 60000 frames: longest stall ${longest} µs, ${pair.right.frames.length} read, ${JSON.stringify(dropped)} dropped`,
      );
      expect(longest).toBeLessThan(100_000);
      expect(dropped.others).toBeGreaterThan(10_000);
      await pair.until('all adverts are there', () => vrids().length >= adverts);
      expect(vrids()).toEqual(Array.from({ length: adverts }, (_, i) => i));
      expect(dropped.adverts).toBe(0);
      pair.right.frames.length = 0;
      await pair.until('it goes on afterwards', async () => {
        await pair.left.call('sendFrame', 'v1', arp(), 1);
        return pair.right.frames.length > 0;
      });
    });

    it('counts the adverts that a flood of adverts pushed out apart from the rest', async () => {
      const before = await pair.right.call<CaptureDrops>('capture.dropped', 'v2');
      await pair.left.call('sendFrame', 'v1', advertFrame(7), 60_000);
      await pair.until('the queue is empty', async () => {
        const { length } = pair.right.frames;
        await pair.settle();
        return pair.right.frames.length === length;
      });
      const after = await pair.right.call<CaptureDrops>('capture.dropped', 'v2');
      expect(after.adverts - before.adverts).toBeGreaterThan(10_000);
      expect(after.others).toBe(before.others);
    });

    it('gives the frames of both queues in the order of time', async () => {
      for (let i = 0; i < 5; i++) {
        await pair.left.call('sendFrame', 'v1', i % 2 === 0 ? arp() : advertFrame(i), 1);
      }
      await pair.until('all are there', () => pair.right.frames.length >= 5);
      expect(framesOf(pair.right).map(({ kind }) => kind)).toEqual(['arp', 'vrrp', 'arp', 'vrrp', 'arp']);
    });

    it('gives an advert behind a VLAN tag its tag back', async () => {
      await pair.left.call('sendFrame', 'v1', advertFrame(9, tagged), 1);
      await pair.until('it is there', () => pair.right.frames.length > 0);
      expect(framesOf(pair.right)[0]).toMatchObject({ kind: 'vrrp', vlan: 42, packet: { vrid: 9 } });
    });

    it('goes on when the interface was removed and made anew', async () => {
      await pair.ip('link', 'del', 'v1');
      await connect(pair.namespaces.left, pair.namespaces.right);
      await pair.until('frames come again', async () => {
        await pair.left.call('sendFrame', 'v1', arp(), 1);
        return pair.right.frames.some((frame) => frame.bytes[11] === 9);
      });
    });
  });
});

describeWithRoot('Linux behind a firewall', ['nft'], () => {
  it('captures the advert that the firewall keeps from the VRRP socket', async () => {
    const pair = await linuxPair();
    const rules =
      'add table ip f; add chain ip f i { type filter hook input priority 0; }; add rule ip f i ip protocol 112 drop';
    await run('ip', ['netns', 'exec', pair.namespaces.right, 'nft', rules]);
    await open(pair.left, 4);
    await open(pair.right, 4);
    await pair.right.call('capture.open', 'v2');
    await pair.left.call('vrrp.send', outgoing(pair.left, 4));
    await pair.until('it is captured', () => pair.right.frames.length > 0);
    await pair.settle();
    expect(framesOf(pair.right)[0]).toMatchObject({ kind: 'vrrp' });
    expect(pair.right.datagrams).toEqual([]);
    await pair.close();
  });
});
