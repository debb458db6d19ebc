// A captured frame as one row of the packet list.
import { type IpAddress, isMulticast } from '../wire/address.ts';
import { ARP_REPLY, type ArpMessage } from '../wire/arp.ts';
import { decodeFrame, type Frame, type IpFacts } from '../wire/frame.ts';
import type { NeighbourAdvertisement } from '../wire/neighbour.ts';
import { ADVERTISEMENT, AUTH_AH, AUTH_PASS, RESIGN_PRIORITY, VRRP_TTL, type VrrpPacket } from '../wire/vrrp.ts';

export interface PacketRecord {
  /** Counts up from 1. */
  readonly seq: number;
  /** Engine clock, µs. */
  readonly at: number;
  readonly interface: string;
  readonly direction: 'sent' | 'received';
  readonly protocol: 'vrrp' | 'ah' | 'arp' | 'na' | 'malformed';
  readonly vlan: number | undefined;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number | undefined;
  /** VRRP only. */
  readonly version: number | undefined;
  readonly vrid: number | undefined;
  readonly priority: number | undefined;
  readonly intervalUs: number | undefined;
  readonly addresses: readonly IpAddress[];
  /**
   * Short marks: `PRIO0`; `TTL` not 255 on multicast; `CSUM` wrong in every reading; `AUTH` type unknown, or AH without
   * its header (or the reverse); `LEN` not what the count asks for; `VER` neither 2 nor 3; `GARP`.
   */
  readonly marks: readonly string[];
  /** One line for a list: `VRRPv2 vrid 51 prio 100 int 1s 10.0.0.100`. Never a password. */
  readonly summary: string;
  readonly length: number;
}

/** Addresses that a summary names; the rest is counted. */
const NAMED_ADDRESSES = 3;
const NEIGHBOUR_HOP_LIMIT = 255;

type Described = Omit<PacketRecord, 'seq' | 'at' | 'interface' | 'direction' | 'vlan' | 'length'>;

/** What is not known of a packet that is no advertisement. */
const NO_ADVERT = { version: undefined, vrid: undefined, priority: undefined, intervalUs: undefined } as const;

/**
 * The row of a captured frame (`at` in µs of the engine's clock), numbered `seq`. Undefined when it is none of VRRP, AH,
 * gratuitous ARP (request or reply) and neighbour advertisement. A VRRP message without its fixed part is `malformed`.
 */
export function describeFrame(
  frame: Pick<PacketRecord, 'interface' | 'direction' | 'at'> & { readonly bytes: Uint8Array },
  seq: number,
): PacketRecord | undefined {
  const decoded = decodeFrame(frame.bytes);
  const described = decoded.ok ? describe(decoded.value) : undefined;
  if (!decoded.ok || described === undefined) return undefined;
  const { interface: name, direction, at, bytes } = frame;
  return { seq, at, interface: name, direction, vlan: decoded.value.vlan, length: bytes.length, ...described };
}

function describe(frame: Frame): Described | undefined {
  switch (frame.kind) {
    case 'vrrp':
    case 'ah':
      return frame.packet
        ? describeAdvert(frame.kind, frame.ip, frame.packet)
        : describeMalformed(frame.kind, frame.ip);
    case 'arp':
      return describeArp(frame.arp);
    case 'neighbour-advertisement':
      return describeAdvertisement(frame.ip, frame.advertisement);
    case 'other':
      return undefined;
  }
}

function describeAdvert(protocol: 'vrrp' | 'ah', ip: IpFacts, packet: VrrpPacket): Described {
  const { version, vrid, priority, intervalUs, addresses } = packet;
  const words = [`VRRPv${version} vrid ${vrid} prio ${priority} int ${intervalUs / 1_000_000}s`];
  if (packet.authType === AUTH_PASS) words.push('auth PASS');
  if (packet.authType === AUTH_AH) words.push('auth AH');
  if (packet.type !== ADVERTISEMENT) words.push(`type ${packet.type}`);
  words.push(...addresses.slice(0, NAMED_ADDRESSES));
  if (addresses.length > NAMED_ADDRESSES) words.push(`+${addresses.length - NAMED_ADDRESSES}`);
  return {
    protocol,
    ...endpoints(ip),
    version,
    vrid,
    priority,
    intervalUs,
    addresses,
    marks: advertMarks(protocol, ip, packet),
    summary: words.join(' '),
  };
}

function advertMarks(protocol: 'vrrp' | 'ah', ip: IpFacts, packet: VrrpPacket): string[] {
  const { version, authType } = packet;
  const authWrong = authType > AUTH_AH || (authType === AUTH_AH) !== (protocol === 'ah');
  return [
    packet.priority === RESIGN_PRIORITY && 'PRIO0',
    // A unicast peer may be configured with another TTL (unicast_ttl).
    ip.ttl !== VRRP_TTL && isMulticast(ip.destination) && 'TTL',
    isChecksumWrong(ip, packet) && 'CSUM',
    authWrong && 'AUTH',
    packet.length !== packet.expectedLength && !packet.signed && 'LEN',
    version !== 2 && version !== 3 && 'VER',
  ].filter((mark) => mark !== false);
}

/** Version 3 over IPv4 is seen in both forms (RFC 9568 §5.2.8 and RFC 5798 as keepalived reads it). */
function isChecksumWrong({ family }: IpFacts, { version, checksumForm }: VrrpPacket): boolean {
  if (checksumForm === 'both' || checksumForm === 'unchecked') return false;
  if (family === 6) return checksumForm !== 'pseudo-header';
  return version < 3 ? checksumForm !== 'message' : checksumForm === 'none';
}

function describeMalformed(kind: 'vrrp' | 'ah', ip: IpFacts): Described {
  const summary = `malformed ${kind === 'ah' ? 'AH' : 'VRRP'}, ${ip.payload.length} bytes`;
  return { protocol: 'malformed', ...endpoints(ip), ...NO_ADVERT, addresses: [], marks: ['LEN'], summary };
}

function describeArp({ operation, senderMac, senderAddress, targetAddress }: ArpMessage): Described | undefined {
  if (senderAddress !== targetAddress) return undefined;
  return {
    protocol: 'arp',
    source: senderAddress,
    destination: targetAddress,
    ttl: undefined,
    ...NO_ADVERT,
    addresses: [senderAddress],
    marks: ['GARP'],
    summary: `gratuitous ARP ${operation === ARP_REPLY ? 'reply' : 'request'} ${senderAddress} is at ${senderMac}`,
  };
}

function describeAdvertisement(ip: IpFacts, advertisement: NeighbourAdvertisement): Described {
  const { target, mac, solicited, router, override } = advertisement;
  const flags = [solicited && 'solicited', router && 'router', override && 'override'].filter(Boolean).join(' ');
  return {
    protocol: 'na',
    ...endpoints(ip),
    ...NO_ADVERT,
    addresses: [target],
    marks: [ip.ttl !== NEIGHBOUR_HOP_LIMIT && 'TTL', !advertisement.checksumOk && 'CSUM'].filter(
      (mark) => mark !== false,
    ),
    summary: `NA ${target}${mac === undefined ? '' : ` is at ${mac}`}${flags && ` (${flags})`}`,
  };
}

function endpoints({ source, destination, ttl }: IpFacts) {
  return { source, destination, ttl };
}
