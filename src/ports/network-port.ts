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
  /** peer: the other end of a point-to-point link. */
  readonly peer?: IpAddress;
  /** noprefixroute: no route to its network is set with it. */
  readonly noPrefixRoute?: boolean;
  /** -nodad: IPv6 looks for duplicates first. */
  readonly duplicateDetection?: boolean;
  /** home, mngtmpaddr, autojoin: flags of the kernel. */
  readonly home?: boolean;
  readonly manageTemporary?: boolean;
  readonly autoJoin?: boolean;
  /** preferred_lft of IPv6, seconds; FOREVER: without end. Absent: 0 for a /128, else without end. */
  readonly preferredLifetime?: number;
}

/** An interface to be made over another one, and how it is set up. */
export interface DeviceSpec {
  readonly name: string;
  readonly base: string;
  readonly kind: 'macvlan' | 'ipvlan';
  readonly mode: 'bridge' | 'private' | 'vepa';
  /** Absent for an ipvlan. */
  readonly mac?: string;
  readonly group?: number;
  /** Families that use it. IPv6 is off where it does not. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

export interface MadeDevice {
  readonly result: PortResult;
  /** It was there already: made by an earlier run, or by somebody else. */
  readonly reused: boolean;
  /** As it is now; undefined when it could not be made. */
  readonly link: Link | undefined;
  /** What could not be set up, one line each; the device works all the same. */
  readonly problems: readonly string[];
}

/** A kernel setting below /proc/sys/net, as the parts of its path: an interface name may have dots in it. */
export interface Sysctl {
  readonly path: readonly string[];
  readonly value: string;
}

/** An address that is to be found behind an interface. */
export interface Announcement {
  readonly interface: string;
  readonly address: IpAddress;
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
  /**
   * Makes each device, sets its base up for it, and takes it up; one result each. A device of that name and kind over the
   * same base is taken over and corrected; any other interface of that name is an error.
   */
  createDevices(specs: readonly DeviceSpec[]): readonly MadeDevice[];
  /** Removes devices that it made or took over, and gives the bases their settings back. */
  removeDevices(names: readonly string[]): void;
  /** These settings hold from now on; those of the last call that are not among them get their old values back. */
  setSysctls(settings: readonly Sysctl[]): readonly PortResult[];
  /** Sends a gratuitous ARP request or an unsolicited NA for each, in this order; one result each. */
  announce(announcements: readonly Announcement[]): readonly PortResult[];
}
