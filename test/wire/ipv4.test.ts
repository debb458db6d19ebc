import { describe, expect, it } from 'vitest';
import { decodeIpv4, encodeIpv4 } from '../../src/wire/ipv4.ts';
import { fromHex, toHex } from './hex.ts';

// Captured from keepalived 2.2.7: identification 1, TOS 0xc0, no DF.
const HEADER = '45c0002800010000ff70d055 0a3c0001 e0000012';
const MESSAGE = '2133f10101017ef8 0a3c0133 3131313100000000';

function decode(hex: string) {
  return decodeIpv4(fromHex(hex));
}

/** HEADER and MESSAGE with the bytes at `offset` replaced. */
function patched(offset: number, ...bytes: number[]): Uint8Array {
  const packet = fromHex(HEADER + MESSAGE);
  packet.set(bytes, offset);
  return packet;
}

it('reads a packet of keepalived', () => {
  expect(decode(HEADER + MESSAGE)).toEqual({
    ok: true,
    value: {
      family: 4,
      source: '10.60.0.1',
      destination: '224.0.0.18',
      ttl: 255,
      protocol: 112,
      tos: 0xc0,
      id: 1,
      headerLength: 20,
      totalLength: 40,
      checksumOk: true,
      fragment: undefined,
      payload: fromHex(MESSAGE),
    },
  });
});

it('writes the same packet', () => {
  const fields = { source: '10.60.0.1', destination: '224.0.0.18', ttl: 255, protocol: 112, tos: 0xc0, id: 1 };
  expect(toHex(encodeIpv4({ ...fields, payload: fromHex(MESSAGE) }))).toBe((HEADER + MESSAGE).replaceAll(' ', ''));
});

describe('what it tolerates', () => {
  it('G1: Ethernet padding behind the total length is no payload', () => {
    expect(decode(`${HEADER}${MESSAGE}000000000000`)).toMatchObject({ value: { payload: fromHex(MESSAGE) } });
  });

  it('N3: options are skipped, with a header of 24 and of 60 bytes', () => {
    for (const options of [4, 40]) {
      const packet = new Uint8Array(20 + options + 20);
      packet.set(fromHex(HEADER));
      packet[0] = 0x40 | ((20 + options) / 4);
      packet[3] = packet.length;
      packet.set(fromHex(MESSAGE), 20 + options);
      expect(decodeIpv4(packet)).toMatchObject({
        value: { headerLength: 20 + options, payload: fromHex(MESSAGE) },
      });
    }
  });

  it('a wrong header checksum is told', () => {
    expect(decodeIpv4(patched(8, 254))).toMatchObject({ value: { ttl: 254, checksumOk: false } });
  });

  it('a capture that ends too early has what is there', () => {
    const value = { totalLength: 40, payload: fromHex(MESSAGE.slice(0, 12)) };
    expect(decode(HEADER + MESSAGE.slice(0, 12))).toMatchObject({ value });
  });

  it.each([
    ['first fragment', [0x20, 0x00], { offset: 0, more: true }],
    ['a later one', [0x20, 0x05], { offset: 40, more: true }],
    ['the last', [0x1f, 0xff], { offset: 65_528, more: false }],
    ['DF', [0x40, 0x00], undefined],
  ])('%s', (_, flags, fragment) => {
    expect(decodeIpv4(patched(6, ...flags))).toMatchObject({ value: { fragment } });
  });
});

describe('what it refuses', () => {
  it.each([
    ['nothing', new Uint8Array(0), 'truncated'],
    ['19 bytes', fromHex(HEADER).subarray(0, 19), 'truncated'],
    ['N3: shorter than its header', patched(0, 0x4f).subarray(0, 59), 'truncated'],
    ['version 6', patched(0, 0x65), 'version'],
    ['N3: a header length of 16', patched(0, 0x44), 'header-length'],
    ['a total length below the header length', patched(2, 0, 19), 'total-length'],
  ])('%s', (_, packet, reason) => {
    expect(decodeIpv4(packet)).toEqual({ ok: false, reason });
  });
});
