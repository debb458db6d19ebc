// What a look at this host tells: facts only, no judgement. What could not be read is undefined, and told in `unseen`.
import type { Family, IpAddress } from '../wire/address.ts';

export interface HostState {
  /** keepalived and `kavtui run` in this network namespace, one for each tree of processes. */
  readonly routers: readonly RunningRouter[];
  readonly links: readonly HostLink[];
  /** `net.ipv4.conf.all.rp_filter` → `1`. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** Multicast groups that some process has joined. */
  readonly groups: readonly { readonly interface: string; readonly group: IpAddress }[];
  /** Senders that all members of a group have excluded (/proc/net/mcfilter). */
  readonly excludedSources: readonly HostSourceFilter[];
  /** `nft -j list ruleset`. */
  readonly ruleset: unknown;
  readonly neighbours: readonly { readonly interface: string; readonly address: IpAddress; readonly state: string }[];
  readonly conntrack: { readonly count: number; readonly max: number } | undefined;
  /** Part of the last ten seconds in which something waited, percent. */
  readonly pressure: Readonly<Partial<Record<'cpu' | 'io' | 'memory', number>>>;
  /** Of the time of the look, percent. */
  readonly stealPercent: number | undefined;
  /** How late a timer of ours was at most, µs. */
  readonly latestUs: number;
  /** What sets addresses beside us: a file and what it says, or does not say, of an interface. */
  readonly managers: readonly AddressManager[];
  readonly scripts: readonly ScriptProblem[];
  /** Adverts of others and of this host, and what became of them. Undefined without CAP_NET_RAW. */
  readonly streams: readonly AdvertStream[] | undefined;
  /** How long was listened, µs. */
  readonly listenedUs: number;
  /** By how much kernel counters grew meanwhile: `TcpExt IPReversePathFilter`. */
  readonly counters: ReadonlyMap<string, number>;
  /** Where the kernel would send a packet to: a sender's address → interface, or undefined for nowhere. */
  readonly routeTo: ReadonlyMap<IpAddress, string | undefined>;
  readonly unseen: readonly { readonly what: string; readonly why: string }[];
}

export interface RunningRouter {
  readonly pid: number;
  readonly name: 'keepalived' | 'kavtui';
  readonly argv: readonly string[];
  /** Of its command line, or keepalived's default; absolute. */
  readonly configFile: string | undefined;
  /** False: it is somebody else's, and may run in another network namespace. */
  readonly certain: boolean;
  /** Absent capabilities of those that a router needs; undefined: not readable. */
  readonly missingRights: readonly string[] | undefined;
}

export interface HostLink {
  readonly name: string;
  readonly index: number;
  readonly mac: string;
  readonly up: boolean;
  /** `veth`, `macvlan`, ... */
  readonly kind: string | undefined;
  /** The interface under it (macvlan, VLAN), and the bridge, bond or VRF that takes what it receives. */
  readonly base?: string;
  readonly master?: string;
  readonly addresses: readonly {
    readonly address: IpAddress;
    readonly prefix: number;
    readonly label: string | undefined;
    readonly secondary: boolean;
    readonly tentative: boolean;
  }[];
}

export interface HostSourceFilter {
  readonly interface: string;
  readonly group: IpAddress;
  readonly source: IpAddress;
  readonly included: number;
  readonly excluded: number;
}

export interface AddressManager {
  readonly kind: 'systemd-networkd' | 'NetworkManager';
  readonly interface: string;
  readonly file: string;
  readonly text: string;
}

/** A part of a script's path that is not as it should be. */
export interface ScriptProblem {
  readonly script: string;
  readonly part: string;
  readonly problem: 'missing' | 'not-executable' | 'unsafe' | 'unreadable';
  /** `owner 1000, mode 0775`. */
  readonly text: string;
}

/** All adverts of one sender for one virtual router on one interface. */
export interface AdvertStream {
  readonly interface: string;
  readonly family: Family;
  readonly protocol: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly mac: string;
  readonly vrid: number;
  readonly priority: number;
  readonly direction: 'sent' | 'received';
  /** In front of the IP stack. */
  readonly seen: number;
  /** Behind it, on whatever device; undefined: there was no raw socket to count with. */
  readonly delivered: number | undefined;
}
