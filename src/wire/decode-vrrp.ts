// Bytes → VrrpPacket. Lenient: whatever has the eight fixed bytes is a value; vrrp/validate decides whether it is good.
import { addressFromBytes, addressLength, type IpAddress, isMulticast } from './address.ts';
import { internetChecksum, pseudoHeaderSum } from './checksum.ts';
import type { Decoded } from './decoded.ts';
import { hasHmacTrailer } from './hmac.ts';
import {
  authDataLength,
  type ChecksumForm,
  type IpContext,
  VRRP_GROUP,
  VRRP_PROTOCOL,
  type VrrpPacket,
} from './vrrp.ts';

/** Bytes in front of the addresses, in every version. */
const HEADER_LENGTH = 8;

/**
 * Reads a VRRP message. `payload` ends where the IP packet ends; `reason` is `truncated` below eight bytes. Versions
 * below 3 are read with the layout of version 2, those above 3 with that of version 3.
 */
export function decodeVrrp(payload: Uint8Array, ip: IpContext): Decoded<VrrpPacket, 'truncated'> {
  if (payload.length < HEADER_LENGTH) return { ok: false, reason: 'truncated' };
  const version = payload[0]! >> 4;
  const count = payload[3]!;
  const size = addressLength(ip.family);
  const authAt = HEADER_LENGTH + count * size;
  const old = version < 3;
  const expectedLength = authAt + authDataLength(version, ip.family);
  return {
    ok: true,
    value: {
      version,
      type: payload[0]! & 0x0f,
      vrid: payload[1]!,
      priority: payload[2]!,
      count,
      addresses: readAddresses(payload, count, ip),
      intervalUs: old ? payload[5]! * 1_000_000 : (((payload[4]! & 0x0f) << 8) | payload[5]!) * 10_000,
      authType: old ? payload[4]! : 0,
      authData: readAuthData(payload, authAt, expectedLength),
      checksum: (payload[6]! << 8) | payload[7]!,
      checksumForm: checksumForm(payload, expectedLength, ip, version),
      length: payload.length,
      expectedLength,
      ...(hasHmacTrailer(payload, expectedLength) && { signed: true }),
    },
  };
}

function readAddresses(payload: Uint8Array, count: number, { family }: IpContext): IpAddress[] {
  const size = addressLength(family);
  const present = Math.min(count, Math.floor((payload.length - HEADER_LENGTH) / size));
  const addresses: IpAddress[] = [];
  for (let i = 0; i < present; i++) addresses.push(addressFromBytes(payload, HEADER_LENGTH + i * size, family));
  return addresses;
}

/** A copy: the payload may be a view into a buffer that is used again. */
function readAuthData(payload: Uint8Array, start: number, end: number): Uint8Array | undefined {
  return end > start && payload.length >= end ? payload.slice(start, end) : undefined;
}

/**
 * RFC 9568 §5.2.8. Over IPv4 the sum ends where the count field says, as keepalived sums, so that padding in the packet
 * does not matter; over IPv6 it covers the whole payload, as the kernel sums.
 */
function checksumForm(payload: Uint8Array, expectedLength: number, ip: IpContext, version: number): ChecksumForm {
  const { family, source, destination } = ip;
  const covered = family === 4 && payload.length > expectedLength ? payload.subarray(0, expectedLength) : payload;
  const message = internetChecksum(covered) === 0;
  if (destination === undefined) {
    if (family === 6) return 'unchecked';
    if (message) return 'message';
    return version < 3 ? 'none' : 'unchecked';
  }
  const initial = pseudoHeaderSum({ family, source, destination }, covered.length, VRRP_PROTOCOL);
  const pseudo = internetChecksum(covered, initial) === 0;
  if (message) return pseudo ? 'both' : 'message';
  if (pseudo) return 'pseudo-header';
  if (family === 6 || version < 3 || isMulticast(destination)) return 'none';
  const group = pseudoHeaderSum({ family, source, destination: VRRP_GROUP[family] }, covered.length, VRRP_PROTOCOL);
  return internetChecksum(covered, group) === 0 ? 'group-pseudo-header' : 'none';
}
