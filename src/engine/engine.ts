// A whole node: events and commands in, effects out. No clock and no I/O of its own: the same events at the same times
// give the same effects.
import type { Compat } from '../vrrp/config.ts';
import { initialState, nextDeadline } from '../vrrp/instance.ts';
import { addressFailed } from './address-faults.ts';
import { advance } from './advance.ts';
import { createSnapshots } from './build-snapshot.ts';
import { channelFailed, channelKey, channelOpened, isOn, planChannels, syncChannels } from './channels.ts';
import type { CommandResult, OperatorCommand } from './commands.ts';
import { refreshConditions } from './conditions.ts';
import type { NodeConfig } from './config.ts';
import { createDeadlines } from './deadlines.ts';
import { keepDeviceNames } from './device-names.ts';
import { devicesMade, planDevices } from './devices.ts';
import type { EngineEffect, EngineEvent } from './event.ts';
import { fileChanged, planFiles } from './files.ts';
import { firewallReplaced, NOTHING } from './firewall.ts';
import { mayLead, planGroups, stopGroups } from './groups.ts';
import { createJournal } from './journal.ts';
import { linkChanged } from './link-changes.ts';
import type { Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import { command } from './operator.ts';
import { createPacing } from './pacing.ts';
import { PARTS } from './parts.ts';
import { createPeers } from './peers.ts';
import { policyFailed, policyRemoved } from './policy.ts';
import { planProcesses, processesCounted } from './processes.ts';
import { receive } from './receive.ts';
import { reload, virtualAddresses } from './reload.ts';
import { scriptEnded } from './script-runs.ts';
import { initialScript } from './script-tracker.ts';
import type { Snapshot } from './snapshot.ts';
import { spreadAdverts } from './spread.ts';
import { noStatics } from './statics.ts';
import { step } from './step.ts';
import { NO_SYSCTLS, sysctlsSet } from './sysctls.ts';
import { applyTrackerRules } from './tracker-rules.ts';

export interface Engine {
  /** Effects to perform in order. `now` is µs and never goes back. */
  handle(event: EngineEvent, now: number): readonly EngineEffect[];
  command(
    order: OperatorCommand,
    now: number,
  ): { readonly result: CommandResult; readonly effects: readonly EngineEffect[] };
  /** Goes on with another configuration. What continues keeps its state (keepalived: SIGHUP). */
  reload(written: NodeConfig, now: number): readonly EngineEffect[];
  /** All counters of all instances begin anew (keepalived: STATS_CLEAR). */
  clearCounters(): void;
  /** When `ticked` is due, µs; Infinity when nothing waits. */
  nextDeadline(): number;
  /** An instance that is BACKUP is the next one whose timer expires. */
  takeoverIsNext(): boolean;
  /** `wallTime`: milliseconds since the Unix epoch at `now`. */
  snapshot(now: number, wallTime: number): Snapshot;
}

export interface EngineOptions {
  /** Whose rules hold where versions of keepalived differ; default 2.4. */
  readonly compat?: Compat;
  /** How long the host has been up, µs; absent: for ever. */
  readonly uptimeUs?: number;
}

export function createEngine(
  written: NodeConfig,
  routerId: string,
  now: number,
  { compat = '2.4', uptimeUs = Number.POSITIVE_INFINITY }: EngineOptions = {},
): Engine {
  const { config, notes } = applyTrackerRules(withCompat(written, compat));
  const node = createNode(config, routerId, now, { compat, uptimeUs });
  const collect = (at: number, work: () => void): readonly EngineEffect[] => {
    node.now = at;
    node.out = [];
    work();
    spreadAdverts(node);
    return node.out;
  };
  return {
    handle: (event, at) =>
      collect(at, () => {
        if (event.kind === 'started')
          for (const { name, text } of notes) log(node, { level: 'warning', kind: 'node', text: `${name}: ${text}` });
        handle(node, event);
      }),
    command(order, at) {
      let result: CommandResult = { ok: false, message: 'the engine has stopped' };
      const effects = collect(at, () => {
        if (node.stopped) return;
        result = command(node, order);
        refreshConditions(node);
      });
      return { result, effects };
    },
    reload: (next, at) =>
      collect(at, () => {
        if (node.stopped) return;
        const applied = applyTrackerRules(withCompat(keepDeviceNames(node.config, next), compat));
        for (const { name, text } of applied.notes)
          log(node, { level: 'warning', kind: 'node', text: `${name}: ${text}` });
        reload(node, applied.config, (instance) => createRouter(instance, at));
      }),
    clearCounters() {
      for (const { counters, peers } of node.routers.values()) {
        Object.assign(counters, noCounts());
        peers.clearCounts();
      }
    },
    nextDeadline: () => deadline(node),
    takeoverIsNext: () => node.deadlines.first()?.state.state === 'BACKUP',
    snapshot: createSnapshots(node),
  };
}

function withCompat(config: NodeConfig, compat: Compat): NodeConfig {
  const instances = config.instances.map((each) => ({ ...each, options: { ...each.options, compat } }));
  return { ...config, instances };
}

function createNode(
  config: NodeConfig,
  routerId: string,
  now: number,
  { compat, uptimeUs }: Required<EngineOptions>,
): Node {
  const { startupDelayUs = 0, delayAfterBootUs = 0 } = config.globals;
  const routers = new Map(config.instances.map((instance) => [instance.name, createRouter(instance, now)]));
  return {
    config,
    routerId,
    startedAt: now,
    compat,
    listensFrom: now + Math.max(startupDelayUs, delayAfterBootUs - uptimeUs),
    now,
    out: [],
    routers,
    deadlines: createDeadlines(routers),
    beginners: [],
    groups: planGroups(config, routers),
    scripts: new Map(
      config.scripts.map((script) => [script.name, { config: script, state: initialScript(script, now) }]),
    ),
    files: planFiles(config),
    processes: planProcesses(config),
    statics: noStatics(),
    watching: { files: [], processes: [] },
    channels: planChannels(config.instances),
    links: new Map(),
    unbelieved: new Map(),
    pacing: createPacing(),
    devices: planDevices(config),
    asked: { firewall: NOTHING, sysctls: NO_SYSCTLS },
    virtual: virtualAddresses(config),
    overrides: [],
    addressFaultsEnd: Number.POSITIVE_INFINITY,
    runs: new Map(),
    lastId: 0,
    lastChange: 0,
    unknownVrid: {},
    journal: createJournal(),
    stopped: false,
  };
}

function noCounts(): VirtualRouter['counters'] {
  return {
    advertRcvd: 0,
    advertSent: 0,
    becomeMaster: 0,
    releaseMaster: 0,
    priZeroRcvd: 0,
    priZeroSent: 0,
    rejected: {},
  };
}

function createRouter(config: NodeConfig['instances'][number], now: number): VirtualRouter {
  return {
    config,
    state: initialState(config, now),
    peers: createPeers(),
    counters: noCounts(),
    added: new Set(),
    policy: new Map(),
    complete: false,
    changed: 0,
    heardOnBase: new Map(),
    addressFault: undefined,
  };
}

function handle(node: Node, event: EngineEvent): void {
  if (node.stopped && event.kind !== 'scriptExited') return;
  switch (event.kind) {
    case 'started':
      for (const link of event.links) node.links.set(link.name, link);
      for (const part of PARTS) part.started?.(node);
      return refreshConditions(node);
    case 'ticked':
      return tick(node);
    case 'datagramReceived':
      return receive(node, event.datagram, event.wallTime);
    case 'linkChanged':
      return linkChanged(node, event.name, event.link);
    case 'scriptExited':
      scriptEnded(node, event.exit);
      return refreshConditions(node);
    case 'channelOpened':
      channelOpened(node, channelKey(event));
      return refreshConditions(node, (config) => isOn(config, event));
    case 'channelFailed':
      channelFailed(node, channelKey(event), event.message);
      return refreshConditions(node, (config) => isOn(config, event));
    case 'sendFailed':
    case 'announceFailed':
      return deliveryFailed(node, event);
    case 'addressFailed':
      return addressFailed(node, event);
    case 'policyFailed':
      policyFailed(node, event);
      return refreshConditions(node);
    case 'policyRemoved':
      return policyRemoved(node, event.entry);
    case 'fileChanged':
      fileChanged(node, event.content);
      return refreshConditions(node);
    case 'processesCounted':
      processesCounted(node, event);
      return refreshConditions(node);
    case 'fileFailed':
      return log(node, { level: 'error', kind: 'script', text: event.message });
    case 'fifoFailed':
      return log(node, { level: 'error', kind: 'notify', text: event.message });
    case 'devicesMade':
      devicesMade(node, event);
      syncChannels(node);
      return refreshConditions(node);
    case 'sysctlsSet':
      return sysctlsSet(node, event.problems);
    case 'firewallReplaced':
      return firewallReplaced(node, event.result);
    case 'stopped':
      return stop(node);
  }
}

function tick(node: Node): void {
  // Most ticks are adverts: what the instances have to know is not looked at then.
  let refresh = false;
  for (const part of PARTS) {
    if (part.nextDeadline === undefined || part.nextDeadline(node) > node.now) continue;
    part.ticked?.(node);
    refresh ||= part.quiet !== true;
  }
  if (refresh) refreshConditions(node);
  // In the order of their timers, as keepalived: it shows in a sync group, where the last one to want it is the first.
  for (const router of node.deadlines.due(node.now)) {
    // A member that came before it may have taken it along.
    if (nextDeadline(router.state) <= node.now)
      advance(node, router, { kind: 'ticked', mayLead: mayLead(node, router) });
  }
}

function deadline(node: Node): number {
  return node.stopped ? Number.POSITIVE_INFINITY : Math.min(partsDeadline(node), node.deadlines.next());
}

function partsDeadline(node: Node): number {
  let next = Number.POSITIVE_INFINITY;
  for (const part of PARTS) if (part.nextDeadline !== undefined) next = Math.min(next, part.nextDeadline(node));
  return next;
}

/** keepalived: logged, the state does not change; the peers or the kernel decide. */
function deliveryFailed(node: Node, event: Extract<EngineEvent, { kind: 'sendFailed' | 'announceFailed' }>): void {
  const { instance, message } = event;
  const text =
    event.kind === 'sendFailed'
      ? `advert to ${event.destination} not sent: ${message}`
      : `announcement of ${event.address} not sent: ${message}`;
  log(node, { level: 'warning', kind: 'port', instance, text }, `${event.kind} ${message}`);
}

function stop(node: Node): void {
  for (const router of node.routers.values()) step(node, router, { kind: 'stopped' });
  stopGroups(node);
  for (const part of [...PARTS].reverse()) part.stopped?.(node);
  node.stopped = true;
}
