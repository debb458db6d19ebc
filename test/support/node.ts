// An engine for tests: events by hand, virtual time, effects collected; scripts and sockets answer as they are told.

import type { OperatorCommand } from '../../src/engine/commands.ts';
import type { NodeConfig, ScriptConfig } from '../../src/engine/config.ts';
import { createEngine } from '../../src/engine/engine.ts';
import type { EngineEffect, EngineEvent } from '../../src/engine/event.ts';
import type { InstanceSnapshot, Snapshot } from '../../src/engine/snapshot.ts';
import type { DeviceSpec, Link } from '../../src/ports/network-port.ts';
import { done } from '../../src/ports/result.ts';
import type { ScriptOutcome } from '../../src/ports/script-port.ts';
import type { Compat, InstanceConfig } from '../../src/vrrp/config.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import type { AdvertFields } from '../../src/wire/vrrp.ts';
import { instanceConfig, OWN, PEER, SECOND } from './instance.ts';

export function scriptConfig(change: Partial<ScriptConfig> = {}): ScriptConfig {
  return {
    name: 'chk',
    command: { argv: ['/bin/chk'], text: '/bin/chk' },
    intervalUs: SECOND,
    timeoutUs: SECOND,
    weight: 0,
    reverse: false,
    rise: 1,
    fall: 1,
    initFail: false,
    ...change,
  };
}

export function nodeConfig(
  instances: readonly Partial<InstanceConfig>[] = [{}],
  scripts: readonly ScriptConfig[] = [],
): NodeConfig {
  return {
    globals: { enableScriptSecurity: false, defaultInterface: 'eth0', checkerLogAllFailures: false, vrrpVersion: 2 },
    scripts,
    instances: instances.map((change) => instanceConfig(change)),
  };
}

export function link(change: Partial<Link> & { ips?: readonly string[] } = {}): Link {
  const { ips = [OWN], ...rest } = change;
  return {
    name: 'eth0',
    index: 2,
    mac: '02:00:00:00:00:01',
    up: true,
    multicast: true,
    arp: true,
    mtu: 1500,
    addresses: ips.map((address) => ({ address, prefix: 24, scope: 0, secondary: false, tentative: false })),
    ...rest,
  };
}

export interface TestNode {
  event(event: EngineEvent): readonly EngineEffect[];
  command(order: OperatorCommand): string;
  reload(config: NodeConfig): readonly EngineEffect[];
  clearCounters(): void;
  /** Ticks at each deadline up to `at`; sockets open and scripts end with `outcome` at once. */
  runTo(at: number): readonly EngineEffect[];
  hear(fields?: Partial<AdvertFields>, source?: string, on?: string): readonly EngineEffect[];
  now(): number;
  snapshot(): Snapshot;
  instance(name?: string): InstanceSnapshot;
  /** Writes a tracked file (undefined: removes it), and tells the engine when it watches it. */
  write(path: string, text: string | undefined): readonly EngineEffect[];
  /** So many processes match a vrrp_track_process from now on. */
  count(name: string, count: number): readonly EngineEffect[];
  /** The kernel refuses routes and rules with this message, or takes them again (undefined). */
  refusePolicy(message: string | undefined): void;
  /** What every script run from now on ends with; undefined: it does not end. */
  scripts: ScriptOutcome | undefined;
}

export interface NodeOptions {
  readonly channelFails?: boolean;
  readonly compat?: Compat;
  readonly uptimeUs?: number;
  /** False: scripts that run at the start have no result. */
  readonly scriptsEnd?: boolean;
  /** Contents of tracked files and numbers of tracked processes at the start. */
  readonly files?: Readonly<Record<string, string>>;
  readonly processes?: Readonly<Record<string, number>>;
  /** Why devices cannot be made: asked at each try; undefined: they can. */
  readonly deviceFailure?: () => string | undefined;
  /** Sees every effect, also those of the start. */
  readonly onEffect?: (effect: EngineEffect, now: number) => void;
}

export function testNode(
  config: NodeConfig,
  links: readonly Link[] = [link()],
  {
    channelFails = false,
    scriptsEnd = true,
    files = {},
    processes = {},
    deviceFailure = () => undefined,
    onEffect,
    ...options
  }: NodeOptions = {},
): TestNode {
  const engine = createEngine(config, 'lb1', 0, options);
  let now = 0;
  const tracked = trackedThings(files, processes);
  const settle = (first: readonly EngineEffect[]): readonly EngineEffect[] => {
    const all: EngineEffect[] = [];
    const events: EngineEvent[] = [];
    for (let batch: readonly EngineEffect[] = first; ; batch = engine.handle(events.shift()!, now)) {
      for (const effect of batch) {
        all.push(effect);
        onEffect?.(effect, now);
        events.push(...answers(effect, node.scripts, channelFails), ...tracked.answers(effect));
        if (effect.kind === 'createDevices') events.push(devicesMade(effect.specs, deviceFailure()));
      }
      if (events.length === 0) return all;
    }
  };
  const deliver = (event: EngineEvent): readonly EngineEffect[] => settle(engine.handle(event, now));
  const node: TestNode = {
    scripts: scriptsEnd ? { kind: 'exited', code: 0 } : undefined,
    event: deliver,
    command: (order) => {
      const { result, effects } = engine.command(order, now);
      settle(effects);
      return `${result.ok ? 'ok' : 'refused'}: ${result.message}`;
    },
    clearCounters: () => engine.clearCounters(),
    reload: (next) => settle(engine.reload(next, now)),
    runTo(at) {
      const effects: EngineEffect[] = [];
      while (engine.nextDeadline() <= at) {
        now = Math.max(now, engine.nextDeadline());
        effects.push(...deliver({ kind: 'ticked' }));
      }
      now = at;
      return effects;
    },
    hear(fields = {}, source = PEER, on = 'eth0') {
      const ip = { family: 4, source, destination: '224.0.0.18' } as const;
      const advert = {
        version: 2,
        vrid: 51,
        priority: 150,
        addresses: ['10.0.0.100'],
        intervalUs: SECOND,
        ...fields,
      } as const;
      return deliver({
        kind: 'datagramReceived',
        datagram: { interface: on, ttl: 255, payload: encodeAdvert(advert, ip), ...ip },
      });
    },
    write(path, text) {
      tracked.files.set(path, text);
      return tracked.watched().includes(path) ? deliver({ kind: 'fileChanged', content: { path, text } }) : [];
    },
    count: (name, count) => deliver({ kind: 'processesCounted', name, count }),
    refusePolicy: tracked.refuse,
    now: () => now,
    snapshot: () => engine.snapshot(now, 0),
    instance: (name = 'VI_1') => engine.snapshot(now, 0).instances.find((each) => each.name === name)!,
  };
  deliver({ kind: 'started', links });
  return node;
}

function devicesMade(specs: readonly DeviceSpec[], failure: string | undefined): EngineEvent {
  const devices = specs.map(({ name, mac = '' }, i) => {
    const made = { name, reused: false, problems: [] };
    if (failure === undefined) return { ...made, result: done, link: link({ name, mac, index: 100 + i, ips: [] }) };
    return { ...made, result: { ok: false, code: 'EPERM', message: failure } as const, link: undefined };
  });
  return { kind: 'devicesMade', devices };
}

/** Files and processes of the host. */
function trackedThings(start: Readonly<Record<string, string>>, counts: Readonly<Record<string, number>>) {
  const files = new Map<string, string | undefined>(Object.entries(start));
  let watched: readonly string[] = [];
  let refused: string | undefined;
  const refuse = (message: string | undefined) => {
    refused = message;
  };
  const answers = (effect: EngineEffect): readonly EngineEvent[] => {
    if (effect.kind === 'initialiseFile') {
      const { path, text, overwrite } = effect.file;
      if (overwrite || !files.has(path)) files.set(path, text);
    } else if (effect.kind === 'watchFiles') {
      watched = effect.paths;
      return watched.map((path) => ({ kind: 'fileChanged', content: { path, text: files.get(path) } }));
    } else if (effect.kind === 'addPolicy' && refused !== undefined) {
      return effect.entries.map((entry) => ({ kind: 'policyFailed', entry, message: refused! }));
    } else if (effect.kind === 'watchProcesses') {
      return effect.patterns.map(({ name }) => ({ kind: 'processesCounted', name, count: counts[name] ?? 0 }));
    }
    return [];
  };
  return { files, answers, watched: () => watched, refuse };
}

function answers(
  effect: EngineEffect,
  outcome: ScriptOutcome | undefined,
  channelFails: boolean,
): readonly EngineEvent[] {
  if (effect.kind === 'openChannel') {
    const { interface: name, family } = effect.channel;
    if (channelFails) return [{ kind: 'channelFailed', interface: name, family, message: 'EPERM' }];
    return [{ kind: 'channelOpened', interface: name, family }];
  }
  if (effect.kind === 'startScript' && outcome !== undefined) {
    return [{ kind: 'scriptExited', exit: { id: effect.run.id, outcome, output: '', durationUs: 1000 } }];
  }
  return [];
}

/** The log lines among effects. */
export function lines(effects: readonly EngineEffect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === 'record' ? [effect.record.text] : []));
}

/** Effects other than records, one word each. */
export function kinds(effects: readonly EngineEffect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === 'record' ? [] : [effect.kind]));
}
