import { expect, it } from 'vitest';
import { decodeAh } from '../../src/wire/ah.ts';
import { fromHex } from './hex.ts';

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
