import { describe, expect, it } from 'vitest';
import { decodeNeighbourAdvertisement, encodeUnsolicitedNeighbourAdvertisement } from '../../src/wire/neighbour.ts';
import { fromHex, toHex } from './hex.ts';

/** Captured from keepalived 2.2.7 on a host that does not forward. */
const MESSAGE = '8800578f20000000 fe800000000000000000000000060001 0201020000000001';
const FRAME = `333300000001 020000000001 86dd 60000000 0020 3a ff
  fe800000000000000000000000060001 ff020000000000000000000000000001 ${MESSAGE}`;
const IP = { source: 'fe80::6:1', destination: 'ff02::1' };

it('announces an address with the frame that keepalived sends', () => {
  const fields = { mac: '02:00:00:00:00:01', address: 'fe80::6:1', router: false };
  expect(toHex(encodeUnsolicitedNeighbourAdvertisement(fields))).toBe(FRAME.replaceAll(/\s/g, ''));
});

it('says that a forwarding host is a router, with a right checksum', () => {
  const frame = encodeUnsolicitedNeighbourAdvertisement({
    mac: '02:00:00:00:00:01',
    address: 'fe80::6:1',
    router: true,
  });
  expect(decodeNeighbourAdvertisement(frame.subarray(54), IP)).toMatchObject({
    value: { router: true, override: true, solicited: false, checksumOk: true },
  });
});

it('reads the message', () => {
  expect(decodeNeighbourAdvertisement(fromHex(MESSAGE), IP)).toEqual({
    ok: true,
    value: {
      target: 'fe80::6:1',
      router: false,
      solicited: false,
      override: true,
      mac: '02:00:00:00:00:01',
      checksumOk: true,
    },
  });
});

it('reads one without options, and tells a wrong checksum', () => {
  expect(decodeNeighbourAdvertisement(fromHex(MESSAGE).subarray(0, 24), IP)).toMatchObject({
    value: { mac: undefined, checksumOk: false },
  });
});

it('skips options that it does not know', () => {
  const nonce = '0e01010203040506';
  const message = fromHex(MESSAGE.replace('0201', `${nonce}0201`));
  expect(decodeNeighbourAdvertisement(message, IP)).toMatchObject({ value: { mac: '02:00:00:00:00:01' } });
});

describe('refuses', () => {
  it.each([
    ['nothing', '', 'truncated'],
    ['23 bytes', MESSAGE.replaceAll(' ', '').slice(0, 46), 'truncated'],
    ['a solicitation', MESSAGE.replace('88', '87'), 'type'],
    ['an option of length 0', MESSAGE.replace('0201', '0200'), 'options'],
    ['an option that does not fit', MESSAGE.replace('0201', '0202'), 'options'],
    ['an option of one byte', `${MESSAGE}02`, 'options'],
  ])('%s', (_, hex, reason) => {
    expect(decodeNeighbourAdvertisement(fromHex(hex), IP)).toEqual({ ok: false, reason });
  });
});
