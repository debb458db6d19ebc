// What is wrong where a router of ours runs: what the wire shows of its virtual routers and of others, and what only the
// engine knows. Lives while a screen looks; of the frames that the packet list gets anyway.
import type { EventRecord } from '../engine/record.ts';
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { HostFinding } from '../judge/host-finding.ts';
import type { CapturedSpeaker } from '../judge/node-facts.ts';
import { faultTimes } from '../judge/node-faults.ts';
import { nodeFindings } from '../judge/node-findings.ts';
import type { SegmentId } from '../observe/event.ts';
import type { Finding } from '../observe/finding.ts';
import { createObserver } from '../observe/observer.ts';
import type { CapturedFrame } from '../ports/capture-port.ts';
import { createFindingList } from './finding-list.ts';
import { type ListedFinding, listedFinding, routerName } from './watch-picture.ts';

const LOOK_US = 1_000_000;
/** Silence is told so much later than it is over: frames may still wait in a socket. */
const LAG_US = 200_000;
/** Not there for so long: over. */
const GONE_US = 2_000_000;
const KEPT_EVENTS = 1000;
/** Of more than these nobody waits for the next one: they are looked at once a second. */
const MANY = 50;
const LINKTYPE_ETHERNET = 1;

export interface OwnFindings {
  frame(frame: CapturedFrame): void;
  record(record: EventRecord): void;
  /** Lets time pass on the wire: `now` on the engine's clock, µs. */
  tick(now: number): void;
  /** Counts up when something was found or is over. */
  revision(): number;
  /** Worst first, those that are over last. Looks once a second; the same array while nothing has changed. */
  list(snapshot: Snapshot, latenessUs: number): readonly ListedFinding[];
}

/** `room`: so many routers are followed on the wire; a flood of invented ones must not take the engine's time. */
export function createOwnFindings(room?: number): OwnFindings {
  const rows = createFindingList();
  let own: ReadonlyMap<string, ListedFinding> = new Map();
  let faultSince: ReadonlyMap<string, number> = new Map();
  let names: ReadonlyMap<string, string> = new Map();
  let sources: ReadonlySet<string | undefined> = new Set();
  let events: EventRecord[] = [];
  let changes = 0;
  let seen = -1;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let shown: readonly ListedFinding[] = [];
  let told = '';

  /** Told apart from what the engine itself knows, under whatever id. */
  const listed = (finding: Finding): ListedFinding => {
    const row = listedFinding(finding);
    return { ...row, key: `wire|${row.key}` };
  };
  /** A virtual router in which an instance of ours takes part goes by its name. */
  const named = (row: ListedFinding): ListedFinding => ({ ...row, router: names.get(row.router) ?? row.router });
  const observer = createObserver({
    ...(room !== undefined && { maxSpeakers: room }),
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

  function judge(snapshot: Snapshot, latenessUs: number): void {
    faultSince = faultTimes(faultSince, snapshot);
    sources = new Set(snapshot.instances.map(({ source }) => source));
    names = new Map(snapshot.instances.map((instance) => [routerName(segmentOf(instance)), instance.name]));
    const querier = (instance: InstanceSnapshot) => observer.querier(segmentOf(instance));
    const found = nodeFindings({ snapshot, latenessUs, events, faultSince, heard, querier });
    own = merge(own, found, snapshot, rows.told);
  }

  function open(): readonly ListedFinding[] {
    // We are no stranger to ourselves.
    const wire = observer
      .findings()
      .filter(({ id, address }) => id !== 'D44' || !sources.has(address))
      .map(listed);
    // One virtual router may be captured on an interface and on the VLAN or bridge above it.
    return [...new Map([...own.values(), ...wire].map((finding) => [finding.key, finding])).values()];
  }

  return {
    frame({ interface: name, bytes, at }) {
      observer.observe({ interface: name, linkType: LINKTYPE_ETHERNET, bytes, cut: false }, at);
    },
    record(record) {
      events.push(record);
      if (events.length >= 2 * KEPT_EVENTS) events = events.slice(-KEPT_EVENTS);
    },
    tick: (now) => observer.tick(now - LAG_US),
    revision: () => changes,
    list(snapshot, latenessUs) {
      const due = snapshot.takenAt - lookedAt >= LOOK_US;
      if (!due && (seen === changes || shown.length > MANY)) return shown;
      if (due) judge(snapshot, latenessUs);
      if (due) lookedAt = snapshot.takenAt;
      seen = changes;
      const list = rows.list(open()).map(named);
      // That it is still so is no news.
      const text = JSON.stringify(list, (key, value: unknown) => (key === 'lastSeen' ? undefined : value));
      if (text !== told) shown = list;
      told = text;
      return shown;
    },
  };
}

const segmentOf = ({ interface: name, family, vrid }: InstanceSnapshot): SegmentId => {
  return { interface: name, vlan: undefined, family, vrid };
};

/** What was found before and is no longer there is over after a while; what is new begins now. */
function merge(
  before: ReadonlyMap<string, ListedFinding>,
  found: readonly HostFinding[],
  { takenAt, instances }: Snapshot,
  tell: (finding: ListedFinding) => void,
): ReadonlyMap<string, ListedFinding> {
  const after = new Map<string, ListedFinding>();
  for (const { subject, ...discovery } of found) {
    const instance = instances.find(({ name }) => name === subject);
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
