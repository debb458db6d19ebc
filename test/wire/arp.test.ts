import { describe, expect, it } from 'vitest';
import { decodeArp, encodeGratuitousArp } from '../../src/wire/arp.ts';
import { fromHex, toHex } from './hex.ts';

/** Captured from keepalived 2.2.7. */
const FRAME = 'ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a3c0133 ffffffffffff 0a3c0133';
const MESSAGE = FRAME.slice(FRAME.indexOf('0806') + 4).replaceAll(' ', '');

it('announces an address with the frame that keepalived sends', () => {
  const frame = encodeGratuitousArp({ mac: '02:00:00:00:00:01', address: '10.60.1.51' });
  expect(toHex(frame)).toBe(FRAME.replaceAll(' ', ''));
});

it('reads the message in that frame, padding behind it ignored', () => {
  expect(decodeArp(fromHex(`${MESSAGE}${'00'.repeat(18)}`))).toEqual({
    ok: true,
    value: {
      operation: 1,
      senderMac: '02:00:00:00:00:01',
      senderAddress: '10.60.1.51',
      targetMac: 'ff:ff:ff:ff:ff:ff',
      targetAddress: '10.60.1.51',
    },
  });
});

describe('refuses', () => {
  it.each([
    ['nothing', '', 'truncated'],
    ['27 bytes', MESSAGE.slice(0, -2), 'truncated'],
    ['another hardware type', MESSAGE.replace('0001', '0006'), 'unsupported'],
    ['another protocol', MESSAGE.replace('0800', '86dd'), 'unsupported'],
    ['other address lengths', MESSAGE.replace('0604', '0610'), 'unsupported'],
  ])('%s', (_, hex, reason) => {
    expect(decodeArp(fromHex(hex))).toEqual({ ok: false, reason });
  });
});
