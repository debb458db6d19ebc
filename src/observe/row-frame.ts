// Which frames may become rows of the packet list, told from a few bytes: most of a flood never needs to be read.
import { AH_PROTOCOL } from '../wire/ah.ts';
import { ETHERTYPE } from '../wire/ethernet.ts';
import { ICMPV6_PROTOCOL } from '../wire/neighbour.ts';
import { VRRP_PROTOCOL } from '../wire/vrrp.ts';

const NEIGHBOUR_ADVERTISEMENT = 136;
const TAG_LENGTH = 4;
const HOP_OPTIONS = 0;
const DESTINATION_OPTIONS = 60;

/** False: `describeFrame` has no row for this Ethernet frame. */
export function mayBeRow(bytes: Uint8Array): boolean {
  let at = 12;
  let type = typeAt(bytes, at);
  while ((type === ETHERTYPE.vlan || type === ETHERTYPE.serviceVlan) && at < bytes.length) {
    at += TAG_LENGTH;
    type = typeAt(bytes, at);
  }
  const packet = at + 2;
  if (type === ETHERTYPE.arp) return isGratuitous(bytes, packet);
  if (type === ETHERTYPE.ipv4) return isVrrp(bytes[packet + 9]);
  if (type !== ETHERTYPE.ipv6) return false;
  const next = bytes[packet + 6];
  // Behind options there may be anything.
  if (next === HOP_OPTIONS || next === DESTINATION_OPTIONS) return true;
  return isVrrp(next) || (next === ICMPV6_PROTOCOL && bytes[packet + 40] === NEIGHBOUR_ADVERTISEMENT);
}

function typeAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function isVrrp(protocol: number | undefined): boolean {
  return protocol === VRRP_PROTOCOL || protocol === AH_PROTOCOL;
}

/** Sender and target of an ARP packet over Ethernet have the same address. */
function isGratuitous(bytes: Uint8Array, packet: number): boolean {
  for (let i = 0; i < 4; i++) {
    if (bytes[packet + 14 + i] !== bytes[packet + 24 + i]) return false;
  }
  return true;
}
