// Bytes → VrrpPacket. Lenient: whatever has the eight fixed bytes is a value; vrrp/validate decides whether it is good.
import { addressFromBytes, addressLength, type IpAddress } from './address.ts';
import { internetChecksum, pseudoHeaderSum } from './checksum.ts';
import type { Decoded } from './decoded.ts';
import { type ChecksumForm, type IpContext, VRRP_PROTOCOL, type VrrpPacket } from './vrrp.ts';

/** Bytes in front of the addresses, in every version. */
const HEADER_LENGTH = 8;
/** Authentication Data behind the addresses of a version 2 message (RFC 2338 §5.3.10; zeros in RFC 3768). */
const AUTH_DATA_LENGTH = 8;

/** Nothing below version 3 is known to differ from version 2 in its layout. */
function hasAuthData(version: number): boolean {
  return version < 3;
}

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
  const withAuth = hasAuthData(version);
  const expectedLength = withAuth ? authAt + AUTH_DATA_LENGTH : authAt;
  return {
    ok: true,
    value: {
      version,
      type: payload[0]! & 0x0f,
      vrid: payload[1]!,
      priority: payload[2]!,
      count,
      addresses: readAddresses(payload, count, ip),
      intervalUs: withAuth ? payload[5]! * 1_000_000 : (((payload[4]! & 0x0f) << 8) | payload[5]!) * 10_000,
      authType: withAuth ? payload[4]! : 0,
      authData: withAuth && payload.length >= expectedLength ? payload.slice(authAt, expectedLength) : undefined,
      checksum: (payload[6]! << 8) | payload[7]!,
      checksumForm: checksumForm(payload, expectedLength, ip, version),
      length: payload.length,
      expectedLength,
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
    return hasAuthData(version) ? 'none' : 'unchecked';
  }
  const initial = pseudoHeaderSum({ family, source, destination }, covered.length, VRRP_PROTOCOL);
  const pseudo = internetChecksum(covered, initial) === 0;
  if (message) return pseudo ? 'both' : 'message';
  return pseudo ? 'pseudo-header' : 'none';
}
