// Routes and rules of policy routing as values, in the words of `ip route`, `ip rule` and keepalived.
import type { Family, IpAddress } from './address.ts';

/** rtnetlink's numbers (rtm_type). */
export const ROUTE_TYPES = {
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
  xresolve: 11,
} as const;
export type RouteType = keyof typeof ROUTE_TYPES;

/** RTAX_* numbers of the metrics that are plain numbers; the kernel's units (rtt: ms * 8, rttvar: ms * 4, rto_min: ms). */
export const ROUTE_METRICS = {
  mtu: 2,
  window: 3,
  rtt: 4,
  rttvar: 5,
  ssthresh: 6,
  cwnd: 7,
  advmss: 8,
  reordering: 9,
  hoplimit: 10,
  initcwnd: 11,
  features: 12,
  rto_min: 13,
  initrwnd: 14,
  quickack: 15,
  fastopen_no_cookie: 17,
} as const;
export type RouteMetric = keyof typeof ROUTE_METRICS;

export interface Network {
  readonly address: IpAddress;
  readonly prefix: number;
}

/** Tunnel that packets enter on their way (encap). */
export type Encapsulation =
  | { readonly kind: 'mpls'; readonly labels: readonly number[] }
  | {
      readonly kind: 'ip' | 'ip6';
      /** Decimal: 64 bits. */
      readonly id?: string;
      readonly source?: IpAddress;
      readonly destination?: IpAddress;
      /** tos or traffic class; ttl or hop limit. */
      readonly tos?: number;
      readonly ttl?: number;
      readonly flags?: number;
    };

/** One way on: what a route has once, or several times (nexthop). */
export interface Hop {
  /** Of another family than the route where that is IPv4 and this IPv6. */
  readonly gateway?: IpAddress;
  readonly interface?: string;
  readonly onlink?: boolean;
  readonly encapsulation?: Encapsulation;
  /** realms: from in the upper 16 bits, to in the lower. */
  readonly realms?: number;
}

export interface Nexthop extends Hop {
  /** 1..256; absent: 1. */
  readonly weight?: number;
}

export interface RouteSpec extends Hop {
  readonly family: Family;
  readonly type: RouteType;
  readonly destination: Network;
  /** `src`: preferred source address. */
  readonly source?: IpAddress;
  /** `from` (IPv6): where packets come from. */
  readonly from?: Network;
  readonly tos?: number;
  /** Absent: main. */
  readonly table?: number;
  /** Absent: keepalived (18). */
  readonly protocol?: number;
  /** rtnetlink scope; absent: global. */
  readonly scope?: number;
  readonly metric?: number;
  /** Seconds (IPv6). */
  readonly expires?: number;
  /** pref of a router (IPv6): 0 medium, 1 high, 3 low. */
  readonly preference?: number;
  readonly ttlPropagate?: boolean;
  readonly metrics?: Readonly<Partial<Record<RouteMetric, number>>>;
  /** Metrics that path MTU discovery and TCP may not change. */
  readonly locked?: readonly RouteMetric[];
  readonly congestionControl?: { readonly name: string; readonly locked?: boolean };
  readonly nexthops?: readonly Nexthop[];
  /** Beside a route to the same place: not at all, before it, behind it. */
  readonly placement: 'add' | 'prepend' | 'append';
  /** Nobody minds when it is gone. */
  readonly noTrack?: boolean;
  /** Of static routes. */
  readonly trackGroup?: string;
}

/** What becomes of packets that match a rule. */
export type RuleAction =
  | { readonly kind: 'table'; readonly table: number }
  | { readonly kind: 'goto'; readonly target: number }
  | { readonly kind: 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | 'l3mdev' };

export type NumberRange = readonly [first: number, last: number];

export interface RuleSpec {
  readonly family: Family;
  /** `not`: packets that do not match. */
  readonly inverted?: boolean;
  readonly from?: Network;
  readonly to?: Network;
  readonly priority: number;
  readonly tos?: number;
  readonly mark?: number;
  readonly markMask?: number;
  readonly realms?: number;
  readonly suppressPrefixLength?: number;
  readonly suppressGroup?: number;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  /** Decimal: 64 bits. */
  readonly tunnelId?: string;
  readonly users?: NumberRange;
  /** Absent: keepalived (18). */
  readonly protocol?: number;
  readonly ipProtocol?: number;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
  readonly action: RuleAction;
  readonly noTrack?: boolean;
  readonly trackGroup?: string;
}

/** A route or a rule. */
export type PolicyEntry =
  | { readonly kind: 'route'; readonly spec: RouteSpec }
  | { readonly kind: 'rule'; readonly spec: RuleSpec };

/** Whether anybody minds that it is gone: keepalived tracks rules, and routes that name an interface. */
export function isTracked({ kind, spec }: PolicyEntry): boolean {
  return spec.noTrack !== true && (kind === 'rule' || spec.interface !== undefined);
}

/** The interfaces that an entry needs. */
export function interfacesOf({ kind, spec }: PolicyEntry): readonly string[] {
  const names =
    kind === 'rule'
      ? [spec.inputInterface, spec.outputInterface]
      : [spec.interface, ...(spec.nexthops ?? []).map((hop) => hop.interface)];
  return names.filter((name) => name !== undefined);
}
