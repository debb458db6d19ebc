import { describe, expect, it } from 'vitest';
import {
  addressBytes,
  addressFamily,
  addressFromBytes,
  compareAddresses,
  isLinkLocal,
  isMulticast,
  parseAddress,
  writeAddress,
} from '../../src/wire/address.ts';
import { toHex } from './hex.ts';

describe('parseAddress', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['FE80::1', 'fe80::1'],
    ['fe80:0:0:0:0:0:0:1', 'fe80::1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['::', '::'],
    ['1::', '1::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['::192.0.2.1', '::c000:201'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
  ])('%s is %s', (text, canonical) => {
    expect(parseAddress(text)).toBe(canonical);
  });

  it.each([
    ['nothing', ''],
    ['a name', 'eth0'],
    ['three parts', '10.0.0'],
    ['five parts', '10.0.0.1.1'],
    ['256', '10.0.0.256'],
    ['octal', '010.0.0.1'],
    ['a prefix', '10.0.0.1/24'],
    ['a dot too many', '10.0.0.1.'],
    ['blanks', ' 10.0.0.1'],
    ['a line end', '10.0.0.1\n'],
    ['seven words', '1:2:3:4:5:6:7'],
    ['nine words', '1:2:3:4:5:6:7:8:9'],
    ['a gap that is none', '1:2:3:4:5:6:7:8::'],
    ['eight words behind a gap', '::1:2:3:4:5:6:7:8'],
    ['two gaps', '1::2::3'],
    ['three colons', '1:::2'],
    ['only colons', ':::'],
    ['one colon', ':'],
    ['a colon first', ':1::'],
    ['a colon last', '1:2:3:4:5:6:7:'],
    ['five digits', '::12345'],
    ['no digit', '::g'],
    ['a zone', 'fe80::1%eth0'],
    ['an IPv6 prefix', 'fe80::1/64'],
    ['octal in the tail', '::ffff:01.2.3.4'],
    ['hexadecimal in the tail', '::ffff:0x1.2.3.4'],
    ['a tail too long', '1:2:3:4:5:6:7:1.2.3.4'],
    ['words behind a tail', '::1.2.3.4:5'],
    ['a line end behind IPv6', '::1\n'],
  ])('refuses %s', (_, text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('bytes', () => {
  it.each([
    ['192.0.2.255', 'c00002ff'],
    ['0.0.0.0', '00000000'],
    ['fe80::1', 'fe800000000000000000000000000001'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ])('of %s, there and back', (address, hex) => {
    const bytes = addressBytes(address);
    expect(toHex(bytes)).toBe(hex);
    expect(addressFromBytes(bytes, 0, addressFamily(address))).toBe(address);
  });

  it('are written at an offset, which is returned moved on', () => {
    const target = new Uint8Array(22);
    expect(writeAddress(target, writeAddress(target, 1, '1.2.3.4'), '::5')).toBe(21);
    expect(toHex(target)).toBe('00010203040000000000000000000000000000000500');
  });

  it('of something that is no address are an error of the programmer', () => {
    expect(() => addressBytes('10.0.0')).toThrow(RangeError);
    expect(() => addressBytes(':x')).toThrow(RangeError);
  });
});

it.each([
  ['10.0.0.9', '10.0.0.10', -1],
  ['10.0.0.1', '10.0.0.1', 0],
  ['200.0.0.1', '100.0.0.1', 1],
  ['fe80::ffff', 'fe80::1:0', -1],
  ['10.0.0.1', '::', -1],
])('RFC 9568 §6.4.3: %s against %s, unsigned in network order', (a, b, sign) => {
  expect(Math.sign(compareAddresses(a, b))).toBe(sign);
  expect(Math.sign(compareAddresses(b, a))).toBe(-sign + 0);
});

it.each([
  ['224.0.0.18', true, false],
  ['239.255.255.255', true, false],
  ['240.0.0.1', false, false],
  ['223.0.0.1', false, false],
  ['169.254.1.1', false, true],
  ['ff02::12', true, false],
  ['fe80::1', false, true],
  ['febf::1', false, true],
  ['fec0::1', false, false],
  ['2001:db8::1', false, false],
])('%s: multicast %s, link-local %s', (address, multicast, linkLocal) => {
  expect(isMulticast(address)).toBe(multicast);
  expect(isLinkLocal(address)).toBe(linkLocal);
});
