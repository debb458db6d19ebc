// Attributes that the messages of routes and rules have in common. Pure.
import { addressBytes, type Family } from '../wire/address.ts';
import type { Network, NumberRange } from '../wire/route.ts';
import { AF_INET, AF_INET6 } from './abi.ts';
import { concat, encodeAttribute } from './netlink.ts';

/** RTPROT_KEEPALIVED: whose the entries are. */
export const PROTOCOL_KEEPALIVED = 18;
export const RT_TABLE_MAIN = 254;

/** None for a network of everything. */
export function networkAttribute(type: number, network: Network | undefined): Uint8Array[] {
  if (network === undefined || network.prefix === 0) return [];
  return [encodeAttribute(type, addressBytes(network.address))];
}

/** None where there is no value. */
export function number(type: number, value: number | undefined): Uint8Array[] {
  return value === undefined ? [] : [encodeAttribute(type, uint32(value))];
}

export function portRange(type: number, range: NumberRange | undefined): Uint8Array[] {
  return range === undefined ? [] : [encodeAttribute(type, concat(range.map(uint16)))];
}

export function familyNumber(family: Family): number {
  return family === 4 ? AF_INET : AF_INET6;
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(`${value}\0`);
}

export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >> 8) & 255);
}

export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

export function bigEndian64(decimal: string): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(decimal)));
  return bytes;
}
