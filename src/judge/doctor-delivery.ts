// Adverts that reach the interface and no program: which rule, setting or missing membership of this host eats them.
import type { Evidence } from '../observe/finding.ts';
import type { AdvertStream, HostState } from '../ports/host-state.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import { isMulticast } from '../wire/address.ts';
import type { HostFinding } from './host-finding.ts';
import { nftVerdict } from './nft-verdict.ts';

/** So many adverts have to be seen before anything is said of their delivery. */
const ENOUGH = 3;

type Cause = Pick<HostFinding, 'id' | 'confidence' | 'why' | 'fix'> & {
  readonly title: string;
  readonly evidence: readonly Evidence[];
};

/** Streams that were seen and not delivered, each with the cause that was found. */
export function deliveryFindings(state: HostState, instances: readonly InstanceConfig[]): HostFinding[] {
  const received = (state.streams ?? []).filter(({ direction, seen }) => direction === 'received' && seen >= ENOUGH);
  return received.flatMap((stream) => {
    if (stream.delivered !== 0 || isEnslaved(state, stream)) return [];
    const cause = isWanted(state, stream) ? causeOf(state, stream) : notJoined(state, stream, instances);
    if (cause === undefined) return [];
    const { title, evidence, ...rest } = cause;
    return [
      {
        ...rest,
        subject: subjectOf(stream),
        severity: 'error',
        address: stream.source,
        title: `adverts of ${stream.source} reach ${stream.interface} and are not delivered: ${title}`,
        evidence: [...countsOf(state, stream), ...evidence],
      },
    ];
  });
}

function subjectOf({ interface: name, vrid, family }: AdvertStream): string {
  return `${name} vrid ${vrid} IPv${family}`;
}

function countsOf({ listenedUs }: HostState, { interface: name, source, destination, seen }: AdvertStream): Evidence[] {
  const time = `in ${(listenedUs / 1e6).toFixed(1)} s`;
  return [
    {
      kind: 'host',
      source: `packet socket on ${name}`,
      text: `${seen} adverts from ${source} to ${destination} ${time}`,
    },
    { kind: 'host', source: 'raw socket', text: `none of them ${time}` },
  ];
}

/** A bridge, a bond or a VRF takes what comes in there. */
function isEnslaved({ links }: HostState, stream: AdvertStream): boolean {
  return links.find(({ name }) => name === stream.interface)?.master !== undefined;
}

/** Some process has joined the group on the interface, or the address is one of this host's. */
function isWanted({ groups, links }: HostState, { interface: name, destination }: AdvertStream): boolean {
  const heard = [name, ...links.filter(({ base }) => base === name).map((link) => link.name)];
  if (isMulticast(destination)) {
    return groups.some((each) => heard.includes(each.interface) && each.group === destination);
  }
  return links.some(({ addresses }) => addresses.some(({ address }) => address === destination));
}

/** Nobody listens: that is wrong only where a router runs that should. */
function notJoined(
  { routers, groups }: HostState,
  { interface: name, destination, vrid, family }: AdvertStream,
  instances: readonly InstanceConfig[],
): Cause | undefined {
  const mine = instances.find((each) => each.vrid === vrid && each.family === family && each.interface === name);
  if (mine === undefined || routers.length === 0 || !isMulticast(destination)) return undefined;
  const joined = groups.filter((each) => each.interface === name).map(({ group }) => group);
  const other = mine.unicastPeers.length === 0 && mine.group !== destination;
  return {
    id: mine.unicastPeers.length > 0 ? 'D19' : 'D03',
    confidence: 'proven',
    title:
      mine.unicastPeers.length > 0
        ? `${mine.name} speaks unicast, the other speaks to ${destination}`
        : `nobody on this host has joined ${destination} on ${name}`,
    evidence: [
      { kind: 'host', source: '/proc/net/igmp, igmp6', text: `${name} is in ${joined.join(' ') || 'no group'}` },
      { kind: 'host', source: mine.name, text: other ? `its group is ${mine.group}` : `its group is ${destination}` },
    ],
    why: `${mine.name} does not hear the other and becomes MASTER beside it.`,
    fix: other
      ? 'Make vrrp_mcast_group4 (vrrp_mcast_group6) the same on all routers.'
      : 'Start the router again, so that it joins; make all routers speak unicast, or none.',
  };
}

function causeOf(state: HostState, stream: AdvertStream): Cause {
  return (
    byRule(state, stream) ?? bySourceFilter(state, stream) ?? byReversePath(state, stream) ?? unknown(state, stream)
  );
}

const WHY = 'The router does not hear the other: as BACKUP it becomes MASTER beside it, as MASTER it never yields.';

function byRule({ ruleset }: HostState, stream: AdvertStream): Cause | undefined {
  if (ruleset === undefined) return undefined;
  const verdict = nftVerdict(ruleset, { hook: 'input', ...stream });
  if (verdict.verdict === 'accept') return undefined;
  const { by, packets } = verdict;
  const counted = packets === undefined ? '' : ` (its counter: ${packets} packets)`;
  const sure = verdict.verdict === 'drop';
  return {
    id: 'D02',
    confidence: sure ? 'proven' : 'likely',
    title: `${sure ? '' : 'perhaps '}${by}`,
    evidence: [{ kind: 'host', source: 'nft list ruleset', text: `${by}${counted}` }],
    why: WHY,
    fix: allowRule(by, stream.protocol, 'input'),
  };
}

/** A line to type: in front of the chain that drops. */
export function allowRule(by: string, protocol: number, hook: 'input' | 'output'): string {
  const chain = /chain (\S+ \S+ \S+):/.exec(by)?.[1] ?? `inet filter ${hook}`;
  return `nft insert rule ${chain} meta l4proto ${protocol === 51 ? 'ah' : 'vrrp'} accept`;
}

function bySourceFilter({ excludedSources }: HostState, stream: AdvertStream): Cause | undefined {
  const filters = excludedSources.filter(
    (each) => each.interface === stream.interface && each.group === stream.destination,
  );
  const mine = filters.find(({ source }) => source === stream.source);
  const onlyOthers = filters.some(({ included }) => included > 0) && mine === undefined;
  if (!onlyOthers && (mine === undefined || mine.excluded === 0)) return undefined;
  return {
    id: 'D03',
    confidence: 'proven',
    title: `the membership of ${stream.destination} leaves ${stream.source} out`,
    evidence: filters.map(({ source, included, excluded }) => ({
      kind: 'host',
      source: '/proc/net/mcfilter',
      text: `${stream.interface} ${stream.destination} ${source}: included ${included}, excluded ${excluded}`,
    })),
    why: WHY,
    fix: 'Find the process that has joined the group for some senders only, and let it join for all.',
  };
}

function byReversePath(state: HostState, stream: AdvertStream): Cause | undefined {
  const { interface: name, source, family } = stream;
  if (family === 6) return undefined;
  const settings = [`net.ipv4.conf.all.rp_filter`, `net.ipv4.conf.${name}.rp_filter`];
  const values = settings.map((setting) => Number(state.sysctls.get(setting) ?? 0));
  // The larger of both holds: 1 strict, 2 loose.
  const mode = Math.max(...values);
  const back = state.routeTo.get(source);
  if (mode === 0 || (mode === 2 ? back !== undefined : back === name)) return undefined;
  const grown = state.counters.get('TcpExt IPReversePathFilter') ?? 0;
  return {
    id: 'D02',
    confidence: grown > 0 ? 'proven' : 'likely',
    title: `reverse path filter: ${source} is ${back === undefined ? 'not reachable' : `reached by ${back}`}`,
    evidence: [
      ...settings.map((setting, i) => ({ kind: 'sysctl' as const, name: setting, value: String(values[i]) })),
      { kind: 'host', source: `ip route get ${source}`, text: back === undefined ? 'no route' : `dev ${back}` },
      { kind: 'host', source: '/proc/net/netstat', text: `IPReversePathFilter grew by ${grown}` },
    ],
    why: WHY,
    fix: `ip route add ${source}/32 dev ${name}\nor: sysctl -w ${settings.map((setting) => `${setting}=0`).join(' ')}`,
  };
}

function unknown({ counters, ruleset }: HostState, { source }: AdvertStream): Cause {
  const errors = ['Ip InAddrErrors', 'Ip InHdrErrors', 'Ip InDiscards', 'Ip6InAddrErrors', 'Ip6InDiscards'].flatMap(
    (name) => {
      const grown = counters.get(name) ?? 0;
      return grown === 0 ? [] : [`${name} grew by ${grown}`];
    },
  );
  return {
    id: 'D02',
    confidence: 'likely',
    title: 'this host drops them, and it is not seen where',
    evidence: [
      {
        kind: 'host',
        source: '/proc/net/snmp',
        text: errors.join(', ') || 'no counter of errors grew',
      },
      {
        kind: 'host',
        source: 'nft list ruleset',
        text: ruleset === undefined ? 'could not be read' : 'no rule that would drop them',
      },
    ],
    why: WHY,
    fix: `Look at iptables-save, ip rule and ip xfrm policy, and whether the host has ${source} itself.`,
  };
}
