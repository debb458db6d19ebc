// What the two adapters of VRRP sockets have in common: one socket sends and receives for an interface and family.
import type { Link } from '../ports/network-port.ts';
import { done, type PortResult } from '../ports/result.ts';
import type { Datagram, OutgoingDatagram } from '../ports/vrrp-port.ts';
import { type Family, type IpAddress, isMulticast } from '../wire/address.ts';
import { AH_PROTOCOL, decodeAh, encodeAh } from '../wire/ah.ts';
import { decodeIpv4, encodeIpv4 } from '../wire/ipv4.ts';
import { VRRP_PROTOCOL } from '../wire/vrrp.ts';
import {
  EADDRNOTAVAIL,
  EINVAL,
  IPV6_HOPLIMIT,
  IPV6_PKTINFO,
  IPV6_TCLASS,
  MSG_DONTROUTE,
  SO_MEMINFO,
  SOL_IPV6,
  SOL_SOCKET,
} from './abi.ts';
import { monotonicUs } from './clock.ts';
import { failure, int32, libc } from './libc.ts';
import type { MessageBuffer } from './message-buffer.ts';
import { type Instruction, vridFilter } from './packet-filter.ts';
import { in6AddressAndIndex, sockaddrIn, sockaddrIn6 } from './socket-address.ts';

/** Adverts are sent as network control (DSCP CS6), as keepalived does. */
const VRRP_TOS = 0xc0;
/** More than the largest advert: 255 IPv6 addresses behind the longest IPv4 header. */
export const RECEIVE_LENGTH = 8192;
/** Wanted queue in the kernel: a second of adverts of a thousand routers. */
export const RECEIVE_QUEUE = 1 << 20;

export interface VrrpSocketOptions {
  readonly link: Pick<Link, 'name' | 'index'>;
  readonly family: Family;
  readonly groups: readonly IpAddress[];
  /** Of what is received: 112, or 51 for a socket that hears adverts behind an Authentication Header. */
  readonly protocol: number;
  onDatagram(datagram: Datagram): void;
  /** The socket is of no use any more; the owner closes it. */
  onBroken(message: string): void;
}

export interface VrrpSocket {
  send(datagram: OutgoingDatagram): PortResult;
  /** Leaves what can be no advert for these VRIDs unread in the kernel, or lets all pass again. */
  sieve(vrids: readonly number[] | undefined): void;
  /** Datagrams that the kernel dropped, because more came than are read. */
  dropped(): number;
  close(): void;
}

/** Opens a socket, or says why not. */
export type OpenVrrpSocket = (options: VrrpSocketOptions) => VrrpSocket | (PortResult & { readonly ok: false });

/** What an IPv4 raw socket delivered. Undefined when it is no whole IP packet. */
export function ipv4Datagram(name: string, bytes: Uint8Array): Datagram | undefined {
  const decoded = decodeIpv4(bytes);
  if (!decoded.ok) return undefined;
  const { source, destination, ttl, payload, id, protocol } = decoded.value;
  const datagram = { interface: name, family: 4, source, destination, ttl, payload } as const;
  if (protocol === VRRP_PROTOCOL) return datagram;
  const ah = protocol === AH_PROTOCOL ? decodeAh(payload) : undefined;
  if (!ah?.ok || ah.value.nextHeader !== VRRP_PROTOCOL) return undefined;
  return { ...datagram, payload: ah.value.payload, ah: { id, sequence: ah.value.sequence, bytes: payload } };
}

/** Longer than this nothing waits in a socket; a greater age means that somebody has set the clock. */
const OLDEST_US = 60_000_000;

/**
 * When a datagram reached this host, µs of CLOCK_MONOTONIC, from the kernel's struct timespec of wall time. It is read
 * some hundred µs later, and by those every takeover would be late.
 */
export function arrivedAt(stamp: DataView, offset = 0): number {
  const now = monotonicUs();
  const stampNs = stamp.getBigInt64(offset, true) * 1_000_000_000n + stamp.getBigInt64(offset + 8, true);
  const age = Number((libc().realTimeNs() - stampNs) / 1000n);
  return age >= 0 && age <= OLDEST_US ? now - age : now;
}

let lastId = 0;

/** The IPv4 packet of an advert, with a header of our own: the id counts up, as keepalived's does. */
function ipv4Packet({ source, destination, ttl, payload, ah }: OutgoingDatagram): Uint8Array {
  lastId = (lastId % 0xffff) + 1;
  const ip = { source, destination, ttl, tos: VRRP_TOS, id: lastId };
  if (ah === undefined) return encodeIpv4({ ...ip, protocol: VRRP_PROTOCOL, payload });
  return encodeIpv4({ ...ip, protocol: AH_PROTOCOL, payload: encodeAh(payload, ah, ip) });
}

/** How a socket of `family` sends adverts on `link`: straight through libc, whichever adapter it is. */
export function sender(
  fd: number,
  { link, family }: Pick<VrrpSocketOptions, 'link' | 'family'>,
  buffer: MessageBuffer,
): VrrpSocket['send'] {
  return (datagram) => {
    const sent = family === 4 ? sendIpv4(fd, datagram) : sendIpv6(fd, link.index, datagram, buffer);
    return sent < 0 ? failure(sent, `cannot send on ${link.name}`) : done;
  };
}

function sendIpv4(fd: number, datagram: OutgoingDatagram): number {
  const { destination } = datagram;
  return libc().sendto(fd, ipv4Packet(datagram), isMulticast(destination) ? MSG_DONTROUTE : 0, sockaddrIn(destination));
}

/**
 * Sends an advert over IPv6: 0 or more, or a negative errno. Source, hop limit and class go along as ancillary data,
 * because Linux takes only the interface from a sticky IPV6_PKTINFO, never the source.
 */
function sendIpv6(fd: number, index: number, datagram: OutgoingDatagram, buffer: MessageBuffer): number {
  const { source, destination, ttl, payload } = datagram;
  const control = [
    { level: SOL_IPV6, type: IPV6_PKTINFO, data: in6AddressAndIndex(source, index) },
    { level: SOL_IPV6, type: IPV6_HOPLIMIT, data: int32(ttl) },
    { level: SOL_IPV6, type: IPV6_TCLASS, data: int32(VRRP_TOS) },
  ];
  const flags = isMulticast(destination) ? MSG_DONTROUTE : 0;
  const sent = buffer.send(fd, sockaddrIn6(destination, index), payload, control, flags);
  // The kernel's answer to a source that is not (or not yet) an address of ours.
  return sent === EINVAL ? EADDRNOTAVAIL : sent;
}

/** `name` as the value of SO_BINDTODEVICE. */
export function deviceName(name: string): Uint8Array {
  return new TextEncoder().encode(`${name}\0`);
}

const programs = new Map<string, readonly Instruction[]>();

/** The filter of `sieve`: made once for each list, because the memory that the kernel reads it from stays. */
export function sieveOf(family: Family, vrids: readonly number[], hopLimit: boolean): readonly Instruction[] {
  const key = `${family} ${hopLimit} ${vrids.join(' ')}`;
  const program = programs.get(key) ?? vridFilter(family, vrids, hopLimit);
  programs.set(key, program);
  return program;
}

/** SK_MEMINFO_DROPS, the last of the numbers that the kernel gives of a socket. */
const DROPS_AT = 32;

/** Datagrams that the kernel dropped because the queue of this socket was full; 0 where it does not tell. */
export function socketDrops(fd: number): number {
  const numbers = new Uint8Array(DROPS_AT + 4);
  const length = libc().getOption(fd, SOL_SOCKET, SO_MEMINFO, numbers);
  return length < numbers.length ? 0 : new DataView(numbers.buffer).getUint32(DROPS_AT, true);
}
