import { describe, expect, it } from 'vitest';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import type { IpContext, VrrpPacket } from '../../src/wire/vrrp.ts';
import { fromHex } from './hex.ts';
import { BAD, GOOD } from './vectors.ts';

const IPV4: IpContext = { family: 4, source: '192.0.2.251', destination: '224.0.0.18' };
const IPV6: IpContext = { family: 6, source: 'fe80::1', destination: 'ff02::12' };
const G2C = GOOD.find(({ id }) => id === 'ze-G2c-v3-ip4')!.hex;
const G1 = GOOD.find(({ id }) => id === 'ze-G1-v2')!.hex;

function decode(bytes: Uint8Array | string, ip: IpContext = IPV4): VrrpPacket {
  const decoded = decodeVrrp(typeof bytes === 'string' ? fromHex(bytes) : bytes, ip);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}

/** `hex` with the bytes at `offset` replaced. */
function patched(hex: string, offset: number, ...bytes: number[]): Uint8Array {
  const message = fromHex(hex);
  message.set(bytes, offset);
  return message;
}

describe('published messages', () => {
  it.each([...GOOD, ...BAD])('$id', (vector) => {
    const { family, source, destination, hex } = vector;
    const packet = decode(hex, { family, source, destination });
    const length = fromHex(hex).length;
    expect(packet).toMatchObject({
      version: vector.version,
      type: 1,
      vrid: vector.vrid,
      priority: vector.priority,
      count: vector.count,
      addresses: vector.addresses,
      intervalUs: vector.intervalUs,
      authType: vector.authType,
      checksum: vector.checksum,
      checksumForm: vector.form,
      length,
      expectedLength: vector.expectedLength ?? length,
    });
  });
});

describe('bytes that are no whole message', () => {
  it.each([
    ['H1: nothing', ''],
    ['T1: six bytes', '21331e010001'],
    ['seven bytes', '21331e010001b5'],
  ])('%s: truncated', (_, hex) => {
    expect(decodeVrrp(fromHex(hex), IPV4)).toEqual({ ok: false, reason: 'truncated' });
  });

  it.each([
    ['D1: eight zeros', '0000000000000000', { version: 0, type: 0, checksumForm: 'none', expectedLength: 16 }],
    ['D1: eight 0xff', 'ffffffffffffffff', { version: 15, type: 15, count: 255, addresses: [], expectedLength: 1028 }],
    ['P2: ten random bytes', 'b4af981ab4af981a981a', { version: 11, type: 4, count: 26, addresses: [] }],
    ['T1: addresses missing', '2133ff03000100000a00', { count: 3, addresses: [], length: 10, expectedLength: 28 }],
    ['P3: version 2 without trailer', '2133ff0100010000 0a000001', { addresses: ['10.0.0.1'], authData: undefined }],
    ['H3: version 4', '4133ff0100640000 0a000001', { version: 4, vrid: 51, intervalUs: 1_000_000 }],
  ])('%s: a value', (_, hex, expected) => {
    expect(decode(hex)).toMatchObject(expected);
  });
});

describe('checksum', () => {
  it('N1b, H4: zeroed bytes fit neither form', () => {
    expect(decode(patched(G2C, 6, 0, 0)).checksumForm).toBe('none');
    expect(decode(patched(G1, 6, 0, 0)).checksumForm).toBe('none');
  });

  it('one other address in the IP header makes a version 3 sum wrong, and leaves version 2 right', () => {
    const elsewhere = { ...IPV4, source: '192.0.2.250' };
    expect(decode(G2C, elsewhere).checksumForm).toBe('none');
    expect(decode(G1, elsewhere).checksumForm).toBe('message');
  });

  it('version 3 over the message alone (RFC 9568 §5.2.8 for IPv4) is told apart', () => {
    // 0xdefb with the pseudo-header of IPV4 taken out again.
    const message = patched(G2C, 6, 0, 0);
    let sum = 0;
    for (let i = 0; i < message.length; i += 2) sum += (message[i]! << 8) | message[i + 1]!;
    const checksum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    expect(decode(patched(G2C, 6, checksum >> 8, checksum & 0xff)).checksumForm).toBe('message');
  });

  it('both forms fit when the pseudo-header sums to nothing', () => {
    // 0.0.0.0 + 255.255.255.255 is 0; protocol 112 and length 12 are made up for by the source.
    const ip = { family: 4, source: '0.0.255.131', destination: '0.0.0.0' } as const;
    const message = encodeAdvert({ version: 3, vrid: 1, priority: 1, addresses: ['10.0.0.1'], intervalUs: 10_000 }, ip);
    expect(decode(message, ip).checksumForm).toBe('both');
  });

  it('is unchecked over IPv6 when the destination is not known', () => {
    expect(decode('3101640100646a1f', { ...IPV6, destination: undefined }).checksumForm).toBe('unchecked');
  });

  it.each([
    ['version 2, right', 'message', fromHex(G1)],
    ['version 2, wrong', 'none', patched(G1, 6, 0, 0)],
    ['version 3', 'unchecked', fromHex(G2C)],
  ])('over IPv4 without destination, %s: %s', (_, form, message) => {
    expect(decode(message, { ...IPV4, destination: undefined }).checksumForm).toBe(form);
  });

  it('over IPv4 ends where the count says, so zeros behind the message do not matter', () => {
    const padded = new Uint8Array(24);
    padded.set(fromHex(G2C));
    expect(decode(padded)).toMatchObject({ checksumForm: 'pseudo-header', length: 24, expectedLength: 16 });
  });
});

it('over IPv6 the sum covers the whole payload, as the kernel sums it', () => {
  const ip = { ...IPV6, destination: 'ff02::12' } as const;
  const fields = { version: 3, vrid: 1, priority: 1, addresses: ['fe80::9', 'fe80::a'], intervalUs: 10_000 } as const;
  const message = encodeAdvert(fields, ip);
  message[3] = 1;
  message[7] = message[7]! + 1;
  expect(decode(message, ip)).toMatchObject({ checksumForm: 'pseudo-header', addresses: ['fe80::9'] });
});

describe('fields', () => {
  it('N10: 4095 cs are 40.95 s exactly, and the reserved bits are ignored', () => {
    expect(decode(patched(G2C, 4, 0x0f, 0xff)).intervalUs).toBe(40_950_000);
    expect(decode(patched(G2C, 4, 0xff, 0xff)).intervalUs).toBe(40_950_000);
    expect(decode(patched(G2C, 4, 0xf0, 0x00)).intervalUs).toBe(0);
  });

  it('N2: version 3 with eight bytes too many tells both lengths', () => {
    expect(decode(`${G2C}0000000000000000`)).toMatchObject({ length: 24, expectedLength: 16 });
  });

  it('N5: a count of 0 has no addresses', () => {
    expect(decode('310ac80000640000')).toMatchObject({ count: 0, addresses: [], expectedLength: 8 });
  });

  it('N7: 255 IPv6 addresses, the first link-local', () => {
    const message = new Uint8Array(8 + 255 * 16);
    message.set([0x31, 1, 100, 255, 0, 100, 0, 0, 0xfe, 0x80]);
    const { addresses, expectedLength } = decode(message, IPV6);
    expect(addresses).toHaveLength(255);
    expect(addresses[0]).toBe('fe80::');
    expect(addresses[254]).toBe('::');
    expect(expectedLength).toBe(4088);
  });

  it('H2: a count of 1 before a thousand zeros reads one address', () => {
    const message = new Uint8Array(1008);
    message.set([0x31, 7, 100, 1, 0, 100]);
    expect(decode(message, IPV6)).toMatchObject({ vrid: 7, addresses: ['::'], length: 1008, expectedLength: 24 });
  });

  it('version 2 has its eight bytes of authentication data, in a copy', () => {
    const bytes = fromHex('2133640101010000 0a000001 7365637265740000');
    const { authData } = decode(bytes);
    expect(authData).toEqual(fromHex('7365637265740000'));
    bytes.fill(0);
    expect(authData).toEqual(fromHex('7365637265740000'));
  });

  it('version 3 has neither authentication type nor data, whatever the bytes there are', () => {
    expect(decode(patched(G2C, 4, 0x10, 0x64))).toMatchObject({ authType: 0, authData: undefined });
  });
});
