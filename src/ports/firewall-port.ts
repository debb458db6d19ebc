// A table of packet filter rules that belongs to the router alone.
import type { Family, IpAddress } from '../wire/address.ts';
import type { PortResult } from './result.ts';

/** What the table is to say; it is always replaced as a whole. */
export interface FirewallRules {
  /** Of its base chains: the lower, the earlier. */
  readonly priority: number;
  readonly counters: boolean;
  /** Addresses that neither answer nor speak, but for neighbour discovery (no_accept). */
  readonly closed: readonly { readonly address: IpAddress; readonly interface: string }[];
  /** Devices whose group membership reports leave through their base, and with its MAC address. */
  readonly devices: readonly FirewalledDevice[];
}

export interface FirewalledDevice {
  readonly name: string;
  readonly family: Family;
  readonly baseIndex: number;
  /** An address that it shares with its base, which alone answers for it. */
  readonly shared?: IpAddress;
}

export interface FirewallPort {
  /** Replaces the table before it returns; undefined: removes it. For start and stop, when nothing else is due. */
  replace(rules: FirewallRules | undefined, table: string): PortResult;
  /** The same without waiting; the result comes through `onReplaced`. The last one wins. */
  replaceSoon(rules: FirewallRules | undefined, table: string): void;
  onReplaced(listener: (result: PortResult) => void): void;
}
