// `watch` beside a router of this host: what that router knows is joined to what is seen. Its file is read, its log
// explained, its dumps are read when they are there and asked for only when the operator asks.
import { statSync } from 'node:fs';
import { type ConfiguredHost, configuredHost } from '../judge/configured-host.ts';
import { explainLog } from '../judge/explain-log.ts';
import type { HostFinding } from '../judge/host-finding.ts';
import { joinFindings, joinWire, segmentOf } from '../judge/join-wire.ts';
import { readRouterDump } from '../judge/router-dump.ts';
import { singleHostFindings } from '../judge/single-host.ts';
import { followLog, type LocalLog, type LoggedLine } from '../linux/local-log.ts';
import { askForDump, isAlive, isOfTree, type LocalRouter, optionOf, readDumpFile } from '../linux/local-routers.ts';
import type { SegmentId } from '../observe/event.ts';
import type { Discovery, Finding, FindingEvent } from '../observe/finding.ts';
import type { DumpKind, LocalKnowledge, ReadDump } from '../observe/local-router.ts';
import type { ObserverSnapshot } from '../observe/view.ts';
import { type ListedFinding, listedFinding, routerName } from '../session/watch-picture.ts';
import type { IpAddress } from '../wire/address.ts';
import { loadConfig } from './load-config.ts';
import type { LogHappening } from './watch-lines.ts';

export interface JoinOptions {
  readonly routers: readonly LocalRouter[];
  /** Addresses of this host now. */
  own(): ReadonlySet<IpAddress>;
  /** µs of the Unix epoch at zero of the clock of the frames. */
  offsetUs(): number;
  /** The clock of the frames, µs. */
  now(): number;
  onLog(line: LogHappening): void;
  onFinding(event: FindingEvent): void;
  /** What came of asking for a dump. */
  onNote(level: 'info' | 'warning', text: string): void;
}

export interface WatchJoin {
  /** What is known now. */
  local(observed: ObserverSnapshot): LocalKnowledge;
  findings(observed: ObserverSnapshot): readonly ListedFinding[];
  /** Tells of findings about a virtual router that are new or over. */
  tell(observed: ObserverSnapshot): void;
  dump(kinds: readonly DumpKind[]): void;
  /** Changes when there is something new. */
  revision(): number;
  close(): void;
}

const KINDS: readonly DumpKind[] = ['data', 'stats', 'json'];
const LOOK_MS = 2000;
/** So long a router has for writing its dump, looked at so often. */
const ANSWER_MS = 3000;
const ANSWER_LOOK_MS = 100;
/** Lines of a log that become events in a second; a router in trouble writes thousands. */
const LINES_A_SECOND = 50;
/** Findings that are about the file as a whole stand under this. */
const NOWHERE: SegmentId = { interface: '', vlan: undefined, family: 4, vrid: 0 };

interface Known {
  readonly router: LocalRouter;
  host: ConfiguredHost | undefined;
  /** What its file shows by itself. */
  alone: readonly HostFinding[];
  readAt: number;
  alive: boolean;
  notes: readonly string[];
  dumps: readonly ReadDump[];
  dumpNotes: readonly string[];
  log: LocalLog | undefined;
}

/** Follows these routers, their files, logs and dumps, until it is closed. */
export function createWatchJoin({ routers, own, offsetUs, now, onLog, onFinding, onNote }: JoinOptions): WatchJoin {
  const known = joinable(routers).map(begin);
  /** Key of a finding → since when. */
  const since = new Map<string, number>();
  let told: ReadonlyMap<string, Finding> = new Map();
  const asked = new Set<NodeJS.Timeout>();
  let revision = 1;
  let second = 0;
  let lines = 0;
  const timer = setInterval(look, LOOK_MS);
  look();

  function begin(router: LocalRouter): Known {
    const each: Known = {
      router,
      host: undefined,
      alone: [],
      readAt: 0,
      alive: true,
      notes: [],
      dumps: [],
      dumpNotes: [],
      log: undefined,
    };
    readFile(each);
    each.log = followLog(
      (pid) => isOfTree(router, pid),
      (line) => logged(each, line),
    );
    return each;
  }

  function readFile(each: Known): void {
    const { root, configFile, name, argv } = each.router;
    each.readAt = configFile === undefined ? 0 : changedAt(root + configFile);
    const configId = name === 'keepalived' ? optionOf(argv, 'i', 'config-id') : undefined;
    const loaded =
      configFile === undefined
        ? ({ ok: false, message: 'the command line names no file, and the usual ones are not there' } as const)
        : loadConfig(root + configFile, configId === undefined ? {} : { configId });
    each.host = loaded.ok ? configuredHost('this host', configFile!, loaded.result) : undefined;
    each.alone = each.host === undefined ? [] : singleHostFindings(each.host);
    each.notes = loaded.ok
      ? []
      : [`the configuration of ${name} (pid ${each.router.pid}) is not known: ${loaded.message}`];
  }

  /** Whether the processes are there, whether file or dumps have changed. Reads what is there, asks for nothing. */
  function look(): void {
    for (const each of known) {
      const { router } = each;
      each.alive = isAlive(router);
      if (router.configFile !== undefined && changedAt(router.root + router.configFile) !== each.readAt) readFile(each);
      readDumps(each);
    }
    revision++;
  }

  function readDumps(each: Known): void {
    const found = KINDS.map((kind) => {
      const times = each.dumps.flatMap((one) => (one.kind === kind ? [one.writtenAt] : []));
      return { kind, file: readDumpFile(each.router, dumpNames(kind, each.host), times) };
    });
    each.dumps = found.flatMap(({ kind, file }) => {
      if (file === undefined || 'why' in file) return [];
      const { text, ...facts } = file;
      if (text === undefined) return each.dumps.filter((one) => one.kind === kind);
      return [{ kind, ...facts, instances: readRouterDump(kind, text) }];
    });
    each.dumpNotes = found.flatMap(({ file }) =>
      file !== undefined && 'why' in file ? [`${file.file} is not read: ${file.why}`] : [],
    );
  }

  function logged({ router, host }: Known, { at, text }: LoggedLine): void {
    const now = Math.floor(at / 1_000_000);
    if (now !== second) {
      const lost = lines - LINES_A_SECOND;
      if (lost > 0) onNote('warning', `${lost} lines of the log of ${router.name} in a second are left out`);
      [second, lines] = [now, 0];
    }
    if (++lines > LINES_A_SECOND) return;
    const meaning = explainLog(text);
    const instance = host?.config.instances.find(({ name }) => name === meaning?.instance);
    onLog({
      ...{ type: 'log', at: at - offsetUs(), level: meaning?.entry.level ?? 'info', text },
      ...{ means: meaning?.entry.means, finding: meaning?.entry.finding, subject: router.name },
      router: instance === undefined ? undefined : routerName(idOf(instance)),
    });
    revision++;
  }

  function dump(kinds: readonly DumpKind[]): void {
    for (const each of known) {
      const { router } = each;
      if (!isAlive(router)) continue;
      for (const kind of kinds) {
        const from = Date.now() * 1000;
        const problem = askForDump(router, kind);
        if (problem !== undefined) onNote('warning', problem);
        else awaitDump(each, kind, from);
      }
    }
    revision++;
  }

  /** Until the file is newer than the question. Its time is of the kernel's clock, which may be a tick behind ours. */
  function awaitDump(each: Known, kind: DumpKind, from: number): void {
    const until = Date.now() + ANSWER_MS;
    const waiting = setInterval(() => {
      readDumps(each);
      const fresh = each.dumps.find((one) => one.kind === kind && one.writtenAt >= from - 10_000);
      if (fresh === undefined && Date.now() < until) return;
      clearInterval(waiting);
      asked.delete(waiting);
      const { name, pid } = each.router;
      if (fresh === undefined)
        onNote('warning', `${name} (pid ${pid}) has written no ${kind} dump where it is looked for`);
      else onNote('info', `${fresh.file} was written anew by ${name} (pid ${pid})`);
      revision++;
    }, ANSWER_LOOK_MS);
    asked.add(waiting);
  }

  function findings(observed: ObserverSnapshot): readonly ListedFinding[] {
    const at = now();
    const found = known.flatMap((each) =>
      each.host === undefined ? [] : findingsOf(each.host, each.alone, observed, own()),
    );
    const listed = found.map(({ discovery, segment }): ListedFinding => {
      const finding: Finding = { ...discovery, segment, firstSeen: at, lastSeen: at, resolved: undefined };
      const whole = segment === NOWHERE ? { ...listedFinding(finding), router: 'this host' } : listedFinding(finding);
      const key = `${whole.key}|${discovery.title}`;
      return { ...whole, key, firstSeen: since.get(key) ?? at };
    });
    const keys = new Map(listed.map(({ key, firstSeen }) => [key, firstSeen]));
    since.clear();
    for (const [key, first] of keys) since.set(key, first);
    return [...new Map(listed.map((each) => [each.key, each])).values()];
  }

  function tell(observed: ObserverSnapshot): void {
    const at = now();
    const present = new Map<string, Finding>();
    for (const { key, router, ...finding } of findings(observed)) {
      if (finding.segment === NOWHERE) continue;
      present.set(key, finding);
      if (!told.has(key)) onFinding({ type: 'finding', at, finding });
    }
    for (const [key, finding] of told) {
      if (!present.has(key)) onFinding({ type: 'finding', at, finding: { ...finding, resolved: at } });
    }
    told = present;
  }

  return {
    tell,
    local: ({ segments }) => ({
      processes: known.map(({ router: { pid, name, configFile }, alive, log }) => {
        return { pid, name, configFile, alive, log: log?.source() ?? 'none' };
      }),
      instances: known.flatMap(({ router, host, dumps }) =>
        host === undefined ? [] : joinWire({ process: router, host, segments, own: own(), dumps, nameOf: routerName }),
      ),
      notes: [
        ...known.flatMap(({ notes, dumpNotes }) => [...notes, ...dumpNotes]),
        ...routers.filter(({ certain }) => !certain).map(uncertain),
      ],
    }),
    findings,
    dump,
    revision: () => revision,
    close() {
      clearInterval(timer);
      for (const waiting of asked) clearInterval(waiting);
      for (const { log } of known) log?.close();
    },
  };
}

/** What is wrong in the file, and between it and the wire, with where it belongs. */
function findingsOf(
  host: ConfiguredHost,
  alone: readonly HostFinding[],
  { segments }: ObserverSnapshot,
  own: ReadonlySet<IpAddress>,
): { discovery: Discovery; segment: SegmentId }[] {
  const place = (name: string | undefined): SegmentId => {
    const instance = host.config.instances.find((each) => each.name === name);
    if (instance === undefined) return NOWHERE;
    const { interface: on, vlan, family, vrid } = segmentOf(instance, segments) ?? idOf(instance);
    return { interface: on, vlan, family, vrid };
  };
  const wire = joinFindings({ host, segments, own });
  return [
    ...wire.map(({ instance, finding }) => ({ discovery: finding, segment: place(instance.name) })),
    ...alone.map(({ subject, ...discovery }) => ({
      discovery,
      segment: place(subject.startsWith(`${host.name} `) ? subject.slice(host.name.length + 1) : undefined),
    })),
  ];
}

/** One whose namespace may not be looked at is taken for ours only where no other can be meant. */
function joinable(routers: readonly LocalRouter[]): readonly LocalRouter[] {
  return routers.length === 1 ? routers : routers.filter(({ certain }) => certain);
}

function uncertain({ name, pid }: LocalRouter): string {
  const what = 'CAP_SYS_PTRACE (sudo) would tell its network namespace and its directory for dumps';
  return `${name} (pid ${pid}) has rights that this watch has not: ${what}; it may be of another namespace`;
}

function idOf({ interface: name, family, vrid }: Pick<SegmentId, 'interface' | 'family' | 'vrid'>): SegmentId {
  return { interface: name, vlan: undefined, family, vrid };
}

/** As keepalived names them; with data_use_instance namespace and instance are in the name. */
function dumpNames(kind: DumpKind, host: ConfiguredHost | undefined): string[] {
  const { dumps = {}, process: settings = {} } = host?.config.globals ?? {};
  const own = [settings.netNamespace, settings.instanceName].filter((part) => part !== undefined).join('_');
  const named = { data: dumps.dataFile, stats: dumps.statsFile, json: dumps.jsonFile }[kind];
  return [
    ...(named === undefined ? [] : [named]),
    `keepalived.${kind}`,
    ...(own === '' ? [] : [`keepalived.${own}.${kind}`]),
  ];
}

function changedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
