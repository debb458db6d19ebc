// What only the real capture must do: VLAN tags, floods, firewalls, interfaces that come back.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/host.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { connect, type LinuxPair, linuxPair } from './linux-pair.ts';
import { framesOf, open, outgoing } from './station.ts';

describeWithRoot('Linux', [], () => {
  describe('capture', () => {
    let pair: LinuxPair;
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

    it('keeps the engine free in a flood, and counts what was dropped', async () => {
      const stall = pair.right.call<number>('longestStall', 1500);
      await pair.left.call('sendFrame', 'v1', arp(), 60_000);
      const longest = await stall;
      const dropped = await pair.right.call<number>('capture.dropped', 'v2');
      console.info(
        `flood of 60000 frames: longest stall ${longest} µs, ${pair.right.frames.length} read, ${dropped} dropped`,
      );
      expect(longest).toBeLessThan(100_000);
      expect(dropped).toBeGreaterThan(10_000);
      pair.right.frames.length = 0;
      await pair.until('it goes on afterwards', async () => {
        await pair.left.call('sendFrame', 'v1', arp(), 1);
        return pair.right.frames.length > 0;
      });
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
