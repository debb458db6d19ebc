// The trailer of auth_hmac against node's own HMAC, byte by byte as keepalived 2.4 lays it out.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addressBytes } from '../../src/wire/address.ts';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { decodeHmacTrailer, isHmacGenuine, nextHmacSequence, signAdvert } from '../../src/wire/hmac.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const SEQUENCE = (1_795_000_000n << 32n) | (0x8000n << 16n) | 7n;
const IP4 = { family: 4, source: '192.168.77.1', destination: '224.0.0.18' } as const;
const IP6 = { family: 6, source: 'fe80::1', destination: 'ff02::12' } as const;

function signed(ip: typeof IP4 | typeof IP6, key = KEY) {
  const addresses = ip.family === 4 ? ['192.168.77.100'] : ['fe80::100'];
  const message = encodeAdvert({ version: 3, vrid: 52, priority: 200, addresses, intervalUs: 1_000_000 }, ip);
  const facts = { ...ip, version: 3, vrid: 52 };
  return { message, facts, payload: signAdvert(message, { keyId: 9, key }, SEQUENCE, facts) };
}

describe('a signed advert', () => {
  it.each([IP4, IP6])('over IPv$family has the trailer of 28 bytes and the HMAC that the layout demands', (ip) => {
    const { message, payload } = signed(ip);
    expect(payload.length).toBe(message.length + 28);
    const trailer = Buffer.alloc(12);
    trailer.set([1, 9, 0, 0]);
    trailer.writeUInt32BE(1_795_000_000, 4);
    trailer.writeUInt16BE(0x8000, 8);
    trailer.writeUInt16BE(7, 10);
    expect(Buffer.from(payload.subarray(message.length, -16))).toEqual(trailer);
    const pseudo = Buffer.alloc(20);
    pseudo.set([ip.family, 3, 52, 0]);
    pseudo.set(addressBytes(ip.source), 4);
    const unsummed = Buffer.from(message);
    unsummed.fill(0, 6, 8);
    const digest = createHmac('sha256', KEY).update(pseudo).update(unsummed).update(trailer).update(Buffer.alloc(16));
    expect(Buffer.from(payload.subarray(-16))).toEqual(digest.digest().subarray(0, 16));
  });

  it('has a checksum of the message alone over IPv4, and of all over IPv6', () => {
    const [v4, v6] = [signed(IP4), signed(IP6)];
    expect(v4.payload.subarray(0, v4.message.length)).toEqual(v4.message);
    expect(decodeVrrp(v4.payload, IP4)).toMatchObject({ value: { checksumForm: 'pseudo-header' } });
    expect(decodeVrrp(v6.payload, IP6)).toMatchObject({ value: { checksumForm: 'pseudo-header' } });
  });

  it('is told from an advert with something else behind it', () => {
    const { payload } = signed(IP4);
    expect(decodeVrrp(payload, IP4)).toMatchObject({ value: { signed: true, length: 40, expectedLength: 12 } });
    const other = payload.slice();
    other[12] = 2;
    for (const bytes of [other, payload.subarray(0, -1), payload.subarray(0, 12)]) {
      expect(decodeVrrp(bytes, IP4)).not.toHaveProperty('value.signed');
    }
  });

  it('is read back', () => {
    expect(decodeHmacTrailer(signed(IP4).payload)).toEqual({
      wellFormed: true,
      keyId: 9,
      seconds: 1_795_000_000,
      sequence: SEQUENCE,
    });
  });

  it('is good for its key, sender and router only, and in no bit other', () => {
    const { payload, facts } = signed(IP4);
    expect(isHmacGenuine(payload, KEY, facts)).toBe(true);
    expect(isHmacGenuine(payload, KEY.toReversed(), facts)).toBe(false);
    expect(isHmacGenuine(payload, KEY, { ...facts, source: '192.168.77.2' })).toBe(false);
    expect(isHmacGenuine(payload, KEY, { ...facts, vrid: 53 })).toBe(false);
    for (let i = 0; i < payload.length; i++) {
      const other = payload.slice();
      other[i] = other[i]! ^ 1;
      // The checksum changes on the way through the kernel.
      expect(isHmacGenuine(other, KEY, facts), `byte ${i}`).toBe(i === 6 || i === 7);
    }
  });
});

describe('the number of a signature', () => {
  it('is the time in 65536ths of a second, and always above the last', () => {
    const at = 1_795_000_000_500;
    const first = nextHmacSequence(at, 0n);
    expect(first).toBe((1_795_000_000n << 32n) | (0x8000n << 16n));
    expect(nextHmacSequence(at, first)).toBe(first + 1n);
    expect(nextHmacSequence(at - 60_000, first + 1n)).toBe(first + 2n);
    expect(nextHmacSequence(at + 1000, first + 2n)).toBe(first + (1n << 32n));
  });

  it('begins anew where a clock that was put back would leave it outside the window', () => {
    const [at, later] = [1_795_000_000_000, nextHmacSequence(1_795_000_006_000, 0n)];
    expect(nextHmacSequence(at, later, 6)).toBe(later + 1n);
    expect(nextHmacSequence(at, later, 5)).toBe(1_795_000_000n << 32n);
  });
});
