// The IPv6 header (RFC 8200 §3) and the extension headers that can be skipped.
import { addressFromBytes, type IpAddress, writeAddress } from './address.ts';
import type { Decoded } from './decoded.ts';

const HEADER_LENGTH = 40;
const HOP_BY_HOP = 0;
const DESTINATION_OPTIONS = 60;

export interface Ipv6Packet {
  readonly family: 6;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Hop limit; named as in IPv4. */
  readonly ttl: number;
  /** Next header behind hop-by-hop and destination options. AH (51), routing and fragment headers are not skipped. */
  readonly protocol: number;
  /** Traffic class; named as in IPv4. */
  readonly tos: number;
  /** Fixed header and skipped extension headers. */
  readonly headerLength: number;
  /** Fixed header and what the payload length says; `payload` may hold less when the capture is cut. */
  readonly totalLength: number;
  /** A view that ends at `totalLength`. */
  readonly payload: Uint8Array;
}

export type Ipv6Error = 'truncated' | 'version';

/** Reads an IPv6 packet. A packet whose end is missing is read as far as it is there. */
export function decodeIpv6(bytes: Uint8Array): Decoded<Ipv6Packet, Ipv6Error> {
  if (bytes.length < HEADER_LENGTH) return { ok: false, reason: 'truncated' };
  if (bytes[0]! >> 4 !== 6) return { ok: false, reason: 'version' };
  const totalLength = HEADER_LENGTH + ((bytes[4]! << 8) | bytes[5]!);
  const end = Math.min(bytes.length, totalLength);
  let protocol = bytes[6]!;
  let at = HEADER_LENGTH;
  while (protocol === HOP_BY_HOP || protocol === DESTINATION_OPTIONS) {
    if (at + 8 > end) return { ok: false, reason: 'truncated' };
    protocol = bytes[at]!;
    at += (bytes[at + 1]! + 1) * 8;
    if (at > end) return { ok: false, reason: 'truncated' };
  }
  return {
    ok: true,
    value: {
      family: 6,
      source: addressFromBytes(bytes, 8, 6),
      destination: addressFromBytes(bytes, 24, 6),
      ttl: bytes[7]!,
      protocol,
      tos: ((bytes[0]! & 0x0f) << 4) | (bytes[1]! >> 4),
      headerLength: at,
      totalLength,
      payload: bytes.subarray(at, end),
    },
  };
}

export interface Ipv6Fields {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  readonly protocol: number;
  readonly tos: number;
  readonly payload: Uint8Array;
}

/** An IPv6 packet without extension headers, flow label 0. */
export function encodeIpv6(fields: Ipv6Fields): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + fields.payload.length);
  bytes[0] = 0x60 | (fields.tos >> 4);
  bytes[1] = (fields.tos & 0x0f) << 4;
  bytes[4] = fields.payload.length >> 8;
  bytes[5] = fields.payload.length & 0xff;
  bytes[6] = fields.protocol;
  bytes[7] = fields.ttl;
  writeAddress(bytes, 8, fields.source);
  writeAddress(bytes, 24, fields.destination);
  bytes.set(fields.payload, HEADER_LENGTH);
  return bytes;
}
