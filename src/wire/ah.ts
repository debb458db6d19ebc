// The Authentication Header (RFC 2402 §2) that VRRPv2 may travel behind: read for the packet list, not verified.
import type { Decoded } from './decoded.ts';

export const AH_PROTOCOL = 51;

export interface AuthenticationHeader {
  readonly nextHeader: number;
  readonly spi: number;
  readonly sequence: number;
  /** What it protects; a view. */
  readonly payload: Uint8Array;
}

/** Reads an Authentication Header. The integrity check value is skipped. */
export function decodeAh(bytes: Uint8Array): Decoded<AuthenticationHeader, 'truncated' | 'header-length'> {
  if (bytes.length < 12) return { ok: false, reason: 'truncated' };
  const headerLength = (bytes[1]! + 2) * 4;
  if (headerLength < 12) return { ok: false, reason: 'header-length' };
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

function readLong(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
