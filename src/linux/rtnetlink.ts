// The link and address messages of rtnetlink (linux/rtnetlink.h, if_link.h, if_addr.h). Pure.
import type { AddressSpec, Link, LinkAddress } from '../ports/network-port.ts';
import { addressBytes, addressFamily, addressFromBytes, FOREVER } from '../wire/address.ts';
import { AF_INET, AF_INET6 } from './abi.ts';
import { concat, cString, decodeAttributes, encodeAttribute, type NetlinkMessage } from './netlink.ts';

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_GETADDR = 22;
export const RTMGRP_LINK = 0x1;
export const RTMGRP_IPV4_IFADDR = 0x10;
export const RTMGRP_IPV6_IFADDR = 0x100;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;
const IFF_NOARP = 0x80;
const IFF_MULTICAST = 0x1000;

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_LABEL = 3;
const IFA_BROADCAST = 4;
const IFA_CACHEINFO = 6;
const IFA_FLAGS = 8;
const IFA_PROTO = 11;
const IFA_F_SECONDARY = 0x01;
const IFA_F_NODAD = 0x02;
const IFA_F_HOMEADDRESS = 0x10;
const IFA_F_TENTATIVE = 0x40;
const IFA_F_MANAGETEMPADDR = 0x100;
const IFA_F_NOPREFIXROUTE = 0x200;
const IFA_F_MCAUTOJOIN = 0x400;
/** RTPROT_KEEPALIVED: `ip address` shows who put the address there. Kernels before 5.18 ignore it. */
const PROTOCOL_KEEPALIVED = 18;

/** A link without its addresses; `addresses` is empty. */
export type LinkMessage = Link;

/** Reads RTM_NEWLINK or RTM_DELLINK. Undefined for messages about something else (a bridge port, a wireless event). */
export function decodeLink(message: NetlinkMessage): LinkMessage | undefined {
  const { body } = message;
  // A family other than AF_UNSPEC means a bridge port: its RTM_DELLINK does not remove the link.
  if (body.length < 16 || body[0] !== 0) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const attributes = decodeAttributes(body.subarray(16));
  const name = attributes.get(IFLA_IFNAME);
  if (name === undefined) return undefined;
  const flags = view.getUint32(8, true);
  const mtu = attributes.get(IFLA_MTU);
  return {
    name: cString(name),
    index: view.getInt32(4, true),
    mac: macText(attributes.get(IFLA_ADDRESS)),
    up: (flags & IFF_UP) !== 0 && (flags & IFF_RUNNING) !== 0,
    multicast: (flags & IFF_MULTICAST) !== 0,
    arp: (flags & IFF_NOARP) === 0,
    mtu: mtu === undefined ? 0 : new DataView(mtu.buffer, mtu.byteOffset, 4).getUint32(0, true),
    addresses: [],
  };
}

/** Only Ethernet addresses are of use; tunnels have 4 or 16 bytes here. */
function macText(bytes: Uint8Array | undefined): string {
  if (bytes?.length !== 6) return '';
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Reads RTM_NEWADDR or RTM_DELADDR. Undefined for families other than IPv4 and IPv6. */
export function decodeAddress(
  message: NetlinkMessage,
): { readonly index: number; readonly address: LinkAddress } | undefined {
  const { body } = message;
  if (body.length < 8) return undefined;
  const family = body[0] === AF_INET ? 4 : body[0] === AF_INET6 ? 6 : undefined;
  if (family === undefined) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const attributes = decodeAttributes(body.subarray(8));
  // On a point-to-point link IFA_ADDRESS is the other end.
  const bytes = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS);
  if (bytes?.length !== (family === 4 ? 4 : 16)) return undefined;
  const wide = attributes.get(IFA_FLAGS);
  const flags = wide === undefined ? body[2]! : new DataView(wide.buffer, wide.byteOffset, 4).getUint32(0, true);
  return {
    index: view.getUint32(4, true),
    address: {
      address: addressFromBytes(bytes, 0, family),
      prefix: body[1]!,
      scope: body[3]!,
      // The same bit means "temporary" for IPv6.
      secondary: family === 4 && (flags & IFA_F_SECONDARY) !== 0,
      tentative: family === 6 && (flags & IFA_F_TENTATIVE) !== 0,
    },
  };
}

/** Body of a dump request for links, or for the addresses of one link (0: of all) of a family. */
export function dumpBody(type: typeof RTM_GETLINK | typeof RTM_GETADDR, family = 0, index = 0): Uint8Array {
  const body = new Uint8Array(type === RTM_GETLINK ? 16 : 8);
  body[0] = family;
  new DataView(body.buffer).setUint32(4, index, true);
  return body;
}

/** Body of RTM_NEWADDR or RTM_DELADDR for an address of keepalived's virtual_ipaddress. */
export function addressBody(spec: AddressSpec, index: number, adding: boolean): Uint8Array {
  const family = addressFamily(spec.address);
  const bytes = addressBytes(spec.address);
  const header = new Uint8Array(8);
  header[0] = family === 4 ? AF_INET : AF_INET6;
  header[1] = spec.prefix;
  header[3] = spec.scope;
  new DataView(header.buffer).setUint32(4, index, true);
  const other = spec.peer === undefined ? bytes : addressBytes(spec.peer);
  const parts = [header, encodeAttribute(IFA_LOCAL, bytes), encodeAttribute(IFA_ADDRESS, other)];
  if (family === 4 && spec.label !== undefined) {
    parts.push(encodeAttribute(IFA_LABEL, new TextEncoder().encode(`${spec.label}\0`)));
  }
  if (adding) {
    if (family === 4 && spec.broadcast !== undefined) {
      parts.push(encodeAttribute(IFA_BROADCAST, addressBytes(spec.broadcast)));
    }
    const flags = flagsOf(spec);
    if (flags !== 0) parts.push(encodeAttribute(IFA_FLAGS, uint32s(flags)));
    // Deprecated from the start: never chosen as a source address, as keepalived does.
    const preferred = spec.preferredLifetime ?? (spec.prefix === 128 ? 0 : FOREVER);
    if (family === 6 && preferred !== FOREVER)
      parts.push(encodeAttribute(IFA_CACHEINFO, uint32s(preferred, FOREVER, 0, 0)));
    parts.push(encodeAttribute(IFA_PROTO, Uint8Array.of(PROTOCOL_KEEPALIVED)));
  }
  return concat(parts);
}

function flagsOf(spec: AddressSpec): number {
  const common = (spec.noPrefixRoute ? IFA_F_NOPREFIXROUTE : 0) | (spec.autoJoin ? IFA_F_MCAUTOJOIN : 0);
  if (addressFamily(spec.address) === 4) return common;
  const own = (spec.home ? IFA_F_HOMEADDRESS : 0) | (spec.manageTemporary ? IFA_F_MANAGETEMPADDR : 0);
  return common | own | (spec.duplicateDetection ? 0 : IFA_F_NODAD);
}

function uint32s(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value, true);
  return new Uint8Array(view.buffer);
}
