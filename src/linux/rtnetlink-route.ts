// The route messages of rtnetlink (linux/rtnetlink.h, lwtunnel.h). Pure.
import { addressBytes, addressFamily, type Family, type IpAddress } from '../wire/address.ts';
import {
  type Encapsulation,
  type Hop,
  ROUTE_METRICS,
  ROUTE_TYPES,
  type RouteMetric,
  type RouteSpec,
} from '../wire/route.ts';
import {
  bigEndian64,
  familyNumber,
  networkAttribute,
  number,
  PROTOCOL_KEEPALIVED,
  RT_TABLE_MAIN,
  text,
  uint16,
  uint32,
} from './attributes.ts';
import { concat, encodeAttribute } from './netlink.ts';

export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;

const RT_SCOPE_NOWHERE = 255;
const RTNH_F_ONLINK = 4;
const NLA_F_NESTED = 0x8000;

/** Attributes of a route, by the names that rtnetlink.h has for them. */
export const RTA = {
  dst: 1,
  src: 2,
  oif: 4,
  gateway: 5,
  priority: 6,
  prefsrc: 7,
  metrics: 8,
  multipath: 9,
  flow: 11,
  table: 15,
  via: 18,
  pref: 20,
  encapType: 21,
  encap: 22,
  expires: 23,
  ttlPropagate: 26,
} as const;
const RTAX_LOCK = 1;
const RTAX_CC_ALGO = 16;

/** The index of an interface; undefined where there is none of that name. */
export type IndexOf = (name: string) => number | undefined;

/** Body of RTM_NEWROUTE or RTM_DELROUTE; undefined where an interface of the route does not exist. */
export function routeBody(spec: RouteSpec, indexOf: IndexOf, adding: boolean): Uint8Array | undefined {
  const { family, destination, from, table = RT_TABLE_MAIN, protocol = PROTOCOL_KEEPALIVED } = spec;
  const header = Uint8Array.of(
    familyNumber(family),
    destination.prefix,
    from?.prefix ?? 0,
    spec.tos ?? 0,
    table < 256 ? table : 0,
    protocol,
    adding ? (spec.scope ?? 0) : RT_SCOPE_NOWHERE,
    ROUTE_TYPES[spec.type],
    spec.onlink ? RTNH_F_ONLINK : 0,
    0,
    0,
    0,
  );
  const index = spec.interface === undefined ? undefined : indexOf(spec.interface);
  if (spec.interface !== undefined && index === undefined) return undefined;
  const ways = spec.nexthops === undefined ? [] : multipath(spec.nexthops, indexOf, family, adding);
  if (ways === undefined) return undefined;
  return concat([
    header,
    ...networkAttribute(RTA.dst, destination),
    ...networkAttribute(RTA.src, from),
    ...(spec.source === undefined ? [] : [encodeAttribute(RTA.prefsrc, addressBytes(spec.source))]),
    ...number(RTA.priority, spec.metric),
    encodeAttribute(RTA.table, uint32(table)),
    ...number(RTA.oif, index),
    ...hopAttributes(spec, family, adding),
    ...ways,
    ...(adding ? settings(spec) : []),
  ]);
}

/** What does not tell routes apart. */
function settings(spec: RouteSpec): Uint8Array[] {
  const { metrics = {}, locked = [], congestionControl: congestion } = spec;
  const plain = Object.entries(metrics).map(([name, value]) =>
    encodeAttribute(ROUTE_METRICS[name as RouteMetric], uint32(value)),
  );
  const frozen = congestion?.locked ? 1 << RTAX_CC_ALGO : 0;
  const lock = locked.reduce((bits, name) => bits | (1 << ROUTE_METRICS[name]), frozen);
  const nested = [
    ...(lock === 0 ? [] : [encodeAttribute(RTAX_LOCK, uint32(lock))]),
    ...plain,
    ...(congestion === undefined ? [] : [encodeAttribute(RTAX_CC_ALGO, text(congestion.name))]),
  ];
  return [
    ...(nested.length === 0 ? [] : [encodeAttribute(RTA.metrics, concat(nested))]),
    ...number(RTA.expires, spec.expires),
    ...(spec.preference === undefined ? [] : [encodeAttribute(RTA.pref, Uint8Array.of(spec.preference))]),
    ...(spec.ttlPropagate === undefined
      ? []
      : [encodeAttribute(RTA.ttlPropagate, Uint8Array.of(Number(spec.ttlPropagate)))]),
  ];
}

function hopAttributes(hop: Hop, family: Family, adding: boolean): Uint8Array[] {
  return [
    ...(hop.gateway === undefined ? [] : [gatewayAttribute(hop.gateway, family)]),
    ...(adding ? number(RTA.flow, hop.realms) : []),
    ...(adding && hop.encapsulation !== undefined ? encapsulate(hop.encapsulation) : []),
  ];
}

function gatewayAttribute(gateway: IpAddress, family: Family): Uint8Array {
  const own = addressFamily(gateway);
  const bytes = addressBytes(gateway);
  if (own === family) return encodeAttribute(RTA.gateway, bytes);
  return encodeAttribute(RTA.via, concat([Uint8Array.of(familyNumber(own), 0), bytes]));
}

function multipath(
  nexthops: NonNullable<RouteSpec['nexthops']>,
  indexOf: IndexOf,
  family: Family,
  adding: boolean,
): Uint8Array[] | undefined {
  const hops: Uint8Array[] = [];
  for (const hop of nexthops) {
    const index = hop.interface === undefined ? 0 : indexOf(hop.interface);
    if (index === undefined) return undefined;
    const inner = concat(hopAttributes(hop, family, adding));
    const head = new DataView(new ArrayBuffer(8));
    head.setUint16(0, 8 + inner.length, true);
    head.setUint8(2, hop.onlink ? RTNH_F_ONLINK : 0);
    head.setUint8(3, (hop.weight ?? 1) - 1);
    head.setInt32(4, index, true);
    hops.push(new Uint8Array(head.buffer), inner);
  }
  return [encodeAttribute(RTA.multipath, concat(hops))];
}

function encapsulate(tunnel: Encapsulation): Uint8Array[] {
  const types = { mpls: 1, ip: 2, ip6: 4 } as const;
  const attributes =
    tunnel.kind === 'mpls' ? [encodeAttribute(1, labelStack(tunnel.labels))] : tunnelAttributes(tunnel);
  return [
    encodeAttribute(RTA.encapType, uint16(types[tunnel.kind])),
    encodeAttribute(RTA.encap | NLA_F_NESTED, concat(attributes)),
  ];
}

/** Label in the upper 20 bits, the bottom of the stack marked. */
function labelStack(labels: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(labels.length * 4));
  labels.forEach((label, i) => view.setUint32(i * 4, label * 4096 + (i === labels.length - 1 ? 256 : 0)));
  return new Uint8Array(view.buffer);
}

/** LWTUNNEL_IP_*; those of IPv6 have the same numbers. */
function tunnelAttributes(tunnel: Exclude<Encapsulation, { kind: 'mpls' }>): Uint8Array[] {
  const { id, destination, source, ttl, tos, flags } = tunnel;
  return [
    ...(id === undefined ? [] : [encodeAttribute(1, bigEndian64(id))]),
    ...(destination === undefined ? [] : [encodeAttribute(2, addressBytes(destination))]),
    ...(source === undefined ? [] : [encodeAttribute(3, addressBytes(source))]),
    ...(ttl === undefined ? [] : [encodeAttribute(4, Uint8Array.of(ttl))]),
    ...(tos === undefined ? [] : [encodeAttribute(5, Uint8Array.of(tos))]),
    ...(flags === undefined ? [] : [encodeAttribute(6, Uint8Array.of(flags >> 8, flags & 255))]),
  ];
}
