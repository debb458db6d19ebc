// IP addresses as canonical text (dotted quad; RFC 5952 for IPv6), and their bytes.
import { formatIpv6, isDottedQuad, parseIpv6 } from './ipv6-text.ts';

/** IP version. */
export type Family = 4 | 6;

/** An address in canonical text form: `192.0.2.1`, `fe80::1`. Equal addresses are equal strings. */
export type IpAddress = string;

/** A lifetime of an address without end, in seconds. */
export const FOREVER = 0xffff_ffff;

/** Reads an address as inet_pton does (no octal, no short forms, no zone). Undefined when it is none. */
export function parseAddress(text: string): IpAddress | undefined {
  if (isDottedQuad(text)) return text;
  const bytes = parseIpv6(text);
  return bytes && formatIpv6(bytes, 0);
}

/** Family of a canonical address. */
export function addressFamily(address: IpAddress): Family {
  return address.includes(':') ? 6 : 4;
}

/** 4 or 16 bytes in network order. The address must be canonical (programmer error otherwise). */
export function addressBytes(address: IpAddress): Uint8Array {
  const bytes = new Uint8Array(address.includes(':') ? 16 : 4);
  writeAddress(bytes, 0, address);
  return bytes;
}

/** Writes the 4 or 16 bytes of a canonical address at `offset`. Returns the offset behind them. */
export function writeAddress(target: Uint8Array, offset: number, address: IpAddress): number {
  if (address.includes(':')) {
    const bytes = parseIpv6(address);
    if (bytes === undefined) throw new RangeError(`not an IP address: ${address}`);
    target.set(bytes, offset);
    return offset + 16;
  }
  let at = offset;
  let value = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) {
      target[at++] = value;
      value = 0;
    } else value = value * 10 + code - 48;
  }
  target[at++] = value;
  if (at !== offset + 4) throw new RangeError(`not an IP address: ${address}`);
  return at;
}

/** Canonical text of the 4 or 16 bytes at `offset`, which must be there. */
export function addressFromBytes(bytes: Uint8Array, offset: number, family: Family): IpAddress {
  if (family === 4) return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
  return formatIpv6(bytes, offset);
}

/** Bytes of an address of this family: 4 or 16. */
export function addressLength(family: Family): number {
  return family === 4 ? 4 : 16;
}

/** Below 0, 0 or above 0 as `a` is less than, equal to or greater than `b`: unsigned, network order (RFC 9568 §6.4.3). */
export function compareAddresses(a: IpAddress, b: IpAddress): number {
  const left = addressBytes(a);
  const right = addressBytes(b);
  if (left.length !== right.length) return left.length - right.length;
  for (let i = 0; i < left.length; i++) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(address: IpAddress): boolean {
  const first = addressBytes(address)[0]!;
  return addressFamily(address) === 4 ? first >= 224 && first < 240 : first === 0xff;
}

/** fe80::/10 or 169.254.0.0/16. */
export function isLinkLocal(address: IpAddress): boolean {
  const bytes = addressBytes(address);
  if (bytes.length === 4) return bytes[0] === 169 && bytes[1] === 254;
  return bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0x80;
}
