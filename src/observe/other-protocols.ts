// What is told apart from VRRP: CARP, which has the same protocol number; HSRP; and the queriers of multicast groups.
import { isMulticast } from '../wire/address.ts';
import type { IpFacts } from '../wire/frame.ts';
import { ICMPV6_PROTOCOL } from '../wire/neighbour.ts';

const IGMP_PROTOCOL = 2;
const UDP_PROTOCOL = 17;
const UDP_HEADER = 8;
/** Membership query in IGMP, listener query in MLD. */
const IGMP_QUERY = 0x11;
const MLD_QUERY = 130;
/** CARP: version 2, type 1, as VRRPv2 has; then 7, the 32-bit words of its counter and HMAC, where VRRP counts addresses. */
const CARP_VERSION_TYPE = 0x21;
const CARP_AUTH_LENGTH = 7;
const CARP_LENGTH = 36;

export interface CarpHeader {
  readonly group: number;
  /** advskew turned round, so that the higher one wins as in VRRP. */
  readonly priority: number;
}

/** Reads a message of protocol 112 as CARP. A VRRPv2 advert of seven addresses is 44 bytes long, not 36. */
export function readCarp(payload: Uint8Array): CarpHeader | undefined {
  if (payload.length !== CARP_LENGTH || payload[0] !== CARP_VERSION_TYPE || payload[3] !== CARP_AUTH_LENGTH)
    return undefined;
  return { group: payload[1]!, priority: 255 - payload[2]! };
}

const HSRP_PORTS: Readonly<Record<4 | 6, number>> = { 4: 1985, 6: 2029 };
const HSRP1_LENGTH = 20;
const HSRP1_STATES: Readonly<Record<number, string>> = {
  0: 'initial',
  1: 'learn',
  2: 'listen',
  4: 'speak',
  8: 'standby',
  16: 'active',
};
const HSRP2_STATES = ['disabled', 'initial', 'learn', 'listen', 'speak', 'standby', 'active'];

export interface HsrpMessage {
  readonly group: number;
  readonly state: string | undefined;
  readonly priority: number | undefined;
}

/** Reads HSRP: version 1 (RFC 2281 §5) and the group state of version 2, over UDP. */
export function readHsrp(ip: IpFacts): HsrpMessage | undefined {
  const { payload } = ip;
  if (ip.protocol !== UDP_PROTOCOL || payload.length < UDP_HEADER + HSRP1_LENGTH) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  if (view.getUint16(2) !== HSRP_PORTS[ip.family] || !isMulticast(ip.destination)) return undefined;
  const at = UDP_HEADER;
  if (payload[at] === 0) {
    return { group: payload[at + 6]!, state: HSRP1_STATES[payload[at + 2]!], priority: payload[at + 5]! };
  }
  // Version 2: type 1, length 40, then version, opcode, state, IP version, group, identifier, priority.
  if (payload[at] !== 1 || payload[at + 1] !== 40 || payload.length < at + 18) return undefined;
  const priority = view.getUint32(at + 14);
  return { group: view.getUint16(at + 6), state: HSRP2_STATES[payload[at + 4]!], priority: Math.min(priority, 255) };
}

/** Whether this is a query of IGMP or MLD (RFC 9776 §4.1, RFC 9777 §5.1). */
export function readQuerier({ family, protocol, payload }: IpFacts): boolean {
  if (family === 4) return protocol === IGMP_PROTOCOL && payload.length >= 8 && payload[0] === IGMP_QUERY;
  return protocol === ICMPV6_PROTOCOL && payload.length >= 24 && payload[0] === MLD_QUERY;
}
