import { describe, expect, it } from 'vitest';
import {
  decodeAck,
  decodeAttributes,
  decodeMessages,
  encodeAttribute,
  encodeMessage,
  NLMSG_ERROR,
} from '../../src/linux/netlink.ts';
import { addressBody, decodeAddress, decodeLink, RTM_NEWADDR, RTM_NEWLINK } from '../../src/linux/rtnetlink.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const message = (type: number, body: Uint8Array) => ({ type, flags: 0, sequence: 1, body });

describe('netlink messages', () => {
  it('are length, type, flags, sequence, port and body, padded to four bytes', () => {
    const encoded = encodeMessage({ type: 20, flags: 0x605, sequence: 7, body: Uint8Array.of(1, 2, 3) });
    expect(hex(encoded)).toBe('13000000' + '1400' + '0506' + '07000000' + '00000000' + '01020300');
    expect(decodeMessages(encoded)).toEqual([{ type: 20, flags: 0x605, sequence: 7, body: Uint8Array.of(1, 2, 3) }]);
  });

  it('are read one after the other, up to the first that is cut', () => {
    const one = encodeMessage({ type: 1, flags: 0, sequence: 1, body: Uint8Array.of(9) });
    const two = encodeMessage({ type: 2, flags: 0, sequence: 2, body: new Uint8Array(8) });
    const both = Uint8Array.from([...one, ...two]);
    expect(decodeMessages(both).map(({ type }) => type)).toEqual([1, 2]);
    expect(decodeMessages(both.subarray(0, both.length - 1)).map(({ type }) => type)).toEqual([1]);
    expect(decodeMessages(bytes('05000000 0000 0000 00000000 00000000'))).toEqual([]);
  });

  it.each([
    ['success', '00000000' + '24000000140005060700000000000000', 0x100, { error: 0, text: undefined }],
    ['a refusal', 'efffffff' + '24000000140005060700000000000000', 0x100, { error: -17, text: undefined }],
    [
      "a refusal with the kernel's words",
      'eaffffff' + '24000000140005060700000000000000' + '07000100' + '6e6f0000',
      0x300,
      { error: -22, text: 'no' },
    ],
    [
      'the words behind the whole request',
      'eaffffff' + '14000000140005060700000000000000' + 'aaaaaaaa' + '07000100' + '6e6f0000',
      0x200,
      { error: -22, text: 'no' },
    ],
    ['a cut message', 'eaff', 0, { error: 0, text: undefined }],
  ])('acknowledge: %s', (_, body, flags, expected) => {
    expect(decodeAck({ type: NLMSG_ERROR, flags, sequence: 7, body: bytes(body) })).toEqual(expected);
  });
});

describe('netlink attributes', () => {
  it('are length, type and value, padded to four bytes', () => {
    expect(hex(encodeAttribute(3, Uint8Array.of(0x76, 0x31, 0)))).toBe('0700' + '0300' + '76310000');
  });

  it('are read by type, without the nested flag, up to the first that is broken', () => {
    const attributes = decodeAttributes(bytes('0700 0300 76310000  0800 0480 dc050000  0300 0100'));
    expect([...attributes].map(([type, value]) => [type, hex(value)])).toEqual([
      [3, '763100'],
      [4, 'dc050000'],
    ]);
  });
});

describe('rtnetlink', () => {
  // Captured: v1, index 2, IFF_UP RUNNING BROADCAST MULTICAST LOWER_UP, mtu 1500.
  const header = '00 00 0100 02000000 43100100 00000000';
  const name = '0700 0300 76310000';
  const mtu = '0800 0400 dc050000';
  const mac = '0a00 0100 ae20c287f5d40000';

  it('reads a link', () => {
    expect(decodeLink(message(RTM_NEWLINK, bytes(header + name + mtu + mac)))).toEqual({
      name: 'v1',
      index: 2,
      mac: 'ae:20:c2:87:f5:d4',
      up: true,
      multicast: true,
      arp: true,
      mtu: 1500,
      addresses: [],
    });
  });

  it.each([
    ['without carrier it is not up', '03100000', { up: false }],
    ['administratively down it is not up', '42100000', { up: false }],
    ['with NOARP nothing is announced', 'c3100000', { arp: false, up: true }],
    ['a link without multicast', '43000000', { multicast: false }],
  ])('reads the flags of a link: %s', (_, flags, expected) => {
    const body = bytes(`00 00 0100 02000000 ${flags} 00000000 ${name}`);
    expect(decodeLink(message(RTM_NEWLINK, body))).toMatchObject(expected);
  });

  it('has no hardware address for a link whose address is not six bytes', () => {
    expect(decodeLink(message(RTM_NEWLINK, bytes(`${header}${name}0800 0100 0a000001`)))?.mac).toBe('');
  });

  it('takes a message about a bridge port for no link', () => {
    expect(decodeLink(message(RTM_NEWLINK, bytes(`07${header.slice(2)}${name}`)))).toBeUndefined();
    expect(decodeLink(message(RTM_NEWLINK, bytes('00')))).toBeUndefined();
  });

  it.each([
    [
      'IPv4',
      '02 18 80 00 02000000  0800 0100 0a090001  0800 0200 0a090001  0800 0800 80000000',
      { address: '10.9.0.1', prefix: 24, scope: 0, secondary: false, tentative: false },
    ],
    [
      'IPv4 on a point-to-point link: the local end',
      '02 20 80 00 02000000  0800 0100 0a090002  0800 0200 0a090001  0800 0800 81000000',
      { address: '10.9.0.1', prefix: 32, scope: 0, secondary: true, tentative: false },
    ],
    [
      'IPv6 while duplicates are looked for',
      '0a 40 c0 fd 02000000  1400 0100 fe800000000000000000000000000001  0800 0800 c0000000',
      { address: 'fe80::1', prefix: 64, scope: 253, secondary: false, tentative: true },
    ],
    [
      'IPv6 with flags in the header only',
      '0a 40 01 00 02000000  1400 0100 fd770000000000000000000000000001',
      { address: 'fd77::1', prefix: 64, scope: 0, secondary: false, tentative: false },
    ],
  ])('reads an address: %s', (_, body, address) => {
    expect(decodeAddress(message(RTM_NEWADDR, bytes(body)))).toEqual({ index: 2, address });
  });

  it.each(['', '02180000', '07 18 00 00 02000000', '02 18 00 00 02000000 0600 0100 0a090000'])(
    'reads no address from %s',
    (body) => {
      expect(decodeAddress(message(RTM_NEWADDR, bytes(body)))).toBeUndefined();
    },
  );

  it.each([
    [
      'an IPv4 VIP: local, address, label, broadcast, protocol keepalived',
      { interface: 'v1', address: '10.8.0.5', prefix: 24, scope: 253, label: 'v1:7', broadcast: '10.8.0.255' },
      true,
      '02180 0fd 02000000 08000200 0a080005 08000100 0a080005 09000300 76313a3700000000 08000400 0a0800ff 05000b00 12000000',
    ],
    [
      'an IPv6 /128: no duplicate detection, deprecated',
      { interface: 'v1', address: 'fd77::5', prefix: 128, scope: 0 },
      true,
      `0a800000 02000000 14000200 fd77${'00'.repeat(13)}05 14000100 fd77${'00'.repeat(13)}05
       08000800 02000000 14000600 00000000 ffffffff 00000000 00000000 05000b00 12000000`,
    ],
    [
      'an IPv6 /64: preferred',
      { interface: 'v1', address: 'fd77::5', prefix: 64, scope: 0 },
      true,
      `0a400000 02000000 14000200 fd77${'00'.repeat(13)}05 14000100 fd77${'00'.repeat(13)}05
       08000800 02000000 05000b00 12000000`,
    ],
    [
      'a removal: what names the address and nothing else',
      { interface: 'v1', address: '10.8.0.5', prefix: 24, scope: 0, label: 'v1:7', broadcast: '10.8.0.255' },
      false,
      '02180000 02000000 08000200 0a080005 08000100 0a080005 09000300 76313a3700000000',
    ],
  ])('writes %s', (_, spec, adding, expected) => {
    expect(hex(addressBody(spec, 2, adding))).toBe(hex(bytes(expected)));
  });
});
