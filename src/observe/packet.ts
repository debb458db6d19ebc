// A captured frame as one row of the packet list.
import type { IpAddress } from '../wire/address.ts';

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
  /** Short marks: `PRIO0`, `TTL`, `CSUM`, `AUTH`, `GARP`. */
  readonly marks: readonly string[];
  /** One line for a list: `VRRPv2 vrid 51 prio 100 int 1s 10.0.0.100`. Never a password. */
  readonly summary: string;
  readonly length: number;
}
