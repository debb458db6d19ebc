// A quick look at a frame must not keep a row from the packet list.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeFrame } from '../../src/observe/packet.ts';
import { mayBeRow } from '../../src/observe/row-frame.ts';
import { advert, announcement } from './wire-lab.ts';

const isRow = (bytes: Uint8Array): boolean =>
  describeFrame({ interface: 'eth0', direction: 'received', at: 0, bytes }, 1) !== undefined;

/** Somebody asks for somebody else. */
const REQUEST = Uint8Array.of(
  ...[255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 9, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1],
  ...[2, 0, 0, 0, 0, 9, 10, 0, 0, 9, 0, 0, 0, 0, 0, 0, 10, 0, 7, 7],
);

const ROWS: [string, Uint8Array][] = [
  ['an advert over IPv4', advert('192.0.2.11')],
  ['an advert with a VLAN tag', advert('192.0.2.11', { vlan: 7 })],
  ['an advert over IPv6', advert('fe80::1')],
  ['an advert behind an Authentication Header', advert('192.0.2.11', { sequence: 1 })],
  ['a gratuitous ARP', announcement('192.0.2.100', '02:00:00:00:00:0b')],
  ['a neighbour advertisement', announcement('fe80::100', '02:00:00:00:00:0b')],
];

describe('what may be a row of the packet list', () => {
  it.each(ROWS)('%s', (_, bytes) => {
    expect([isRow(bytes), mayBeRow(bytes)]).toEqual([true, true]);
  });

  it('no ARP request for somebody else', () => {
    expect([isRow(REQUEST), mayBeRow(REQUEST)]).toEqual([false, false]);
  });

  it('all that becomes one, however it is damaged', () => {
    const damaged = fc.record({
      frame: fc.constantFrom(REQUEST, ...ROWS.map(([, bytes]) => bytes)),
      at: fc.nat(60),
      byte: fc.nat(255),
      length: fc.nat(80),
    });
    fc.assert(
      fc.property(damaged, ({ frame, at, byte, length }) => {
        const bytes = frame.slice(0, length);
        if (at < bytes.length) bytes[at] = byte;
        expect(isRow(bytes) && !mayBeRow(bytes)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
