import { describe, expect, it } from 'vitest';
import { AH_PROTOCOL, decodeAh, encodeAh, isAhGenuine } from '../../src/wire/ah.ts';
import { decodeIpv4, encodeIpv4, type Ipv4Packet } from '../../src/wire/ipv4.ts';
import { fromHex, toHex } from './hex.ts';

/** Captured from keepalived 2.2.7: the parameter index is the source address. */
const HEADER = '7004 0000 0a3c0001 00000001 8855d40c531fe2537b19bce2';
const MESSAGE = '2133f1010201e05a 0a3c0133 0000000000000000';

it('reads the header and leaves the message', () => {
  expect(decodeAh(fromHex(HEADER + MESSAGE))).toEqual({
    ok: true,
    value: { nextHeader: 112, spi: 0x0a3c0001, sequence: 1, payload: fromHex(MESSAGE) },
  });
});

it('reads numbers of 32 bits unsigned', () => {
  const bytes = fromHex(HEADER.replace('0a3c0001 00000001', 'ffffffff fffffffe'));
  expect(decodeAh(bytes)).toMatchObject({ value: { spi: 0xffffffff, sequence: 0xfffffffe } });
});

it.each([
  ['nothing', '', 'truncated'],
  ['a header that is not whole', HEADER.slice(0, -2), 'truncated'],
  ['a length below the fixed part', HEADER.replace('7004', '7000'), 'header-length'],
])('refuses %s', (_, hex, reason) => {
  expect(decodeAh(fromHex(hex))).toEqual({ ok: false, reason });
});

/** Whole IPv4 packets of keepalived 2.2.7 routers with `auth_type AH`, and their auth_pass. */
const CAPTURED: readonly (readonly [password: string, packet: string])[] = [
  [
    '1111',
    '45c0004000010000ff33d07a0a3c0001e0000012700400000a3c0001000000018855d40c531fe2537b19bce22133f1010201e05a0a3c01330000000000000000',
  ],
  [
    '1111',
    '45c0004000020000ff33d0790a3c0001e0000012700400000a3c000100000002d53dc78fa6cfe65a3b7d66642133f1010201e05a0a3c01330000000000000000',
  ],
  [
    '1111',
    '45c0004000030000ff33d0780a3c0001e0000012700400000a3c00010000000319ffb462b95c03c4a6d3350d2133f1010201e05a0a3c01330000000000000000',
  ],
  [
    'secret99',
    '45c0004000010000ff3318acc000020be000001270040000c000020b000000015df30346e8f9b5b61782449a2133960102018465c00002640000000000000000',
  ],
  [
    'secret99',
    '45c0004000020000ff3318abc000020be000001270040000c000020b0000000221619237e8e87b89c5542f6b2133960102018465c00002640000000000000000',
  ],
  [
    'secret99',
    '45c0004000030000ff3318aac000020be000001270040000c000020b00000003541633673ea7c36a90abdd5d2133000102011a66c00002640000000000000000',
  ],
  [
    'secret99',
    '45c0004000010000ff3318abc000020ce000001270040000c000020c0000000463f7d168394db0d22d0b473e213364010201b665c00002640000000000000000',
  ],
  [
    'secret99',
    '45c0004000020000ff3318aac000020ce000001270040000c000020c0000000521a9433288c13a5c3d332589213364010201b665c00002640000000000000000',
  ],
  [
    'secret99',
    '45c0004000030000ff3318a9c000020ce000001270040000c000020c000000064371096228f2e3d6d7087d66213364010201b665c00002640000000000000000',
  ],
  [
    'secret99',
    '45c0004000040000ff3318a8c000020ce000001270040000c000020c000000075cedb0f054ee367ff20657162133000102011a66c00002640000000000000000',
  ],
];

function ipv4(hex: string): Ipv4Packet {
  const decoded = decodeIpv4(fromHex(hex));
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}

describe('the integrity check value', () => {
  it.each(CAPTURED)('of a captured packet is genuine, and we build the same packet (%s)', (password, hex) => {
    const ip = ipv4(hex);
    expect(isAhGenuine(ip.payload, password, ip)).toBe(true);
    const ah = decodeAh(ip.payload);
    if (!ah.ok) throw new Error(ah.reason);
    const payload = encodeAh(ah.value.payload, { sequence: ah.value.sequence, password }, ip);
    expect(toHex(encodeIpv4({ ...ip, protocol: AH_PROTOCOL, payload }))).toBe(hex);
  });

  const [password, hex] = CAPTURED[3]!;
  const ip = ipv4(hex);

  it.each<[string, string, Partial<Ipv4Packet>]>([
    ['another password', 'secret98', {}],
    ['a password that is shorter', 'secret9', {}],
    ['another id', password, { id: 2 }],
    ['another TTL of a multicast packet', password, { ttl: 254 }],
    ['another destination', password, { destination: '224.0.0.19' }],
    ['another source than its SPI', password, { source: '192.0.2.12' }],
    ['no check value', password, { payload: ip.payload.subarray(0, 20) }],
    ['a header that is longer', password, { payload: Uint8Array.from(ip.payload).fill(5, 1, 2) }],
  ])('does not fit %s', (_, key, change) => {
    const changed = { ...ip, ...change };
    expect(isAhGenuine(changed.payload, key, changed)).toBe(false);
  });

  it('does not fit when any byte behind the IP header is another', () => {
    const accepted = [...ip.payload.keys()].filter((at) => {
      const bytes = Uint8Array.from(ip.payload);
      bytes[at] = bytes[at]! ^ 1;
      return isAhGenuine(bytes, password, ip);
    });
    expect(accepted).toEqual([]);
  });

  it('is made with eight bytes of the password, and towards a unicast peer without the TTL', () => {
    const to = { ...ip, destination: '192.0.2.12' };
    const bytes = encodeAh(fromHex(MESSAGE), { sequence: 0xffffffff, password: 'secret99 and more' }, to);
    expect(isAhGenuine(bytes, password, { ...to, ttl: 60 })).toBe(true);
  });
});
