// The picture of a node at a moment, as plain data.

import type { InstanceConfig, VirtualAddress } from '../vrrp/config.ts';
import { destinationsOf, masterDown, skew } from '../vrrp/draft.ts';
import { isPresent } from './addresses.ts';
import { groupOf } from './groups.ts';
import type { Node, VirtualRouter } from './node.ts';
import { shownPolicy } from './policy-text.ts';
import type {
  AddressSnapshot,
  DeviceSnapshot,
  FileSnapshot,
  InstanceSnapshot,
  ProcessSnapshot,
  ScriptSnapshot,
  Snapshot,
  TrackerSnapshot,
} from './snapshot.ts';
import { staticEntries } from './statics.ts';
import { type Tracker, trackersOf } from './trackers.ts';
import { usersOf } from './tracks.ts';

export function buildSnapshot(node: Node, now: number, wallTime: number): Snapshot {
  return {
    takenAt: now,
    wallTime,
    startedAt: node.startedAt,
    routerId: node.routerId,
    instances: [...node.routers.values()].map((router) => instance(node, router, now)),
    scripts: [...node.scripts.keys()].map((name) => script(node, name)),
    statics: staticEntries(node),
    files: [...node.files.keys()].map((name) => file(node, name)),
    processes: [...node.processes.keys()].map((name) => process(node, name)),
    overrides: node.overrides.map(({ change: _, ...override }) => override),
    unknownVrid: { ...node.unknownVrid },
    knownRouters: [],
  };
}

function instance(node: Node, router: VirtualRouter, now: number): InstanceSnapshot {
  const { config, state, counters, peers } = router;
  const master = masterOf(router, now);
  const group = groupOf(node, router);
  return {
    name: config.name,
    interface: config.interface,
    family: config.family,
    ...(config.vmac !== undefined && { device: device(node, config.vmac) }),
    vrid: config.vrid,
    ...(group !== undefined && { syncGroup: group.config.name }),
    version: config.version,
    state: state.state,
    since: state.since,
    cause: state.state === 'INIT' ? waitingFor(node, router) : state.cause,
    faults: state.conditions.faults.map(({ text }) => text),
    faultReasons: state.conditions.faults,
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
    ...(master !== undefined && { master }),
    source: state.conditions.source,
    destinations: destinationsOf(config),
    unicast: config.unicastPeers.length > 0,
    authentication: authenticationOf(config),
    addresses: [
      ...config.addresses.map((vip) => address(node, vip, false)),
      ...config.excluded.map((vip) => address(node, vip, true)),
    ],
    policy: shownPolicy(config, router.policy),
    trackers: trackersOf(node, router).map(tracker),
    peers: peers.list(),
    counters: { ...counters, rejected: { ...counters.rejected } },
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
  return state.state === 'BACKUP' ? undefined : heardLately(router, now);
}

/** In FAULT an instance follows nobody, but its operator wants to know who speaks. */
function heardLately(router: VirtualRouter, now: number): InstanceSnapshot['master'] {
  const after = now - masterDown(router);
  const speakers = router.peers
    .list()
    .filter(({ priority, lastHeardAt }) => priority !== undefined && lastHeardAt > after);
  const best = speakers.sort((a, b) => b.lastHeardAt - a.lastHeardAt)[0];
  if (best === undefined) return undefined;
  return { self: false, address: best.address, priority: best.priority!, lastAdvertAt: best.lastHeardAt };
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

function address(node: Node, vip: VirtualAddress, excluded: boolean): AddressSnapshot {
  const { address: ip, prefix, interface: name } = vip;
  return { address: ip, prefix, interface: name, excluded, present: isPresent(node.links, vip) };
}

function script(node: Node, name: string): ScriptSnapshot {
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
    usedBy: usersOf(node, 'script', name).map((user) => user.config.name),
  };
}

function file(node: Node, name: string): FileSnapshot {
  const { config, value } = node.files.get(name)!;
  return { name, path: config.path, value, usedBy: usersOf(node, 'file', name).map((user) => user.config.name) };
}

function process(node: Node, name: string): ProcessSnapshot {
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
    usedBy: usersOf(node, 'process', name).map((user) => user.config.name),
  };
}

function authenticationOf({ hmac, password, ah }: VirtualRouter['config']): InstanceSnapshot['authentication'] {
  if (hmac !== undefined) return 'HMAC';
  if (password === undefined) return 'none';
  return ah ? 'AH' : 'PASS';
}
