// A session without an engine: three routers whose snapshots follow from the time alone, with everything a screen must
// be able to show (a MASTER with peers, a FAULT, failing and hostile scripts, overrides), and a record of what it was told.
import type { CommandResult, OperatorCommand } from '../../src/engine/commands.ts';
import type { EventRecord } from '../../src/engine/record.ts';
import type {
  CounterSnapshot,
  InstanceSnapshot,
  KnownRouter,
  OverrideSnapshot,
  ScriptSnapshot,
  Snapshot,
} from '../../src/engine/snapshot.ts';
import type { FromScreen, Packet, SessionInfo, ToScreen } from '../../src/session/messages.ts';
import type { ScreenSession, ScreenSink } from '../../src/session/screen-session.ts';

export const SECOND = 1_000_000;
/** 2026-03-01 12:00:00 UTC. */
export const WALL_START = 1_772_366_400_000;
/** The engine's clock at the start: not zero, so that nobody relies on it. */
export const ENGINE_START = 5_000 * SECOND;

const ROUTERS = ['alpha', 'beta', 'gamma'] as const;

/** What a hostile check script may print: clear screen, title, colour, bidi, wide and combining characters. */
export const HOSTILE = '\x1b[2J\x1b]0;owned\x07\x1b[31mred\x9b3Jc1 \u202egnp.exe 漢字 e\u0301 🔥\r\nline two\tend';

const counters = (sent: number, received: number, more: Partial<CounterSnapshot> = {}): CounterSnapshot => ({
  advertRcvd: received,
  advertSent: sent,
  becomeMaster: 1,
  releaseMaster: 0,
  priZeroRcvd: 0,
  priZeroSent: 0,
  rejected: {},
  ...more,
});

/** An instance with everything filled in; BACKUP of 10.0.0.2 unless told otherwise. */
export function fakeInstance(now: number, more: Partial<InstanceSnapshot> = {}): InstanceSnapshot {
  return {
    name: 'VI_DB',
    interface: 'eth1',
    family: 4,
    vrid: 60,
    version: 2,
    state: 'BACKUP',
    since: ENGINE_START - 272 * SECOND,
    cause: 'startup',
    faults: [],
    configuredPriority: 100,
    basePriority: 100,
    effectivePriority: 100,
    preempt: true,
    preemptDelayUs: 0,
    advertIntervalUs: SECOND,
    masterIntervalUs: SECOND,
    skewUs: 609_375,
    masterDownUs: 3_609_375,
    masterDownAt: lastWhole(now) + 3_609_375,
    master: { self: false, address: '10.0.0.2', priority: 150, lastAdvertAt: lastWhole(now) },
    source: '10.0.0.1',
    destinations: ['224.0.0.18'],
    unicast: false,
    authentication: 'none',
    addresses: [{ address: '10.0.1.100', prefix: 24, interface: 'eth1', excluded: false, present: false }],
    policy: [],
    trackers: [],
    peers: [peer(now, { address: '10.0.0.2', priority: 150, lastHeardAt: lastWhole(now) })],
    counters: counters(0, secondsOf(now)),
    ...more,
  };
}

const secondsOf = (now: number): number => Math.floor((now - ENGINE_START) / SECOND) + 100;
const lastWhole = (now: number): number => Math.floor(now / SECOND) * SECOND;

function peer(now: number, more: Partial<InstanceSnapshot['peers'][number]>): InstanceSnapshot['peers'][number] {
  return {
    address: '10.0.0.2',
    lastHeardAt: now,
    priority: 100,
    version: 3,
    accepted: 4,
    rejected: {},
    addressMismatches: 0,
    wasMaster: true,
    ...more,
  };
}

/** MASTER of two addresses, with a peer that was MASTER before and one that sends rubbish. */
export function fakeMaster(now: number, more: Partial<InstanceSnapshot> = {}): InstanceSnapshot {
  const { masterDownAt: _, ...rest } = fakeInstance(now);
  return {
    ...rest,
    name: 'VI_WEB',
    interface: 'eth0.10',
    vrid: 51,
    version: 3,
    state: 'MASTER',
    cause: 'master-down timer expired (10.0.0.2 silent)',
    configuredPriority: 150,
    basePriority: 150,
    effectivePriority: 130,
    skewUs: 492_187,
    masterDownUs: 3_492_187,
    advertAt: lastWhole(now) + SECOND,
    master: { self: true, address: '10.0.0.1', priority: 130, lastAdvertAt: lastWhole(now) },
    addresses: [
      { address: '192.0.2.10', prefix: 24, interface: 'eth0.10', excluded: false, present: true },
      { address: '192.0.2.11', prefix: 24, interface: 'eth0.10', excluded: false, present: true },
    ],
    trackers: [
      { name: 'chk_http', kind: 'script', ok: true, weight: 0, reverse: false, contribution: 0 },
      { name: 'chk_smtp', kind: 'script', ok: false, weight: -20, reverse: false, contribution: -20 },
      { name: 'eth0', kind: 'interface', ok: true, weight: 0, reverse: false, contribution: 0 },
    ],
    peers: [
      peer(now, { address: '10.0.0.2', priority: 100, lastHeardAt: ENGINE_START - 280 * SECOND }),
      peer(now, {
        address: '10.0.0.99',
        priority: undefined,
        lastHeardAt: lastWhole(now),
        accepted: 0,
        rejected: { ttl: 3, checksum: 1 },
        wasMaster: false,
      }),
    ],
    counters: counters(secondsOf(now) + 270_000, 4, { rejected: { ttl: 3, checksum: 1 } }),
    ...more,
  };
}

function faulty(now: number): InstanceSnapshot {
  const { masterDownAt: _, master: __, ...rest } = fakeInstance(now);
  return {
    ...rest,
    name: 'VI_OLD',
    interface: 'eth3',
    vrid: 80,
    state: 'FAULT',
    cause: 'interface eth3 is down',
    faults: ['interface eth3 is down'],
    since: ENGINE_START - 2460 * SECOND,
    addresses: [],
    peers: [],
    trackers: [{ name: 'eth3', kind: 'interface', ok: false, weight: 0, reverse: false, contribution: 0 }],
  };
}

function script(now: number, more: Partial<ScriptSnapshot>): ScriptSnapshot {
  const history = Array.from({ length: 60 }, (_, i) => ({ at: now - (60 - i) * SECOND, ok: true, durationUs: 12_000 }));
  return {
    name: 'chk_http',
    command: '/usr/local/bin/chk_http --timeout 1',
    intervalUs: 2 * SECOND,
    timeoutUs: SECOND,
    rise: 2,
    fall: 3,
    ok: true,
    running: false,
    passes: 92_711,
    failures: 12,
    streak: 4120,
    lastResult: 'exited 0',
    lastOutput: '',
    lastDurationUs: 12_000,
    nextRunAt: lastWhole(now) + 2 * SECOND,
    history,
    usedBy: ['VI_WEB'],
    ...more,
  };
}

function scripts(now: number): ScriptSnapshot[] {
  const failing = script(now, {
    name: 'chk_smtp',
    ok: false,
    passes: 12_004,
    failures: 31,
    streak: 4,
    lastResult: 'exited 1',
    lastOutput: HOSTILE,
  });
  const history = failing.history.map((run, i) => ({ ...run, ok: i < 56 }));
  return [script(now, {}), { ...failing, history }];
}

const KNOWN: readonly KnownRouter[] = ROUTERS.slice(1).map((name, i) => ({
  name,
  address: `10.0.0.${i + 2}`,
  interface: 'eth0.10',
  vrid: 51,
  effectivePriority: 120 - i * 20,
  state: 'BACKUP',
  preempt: true,
}));

/** The picture of router `index` at an engine time. */
export function fakeSnapshot(now: number, index = 0, more: Partial<Snapshot> = {}): Snapshot {
  const instances =
    index === 0 ? [fakeMaster(now), fakeInstance(now), faulty(now)] : [fakeInstance(now, { name: 'VI_WEB' })];
  return {
    takenAt: now,
    wallTime: WALL_START + (now - ENGINE_START) / 1000,
    startedAt: ENGINE_START - 272 * SECOND,
    routerId: ROUTERS[index] ?? 'none',
    instances,
    scripts: index === 0 ? scripts(now) : [],
    statics: [],
    files: [],
    processes: [],
    overrides: [],
    unknownVrid: {},
    knownRouters: [],
    ...more,
  };
}

export function fakePacket(seq: number, at: number, more: Partial<Packet> = {}): Packet {
  return {
    seq,
    at,
    interface: 'eth0.10',
    direction: 'sent',
    protocol: 'vrrp',
    vlan: undefined,
    source: '10.0.0.1',
    destination: '224.0.0.18',
    ttl: 255,
    version: 3,
    vrid: 51,
    priority: 130,
    intervalUs: SECOND,
    addresses: ['192.0.2.10', '192.0.2.11'],
    marks: [],
    summary: 'VRRPv3 vrid 51 prio 130 int 1s 192.0.2.10 192.0.2.11',
    length: 32,
    bytes: new Uint8Array(32),
    ...more,
  };
}

/** Two adverts a second, sent and received; every tenth second a hostile one. */
function packetsOf(second: number): Packet[] {
  const at = ENGINE_START + second * SECOND;
  const seq = second * 3 + 1;
  const received = {
    direction: 'received',
    interface: 'eth1',
    source: '10.0.0.2',
    vrid: 60,
    priority: 150,
    version: 2,
  } as const;
  const rows = [fakePacket(seq, at), fakePacket(seq + 1, at + 310_000, { ...received, addresses: ['10.0.1.100'] })];
  if (second % 10 === 0) {
    rows.push(
      fakePacket(seq + 2, at + 700_000, { ...received, source: '10.0.0.99', ttl: 64, marks: ['TTL', 'ALIEN'] }),
    );
  }
  return rows;
}

const HISTORY: readonly Omit<EventRecord, 'seq'>[] = [
  { at: ENGINE_START - 272 * SECOND, level: 'info', kind: 'node', text: 'Starting kavtui' },
  {
    at: ENGINE_START - 272 * SECOND,
    level: 'info',
    kind: 'state',
    instance: 'VI_WEB',
    state: 'BACKUP',
    text: 'Entering BACKUP STATE',
    cause: 'startup',
  },
  {
    at: ENGINE_START - 268 * SECOND,
    level: 'info',
    kind: 'state',
    instance: 'VI_WEB',
    state: 'MASTER',
    text: 'Entering MASTER STATE',
    cause: 'master-down timer expired',
  },
  { at: ENGINE_START - 120 * SECOND, level: 'warning', kind: 'script', text: 'Script `chk_smtp` now returning 1' },
  {
    at: ENGINE_START - 120 * SECOND,
    level: 'warning',
    kind: 'priority',
    instance: 'VI_WEB',
    text: 'Changing effective priority from 150 to 130',
  },
  {
    at: ENGINE_START - 60 * SECOND,
    level: 'error',
    kind: 'link',
    instance: 'VI_OLD',
    text: `interface \x1b[31meth3 is down`,
  },
];

export const FAKE_INFO: SessionInfo = {
  command: 'run',
  hostname: 'alpha',
  version: '0.1.0',
  configFile: '/etc/keepalived/keepalived.conf',
  operate: true,
  pid: 4121,
};

export interface FakeSession extends ScreenSession {
  /** Everything the screen said. */
  readonly received: FromScreen[];
  /** Overrides on the router that is shown. */
  readonly overrides: OverrideSnapshot[];
  /** Publishes an update when the time has moved on or something was asked; `more` changes the snapshot. */
  publish(more?: Partial<Snapshot>): void;
  connected(): boolean;
}

export interface FakeOptions {
  /** Engine clock, µs. */
  now(): number;
  readonly info?: Partial<SessionInfo>;
  /** Demo only: several routers, of which everything is known. */
  readonly routers?: number;
  answer?(command: OperatorCommand): CommandResult;
}

export function createFakeSession({ now, info = {}, routers = 1, answer }: FakeOptions): FakeSession {
  const received: FromScreen[] = [];
  const overrides: OverrideSnapshot[] = [];
  let sink: ScreenSink | undefined;
  let shown = 0;
  let lastSecond = -6;
  let sentHistory = false;

  const deliver = (message: ToScreen): void => sink?.deliver(structuredClone(message));

  function update(more: Partial<Snapshot> = {}): void {
    const at = now();
    const packets: Packet[] = [];
    const second = Math.floor((at - ENGINE_START) / SECOND);
    while (lastSecond < second) packets.push(...packetsOf(++lastSecond).map((p) => ({ ...p, seq: p.seq + 100 })));
    const events = sentHistory ? [] : HISTORY.map((event, i) => ({ ...event, seq: i + 1 }));
    sentHistory = true;
    const known = info.command === 'demo' ? KNOWN : [];
    const snapshot = fakeSnapshot(at, shown, { overrides: [...overrides], knownRouters: known, ...more });
    deliver({ type: 'update', snapshot, events, packets, dropped: 0, lateness: 1200 });
  }

  function command(message: Extract<FromScreen, { type: 'command' }>): void {
    const result = answer?.(message.command) ?? { ok: true, message: `done: ${message.command.kind}` };
    deliver({ type: 'answer', id: message.id, result });
  }

  return {
    info: { ...FAKE_INFO, ...info },
    received,
    overrides,
    publish: update,
    connected: () => sink !== undefined,
    connect(newSink) {
      sink = newSink;
      deliver({ type: 'routers', names: ROUTERS.slice(0, routers), shown });
      update();
      return {
        receive(message) {
          received.push(message);
          if (message.type === 'command') command(message);
          if (message.type === 'unlock') deliver({ type: 'mode', operate: true, leftUs: message.lastsUs });
          if (message.type === 'lock') deliver({ type: 'mode', operate: false });
          if (message.type !== 'show-router') return;
          shown = message.index;
          lastSecond = -6;
          sentHistory = false;
          deliver({ type: 'routers', names: ROUTERS.slice(0, routers), shown });
          update();
        },
        close() {
          sink = undefined;
        },
      };
    },
  };
}
