// The IPv4 header (RFC 791 §3.1).
import { addressFromBytes, type IpAddress, writeAddress } from './address.ts';
import { internetChecksum } from './checksum.ts';
import type { Decoded } from './decoded.ts';

const MIN_HEADER = 20;

export interface Ipv4Packet {
  readonly family: 4;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  readonly protocol: number;
  /** The whole byte: DSCP and ECN. */
  readonly tos: number;
  readonly id: number;
  readonly headerLength: number;
  /** As the header says; `payload` may hold less when the capture is cut. */
  readonly totalLength: number;
  readonly checksumOk: boolean;
  /** Present when this is one piece of a packet: offset in bytes, and whether more follow. */
  readonly fragment: { readonly offset: number; readonly more: boolean } | undefined;
  /** A view that ends at `totalLength`, so without Ethernet padding. */
  readonly payload: Uint8Array;
}

export type Ipv4Error = 'truncated' | 'version' | 'header-length' | 'total-length';

/** Reads an IPv4 packet. Options are skipped. A packet whose end is missing is read as far as it is there. */
export function decodeIpv4(bytes: Uint8Array): Decoded<Ipv4Packet, Ipv4Error> {
  if (bytes.length < MIN_HEADER) return { ok: false, reason: 'truncated' };
  if (bytes[0]! >> 4 !== 4) return { ok: false, reason: 'version' };
  const headerLength = (bytes[0]! & 0x0f) * 4;
  if (headerLength < MIN_HEADER) return { ok: false, reason: 'header-length' };
  if (bytes.length < headerLength) return { ok: false, reason: 'truncated' };
  const totalLength = (bytes[2]! << 8) | bytes[3]!;
  if (totalLength < headerLength) return { ok: false, reason: 'total-length' };
  const more = (bytes[6]! & 0x20) !== 0;
  const offset = (((bytes[6]! & 0x1f) << 8) | bytes[7]!) * 8;
  return {
    ok: true,
    value: {
      family: 4,
      source: addressFromBytes(bytes, 12, 4),
      destination: addressFromBytes(bytes, 16, 4),
      ttl: bytes[8]!,
      protocol: bytes[9]!,
      tos: bytes[1]!,
      id: (bytes[4]! << 8) | bytes[5]!,
      headerLength,
      totalLength,
      checksumOk: internetChecksum(bytes.subarray(0, headerLength)) === 0,
      fragment: more || offset > 0 ? { offset, more } : undefined,
      payload: bytes.subarray(headerLength, totalLength),
    },
  };
}

export interface Ipv4Fields {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  readonly protocol: number;
  readonly tos: number;
  readonly id: number;
  readonly payload: Uint8Array;
}

/** An IPv4 packet without options, not fragmented and without DF, as keepalived sends it. */
export function encodeIpv4(fields: Ipv4Fields): Uint8Array {
  const bytes = new Uint8Array(MIN_HEADER + fields.payload.length);
  bytes[0] = 0x45;
  bytes[1] = fields.tos;
  bytes[2] = bytes.length >> 8;
  bytes[3] = bytes.length & 0xff;
  bytes[4] = fields.id >> 8;
  bytes[5] = fields.id & 0xff;
  bytes[8] = fields.ttl;
  bytes[9] = fields.protocol;
  writeAddress(bytes, 12, fields.source);
  writeAddress(bytes, 16, fields.destination);
  const checksum = internetChecksum(bytes.subarray(0, MIN_HEADER));
  bytes[10] = checksum >> 8;
  bytes[11] = checksum & 0xff;
  bytes.set(fields.payload, MIN_HEADER);
  return bytes;
}
