import { describe, expect, it } from 'vitest';
import { internetChecksum, pseudoHeaderSum } from '../../src/wire/checksum.ts';
import { fromHex } from './hex.ts';

describe('internetChecksum', () => {
  it.each([
    ['the example of RFC 1071 §3', '0001f203f4f5f6f7', 0x220d],
    ['nothing', '', 0xffff],
    ['zeros', '0000', 0xffff],
    ['all ones', 'ffff', 0],
    ['an odd byte, padded with zero', '01', 0xfeff],
    ['an IPv4 header with its checksum in place', '450000730000400040 11b861c0a80001c0a800c7', 0],
    ['the same header with a zero field', '4500007300004000401 10000c0a80001c0a800c7', 0xb861],
  ])('%s', (_, hex, expected) => {
    expect(internetChecksum(fromHex(hex))).toBe(expected);
  });

  it('folds as often as it must: 64 KiB of 0xff', () => {
    expect(internetChecksum(new Uint8Array(65_536).fill(0xff))).toBe(0);
  });

  it('starts from a given sum', () => {
    expect(internetChecksum(fromHex('f4f5f6f7'), 0x0001 + 0xf203)).toBe(0x220d);
  });
});

describe('pseudoHeaderSum', () => {
  it('IPv4: addresses, protocol and length', () => {
    const ip = { family: 4, source: '192.0.2.251', destination: '224.0.0.18' } as const;
    expect(pseudoHeaderSum(ip, 16, 112)).toBe(0xc000 + 0x02fb + 0xe000 + 0x0012 + 112 + 16);
  });

  it('IPv6: addresses, length of 32 bits and next header', () => {
    const ip = { family: 6, source: 'fe80::1', destination: 'ff02::12' } as const;
    expect(pseudoHeaderSum(ip, 0x1_0002, 112)).toBe(0xfe80 + 1 + 0xff02 + 0x12 + 1 + 2 + 112);
  });
});
