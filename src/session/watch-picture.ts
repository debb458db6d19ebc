// What an observer knows as the picture of a screen: one row for each virtual router, seen from the wire. Fields of a row
// that only a router knows of itself are empty; nothing here is a state of ours, because a watch takes no part.
import type { InstanceSnapshot, PeerSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { Place, SegmentId } from '../observe/event.ts';
import type { Finding } from '../observe/finding.ts';
import type { LocalKnowledge } from '../observe/local-router.ts';
import type { ObserverCounts, ObserverSnapshot, SegmentView, SpeakerView } from '../observe/view.ts';
import type { ReplayState } from './replay.ts';

/** How many routers send adverts for a virtual router now. */
export type Mastership = 'one' | 'several' | 'none';

export interface WatchedRouter extends SegmentView {
  /** `eth0 v4 51`, `eth0.7 v6 12`; also the name of its row. */
  readonly name: string;
  readonly mastership: Mastership;
  /** Since when that is so. */
  readonly since: number;
  /** Those that are MASTER, the one that should win first. */
  readonly masters: readonly SpeakerView[];
}

/** A finding as a row. */
export interface ListedFinding extends Finding {
  /** The same for the same finding in every report. */
  readonly key: string;
  /** Name of the virtual router it is about. */
  readonly router: string;
  /** `fix` line by line: what is drawn is one line each. */
  readonly fixes: readonly string[];
}

/** What a watch tells beside the snapshot. */
export interface WatchPicture {
  readonly routers: readonly WatchedRouter[];
  /** Virtual routers that are known and not among them, because there are too many. */
  readonly more: number;
  readonly others: ObserverSnapshot['others'];
  readonly queriers: ObserverSnapshot['queriers'];
  readonly counts: ObserverCounts;
  /** Absent while live. */
  readonly replay?: ReplayState;
  /** What routers of this host know of themselves; absent where none runs. */
  readonly local?: LocalKnowledge;
}

const SHOWN = 500;

/** `eth0.7 v4 51`; where the capture does not name the interface: `v4 51`. */
export function routerName(id: SegmentId): string {
  return `${placeName(id)} v${id.family} ${id.vrid}`.trimStart();
}

/** `eth0`, `eth0.7`. */
export function placeName({ interface: name, vlan }: Pick<Place, 'interface' | 'vlan'>): string {
  return vlan === undefined ? name : `${name}.${vlan}`;
}

/** The picture and, for what is common to all screens, the snapshot. `wallTime`: ms since the Unix epoch at `now`. */
export function watchPicture(
  observed: ObserverSnapshot,
  { now, wallTime, startedAt, routerId }: { now: number; wallTime: number; startedAt: number; routerId: string },
): { readonly snapshot: Snapshot; readonly watch: WatchPicture } {
  const { segments, others, queriers, counts } = observed;
  const routers = segments.slice(0, SHOWN).map(watchedRouter);
  const snapshot: Snapshot = {
    ...{ takenAt: now, wallTime, startedAt, routerId },
    instances: routers.map(instanceOf),
    ...{ scripts: [], statics: [], files: [], processes: [], overrides: [], unknownVrid: {}, knownRouters: [] },
  };
  return { snapshot, watch: { routers, more: segments.length - routers.length, others, queriers, counts } };
}

/** A finding with what identifies it among others. */
export function listedFinding(finding: Finding): ListedFinding {
  const { id, segment, address = '', vip = '', why } = finding;
  const router = routerName(segment);
  return { ...finding, router, key: [id, router, address, vip, why].join('|'), fixes: finding.fix.split('\n') };
}

function watchedRouter(segment: SegmentView): WatchedRouter {
  const speaking = segment.speakers.filter(({ role }) => role === 'MASTER');
  const masters = speaking.sort((a, b) => Number(b.address === segment.master) - Number(a.address === segment.master));
  const mastership = masters.length === 0 ? 'none' : segment.splitSince === undefined ? 'one' : 'several';
  const last = segment.reigns.findLast(({ address }) => address === segment.master) ?? segment.reigns.at(-1);
  const firstHeard = segment.speakers[0]?.firstHeard ?? 0;
  const since = {
    one: last?.first ?? firstHeard,
    several: segment.splitSince ?? firstHeard,
    none: segment.reigns.at(-1)?.end?.at ?? firstHeard,
  };
  return { ...segment, name: routerName(segment), mastership, since: since[mastership], masters };
}

/** Of whom the facts of a row are: the MASTER, else who was it last, else who was heard first. */
export function leadOf({ masters, speakers, reigns }: WatchedRouter): SpeakerView | undefined {
  const last = reigns.at(-1)?.address;
  return masters[0] ?? speakers.find(({ address }) => address === last) ?? speakers[0];
}

/** A row as the lists want it. It is always BACKUP: one who listens. What is seen stands in the picture. */
function instanceOf(router: WatchedRouter): InstanceSnapshot {
  const { name, interface: interfaceName, family, vrid, speakers, vips, reigns } = router;
  const lead = leadOf(router);
  const master = router.masters[0];
  const priority = lead?.priority ?? 0;
  const every = lead?.intervalUs ?? 0;
  const counters = { advertSent: 0, becomeMaster: reigns.at(-1)?.order ?? 0, releaseMaster: 0, priZeroRcvd: 0 };
  return {
    ...{ name, interface: interfaceName, family, vrid, state: 'BACKUP', since: router.since, cause: '', faults: [] },
    version: lead?.version === 2 ? 2 : 3,
    ...{ configuredPriority: priority, basePriority: priority, effectivePriority: priority },
    ...{ preempt: true, preemptDelayUs: 0, advertIntervalUs: every, masterIntervalUs: every, skewUs: 0 },
    masterDownUs: lead?.masterDownUs ?? 0,
    ...(master !== undefined && {
      master: { self: false, address: master.address, priority: master.priority, lastAdvertAt: master.lastHeard },
    }),
    ...{ source: undefined, destinations: [], unicast: lead?.unicast ?? false, authentication: authenticationOf(lead) },
    addresses: (lead?.addresses ?? []).map((address) => {
      const holder = vips.find((vip) => vip.address === address)?.router;
      const present = holder !== undefined && holder === master?.address;
      return { address, prefix: family === 4 ? 32 : 128, interface: interfaceName, excluded: false, present };
    }),
    ...{ policy: [], trackers: [], peers: speakers.map(peerOf) },
    counters: {
      ...counters,
      advertRcvd: speakers.reduce((sum, { adverts }) => sum + adverts, 0),
      priZeroSent: 0,
      rejected: {},
    },
  };
}

function authenticationOf(lead: SpeakerView | undefined): InstanceSnapshot['authentication'] {
  if (lead?.ah) return 'AH';
  return lead?.authType === 1 ? 'PASS' : 'none';
}

function peerOf({ address, lastHeard, priority, version, adverts }: SpeakerView): PeerSnapshot {
  const heard = { address, lastHeardAt: lastHeard, priority, version, accepted: adverts };
  return { ...heard, rejected: {}, addressMismatches: 0, wasMaster: true };
}
