// Routes and rules in keepalived's words: the lines of its dumps (2.2.7: vrrp_iproute.c, vrrp_iprule.c).
import { type PolicyConfig, policyOf } from '../vrrp/policy.ts';
import { addressFamily } from '../wire/address.ts';
import type {
  Encapsulation,
  Hop,
  Network,
  Nexthop,
  NumberRange,
  PolicyEntry,
  RouteMetric,
  RouteSpec,
  RuleSpec,
} from '../wire/route.ts';
import { type Holdings, policyKey } from './policy-holdings.ts';
import type { EntrySnapshot } from './snapshot.ts';

const PROTOCOL_KEEPALIVED = 18;
const MAIN = 254;

/** Entries as a snapshot shows them. */
export function shownPolicy(config: PolicyConfig, holdings: Holdings): readonly EntrySnapshot[] {
  return policyOf(config).map((entry) => ({
    kind: entry.kind,
    text: textOf(entry),
    present: holdings.get(policyKey(entry))?.state === 'set',
  }));
}

function textOf(entry: PolicyEntry): string {
  return entry.kind === 'route' ? routeText(entry.spec) : ruleText(entry.spec);
}

/** `virtual route 192.168.2.0/24 via inet 10.0.0.254 …`. */
export function describeEntry(entry: PolicyEntry, of: 'virtual' | 'static' = 'virtual'): string {
  return `${of} ${entry.kind} ${textOf(entry)}`;
}

/** One line of `Virtual Routes`. */
export function routeText(spec: RouteSpec): string {
  const {
    destination,
    table = MAIN,
    source,
    from,
    tos,
    scope,
    metric,
    preference,
    congestionControl: congestion,
  } = spec;
  // keepalived does not name its own protocol where it was told not to track the route.
  const protocol = spec.protocol ?? (spec.noTrack ? undefined : PROTOCOL_KEEPALIVED);
  const untracked = spec.noTrack || spec.interface === undefined;
  return [
    spec.placement,
    spec.type !== 'unicast' && spec.type,
    networkText(destination),
    source !== undefined && `src ${source}`,
    from !== undefined && `from ${networkText(from)}`,
    tos !== undefined && `tos ${tos}`,
    ...hopWords(spec),
    table !== MAIN && `table ${table}`,
    protocol !== undefined && `proto ${protocol}`,
    scope !== undefined && `scope ${scope}`,
    metric !== undefined && `metric ${metric}`,
    spec.onlink && 'onlink',
    spec.realms !== undefined && realmsText(spec.realms),
    spec.expires !== undefined && `expires ${spec.expires}sec`,
    congestion !== undefined && `congctl ${congestion.locked ? 'lock ' : ''}${congestion.name}`,
    ...METRICS.map((name) => metricText(name, spec)),
    preference !== undefined && `pref ${{ 0: 'medium', 1: 'high', 3: 'low' }[preference] ?? preference}`,
    spec.ttlPropagate !== undefined && `ttl-propagate ${spec.ttlPropagate ? 'enabled' : 'disabled'}`,
    ...(spec.nexthops ?? []).map(nexthopText),
    untracked && spec.trackGroup === undefined && 'no_track',
    spec.trackGroup !== undefined && `track_group ${spec.trackGroup}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function nexthopText(hop: Nexthop): string {
  const { onlink, weight, realms } = hop;
  return [
    'nexthop',
    ...hopWords(hop),
    onlink && 'onlink',
    weight !== undefined && `weight ${weight}`,
    realms !== undefined && realmsText(realms),
  ]
    .filter(Boolean)
    .join(' ');
}

/** In keepalived's order. */
const METRICS: readonly RouteMetric[] = [
  ...(['rtt', 'rttvar', 'rto_min', 'features', 'mtu', 'window', 'ssthresh', 'cwnd', 'advmss', 'reordering'] as const),
  ...(['hoplimit', 'initcwnd', 'initrwnd', 'quickack', 'fastopen_no_cookie'] as const),
];
/** What the kernel counts in parts of a millisecond. */
const PARTS: Readonly<Record<string, number>> = { rtt: 8, rttvar: 4, rto_min: 1 };

function metricText(name: RouteMetric, { metrics = {}, locked = [] }: RouteSpec): string | undefined {
  const value = metrics[name];
  if (value === undefined) return undefined;
  const part = PARTS[name];
  const shown = name === 'features' ? 'ecn' : part === undefined ? value : timeText(value / part);
  return `${name} ${locked.includes(name) ? 'lock ' : ''}${shown}`;
}

function timeText(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

function hopWords({ encapsulation, gateway, interface: name }: Hop): readonly string[] {
  return [
    ...(encapsulation === undefined ? [] : [encapsulationText(encapsulation)]),
    ...(gateway === undefined ? [] : [`via ${addressFamily(gateway) === 4 ? 'inet' : 'inet6'} ${gateway}`]),
    ...(name === undefined ? [] : [`dev ${name}`]),
  ];
}

function encapsulationText(tunnel: Encapsulation): string {
  if (tunnel.kind === 'mpls') return `encap mpls ${tunnel.labels.join('/')}`;
  const { id, source, destination, tos, ttl, flags } = tunnel;
  const [tosName, ttlName] = tunnel.kind === 'ip' ? ['tos', 'ttl'] : ['tc', 'hoplimit'];
  return [
    `encap ${tunnel.kind}`,
    id !== undefined && `id ${id}`,
    destination !== undefined && `dst ${destination}`,
    source !== undefined && `src ${source}`,
    tos !== undefined && `${tosName} ${tos}`,
    ttl !== undefined && `${ttlName} ${ttl}`,
    flags !== undefined && `flags 0x${flags.toString(16)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** One line of `Virtual Rules`. */
export function ruleText(spec: RuleSpec): string {
  const { mark, markMask, tos = 0 } = spec;
  const range = (name: string, value: NumberRange | undefined) => value !== undefined && `${name} ${value.join('-')}`;
  const value = (name: string, given: number | string | undefined) => given !== undefined && `${name} ${given}`;
  return [
    spec.inverted && 'not',
    `from ${spec.from === undefined ? 'all' : networkText(spec.from)}`,
    spec.to !== undefined && `to ${networkText(spec.to)}`,
    `priority ${spec.priority}`,
    `tos 0x${tos.toString(16)}`,
    mark !== undefined && `fwmark 0x${mark.toString(16)}${markMask === undefined ? '' : `/0x${markMask.toString(16)}`}`,
    value('iif', spec.inputInterface),
    value('oif', spec.outputInterface),
    value('suppress_prefixlen', spec.suppressPrefixLength),
    value('suppress_ifgroup', spec.suppressGroup),
    value('tunnel-id', spec.tunnelId),
    range('uidrange', spec.users),
    spec.action.kind === 'l3mdev' && 'l3mdev',
    !(spec.noTrack && spec.protocol === undefined) && `protocol ${spec.protocol ?? PROTOCOL_KEEPALIVED}`,
    value('ipproto', spec.ipProtocol),
    range('sport', spec.sourcePorts),
    range('dport', spec.destinationPorts),
    spec.realms !== undefined && realmsText(spec.realms),
    actionText(spec),
    spec.noTrack && 'no_track',
    spec.trackGroup !== undefined && `track_group ${spec.trackGroup}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function actionText({ action }: RuleSpec): string {
  if (action.kind === 'table') return `lookup ${action.table}`;
  if (action.kind === 'l3mdev') return 'lookup 0';
  if (action.kind === 'goto') return `goto ${action.target}`;
  return action.kind === 'nop' ? 'nop' : `type ${action.kind}`;
}

function networkText({ address, prefix }: Network): string {
  return prefix === (addressFamily(address) === 4 ? 32 : 128) ? address : `${address}/${prefix}`;
}

/** The realm that packets come from has the upper 16 bits. */
function realmsText(realms: number): string {
  const from = realms >>> 16;
  return from === 0 ? `realm ${realms & 0xffff}` : `realms ${from}/${realms & 0xffff}`;
}
