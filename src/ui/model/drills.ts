// What an override did, measured: from its event, the events of its instance and the packets of its virtual router.
import type { EventRecord } from '../../engine/record.ts';
import type { InstanceSnapshot, Snapshot } from '../../engine/snapshot.ts';
import type { Packet } from '../../session/messages.ts';
import { masterDownTime, skewTime } from '../../vrrp/timers.ts';
import type { Family } from '../../wire/address.ts';
import { candidates } from '../candidates.ts';

export interface DrillStep {
  readonly at: number;
  /** `engine`: the event log of this router. `wire`: a captured packet. */
  readonly from: 'engine' | 'wire';
  readonly text: string;
}

/** From an override to a while after it has been taken back. Times are µs of the engine's clock. */
export interface Drill {
  /** Number of the event that began it. */
  readonly seq: number;
  readonly instance: string;
  readonly interface: string;
  readonly family: Family;
  readonly vrid: number;
  /** The addresses that move. */
  readonly addresses: readonly string[];
  /** `forced FAULT for 120 s`. */
  readonly what: string;
  readonly startedAt: number;
  readonly wasMaster: boolean;
  /** Shortest and longest time that the forecast gave for the takeover. */
  readonly expected: readonly [number, number] | undefined;
  readonly steps: readonly DrillStep[];
  /** This router gave way: its last advert, or priority 0. */
  readonly leftAt: number | undefined;
  /** First advert of another MASTER after that, and whose. */
  readonly takenAt: number | undefined;
  readonly takenBy: string | undefined;
  /** Addresses that the other has announced, and when the last of them was. */
  readonly announced: readonly string[];
  readonly announcedAt: number | undefined;
  /** Changes of MASTER since it began. */
  readonly changes: number;
  /** The override is over, and this router is MASTER again. */
  readonly endedAt: number | undefined;
  readonly returnedAt: number | undefined;
}

const KEPT = 20;
const KEPT_STEPS = 200;
/** So long after its end it is still looked at, in master-down times: the way back belongs to it. */
const AFTER_MASTER_DOWNS = 4;

/** What is new, in the order of time; drills oldest first. `before` is the picture before all of it. */
export function foldDrills(
  drills: readonly Drill[],
  news: { readonly events: readonly EventRecord[]; readonly packets: readonly Packet[] },
  before: Snapshot | undefined,
  now: Snapshot,
): readonly Drill[] {
  const begins = news.events.some(isBeginning);
  if (!begins && !drills.some((drill) => isOpen(drill, now))) return drills;
  const inOrder = [
    ...news.events.map((event) => ({ at: event.at, event, packet: undefined })),
    ...news.packets.map((packet) => ({ at: packet.at, event: undefined, packet })),
  ].sort((a, b) => a.at - b.at);
  let result = drills;
  for (const { event, packet } of inOrder) {
    if (event !== undefined && isBeginning(event)) {
      const drill = begin(event, before ?? now);
      if (drill !== undefined) result = [...result, drill].slice(-KEPT);
      continue;
    }
    result = result.map((drill) => {
      if (!isOpen(drill, now)) return drill;
      return event === undefined ? takePacket(drill, packet!) : takeEvent(drill, event);
    });
  }
  return result;
}

const BEGIN = /^override: (.*)$/;
const END = /^override (?:expired|taken back): (.*)$/;

function isBeginning({ kind, text, instance }: EventRecord): boolean {
  return kind === 'override' && instance !== undefined && BEGIN.test(text);
}

function isOpen({ endedAt, instance }: Drill, { takenAt, instances }: Snapshot): boolean {
  if (endedAt === undefined) return true;
  const masterDown = instances.find(({ name }) => name === instance)?.masterDownUs ?? 0;
  return takenAt - endedAt <= AFTER_MASTER_DOWNS * masterDown;
}

function begin(event: EventRecord, before: Snapshot): Drill | undefined {
  const instance = before.instances.find(({ name }) => name === event.instance);
  if (instance === undefined) return undefined;
  const what = BEGIN.exec(event.text)![1]!;
  return {
    seq: event.seq,
    instance: instance.name,
    interface: instance.interface,
    family: instance.family,
    vrid: instance.vrid,
    addresses: instance.addresses.map(({ address }) => address),
    what,
    startedAt: event.at,
    wasMaster: instance.state === 'MASTER',
    expected: expectation(before, instance, what),
    steps: [{ at: event.at, from: 'engine', text: event.text }],
    leftAt: undefined,
    takenAt: undefined,
    takenBy: undefined,
    announced: [],
    announcedAt: undefined,
    changes: 0,
    endedAt: undefined,
    returnedAt: undefined,
  };
}

/** A forced FAULT sends priority 0, so a skew passes (RFC 9568 §6.4.2); a lower priority is preempted within master-down. */
function expectation(
  snapshot: Snapshot,
  instance: InstanceSnapshot,
  what: string,
): readonly [number, number] | undefined {
  if (instance.state !== 'MASTER') return undefined;
  const [best] = candidates(snapshot, instance);
  if (best === undefined) return undefined;
  const { version, advertIntervalUs } = instance;
  const [highest, lowest] = best.priority === undefined ? [254, 1] : [best.priority, best.priority];
  if (what.startsWith('forced FAULT'))
    return [skewTime(version, highest, advertIntervalUs), skewTime(version, lowest, advertIntervalUs)];
  return [0, masterDownTime(version, lowest, advertIntervalUs)];
}

function withStep(drill: Drill, step: DrillStep, change: Partial<Drill> = {}): Drill {
  return { ...drill, ...change, steps: [...drill.steps, step].slice(-KEPT_STEPS) };
}

function takeEvent(drill: Drill, event: EventRecord): Drill {
  if (event.instance !== drill.instance || event.at < drill.startedAt) return drill;
  if (event.kind !== 'state' && event.kind !== 'override' && event.kind !== 'priority' && event.kind !== 'address')
    return drill;
  const text = event.cause ? `${event.text} (${event.cause})` : event.text;
  const step: DrillStep = { at: event.at, from: 'engine', text };
  if (event.kind === 'override') {
    const over = END.exec(event.text)?.[1];
    return over !== undefined && drill.what.startsWith(over) ? withStep(drill, step, { endedAt: event.at }) : drill;
  }
  if (event.state === 'MASTER')
    return withStep(drill, step, { changes: drill.changes + 1, ...(drill.leftAt && { returnedAt: event.at }) });
  const leaves = event.state !== undefined && drill.wasMaster && drill.leftAt === undefined;
  return withStep(drill, step, leaves ? { leftAt: event.at } : {});
}

function takePacket(drill: Drill, packet: Packet): Drill {
  if (packet.interface !== drill.interface || packet.at < drill.startedAt) return drill;
  if (packet.protocol === 'arp' || packet.protocol === 'na') return takeAnnouncement(drill, packet);
  if (packet.vrid !== drill.vrid || (packet.source.includes(':') ? 6 : 4) !== drill.family) return drill;
  const step = (text: string): DrillStep => ({ at: packet.at, from: 'wire', text });
  if (packet.priority === 0)
    return withStep(
      drill,
      step(`${packet.direction === 'sent' ? 'priority 0 sent' : `${packet.source} sent priority 0`}`),
    );
  if (packet.direction === 'sent' || packet.source === drill.takenBy) return drill;
  const first = drill.takenAt === undefined && drill.leftAt !== undefined;
  return withStep(drill, step(`first advert of ${packet.source}, priority ${packet.priority}`), {
    takenBy: packet.source,
    changes: drill.changes + 1,
    ...(first && { takenAt: packet.at }),
  });
}

/** One of the addresses is elsewhere now. */
function takeAnnouncement(drill: Drill, packet: Packet): Drill {
  const [address] = packet.addresses;
  if (packet.direction === 'sent' || address === undefined || drill.leftAt === undefined) return drill;
  if (!drill.addresses.includes(address) || drill.announced.includes(address)) return drill;
  return withStep(
    drill,
    { at: packet.at, from: 'wire', text: packet.summary },
    {
      announced: [...drill.announced, address],
      announcedAt: packet.at,
    },
  );
}

export interface Measured {
  readonly takeoverUs: number | undefined;
  /** From this router's release of its addresses until the last of them was announced by another. */
  readonly darkUs: number | undefined;
  /** Changes of MASTER beyond one there and one back. */
  readonly flaps: number;
}

export function measured(drill: Drill): Measured {
  const { leftAt, takenAt, announcedAt, announced, addresses, changes, returnedAt } = drill;
  const since = (at: number | undefined): number | undefined =>
    leftAt === undefined || at === undefined ? undefined : at - leftAt;
  const expected = (takenAt === undefined ? 0 : 1) + (returnedAt === undefined ? 0 : 1);
  return {
    takeoverUs: since(takenAt),
    darkUs: announced.length === addresses.length ? since(announcedAt) : undefined,
    flaps: Math.max(0, changes - expected),
  };
}
