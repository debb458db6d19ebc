import { describe, expect, it } from 'vitest';
import { type PcapPacket, readPcap, writePcap } from '../../src/wire/pcap.ts';
import { fromHex, toHex } from './hex.ts';

const LITTLE_MICRO = `d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000
  0d02656b 40420f00 02000000 3c000000 aabb
  0e02656b 01000000 01000000 01000000 cc`;
const BIG_NANO = `a1b23c4d 0002 0004 00000000 00000000 00040000 00000001
  6b65020d 3b9ac9ff 00000002 0000003c aabb`;

describe('readPcap', () => {
  it('little endian, microseconds', () => {
    expect(readPcap(fromHex(LITTLE_MICRO))).toEqual({
      ok: true,
      value: {
        nanosecond: false,
        linkType: 1,
        cut: false,
        packets: [
          { at: 1_801_781_774_000_000_000n, bytes: fromHex('aabb'), originalLength: 60 },
          { at: 1_801_781_774_000_001_000n, bytes: fromHex('cc'), originalLength: 1 },
        ],
      },
    });
  });

  it('big endian, nanoseconds', () => {
    expect(readPcap(fromHex(BIG_NANO))).toMatchObject({
      value: { nanosecond: true, linkType: 1, packets: [{ at: 1_801_781_773_999_999_999n, originalLength: 60 }] },
    });
  });

  it('reads from within a larger buffer', () => {
    const file = fromHex(LITTLE_MICRO);
    const buffer = new Uint8Array(file.length + 5);
    buffer.set(file, 5);
    expect(readPcap(buffer.subarray(5))).toEqual(readPcap(file));
  });

  it.each([
    ['in its data', 1],
    ['in its header', 16],
  ])('a last record that is cut %s is left out', (_, missing) => {
    const file = fromHex(LITTLE_MICRO);
    expect(readPcap(file.subarray(0, file.length - missing))).toMatchObject({
      value: { cut: true, packets: [{ originalLength: 60 }] },
    });
  });

  it('a record of impossible length ends the file', () => {
    const file = fromHex(LITTLE_MICRO.replace('02000000 3c', 'ffffffff 3c'));
    expect(readPcap(file)).toMatchObject({ value: { cut: true, packets: [] } });
  });

  it.each([
    ['nothing', '', 'truncated'],
    ['a header that is not whole', 'd4c3b2a1 0200', 'truncated'],
    ['pcapng', `0a0d0d0a ${'00'.repeat(24)}`, 'magic'],
    ['text', '6e6f7420612063617074757265', 'magic'],
  ])('refuses %s', (_, hex, reason) => {
    expect(readPcap(fromHex(hex))).toEqual({ ok: false, reason });
  });
});

describe('writePcap', () => {
  const packets: PcapPacket[] = [
    { at: 1_700_000_000_123_456_789n, bytes: fromHex('0102'), originalLength: 60 },
    { at: 0n, bytes: new Uint8Array(0), originalLength: 0 },
  ];

  it('writes what is read again, to the nanosecond', () => {
    expect(readPcap(writePcap({ linkType: 101, packets }))).toEqual({
      ok: true,
      value: { nanosecond: true, linkType: 101, packets, cut: false },
    });
  });

  it('begins with the header of version 2.4', () => {
    expect(toHex(writePcap({ linkType: 1, packets: [] }))).toBe(
      '4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000'.replaceAll(' ', ''),
    );
  });
});
