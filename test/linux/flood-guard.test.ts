// When a flood is left unread, and that nothing which may be for us ever counts towards one.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFloodGuard } from '../../src/linux/flood-guard.ts';
import type { Datagram } from '../../src/ports/vrrp-port.ts';

const clock = vi.hoisted(() => ({ us: 0 }));
vi.mock('../../src/linux/clock.ts', () => ({ monotonicUs: () => clock.us }));

const FLOOD = 500;
const OURS = [51, 52];
const v3 = (vrid: number): Uint8Array => Uint8Array.of(0x31, vrid, 100, 1, 0, 100, 0, 0);
const stranger: Datagram = {
  ...{ interface: 'eth0', family: 4, source: '192.0.2.9', destination: '224.0.0.18', ttl: 255, payload: v3(99) },
};

function bench(first: readonly number[] | undefined) {
  let ours = first && new Set(first);
  const sieves: (readonly number[] | undefined)[] = [];
  const onFlood = vi.fn();
  const guard = createFloodGuard({ expected: () => ours, sieve: (vrids) => sieves.push(vrids), onFlood });
  return {
    ...{ guard, sieves, onFlood },
    hear: (more: Partial<Datagram> = {}, times = FLOOD): void => {
      for (let i = 0; i < times; i++) guard.heard({ ...stranger, ...more });
    },
    expect(vrids: readonly number[] | undefined): void {
      ours = vrids && new Set(vrids);
      guard.expectedChanged();
    },
  };
}

describe('a flood of what can be no advert of ours', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('is left unread for ten seconds, then looked at again', () => {
    const { hear, sieves, onFlood, guard } = bench(OURS);
    hear({}, FLOOD - 1);
    expect(sieves).toEqual([]);
    hear({}, 1);
    expect(sieves).toEqual([[51, 52]]);
    hear();
    vi.advanceTimersByTime(9_999);
    expect([sieves.length, onFlood.mock.calls.length]).toEqual([1, 1]);
    vi.advanceTimersByTime(1);
    expect(sieves).toEqual([[51, 52], undefined]);
    hear();
    guard.close();
    vi.advanceTimersByTime(60_000);
    expect(sieves).toEqual([[51, 52], undefined, [51, 52]]);
  });

  it('is none while fewer come than that in a tenth of a second', () => {
    const { hear, sieves } = bench(OURS);
    for (let i = 0; i < 20; i++) {
      clock.us += 100_001;
      hear({}, FLOOD - 1);
    }
    expect(sieves).toEqual([]);
  });

  it('lets a VRID through that a reload brings meanwhile, and all where none is ours any more', () => {
    const { hear, sieves, expect: nowOurs } = bench(OURS);
    nowOurs([51]);
    expect(sieves).toEqual([]);
    hear();
    nowOurs([51, 99]);
    nowOurs(undefined);
    expect(sieves).toEqual([[51], [51, 99], undefined]);
  });

  it.each<[string, Partial<Datagram>]>([
    ['an advert for a VRID of ours', { payload: v3(52) }],
    ['one of the other version', { payload: Uint8Array.of(0x21, 51, 100, 1, 0, 1, 0, 0) }],
    ['unicast from behind a router', { payload: v3(51), destination: '192.0.2.1', ttl: 61 }],
    ['one whose TTL the kernel has looked at', { payload: v3(51), ttl: undefined }],
    ['one whose destination is not told', { payload: v3(51), destination: undefined, ttl: 1 }],
    ['what came behind an Authentication Header', { ah: { id: 1, sequence: 1, bytes: new Uint8Array() } }],
  ])('is none of %s', (_, datagram) => {
    const { hear, sieves } = bench(OURS);
    hear(datagram, 3 * FLOOD);
    expect(sieves).toEqual([]);
  });

  it.each<[string, Partial<Datagram>]>([
    ['a short message', { payload: v3(51).slice(0, 7) }],
    ['another type', { payload: Uint8Array.of(0x32, 51, 100, 1, 0, 100, 0, 0) }],
    ['multicast that was routed', { payload: v3(51), ttl: 64 }],
  ])('is one of %s', (_, datagram) => {
    const { hear, sieves } = bench(OURS);
    hear(datagram);
    expect(sieves).toEqual([[51, 52]]);
  });

  it('is read where nobody has said what is ours', () => {
    const { hear, sieves } = bench(undefined);
    hear({}, 3 * FLOOD);
    expect(sieves).toEqual([]);
  });
});
