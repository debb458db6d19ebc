import { describe, expect, it } from 'vitest';
import { decodeIpv6, encodeIpv6 } from '../../src/wire/ipv6.ts';
import { fromHex, toHex } from './hex.ts';

const ADDRESSES = 'fe80000000000000000000fffe000001 ff020000000000000000000000000012';
const MESSAGE = '3133f102000a8213';
/** Traffic class 0xc0 and a flow label, as the kernel sends for keepalived. */
const PACKET = `6c0683ea 0008 70 ff ${ADDRESSES} ${MESSAGE}`;

/** A packet whose fixed header names `next`, followed by `rest`. */
function packet(next: string, rest: string): Uint8Array {
  const length = (rest.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0');
  return fromHex(`60000000 ${length} ${next} 01 ${ADDRESSES} ${rest}`);
}

it('reads a packet', () => {
  expect(decodeIpv6(fromHex(PACKET))).toEqual({
    ok: true,
    value: {
      family: 6,
      source: 'fe80::ff:fe00:1',
      destination: 'ff02::12',
      ttl: 255,
      protocol: 112,
      tos: 0xc0,
      headerLength: 40,
      totalLength: 48,
      payload: fromHex(MESSAGE),
    },
  });
});

it('writes a packet without flow label', () => {
  const fields = { source: 'fe80::ff:fe00:1', destination: 'ff02::12', ttl: 255, protocol: 112, tos: 0xc0 };
  const bytes = encodeIpv6({ ...fields, payload: fromHex(MESSAGE) });
  expect(toHex(bytes)).toBe(PACKET.replace('6c0683ea', '6c000000').replaceAll(' ', ''));
});

describe('extension headers', () => {
  it.each([
    ['hop-by-hop', '00', '7000050200000000', 112, 48],
    ['destination options', '3c', '7000010400000000', 112, 48],
    ['both, the second of 16 bytes', '00', '3c00050200000000 7001010c00000000 0000000000000000', 112, 64],
  ])('%s are skipped', (_, next, headers, protocol, headerLength) => {
    const value = { protocol, headerLength, payload: fromHex(MESSAGE) };
    expect(decodeIpv6(packet(next, headers + MESSAGE))).toMatchObject({ value });
  });

  it.each([
    ['AH', '33', 51],
    ['fragment', '2c', 44],
    ['routing', '2b', 43],
  ])('%s is reported and not skipped', (_, next, protocol) => {
    expect(decodeIpv6(packet(next, MESSAGE))).toMatchObject({ value: { protocol, headerLength: 40 } });
  });

  it.each([
    ['is not there', '00', ''],
    ['says more than there is', '00', '7001050200000000'],
    ['is followed by one that is missing', '00', '3c00050200000000'],
  ])('one that %s: truncated', (_, next, rest) => {
    expect(decodeIpv6(packet(next, rest))).toEqual({ ok: false, reason: 'truncated' });
  });
});

describe('lengths', () => {
  it('an extension header that leaves the payload length is truncated, although bytes follow', () => {
    const bytes = new Uint8Array(80);
    bytes.set(packet('00', '7001050200000000'));
    expect(decodeIpv6(bytes)).toEqual({ ok: false, reason: 'truncated' });
  });

  it('bytes behind the payload length are no payload', () => {
    expect(decodeIpv6(fromHex(`${PACKET}0000`))).toMatchObject({ value: { payload: fromHex(MESSAGE) } });
  });

  it('a capture that ends too early has what is there', () => {
    const value = { totalLength: 48, payload: fromHex(MESSAGE.slice(0, 6)) };
    expect(decodeIpv6(fromHex(PACKET.slice(0, -10)))).toMatchObject({ value });
  });

  it.each([
    ['39 bytes', fromHex(PACKET).subarray(0, 39), 'truncated'],
    ['version 4', fromHex(PACKET.replace('6c', '4c')), 'version'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(decodeIpv6(bytes)).toEqual({ ok: false, reason });
  });
});
