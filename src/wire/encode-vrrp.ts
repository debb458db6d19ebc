// AdvertFields → the bytes of an advertisement, as keepalived sends it.
import { addressLength, type Family, type IpAddress, writeAddress } from './address.ts';
import { internetChecksum, pseudoHeaderSum } from './checksum.ts';
import {
  ADVERTISEMENT,
  type AdvertFields,
  AUTH_AH,
  AUTH_NONE,
  AUTH_PASS,
  authDataLength,
  VRRP_PROTOCOL,
} from './vrrp.ts';

const utf8 = new TextEncoder();

/**
 * The VRRP message (without IP header). Intervals are rounded to the unit of the version and cut to its range (255 s,
 * 40.95 s). Checksum: version 2 over IPv4 covers the message alone (RFC 3768 §5.3.8); everything else has the
 * pseudo-header too, version 3 over IPv4 because keepalived reads RFC 5798 so, IPv6 because the kernel does it.
 * At most 255 addresses, all of `ip.family`.
 */
export function encodeAdvert(
  fields: AdvertFields,
  ip: { readonly family: Family; readonly source: IpAddress; readonly destination: IpAddress },
): Uint8Array {
  const { version, addresses, intervalUs } = fields;
  const authLength = authDataLength(version, ip.family);
  const bytes = new Uint8Array(8 + addresses.length * addressLength(ip.family) + authLength);
  bytes[0] = (version << 4) | ADVERTISEMENT;
  bytes[1] = fields.vrid;
  bytes[2] = fields.priority;
  bytes[3] = addresses.length;
  let at = 8;
  for (const address of addresses) at = writeAddress(bytes, at, address);
  if (version === 2) {
    bytes[4] = authTypeOf(fields);
    bytes[5] = Math.min(Math.round(intervalUs / 1_000_000), 0xff);
    if (bytes[4] === AUTH_PASS) bytes.set(utf8.encode(fields.password).subarray(0, authLength), at);
  } else {
    const centiseconds = Math.min(Math.round(intervalUs / 10_000), 0xfff);
    bytes[4] = centiseconds >> 8;
    bytes[5] = centiseconds & 0xff;
  }
  const over = version === 3 && ip.family === 4 ? fields.checksumOver : undefined;
  const messageOnly = (version === 2 && ip.family === 4) || over === 'message';
  const summed = over === undefined || over === 'message' ? ip : { ...ip, destination: over };
  const checksum = internetChecksum(bytes, messageOnly ? 0 : pseudoHeaderSum(summed, bytes.length, VRRP_PROTOCOL));
  bytes[6] = checksum >> 8;
  bytes[7] = checksum & 0xff;
  return bytes;
}

function authTypeOf({ password, ahSequence }: AdvertFields): number {
  if (password === undefined) return AUTH_NONE;
  return ahSequence === undefined ? AUTH_PASS : AUTH_AH;
}
