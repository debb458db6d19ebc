// What a watch has to tell a screen: events and packets as numbered rows, and the findings, also those just resolved.
import type { EventRecord, Level, RecordKind } from '../engine/record.ts';
import type { ObserverEvent } from '../observe/event.ts';
import { eventText } from '../observe/event-text.ts';
import type { Finding } from '../observe/finding.ts';
import { describeFrame } from '../observe/packet.ts';
import { createFindingList } from './finding-list.ts';
import type { Packet } from './messages.ts';
import { createRing, type Ring } from './ring.ts';
import { type ListedFinding, listedFinding, placeName, routerName } from './watch-picture.ts';

const EVENTS = 500;
const PACKETS = 500;

export interface WatchFeed {
  events(): Ring<EventRecord>;
  packets(): Ring<Packet>;
  event(event: ObserverEvent): void;
  /** Something that is not of the observer: frames that were lost. */
  note(at: number, level: Level, text: string, subject?: string): void;
  /** A line of the log of a router that runs here. `means`: what it says, where that is known; `subject`: who wrote it. */
  log(line: { at: number; level: Level; text: string; means?: string; instance?: string; subject: string }): void;
  frame(frame: Parameters<typeof describeFrame>[0]): void;
  /** Worst first, those that are over last. `open`: what the observer holds for wrong now; `more`: of elsewhere. */
  findings(open: readonly Finding[], more?: readonly ListedFinding[]): readonly ListedFinding[];
  /** Forgets all that was told; numbers count on. */
  clear(): void;
}

export function createWatchFeed(): WatchFeed {
  let events = createRing<EventRecord>(EVENTS);
  let packets = createRing<Packet>(PACKETS);
  const findings = createFindingList();
  let eventSeq = 0;
  let packetSeq = 0;

  return {
    events: () => events,
    packets: () => packets,
    event(event) {
      events.push({ seq: ++eventSeq, ...recordOf(event) });
      if (event.type === 'finding') findings.told(listedFinding(event.finding));
    },
    note: (at, level, text, subject) =>
      events.push({ seq: ++eventSeq, at, level, kind: 'port', text, ...(subject !== undefined && { subject }) }),
    log: ({ at, level, text, means, instance, subject }) =>
      events.push({
        ...{ seq: ++eventSeq, at, level, kind: 'log', text, subject },
        ...(means !== undefined && { cause: means }),
        ...(instance !== undefined && { instance }),
      }),
    frame(frame) {
      const packet = describeFrame(frame, packetSeq + 1);
      if (packet === undefined) return;
      packetSeq++;
      packets.push({ ...packet, bytes: frame.bytes.slice() });
    },
    findings: (open, more = []) => findings.list([...open.map(listedFinding), ...more]),
    clear() {
      events = createRing(EVENTS);
      packets = createRing(PACKETS);
      findings.clear();
    },
  };
}

/** A happening as a line of the event list. Its `state` is for the lanes: somebody is MASTER, nobody is, two are. */
function recordOf(event: ObserverEvent): Omit<EventRecord, 'seq'> {
  const { at } = event;
  if (event.type === 'finding') {
    const { finding } = event;
    const level = finding.resolved === undefined ? finding.severity : 'info';
    return { at, level, kind: 'node', instance: routerName(finding.segment), text: eventText(event) };
  }
  if (event.type === 'other-protocol' || event.type === 'querier') {
    return { at, level: 'info', kind: 'node', subject: placeName(event), text: eventText(event) };
  }
  const { level, kind, state } = characterOf(event);
  const instance = routerName(event);
  return { at, level, kind, instance, text: eventText(event), ...(state !== undefined && { state }) };
}

type OfRouter = Exclude<ObserverEvent, { type: 'finding' | 'other-protocol' | 'querier' }>;

function characterOf(event: OfRouter): { level: Level; kind: RecordKind; state?: 'MASTER' | 'INIT' | 'FAULT' } {
  switch (event.type) {
    case 'master':
      return { level: 'info', kind: 'state', state: 'MASTER' };
    case 'left':
      return event.master === undefined
        ? { level: event.cause === 'silence' ? 'warning' : 'info', kind: 'state', state: 'INIT' }
        : { level: 'info', kind: 'advert' };
    case 'two-masters':
      return { level: 'error', kind: 'state', state: 'FAULT' };
    case 'one-master':
      return { level: 'info', kind: 'state', state: event.address === undefined ? 'INIT' : 'MASTER' };
    case 'near-miss':
      return { level: 'warning', kind: 'advert' };
    case 'refused':
      return { level: 'warning', kind: 'reject' };
    case 'owner':
      return { level: 'info', kind: 'address' };
    case 'change':
      return { level: 'info', kind: event.what === 'priority' ? 'priority' : 'advert' };
    case 'speaker':
      return { level: 'info', kind: 'advert' };
  }
}
