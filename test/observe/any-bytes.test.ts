// The observer takes whatever bytes a network or a file may hold.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endJson, eventJson, eventText } from '../../src/cli/watch-lines.ts';
import { cookedOrigin } from '../../src/wire/cooked.ts';
import { advert, announcement, hearing } from './wire-lab.ts';

const BASES = [
  advert('192.0.2.11'),
  advert('192.0.2.12', { version: 3, priority: 200, vlan: 7 }),
  advert('fe80::11', { addresses: ['fe80::100', '2001:db8::1'] }),
  announcement('192.0.2.100', '02:00:00:00:00:11'),
  announcement('fe80::100', '02:00:00:00:00:11'),
];
const linkType = fc.constantFrom(1, 113, 276, 0);
const damaged = fc
  .tuple(fc.constantFrom(...BASES), fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 4 }), fc.nat(120))
  .map(([base, damage, length]) => {
    const bytes = base.slice();
    for (const [at, value] of damage) if (at < bytes.length) bytes[at] = value;
    return length === 0 ? bytes : bytes.subarray(0, Math.max(1, bytes.length - (length % 40)));
  });
const frame = fc.record({ bytes: fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), linkType, cut: fc.boolean() });

describe('any bytes', () => {
  it('are taken without an exception, and what is told can be written down', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(frame, fc.integer({ min: -1e6, max: 3e7 })), { maxLength: 60 }), (frames) => {
        const { observer, events } = hearing(5);
        let now = 0;
        for (const [each, step] of frames) {
          cookedOrigin(each.bytes, each.linkType);
          now += step;
          observer.observe({ interface: 'eth0', ...each }, now);
        }
        const lines = [
          ...events.map((event) => eventJson(event, (at) => at)),
          ...endJson(observer.snapshot(), (at) => at),
        ];
        for (const line of lines) {
          const value = JSON.parse(line) as { time: unknown; type: unknown };
          expect([typeof value.time, typeof value.type]).toEqual(['number', 'string']);
        }
        for (const event of events) expect(eventText(event, (at) => at)).not.toMatch(/undefined|NaN|\n/);
        const { segments } = observer.snapshot();
        expect(segments.reduce((sum, { speakers }) => sum + speakers.length, 0)).toBeLessThanOrEqual(5);
        // Who is MASTER follows from the events alone.
        const masters = new Set<string>();
        for (const event of events) {
          if (event.type !== 'master' && event.type !== 'left') continue;
          const key = `${event.vlan} ${event.family} ${event.vrid} ${event.address}`;
          expect(masters.has(key)).toBe(event.type === 'left');
          if (event.type === 'master') masters.add(key);
          else masters.delete(key);
        }
        const now2 = segments.flatMap(({ vlan, family, vrid, speakers }) =>
          speakers.filter(({ role }) => role === 'MASTER').map(({ address }) => `${vlan} ${family} ${vrid} ${address}`),
        );
        expect([...masters].sort()).toEqual(now2.sort());
      }),
      { numRuns: 300 },
    );
  });

  it('do not change what an observer says of a frame that it has seen before', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 30 }), (frames) => {
        const plain = frames.map((each) => ({ interface: '', ...each, linkType: 1, cut: false }));
        const once = plain.map((each) => hearing().observer.observe(each, 1));
        const { observer } = hearing();
        const again = [...plain, ...plain].map((each) => observer.observe(each, 1));
        expect(again).toEqual([...once, ...once]);
      }),
    );
  });
});
