import { describe, expect, it } from 'vitest';
import { createPeers } from '../../src/engine/peers.ts';

const SECOND = 1_000_000;

describe('peers', () => {
  it('keeps who is good among thousands of forged sources, and makes room for some of them', () => {
    const peers = createPeers();
    const good = { address: '192.0.2.2', priority: 150, version: 3, addressesDiffer: false };
    for (let i = 0; i < 200_000; i++) {
      const now = Math.floor((i * SECOND) / 50_000);
      if (i % 50_000 === 0) peers.accepted(good, now);
      const address = `10.0.${(i >> 8) & 0xff}.${i & 0xff}`;
      peers.rejected({ address, version: 3, reason: 'checksum' }, now);
    }
    const list = peers.list();
    expect(list.length).toBe(32);
    expect(list.find(({ address }) => address === good.address)).toBeDefined();
    expect(list.filter(({ lastHeardAt }) => lastHeardAt > 3 * SECOND).length).toBeGreaterThan(5);
  });

  it('gives one who is accepted a line at once', () => {
    const peers = createPeers();
    for (let i = 0; i < 40; i++) {
      peers.rejected({ address: `10.0.0.${i}`, version: 3, reason: 'checksum' }, i);
    }
    peers.accepted({ address: '192.0.2.2', priority: 150, version: 3, addressesDiffer: false }, 41);
    expect(peers.list().map(({ address }) => address)).toContain('192.0.2.2');
  });
});
