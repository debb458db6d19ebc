import { describe, expect, it } from 'vitest';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import type { AdvertFields } from '../../src/wire/vrrp.ts';
import { toHex } from './hex.ts';
import { GOOD } from './vectors.ts';

const IP = { family: 4, source: '10.0.0.1', destination: '224.0.0.18' } as const;
const FIELDS: AdvertFields = { version: 2, vrid: 51, priority: 100, addresses: ['10.0.0.100'], intervalUs: 1_000_000 };

describe('published messages', () => {
  it.each(GOOD)('$id is what its values encode to', (vector) => {
    const { vrid, priority, addresses, intervalUs, authType } = vector;
    const version = vector.version as 2 | 3;
    const password = authType === 1 ? { password: 'longpassword' } : {};
    const message = encodeAdvert({ version, vrid, priority, addresses, intervalUs, ...password }, vector);
    expect(toHex(message)).toBe(vector.hex.replaceAll(' ', ''));
  });
});

describe('password', () => {
  it.each([
    ['absent: type 0 and zeros', undefined, '00', '0000000000000000'],
    ['short: padded with zeros', '1111', '01', '3131313100000000'],
    ['eight bytes', '12345678', '01', '3132333435363738'],
    ['longer: cut at eight', '123456789', '01', '3132333435363738'],
    ['cut inside a character, as bytes', 'passwoö', '01', '70617373776fc3b6'],
    ['cut in the middle of a character, as keepalived cuts', 'passworö', '01', '70617373776f72c3'],
    ['empty: type 1 and zeros', '', '01', '0000000000000000'],
  ])('%s', (_, password, type, data) => {
    const message = toHex(encodeAdvert(password === undefined ? FIELDS : { ...FIELDS, password }, IP));
    expect(message.slice(8, 10)).toBe(type);
    expect(message.slice(-16)).toBe(data);
  });

  it('is nowhere in a version 3 message', () => {
    const message = encodeAdvert({ ...FIELDS, version: 3, password: 'secret' }, IP);
    expect(message).toEqual(encodeAdvert({ ...FIELDS, version: 3 }, IP));
  });
});

describe('interval', () => {
  it.each([
    [2, 1_000_000, '01'],
    [2, 1_400_000, '01'],
    [2, 255_000_000, 'ff'],
    [2, 300_000_000, 'ff'],
    [3, 10_000, '0001'],
    [3, 14_999, '0001'],
    [3, 1_000_000, '0064'],
    [3, 40_950_000, '0fff'],
    [3, 90_000_000, '0fff'],
  ] as const)('version %i, %i µs', (version, intervalUs, expected) => {
    const message = toHex(encodeAdvert({ ...FIELDS, version, intervalUs }, IP));
    expect(message.slice(version === 2 ? 10 : 8, 12)).toBe(expected);
  });
});

it('addresses keep the order in which they are given', () => {
  const message = encodeAdvert({ ...FIELDS, version: 3, addresses: ['10.0.0.2', '10.0.0.1'] }, IP);
  expect(toHex(message.subarray(8))).toBe('0a0000020a000001');
});
