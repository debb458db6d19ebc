// Ethernet frames with VLAN tags (IEEE 802.1Q and 802.1ad), and hardware addresses as text.
import { addressBytes, type IpAddress } from './address.ts';
import type { Decoded } from './decoded.ts';

/** `02:00:00:00:00:01`: lower case, two digits each. */
export type MacAddress = string;

export const BROADCAST_MAC: MacAddress = 'ff:ff:ff:ff:ff:ff';
export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, serviceVlan: 0x88a8 } as const;

export interface EthernetFrame {
  readonly destination: MacAddress;
  readonly source: MacAddress;
  /** VLAN ID of the outermost tag; tags below it are skipped. */
  readonly vlan: number | undefined;
  readonly etherType: number;
  /** Everything behind the type, padding included. */
  readonly payload: Uint8Array;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Text of the six bytes at `offset`, which must be there. */
export function macFromBytes(bytes: Uint8Array, offset: number): MacAddress {
  let text = HEX[bytes[offset]!]!;
  for (let i = offset + 1; i < offset + 6; i++) text += `:${HEX[bytes[i]!]}`;
  return text;
}

/** Writes the six bytes of `mac` at `offset`. Returns the offset behind them. */
export function writeMac(target: Uint8Array, offset: number, mac: MacAddress): number {
  for (let i = 0; i < 6; i++) target[offset + i] = Number.parseInt(mac.slice(i * 3, i * 3 + 2), 16);
  return offset + 6;
}

/** Reads a frame (without preamble and check sequence). */
export function decodeEthernet(bytes: Uint8Array): Decoded<EthernetFrame, 'truncated'> {
  const type = bytes.length < 14 ? undefined : readEtherType(bytes, 12, 12);
  if (type === undefined) return { ok: false, reason: 'truncated' };
  return { ok: true, value: { destination: macFromBytes(bytes, 0), source: macFromBytes(bytes, 6), ...type } };
}

/**
 * The ethertype at `at`, which must be there, and what follows it at `end` + 2: VLAN tags, of which the outermost counts,
 * then the payload. Undefined when a tag is cut.
 */
export function readEtherType(
  bytes: Uint8Array,
  at: number,
  end: number,
): Pick<EthernetFrame, 'vlan' | 'etherType' | 'payload'> | undefined {
  let vlan: number | undefined;
  let etherType = (bytes[at]! << 8) | bytes[at + 1]!;
  let last = end;
  while (etherType === ETHERTYPE.vlan || etherType === ETHERTYPE.serviceVlan) {
    if (bytes.length < last + 6) return undefined;
    vlan ??= ((bytes[last + 2]! & 0x0f) << 8) | bytes[last + 3]!;
    last += 4;
    etherType = (bytes[last]! << 8) | bytes[last + 1]!;
  }
  return { vlan, etherType, payload: bytes.subarray(last + 2) };
}

/** A frame without padding; with an 802.1Q tag of priority 0 when `vlan` is given. */
export function encodeEthernet(frame: EthernetFrame): Uint8Array {
  const { vlan, etherType, payload } = frame;
  const bytes = new Uint8Array((vlan === undefined ? 14 : 18) + payload.length);
  let at = writeMac(bytes, writeMac(bytes, 0, frame.destination), frame.source);
  if (vlan !== undefined) at = writeWord(bytes, writeWord(bytes, at, ETHERTYPE.vlan), vlan & 0x0fff);
  bytes.set(payload, writeWord(bytes, at, etherType));
  return bytes;
}

function writeWord(target: Uint8Array, offset: number, word: number): number {
  target[offset] = word >> 8;
  target[offset + 1] = word & 0xff;
  return offset + 2;
}

/** Hardware address of a multicast group: RFC 1112 §6.4 (IPv4), RFC 2464 §7 (IPv6). `group` must be one. */
export function multicastMac(group: IpAddress): MacAddress {
  const bytes = addressBytes(group);
  const mac = new Uint8Array(6);
  if (bytes.length === 4) mac.set([0x01, 0x00, 0x5e, bytes[1]! & 0x7f, bytes[2]!, bytes[3]!]);
  else mac.set([0x33, 0x33, ...bytes.subarray(12)]);
  return macFromBytes(mac, 0);
}
