// What is wrong where a router of ours runs: what the wire shows of its virtual routers and of others, and what only the
// engine knows. Lives while a screen looks; of the frames that the packet list gets anyway.
import type { EventRecord } from '../engine/record.ts';
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { HostFinding } from '../judge/host-finding.ts';
import type { CapturedSpeaker, NodeFacts } from '../judge/node-facts.ts';
import { faultTimes } from '../judge/node-faults.ts';
import { NODE_RULES } from '../judge/node-findings.ts';
import type { SegmentId } from '../observe/event.ts';
import type { Finding } from '../observe/finding.ts';
import { createObserver } from '../observe/observer.ts';
import type { CapturedFrame } from '../ports/capture-port.ts';
import { createFindingList, worstFirst } from './finding-list.ts';
import { type ListedFinding, listedFinding, routerName } from './watch-picture.ts';

const LOOK_US = 1_000_000;
/** Silence is told so much later than it is over: frames may still wait in a socket. */
const LAG_US = 200_000;
/** Not there for so long: over. */
const GONE_US = 2_000_000;
const KEPT_EVENTS = 1000;
/** Of more than these nobody waits for the next one: they are looked at once a second. */
const MANY = 50;
/** More are not shown: each crosses to the screen whenever one has changed. */
const MOST = 200;
/** What is done in one piece: so many routers judged, so many rows made. The engine waits meanwhile. */
const PIECE = 16;
const ROWS_PIECE = 64;
/** Of frames that were left out shortly before, too, it is not known what they were. */
const BEFORE_US = 1_000_000;
const LINKTYPE_ETHERNET = 1;

export interface OwnFindings {
  frame(frame: CapturedFrame): void;
  record(record: EventRecord): void;
  /** Lets time pass on the wire: `now` on the engine's clock, µs. */
  tick(now: number): void;
  /** Counts up when something was found or is over. */
  revision(): number;
  /**
   * Worst first, those that are over last. Looks once a second; the same array while nothing has changed. A look at many
   * goes over several calls, and `revision` counts up as long as it lasts.
   */
  list(snapshot: Snapshot, latenessUs: number): readonly ListedFinding[];
}

export interface OwnFindingsOptions {
  /** So many routers are followed on the wire; a flood of invented ones must not take the engine's time. */
  readonly room?: number;
  /** How many announcements and the like the capture of an interface has left out so far. */
  readonly leftOut?: (interfaceName: string) => number;
}

export function createOwnFindings({ room, leftOut = () => 0 }: OwnFindingsOptions = {}): OwnFindings {
  const rows = createFindingList();
  let own: ReadonlyMap<string, ListedFinding> = new Map();
  let faultSince: ReadonlyMap<string, number> = new Map();
  let names: ReadonlyMap<string, string> = new Map();
  let sources: ReadonlySet<string | undefined> = new Set();
  let events: EventRecord[] = [];
  let changes = 0;
  let seen = -1;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let pieces = 0;
  let work: Iterator<void> | undefined;
  let shown: readonly ListedFinding[] = [];
  let told: readonly string[] = [];
  /** How many frames each interface had left out, and when that last was more than before. */
  const gaps = new Map<string, { count: number; at: number }>();
  /** Something is to be looked at when the next look is due, also when nothing happens until then. */
  let lookAgain = false;

  /** Told apart from what the engine itself knows, under whatever id. */
  const listed = (finding: Finding): ListedFinding => {
    const row = listedFinding(doubted(finding, gaps.get(finding.segment.interface)?.at));
    return { ...row, key: `wire|${row.key}` };
  };
  /** A virtual router in which an instance of ours takes part goes by its name. */
  const named = (row: ListedFinding): ListedFinding => ({ ...row, router: names.get(row.router) ?? row.router });
  const observer = createObserver({
    ...(room !== undefined && { maxSpeakers: room }),
    judgedAtOnce: PIECE,
    onEvent(event) {
      if (event.type !== 'finding') return;
      changes++;
      rows.told(listed(event.finding));
    },
  });

  const heard = (instance: InstanceSnapshot): CapturedSpeaker[] =>
    observer.heard(segmentOf(instance)).map(({ address, facts, firstHeard, lastHeard }) => {
      const { destination, ah, intervalUs } = facts;
      return { address, destination, ah, intervalUs, firstHeard, lastHeard };
    });

  /** One rule after the other. */
  function* judge(snapshot: Snapshot, latenessUs: number): Generator<void, void> {
    faultSince = faultTimes(faultSince, snapshot);
    sources = new Set(snapshot.instances.map(({ source }) => source));
    names = new Map(snapshot.instances.map((instance) => [routerName(segmentOf(instance)), instance.name]));
    for (const name of new Set(snapshot.instances.map((instance) => instance.interface))) {
      const count = leftOut(name);
      const before = gaps.get(name);
      if (count !== (before?.count ?? 0)) gaps.set(name, { count, at: snapshot.takenAt });
    }
    const about = byInstance(events);
    const facts: NodeFacts = {
      ...{ snapshot, latenessUs, faultSince, heard },
      events: (instance) => about.get(instance) ?? [],
      querier: (instance) => observer.querier(segmentOf(instance)),
    };
    const found: HostFinding[] = [];
    for (const rule of NODE_RULES) {
      yield;
      found.push(...rule(facts));
    }
    yield;
    own = merge(own, found, snapshot, rows.told);
  }

  /** A look, in pieces. */
  function* look(snapshot: Snapshot, latenessUs: number, due: boolean): Generator<void, void> {
    if (due) {
      yield* judge(snapshot, latenessUs);
      yield;
    }
    // We are no stranger to ourselves.
    const wire = observer.findings().filter(({ id, address }) => id !== 'D44' || !sources.has(address));
    const both: (Finding | ListedFinding)[] = [...own.values(), ...wire];
    const open = both.sort(worstFirst).slice(0, MOST);
    // One virtual router may be captured on an interface and on the VLAN or bridge above it.
    const once = new Map<string, ListedFinding>();
    for (const finding of open) {
      const row = 'key' in finding ? finding : listed(finding);
      if (!once.has(row.key)) once.set(row.key, row);
    }
    const list: ListedFinding[] = [];
    const texts: string[] = [];
    for (const row of rows.list([...once.values()])) {
      if (list.length % ROWS_PIECE === 0) yield;
      // That it is still so is no news.
      texts.push(JSON.stringify({ ...row, lastSeen: 0 }));
      list.push(named(row));
    }
    if (texts.length !== told.length || texts.some((text, i) => text !== told[i])) shown = list;
    told = texts;
  }

  return {
    frame({ interface: name, bytes, at }) {
      observer.observe({ interface: name, linkType: LINKTYPE_ETHERNET, bytes, cut: false }, at);
    },
    record(record) {
      events.push(record);
      if (events.length >= 2 * KEPT_EVENTS) events = events.slice(-KEPT_EVENTS);
    },
    tick(now) {
      observer.tick(now - LAG_US);
      if (!lookAgain || now - lookedAt < LOOK_US) return;
      lookAgain = false;
      changes++;
    },
    revision: () => changes + pieces,
    list(snapshot, latenessUs) {
      const small = snapshot.instances.length <= PIECE && shown.length <= MANY;
      if (work === undefined) {
        const due = snapshot.takenAt - lookedAt >= LOOK_US;
        lookAgain = !due;
        if (!due && (seen === changes || shown.length > MANY)) return shown;
        if (due) lookedAt = snapshot.takenAt;
        seen = changes;
        work = look(snapshot, latenessUs, due);
      }
      let step = work.next();
      while (small && step.done !== true) step = work.next();
      if (step.done === true) {
        work = undefined;
        // What has gone is over after a while; and much may have happened since a look in pieces began.
        lookAgain ||= !small || [...own.values()].some(({ lastSeen }) => lastSeen < lookedAt);
      } else pieces++;
      return shown;
    },
  };
}

const segmentOf = ({ interface: name, family, vrid }: InstanceSnapshot): SegmentId => {
  return { interface: name, vlan: undefined, family, vrid };
};

/** Who has announced an address last is not known while frames are left out: it is said less surely. */
function doubted(finding: Finding, leftOutAt: number | undefined): Finding {
  if (leftOutAt === undefined || finding.vip === undefined || !ANNOUNCED.has(finding.id)) return finding;
  const since = Math.max(...finding.evidence.map((one) => ('at' in one && one.at) || 0));
  if (leftOutAt < since - BEFORE_US) return finding;
  const text = 'the capture left frames out since then: an announcement may be among them';
  const source = finding.segment.interface;
  return {
    ...finding,
    severity: 'warning',
    confidence: 'hint',
    evidence: [...finding.evidence, { kind: 'host', at: leftOutAt, source, text }],
  };
}

/** Findings that rest on the last announcement. */
const ANNOUNCED: ReadonlySet<string> = new Set(['D08', 'D37', 'D42']);

function byInstance(events: readonly EventRecord[]): ReadonlyMap<string, readonly EventRecord[]> {
  const groups = new Map<string, EventRecord[]>();
  for (const event of events) {
    if (event.instance === undefined) continue;
    const group = groups.get(event.instance);
    if (group === undefined) groups.set(event.instance, [event]);
    else group.push(event);
  }
  return groups;
}

/** What was found before and is no longer there is over after a while; what is new begins now. */
function merge(
  before: ReadonlyMap<string, ListedFinding>,
  found: readonly HostFinding[],
  { takenAt, instances }: Snapshot,
  tell: (finding: ListedFinding) => void,
): ReadonlyMap<string, ListedFinding> {
  const after = new Map<string, ListedFinding>();
  const byName = new Map(instances.map((instance) => [instance.name, instance]));
  for (const { subject, ...discovery } of found) {
    const instance = byName.get(subject);
    const { id, address = '', vip = '', why } = discovery;
    const key = ['own', id, subject, address, vip, why].join('|');
    const known = before.get(key);
    const segment = instance === undefined ? NOWHERE : segmentOf(instance);
    const listed: ListedFinding = {
      ...discovery,
      ...{ key, segment, router: subject, fixes: discovery.fix.split('\n') },
      ...{ firstSeen: known?.firstSeen ?? beginOf(discovery, takenAt), lastSeen: takenAt, resolved: undefined },
    };
    if (known === undefined) tell(listed);
    after.set(key, listed);
  }
  for (const [key, finding] of before) {
    if (after.has(key)) continue;
    if (takenAt - finding.lastSeen < GONE_US) after.set(key, finding);
    else tell({ ...finding, resolved: takenAt });
  }
  return after;
}

/** Of a state that has lasted: since the first of what is dated in its evidence. */
function beginOf({ evidence }: Pick<Finding, 'evidence'>, now: number): number {
  return Math.min(now, ...evidence.flatMap((one) => (one.kind === 'host' && one.at !== undefined ? [one.at] : [])));
}

const NOWHERE: SegmentId = { interface: '', vlan: undefined, family: 4, vrid: 0 };
