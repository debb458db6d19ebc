// The Authentication Header (RFC 2402 §2) that VRRPv2 may travel behind, as keepalived's `auth_type AH` makes and checks it.
import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { type IpAddress, isMulticast, writeAddress } from './address.ts';
import type { Decoded } from './decoded.ts';
import { encodeIpv4 } from './ipv4.ts';
import { VRRP_PROTOCOL } from './vrrp.ts';

export const AH_PROTOCOL = 51;

const FIXED_LENGTH = 12;
/** HMAC-MD5-96 (RFC 2403). */
const ICV_LENGTH = 12;
/** The password as a key: cut at eight bytes, as `auth_pass` is. The zeros that keepalived pads with change no HMAC. */
const KEY_LENGTH = 8;

const utf8 = new TextEncoder();

export interface AuthenticationHeader {
  readonly nextHeader: number;
  readonly spi: number;
  readonly sequence: number;
  /** What it protects; a view. */
  readonly payload: Uint8Array;
}

/** Reads an Authentication Header. The integrity check value is skipped. */
export function decodeAh(bytes: Uint8Array): Decoded<AuthenticationHeader, 'truncated' | 'header-length'> {
  if (bytes.length < FIXED_LENGTH) return { ok: false, reason: 'truncated' };
  const headerLength = (bytes[1]! + 2) * 4;
  if (headerLength < FIXED_LENGTH) return { ok: false, reason: 'header-length' };
  if (bytes.length < headerLength) return { ok: false, reason: 'truncated' };
  return {
    ok: true,
    value: {
      nextHeader: bytes[0]!,
      spi: readLong(bytes, 4),
      sequence: readLong(bytes, 8),
      payload: bytes.subarray(headerLength),
    },
  };
}

/** Facts of the IPv4 header that the integrity check value covers. */
export interface AhContext {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  readonly id: number;
}

/** What a router puts in front of an advert. */
export interface AhFields {
  /** 1 to 2³² - 1. */
  readonly sequence: number;
  readonly password: string;
}

/** The payload of an IPv4 packet of protocol 51: the header, then the VRRP message. The SPI is the source address. */
export function encodeAh(message: Uint8Array, { sequence, password }: AhFields, ip: AhContext): Uint8Array {
  const bytes = new Uint8Array(FIXED_LENGTH + ICV_LENGTH + message.length);
  bytes[0] = VRRP_PROTOCOL;
  bytes[1] = (FIXED_LENGTH + ICV_LENGTH) / 4 - 2;
  writeAddress(bytes, 4, ip.source);
  new DataView(bytes.buffer).setUint32(8, sequence);
  bytes.set(message, FIXED_LENGTH + ICV_LENGTH);
  bytes.set(integrityCheckValue(bytes, password, ip), FIXED_LENGTH);
  return bytes;
}

/** Whether `bytes`, the payload of an IPv4 packet without options, has the SPI and the check value of this password. */
export function isAhGenuine(bytes: Uint8Array, password: string, ip: AhContext): boolean {
  if (bytes.length < FIXED_LENGTH + ICV_LENGTH || (bytes[1]! + 2) * 4 !== FIXED_LENGTH + ICV_LENGTH) return false;
  const source = new Uint8Array(4);
  writeAddress(source, 0, ip.source);
  const blank = Uint8Array.from(bytes).fill(0, FIXED_LENGTH, FIXED_LENGTH + ICV_LENGTH);
  const expected = integrityCheckValue(blank, password, ip);
  let difference = 0;
  for (let i = 0; i < ICV_LENGTH; i++) difference |= expected[i]! ^ bytes[FIXED_LENGTH + i]!;
  for (let i = 0; i < 4; i++) difference |= source[i]! ^ bytes[4 + i]!;
  return difference === 0;
}

/**
 * RFC 2402 §3.3.3, with `bytes` holding zeros for the value itself. TOS, fragment and header checksum count as zero; the
 * TTL only towards unicast peers, because keepalived takes the 255 of multicast as fixed. The id does count.
 */
function integrityCheckValue(bytes: Uint8Array, password: string, ip: AhContext): Uint8Array {
  const ttl = isMulticast(ip.destination) ? ip.ttl : 0;
  const { source, destination, id } = ip;
  const packet = encodeIpv4({ source, destination, id, ttl, protocol: AH_PROTOCOL, tos: 0, payload: bytes });
  packet.fill(0, 10, 12);
  return hmac(md5, utf8.encode(password).subarray(0, KEY_LENGTH), packet).subarray(0, ICV_LENGTH);
}

function readLong(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
