// Interfaces, their addresses, and announcements of addresses (gratuitous ARP, unsolicited neighbour advertisement).
import type { IpAddress } from '../wire/address.ts';
import type { PortResult } from './result.ts';

export interface LinkAddress {
  readonly address: IpAddress;
  readonly prefix: number;
  /** rtnetlink scope: 0 global, 200 site, 253 link, 254 host. */
  readonly scope: number;
  readonly secondary: boolean;
  /** IPv6 duplicate address detection still runs. */
  readonly tentative: boolean;
}

export interface Link {
  readonly name: string;
  readonly index: number;
  /** `02:00:00:00:00:01`; empty where the link has none. */
  readonly mac: string;
  /** IFF_UP and IFF_RUNNING: keepalived's meaning of an interface that is up. */
  readonly up: boolean;
  readonly multicast: boolean;
  /** False for NOARP links: nothing is announced there. */
  readonly arp: boolean;
  readonly mtu: number;
  /** In the kernel's order: the first of a family is its primary address. */
  readonly addresses: readonly LinkAddress[];
}

/** An address to put on an interface (the words of keepalived's virtual_ipaddress). */
export interface AddressSpec {
  readonly interface: string;
  readonly address: IpAddress;
  readonly prefix: number;
  readonly scope: number;
  readonly label?: string;
  readonly broadcast?: IpAddress;
}

export interface NetworkPort {
  /** All links now. */
  links(): readonly Link[];
  /** A link appeared, changed (flags or addresses), or went (`link` undefined). */
  onLinkChange(listener: (name: string, link: Link | undefined) => void): void;
  /** Adds all in one burst; one result each. An address that is there already is ok. */
  addAddresses(specs: readonly AddressSpec[]): readonly PortResult[];
  /** Removes all in one burst; one result each. An address that is not there is ok. */
  removeAddresses(specs: readonly AddressSpec[]): readonly PortResult[];
  /** Sends one gratuitous ARP request or unsolicited NA. */
  announce(announcement: { readonly interface: string; readonly address: IpAddress }): PortResult;
}
