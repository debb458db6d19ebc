// The Internet checksum (RFC 1071) and the sums of the pseudo-headers that stand in front of it.
import { type Family, type IpAddress, writeAddress } from './address.ts';

/** Sum of the big-endian 16-bit words of `bytes` (an odd last byte is padded with zero), not folded. */
function wordSum(bytes: Uint8Array): number {
  let sum = 0;
  const even = bytes.length & ~1;
  for (let i = 0; i < even; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
  return even === bytes.length ? sum : sum + (bytes[even]! << 8);
}

/**
 * The 16-bit value to put into a checksum field that is zero in `bytes`. Over bytes that carry a right checksum it is 0.
 * `initial` is a sum to start from, as `pseudoHeaderSum` gives it.
 */
export function internetChecksum(bytes: Uint8Array, initial = 0): number {
  let sum = initial + wordSum(bytes);
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

const scratch = new Uint8Array(32);

/**
 * Sum of a pseudo-header for `internetChecksum`: RFC 9293 §3.1 for IPv4 (source, destination, 0, protocol, length), RFC
 * 8200 §8.1 for IPv6. `length` is that of the message in bytes. Both addresses must be of `family`.
 */
export function pseudoHeaderSum(
  ip: { readonly family: Family; readonly source: IpAddress; readonly destination: IpAddress },
  length: number,
  protocol: number,
): number {
  const end = writeAddress(scratch, writeAddress(scratch, 0, ip.source), ip.destination);
  return wordSum(scratch.subarray(0, end)) + protocol + (length & 0xffff) + Math.floor(length / 0x10000);
}
