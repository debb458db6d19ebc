// IP addresses as canonical text (dotted quad; RFC 5952 for IPv6), and their bytes.
import ipaddr from 'ipaddr.js';

/** IP version. */
export type Family = 4 | 6;

/** An address in canonical text form: `192.0.2.1`, `fe80::1`. Equal addresses are equal strings. */
export type IpAddress = string;

const DOTTED_QUAD = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Reads an address as inet_pton does (no octal, no short forms, no zone). Undefined when it is none. */
export function parseAddress(text: string): IpAddress | undefined {
  if (DOTTED_QUAD.test(text)) return text;
  if (!text.includes(':') || text.includes('%') || text.includes('/') || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).toRFC5952String();
}

/** Family of a canonical address. */
export function addressFamily(address: IpAddress): Family {
  return address.includes(':') ? 6 : 4;
}

/** 4 or 16 bytes in network order. The address must be canonical (programmer error otherwise). */
export function addressBytes(address: IpAddress): Uint8Array {
  if (!address.includes(':')) return Uint8Array.from(address.split('.'), Number);
  return Uint8Array.from(ipaddr.IPv6.parse(address).toByteArray());
}

/** Canonical text of the 4 or 16 bytes at `offset`. */
export function addressFromBytes(bytes: Uint8Array, offset: number, family: Family): IpAddress {
  if (family === 4) return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
  return new ipaddr.IPv6(Array.from(bytes.subarray(offset, offset + 16))).toRFC5952String();
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
