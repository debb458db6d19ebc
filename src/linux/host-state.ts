// A look at this host: all that `doctor` judges, gathered once.
import type { AdvertStream, HostState } from '../ports/host-state.ts';
import { listenForAdverts } from './host-listen.ts';
import {
  readConntrack,
  readCounters,
  readGroups,
  readHostLinks,
  readHostNeighbours,
  readHostSysctls,
  readSourceFilters,
  routeTo,
} from './host-network.ts';
import {
  readManagers,
  readPressure,
  readProcessorTicks,
  readRouters,
  readRoutersElsewhere,
  scriptProblem,
} from './host-processes.ts';
import { createUnseen, jsonOf, textOf } from './host-read.ts';
import { missingCapabilities } from './privileges.ts';

export interface LookOptions {
  /** Where to listen; empty: nowhere. */
  readonly interfaces: readonly string[];
  readonly milliseconds: number;
  /** Programs that a configuration runs. */
  readonly scripts: readonly string[];
}

/** Looks for so long as it listens, and some milliseconds more. */
export async function readHostState({ interfaces, milliseconds, scripts }: LookOptions): Promise<HostState> {
  const unseen = createUnseen();
  const names = new Set(readHostLinks(unseen).map(({ name }) => name));
  // Where ip is not installed the interfaces are taken at their word.
  const there = interfaces.filter((name) => names.size === 0 || names.has(name));
  for (const name of interfaces) if (!there.includes(name)) unseen.add(name, 'there is no such interface');
  const missing = missingCapabilities();
  const [counters, ticks] = [readCounters(), readProcessorTicks()];
  const listened = missing.includes('CAP_NET_RAW')
    ? 'CAP_NET_RAW is missing: run doctor with sudo'
    : await listenForAdverts(there, milliseconds);
  if (typeof listened === 'string') unseen.add('adverts on the wire, and whether they are delivered', listened);
  const streams = typeof listened === 'string' ? undefined : listened.streams;
  const ruleset = missing.includes('CAP_NET_ADMIN')
    ? undefined
    : jsonOf('the rules of the firewall', 'nft', ['-j', 'list', 'ruleset'], unseen);
  if (missing.includes('CAP_NET_ADMIN')) {
    unseen.add('the rules of the firewall', 'CAP_NET_ADMIN is missing: run doctor with sudo');
  }
  const legacy = (textOf('/proc/net/ip_tables_names') ?? '') + (textOf('/proc/net/ip6_tables_names') ?? '');
  if (legacy !== '')
    unseen.add('the rules of iptables (legacy)', 'only nftables is read: look at iptables-legacy-save');
  const routers = readRouters();
  for (const { pid, name, namespace } of routers.length > 0 ? [] : readRoutersElsewhere()) {
    unseen.add(
      `${name} (pid ${pid})`,
      `it runs in the network namespace ${namespace}: ip netns exec ${namespace} kavtui doctor`,
    );
  }
  for (const { name, pid, certain } of routers) {
    if (!certain)
      unseen.add(`whether ${name} (pid ${pid}) runs in this network namespace`, 'it belongs to another user');
  }
  return {
    routers,
    // As they are after the adverts that were heard.
    links: readHostLinks(unseen),
    sysctls: readHostSysctls(),
    groups: readGroups(),
    excludedSources: readSourceFilters(),
    ruleset,
    neighbours: readHostNeighbours(unseen),
    conntrack: readConntrack(),
    pressure: readPressure(),
    stealPercent: stolen(ticks),
    latestUs: typeof listened === 'string' ? 0 : listened.latestUs,
    managers: readManagers(there),
    scripts: scripts.flatMap((script) => scriptProblem(script) ?? []),
    streams,
    listenedUs: typeof listened === 'string' ? 0 : listened.listenedUs,
    counters: grown(counters),
    routeTo: routesOf(streams ?? []),
    unseen: unseen.list,
  };
}

function stolen(before: ReturnType<typeof readProcessorTicks>): number | undefined {
  const after = readProcessorTicks();
  if (before === undefined || after === undefined || after.all <= before.all) return undefined;
  return (100 * (after.stolen - before.stolen)) / (after.all - before.all);
}

function grown(before: ReadonlyMap<string, number>): Map<string, number> {
  const after = [...readCounters()].map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const);
  return new Map(after.filter(([, value]) => value > 0));
}

function routesOf(streams: readonly AdvertStream[]): Map<string, string | undefined> {
  const received = streams.filter(({ direction }) => direction === 'received');
  return new Map(received.map(({ source, interface: name }) => [source, routeTo(source, name)]));
}
