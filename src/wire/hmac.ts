// The trailer by which keepalived 2.4 signs adverts (auth_hmac): 28 bytes behind the message, HMAC-SHA256 cut to 128 bits.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Family, type IpAddress, writeAddress } from './address.ts';
import { internetChecksum, pseudoHeaderSum } from './checksum.ts';
import { VRRP_PROTOCOL } from './vrrp.ts';

export const HMAC_TRAILER_LENGTH = 28;

const TYPE_SHA256 = 1;
const HMAC_LENGTH = 16;
const PSEUDO_LENGTH = 20;
const CHECKSUM_AT = 6;

/** Time in the upper 48 bits (seconds and 65536ths of one since the Unix epoch), a count in the lower 16. */
export type HmacSequence = bigint;

export interface HmacTrailer {
  /** False: another scheme, or something where nothing may be. */
  readonly wellFormed: boolean;
  readonly keyId: number;
  /** Seconds since the Unix epoch. */
  readonly seconds: number;
  readonly sequence: HmacSequence;
}

/** What the HMAC covers beside the message: it shall not be good for another router, nor from another sender. */
export interface HmacContext {
  readonly family: Family;
  readonly version: number;
  readonly vrid: number;
  readonly source: IpAddress;
}

/** Reads the trailer of `payload`, which ends with it. */
export function decodeHmacTrailer(payload: Uint8Array): HmacTrailer {
  const start = payload.byteOffset + payload.length - HMAC_TRAILER_LENGTH;
  const view = new DataView(payload.buffer, start, HMAC_TRAILER_LENGTH);
  return {
    wellFormed: view.getUint8(0) === TYPE_SHA256 && view.getUint16(2) === 0,
    keyId: view.getUint8(1),
    seconds: view.getUint32(4),
    sequence: view.getBigUint64(4),
  };
}

/** Is what stands behind the message, which has this length, a trailer of the kind that is known? */
export function hasHmacTrailer(payload: Uint8Array, messageLength: number): boolean {
  return payload.length === messageLength + HMAC_TRAILER_LENGTH && decodeHmacTrailer(payload).wellFormed;
}

/** Is the trailer at the end of `payload` made with this key? */
export function isHmacGenuine(payload: Uint8Array, key: Uint8Array, context: HmacContext): boolean {
  const expected = compute(payload, key, context);
  const at = payload.length - HMAC_LENGTH;
  let difference = 0;
  for (let i = 0; i < HMAC_LENGTH; i++) difference |= expected[i]! ^ payload[at + i]!;
  return difference === 0;
}

/** The message with its trailer. Over IPv6 the checksum covers both, since the kernel of the receiver sums all. */
export function signAdvert(
  message: Uint8Array,
  { keyId, key }: { readonly keyId: number; readonly key: Uint8Array },
  sequence: HmacSequence,
  context: HmacContext & { readonly destination: IpAddress },
): Uint8Array {
  const payload = new Uint8Array(message.length + HMAC_TRAILER_LENGTH);
  payload.set(message);
  const view = new DataView(payload.buffer, message.length);
  view.setUint8(0, TYPE_SHA256);
  view.setUint8(1, keyId);
  view.setBigUint64(4, sequence);
  payload.set(compute(payload, key, context), payload.length - HMAC_LENGTH);
  if (context.family === 6) {
    payload[CHECKSUM_AT] = payload[CHECKSUM_AT + 1] = 0;
    const checksum = internetChecksum(payload, pseudoHeaderSum(context, payload.length, VRRP_PROTOCOL));
    payload[CHECKSUM_AT] = checksum >> 8;
    payload[CHECKSUM_AT + 1] = checksum & 0xff;
  }
  return payload;
}

/** Of which second (since the Unix epoch) a sequence number is. */
export function secondsOf(sequence: HmacSequence): number {
  return Number(sequence >> 32n);
}

/**
 * The next sequence number of a sender: of this time (ms since the Unix epoch), but above its last one. Where receivers
 * look at the time too (`windowSeconds`), one that a wrong clock has left too far ahead is forgotten.
 */
export function nextHmacSequence(wallTime: number, last: HmacSequence, windowSeconds?: number): HmacSequence {
  const seconds = Math.floor(wallTime / 1000);
  const fraction = Math.floor(((wallTime - seconds * 1000) / 1000) * 0x1_0000);
  const now = (BigInt(seconds) << 32n) | (BigInt(fraction) << 16n);
  if (windowSeconds !== undefined && secondsOf(last) - seconds > windowSeconds) return now;
  return now > last ? now : last + 1n;
}

/** Over the facts of the sender, the message and the trailer, with zeros for the checksum and for the HMAC itself. */
function compute(payload: Uint8Array, key: Uint8Array, { family, version, vrid, source }: HmacContext): Uint8Array {
  const covered = new Uint8Array(PSEUDO_LENGTH + payload.length);
  covered.set([family, version, vrid, 0]);
  writeAddress(covered, 4, source);
  covered.set(payload, PSEUDO_LENGTH);
  covered.fill(0, PSEUDO_LENGTH + CHECKSUM_AT, PSEUDO_LENGTH + CHECKSUM_AT + 2);
  covered.fill(0, covered.length - HMAC_LENGTH);
  return hmac(sha256, key, covered).subarray(0, HMAC_LENGTH);
}
