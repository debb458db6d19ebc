// Neighbour Advertisements (RFC 4861 §4.4), and the unsolicited one by which an IPv6 VIP is announced.
import { addressFromBytes, type IpAddress, writeAddress } from './address.ts';
import { internetChecksum, pseudoHeaderSum } from './checksum.ts';
import type { Decoded } from './decoded.ts';
import { ETHERTYPE, encodeEthernet, type MacAddress, macFromBytes, multicastMac, writeMac } from './ethernet.ts';
import { encodeIpv6 } from './ipv6.ts';

export const ICMPV6_PROTOCOL = 58;
export const NEIGHBOUR_ADVERTISEMENT = 136;
const ALL_NODES = 'ff02::1';
const ROUTER = 0x80;
const SOLICITED = 0x40;
const OVERRIDE = 0x20;
const TARGET_LINK_LAYER_ADDRESS = 2;

export interface NeighbourAdvertisement {
  readonly target: IpAddress;
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
  /** From the target link-layer address option. */
  readonly mac: MacAddress | undefined;
  readonly checksumOk: boolean;
}

/** Reads an ICMPv6 message. `type`: it is another one. `options`: an option has no length or does not fit. */
export function decodeNeighbourAdvertisement(
  bytes: Uint8Array,
  ip: { readonly source: IpAddress; readonly destination: IpAddress },
): Decoded<NeighbourAdvertisement, 'truncated' | 'type' | 'options'> {
  if (bytes.length < 1) return { ok: false, reason: 'truncated' };
  if (bytes[0] !== NEIGHBOUR_ADVERTISEMENT) return { ok: false, reason: 'type' };
  if (bytes.length < 24) return { ok: false, reason: 'truncated' };
  let mac: MacAddress | undefined;
  for (let at = 24; at < bytes.length; ) {
    const length = (bytes[at + 1] ?? 0) * 8;
    if (length === 0 || at + length > bytes.length) return { ok: false, reason: 'options' };
    if (bytes[at] === TARGET_LINK_LAYER_ADDRESS) mac ??= macFromBytes(bytes, at + 2);
    at += length;
  }
  const initial = pseudoHeaderSum({ family: 6, ...ip }, bytes.length, ICMPV6_PROTOCOL);
  return {
    ok: true,
    value: {
      target: addressFromBytes(bytes, 8, 6),
      router: (bytes[4]! & ROUTER) !== 0,
      solicited: (bytes[4]! & SOLICITED) !== 0,
      override: (bytes[4]! & OVERRIDE) !== 0,
      mac,
      checksumOk: internetChecksum(bytes, initial) === 0,
    },
  };
}

/**
 * The whole Ethernet frame of an unsolicited advertisement as keepalived sends it: from the VIP itself to ff02::1,
 * override set, hop limit 255. `router` is whether this host forwards IPv6.
 */
export function encodeUnsolicitedNeighbourAdvertisement(fields: {
  readonly mac: MacAddress;
  readonly address: IpAddress;
  readonly router: boolean;
}): Uint8Array {
  const { mac, address, router } = fields;
  const message = new Uint8Array(32);
  message[0] = NEIGHBOUR_ADVERTISEMENT;
  message[4] = OVERRIDE | (router ? ROUTER : 0);
  writeAddress(message, 8, address);
  message[24] = TARGET_LINK_LAYER_ADDRESS;
  message[25] = 1;
  writeMac(message, 26, mac);
  const ip = { family: 6, source: address, destination: ALL_NODES } as const;
  const checksum = internetChecksum(message, pseudoHeaderSum(ip, message.length, ICMPV6_PROTOCOL));
  message[2] = checksum >> 8;
  message[3] = checksum & 0xff;
  const payload = encodeIpv6({ ...ip, ttl: 255, protocol: ICMPV6_PROTOCOL, tos: 0, payload: message });
  return encodeEthernet({
    destination: multicastMac(ALL_NODES),
    source: mac,
    vlan: undefined,
    etherType: ETHERTYPE.ipv6,
    payload,
  });
}
