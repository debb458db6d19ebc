// The picture of a node at a moment, as plain data.

import type { Link } from '../ports/network-port.ts';
import type { InstanceConfig, VirtualAddress } from '../vrrp/config.ts';
import { destinationsOf, masterDown, skew } from '../vrrp/draft.ts';
import { isPresent } from './addresses.ts';
import { groupOf } from './groups.ts';
import { createKept, isSame, keep } from './keep.ts';
import type { Node, VirtualRouter } from './node.ts';
import { shownPolicy } from './policy-text.ts';
import type {
  AddressSnapshot,
  DeviceSnapshot,
  FileSnapshot,
  InstanceSnapshot,
  PeerSnapshot,
  ProcessSnapshot,
  ScriptSnapshot,
  Snapshot,
  TrackerSnapshot,
} from './snapshot.ts';
import { staticEntries } from './statics.ts';
import { type Tracker, trackersOf } from './trackers.ts';
import { TRACKER_KINDS, type TrackerKind, tracksOf, usersOf } from './tracks.ts';

/**
 * Makes pictures of a node, one after the other. What has not changed since the picture before is the same object in both,
 * and costs a comparison: of a thousand instances few change between two frames of a screen.
 */
export function createSnapshots(node: Node): (now: number, wallTime: number) => Snapshot {
  const instances = createKept<VirtualRouter, InstanceSnapshot>();
  const users = createUsers(node);
  let links: readonly Link[] = [];
  let last: Snapshot | undefined;
  return (now, wallTime) => {
    links = keep(links, [...node.links.values()]);
    const shown = [...node.routers.values()].map((router) =>
      instances(router, sourcesOf(node, router, links, now), (before) => instance(node, router, now, before)),
    );
    const scripts = [...node.scripts.keys()].map((name) => script(node, name, users('script', name)));
    const files = [...node.files.keys()].map((name) => file(node, name, users('file', name)));
    const processes = [...node.processes.keys()].map((name) => process(node, name, users('process', name)));
    last = {
      takenAt: now,
      wallTime,
      startedAt: node.startedAt,
      routerId: node.routerId,
      instances: last !== undefined && isSame(last.instances, shown) ? last.instances : shown,
      scripts: keep(last?.scripts, scripts),
      statics: keep(last?.statics, staticEntries(node)),
      files: keep(last?.files, files),
      processes: keep(last?.processes, processes),
      overrides: keep(
        last?.overrides,
        node.overrides.map(({ change: _, ...override }) => override),
      ),
      unknownVrid: keep(last?.unknownVrid, { ...node.unknownVrid }),
      knownRouters: NO_ROUTERS,
    };
    return last;
  };
}

const NO_ROUTERS: Snapshot['knownRouters'] = [];

/** All that the picture of an instance is made from, each a value that is replaced when it changes. */
function sourcesOf(node: Node, router: VirtualRouter, links: readonly Link[], now: number): readonly unknown[] {
  const { config, state, counters, peers, policy } = router;
  const from: unknown[] = [links, config, state, groupOf(node, router)?.config, peers.list(), speakerOf(router, now)];
  for (const key in counters) from.push(counters[key as keyof typeof counters]);
  for (const { entry, state: holding } of policy.values()) from.push(entry, holding);
  for (const kind of TRACKER_KINDS)
    for (const { name } of tracksOf(node, router, kind)) from.push(...trackedValues(node, kind, name));
  return from;
}

/** What a tracker's part of the picture comes from; links are looked at as a whole. */
function trackedValues(node: Node, kind: TrackerKind, name: string): readonly unknown[] {
  if (kind === 'script') return [node.scripts.get(name)?.state.ok];
  if (kind === 'file') return [node.files.get(name)?.value];
  if (kind === 'interface') return [];
  const { config, state } = node.processes.get(name) ?? {};
  return [config, state];
}

/** Who tracks what, asked again only when there are other instances or groups. */
function createUsers(node: Node): (kind: TrackerKind, name: string) => readonly string[] {
  let of: readonly unknown[] = [];
  let known = new Map<string, readonly string[]>();
  return (kind, name) => {
    if (!isSame(of, [node.routers, node.groups])) {
      of = [node.routers, node.groups];
      known = new Map();
    }
    const key = `${kind} ${name}`;
    const names = known.get(key) ?? usersOf(node, kind, name).map(({ config }) => config.name);
    known.set(key, names);
    return names;
  };
}

function instance(
  node: Node,
  router: VirtualRouter,
  now: number,
  before: InstanceSnapshot | undefined,
): InstanceSnapshot {
  const { config, state, counters, peers } = router;
  const master = masterOf(router, now);
  const group = groupOf(node, router);
  return {
    name: config.name,
    interface: config.interface,
    family: config.family,
    ...(config.vmac !== undefined && { device: keep(before?.device, device(node, config.vmac)) }),
    vrid: config.vrid,
    ...(group !== undefined && { syncGroup: group.config.name }),
    version: config.version,
    state: state.state,
    since: state.since,
    cause: state.state === 'INIT' ? waitingFor(node, router) : state.cause,
    faults: keep(
      before?.faults,
      state.conditions.faults.map(({ text }) => text),
    ),
    faultReasons: keep(before?.faultReasons, state.conditions.faults),
    configuredPriority: config.priority,
    basePriority: state.conditions.basePriority,
    effectivePriority: state.effectivePriority,
    preempt: state.conditions.preempt,
    preemptDelayUs: config.preemptDelayUs,
    advertIntervalUs: config.advertIntervalUs,
    masterIntervalUs: state.masterIntervalUs,
    skewUs: skew(router),
    masterDownUs: masterDown(router),
    ...(state.advertAt !== undefined && { advertAt: state.advertAt }),
    ...(state.masterDownAt !== undefined && { masterDownAt: state.masterDownAt }),
    ...(state.preemptAt !== undefined && { preemptAt: state.preemptAt }),
    ...(state.announceAgainAt !== undefined && { announceAt: state.announceAgainAt }),
    ...(master !== undefined && { master: keep(before?.master, master) }),
    source: state.conditions.source,
    destinations: keep(before?.destinations, destinationsOf(config)),
    unicast: config.unicastPeers.length > 0,
    authentication: authenticationOf(config),
    addresses: keep(before?.addresses, addressesOf(node, config)),
    policy: keep(before?.policy, shownPolicy(config, router.policy)),
    trackers: keep(before?.trackers, trackersOf(node, router).map(tracker)),
    peers: peers.list(),
    counters: keep(before?.counters, { ...counters }),
  };
}

function device(node: Node, vmac: NonNullable<InstanceConfig['vmac']>): DeviceSnapshot {
  const { name, kind, mac, xmitBase } = vmac;
  return { name, kind, ...(mac !== undefined && { mac }), xmitBase, up: node.links.get(name)?.up ?? false };
}

function masterOf(router: VirtualRouter, now: number): InstanceSnapshot['master'] {
  const { state } = router;
  const { source } = state.conditions;
  if (state.state === 'MASTER' && source !== undefined) {
    const lastAdvertAt = state.lastAdvertSentAt ?? state.since;
    return { self: true, address: source, priority: state.effectivePriority, lastAdvertAt };
  }
  if (state.master !== undefined) return { self: false, ...state.master };
  const speaker = speakerOf(router, now);
  if (speaker === undefined) return undefined;
  return { self: false, address: speaker.address, priority: speaker.priority!, lastAdvertAt: speaker.lastHeardAt };
}

/** In FAULT an instance follows nobody, but its operator wants to know who speaks: whoever was heard lately. */
function speakerOf(router: VirtualRouter, now: number): PeerSnapshot | undefined {
  const { state, peers } = router;
  if (state.state === 'BACKUP' || peers.list().length === 0) return undefined;
  const after = now - masterDown(router);
  const speakers = peers.list().filter(({ priority, lastHeardAt }) => priority !== undefined && lastHeardAt > after);
  return speakers.sort((a, b) => b.lastHeardAt - a.lastHeardAt)[0];
}

function waitingFor(node: Node, router: VirtualRouter): string {
  const { state } = router;
  const outstanding = trackersOf(node, router).filter(({ undecided }) => undecided);
  if (outstanding.length === 0) return state.cause;
  return `waiting for the first result of ${outstanding.map(({ name }) => name).join(', ')}`;
}

function tracker({ fault: _fault, undecided: _undecided, ...shown }: Tracker): TrackerSnapshot {
  return shown;
}

function addressesOf(node: Node, { addresses, excluded }: InstanceConfig): readonly AddressSnapshot[] {
  return [...addresses.map((vip) => address(node, vip, false)), ...excluded.map((vip) => address(node, vip, true))];
}

function address(node: Node, vip: VirtualAddress, excluded: boolean): AddressSnapshot {
  const { address: ip, prefix, interface: name } = vip;
  return { address: ip, prefix, interface: name, excluded, present: isPresent(node.links, vip) };
}

function script(node: Node, name: string, usedBy: readonly string[]): ScriptSnapshot {
  const { config, state } = node.scripts.get(name)!;
  return {
    name,
    command: config.command.text,
    intervalUs: config.intervalUs,
    timeoutUs: config.timeoutUs,
    rise: config.rise,
    fall: config.fall,
    ok: state.ok,
    running: state.running !== undefined,
    passes: state.passes,
    failures: state.failures,
    streak: state.streak,
    lastResult: state.lastResult,
    lastOutput: state.lastOutput,
    lastDurationUs: state.lastDurationUs,
    nextRunAt: state.nextRunAt,
    history: state.history,
    usedBy,
  };
}

function file(node: Node, name: string, usedBy: readonly string[]): FileSnapshot {
  const { config, value } = node.files.get(name)!;
  return { name, path: config.path, value, usedBy };
}

function process(node: Node, name: string, usedBy: readonly string[]): ProcessSnapshot {
  const { config, state } = node.processes.get(name)!;
  const { path, parameters, quorum, quorumMax } = config;
  return {
    name,
    command: [path, ...parameters].join(' '),
    count: state.count,
    quorum,
    ...(quorumMax !== undefined && { quorumMax }),
    ok: state.quorum,
    ...(state.changesAt !== undefined && { changesAt: state.changesAt }),
    usedBy,
  };
}

function authenticationOf({ hmac, password, ah }: VirtualRouter['config']): InstanceSnapshot['authentication'] {
  if (hmac !== undefined) return 'HMAC';
  if (password === undefined) return 'none';
  return ah ? 'AH' : 'PASS';
}
