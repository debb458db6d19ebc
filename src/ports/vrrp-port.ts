// Sending and receiving IP datagrams of protocol 112, and of protocol 51 (Authentication Header) with such in it.
import type { Family, IpAddress } from '../wire/address.ts';
import type { AhFields } from '../wire/ah.ts';
import type { PortResult } from './result.ts';

/** Where adverts are heard: one receive socket each, dispatch by VRID is the engine's. */
export interface VrrpChannel {
  /** Empty: none, for unicast by the routes of the host. */
  readonly interface: string;
  readonly family: Family;
  /** Multicast groups to join; empty where all instances are unicast. */
  readonly groups: readonly IpAddress[];
  /** Protocol 51 is heard too (IPv4 only). */
  readonly ah?: boolean;
}

export interface Datagram {
  readonly interface: string;
  readonly family: Family;
  readonly source: IpAddress;
  /** Undefined where the kernel does not tell. */
  readonly destination: IpAddress | undefined;
  /** TTL or hop limit; undefined where the kernel enforces 255 itself (socket filter). */
  readonly ttl: number | undefined;
  /** The VRRP message, bounded by the IP total length. */
  readonly payload: Uint8Array;
  /** When it reached this host, µs on the clock of the world; absent where nobody tells. */
  readonly at?: number;
  /** It came behind an Authentication Header: the IPv4 payload from that header on, and the id of the packet. */
  readonly ah?: ReceivedAh;
}

export interface ReceivedAh {
  readonly id: number;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

export interface OutgoingDatagram {
  readonly interface: string;
  readonly family: Family;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  readonly payload: Uint8Array;
  /** To be sent behind an Authentication Header, which covers the id of the packet, so that only the port can make it. */
  readonly ah?: AhFields;
}

export interface VrrpPort {
  /** Opens (or re-opens with other groups) a channel. Receiving starts at once. */
  open(channel: VrrpChannel): PortResult;
  close(channel: Pick<VrrpChannel, 'interface' | 'family'>): void;
  /** Synchronous: when it returns ok, the kernel has the datagram. */
  send(datagram: OutgoingDatagram): PortResult;
  onDatagram(listener: (datagram: Datagram) => void): void;
  /** A channel that broke after `open`; it is closed already. */
  onFailure(listener: (channel: Pick<VrrpChannel, 'interface' | 'family'>, message: string) => void): void;
}
