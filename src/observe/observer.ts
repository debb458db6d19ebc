// The observer: frames in, happenings out. Keeps what it knows of every virtual router in bounded memory.
import { passTime, segmentDeadline, takeAdvert } from './election.ts';
import type { ObserverEvent, OtherProtocol, Place, Refusal, SegmentId } from './event.ts';
import type { Finding } from './finding.ts';
import { createFindingBook } from './findings.ts';
import { interpretFrame, type Seen } from './interpret.ts';
import { createVipIndex, takeAnnouncement } from './ownership.ts';
import { createRecall, RECALLED_LINK_TYPE } from './recall.ts';
import { createSegment, type Emit, type Segment } from './segment.ts';
import { type AdvertFacts, changesIn, checkSequence, createSpeaker, masterDownOf, type Speaker } from './speaker.ts';
import { type ObserverSnapshot, viewSegment } from './view.ts';

export interface ObservedFrame {
  /** Empty where the capture does not tell. */
  readonly interface: string;
  /** 1 is Ethernet; see wire/cooked. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** The capture holds less than there was on the wire. */
  readonly cut: boolean;
}

export interface ObserverOptions {
  /** Called for each happening, in order. Must not call the observer. */
  readonly onEvent: (event: ObserverEvent) => void;
  /** Routers that are kept at most; adverts of more are counted. Default 2048. */
  readonly maxSpeakers?: number;
  /** Judges so many of them at once, and the others with the next frames and ticks; default all. */
  readonly judgedAtOnce?: number;
}

export interface Observer {
  /** Takes a frame that passed at `at` (µs; a step back counts as no time). Returns what it said, if anything. */
  observe(frame: ObservedFrame, at: number): Seen | undefined;
  /** Lets time pass: who was silent for too long is MASTER no more. */
  tick(now: number): void;
  /** When `tick` has something to do, if no frame comes before; undefined: never. May be too early. */
  nextDeadline(): number | undefined;
  /** Judges what is there now, without waiting for the next second: before the end. */
  finish(): void;
  /** What is wrong now. */
  findings(): readonly Finding[];
  snapshot(): ObserverSnapshot;
  /** When a querier of multicast groups was last heard there, µs; undefined: never. */
  querier(place: Place): number | undefined;
  /** Who was heard for a virtual router, accepted by all or not; cheaper than a snapshot. */
  heard(id: SegmentId): readonly Pick<Speaker, 'address' | 'facts' | 'firstHeard' | 'lastHeard'>[];
}

const MAX_SPEAKERS = 2048;
const MAX_OTHERS = 256;
/** Who was silent for so long makes room for new ones when there is none. */
const FORGET_US = 600_000_000;
const SWEEP_US = 1_000_000;

interface Kept<Value> {
  readonly value: Value;
  last: number;
}

export function createObserver({ onEvent, maxSpeakers = MAX_SPEAKERS, judgedAtOnce }: ObserverOptions): Observer {
  const segments = new Map<string, Segment>();
  const vips = createVipIndex();
  const others = new Map<string, Kept<Place & OtherProtocol>>();
  const queriers = new Map<string, Kept<Place & { address: string }>>();
  const counts = { frames: 0, adverts: 0, refused: 0, malformed: 0, announcements: 0, untracked: 0 };
  const recall = createRecall((bytes) => interpretFrame(bytes, RECALLED_LINK_TYPE, false));
  const book = createFindingBook(onEvent, { since: () => startedAt, querier }, judgedAtOnce);
  /** Something was told since this was last reset: the segment concerned is worth a look. */
  let told = false;
  const emit: Emit = (event) => {
    told = true;
    onEvent(event);
  };
  let now = Number.NEGATIVE_INFINITY;
  let startedAt = Number.NEGATIVE_INFINITY;
  let due: number | undefined;
  let speakerCount = 0;
  let sweepAt = Number.NEGATIVE_INFINITY;

  function observe({ interface: name, linkType, bytes, cut }: ObservedFrame, at: number): Seen | undefined {
    tick(at);
    counts.frames++;
    const plain = linkType === RECALLED_LINK_TYPE && !cut;
    const seen = plain ? recall(bytes) : interpretFrame(bytes, linkType, cut);
    if (seen !== undefined) take(seen, name);
    return seen;
  }

  function take(seen: Seen, name: string): void {
    switch (seen.kind) {
      case 'advert':
        takeAdvertOf(seen, name);
        break;
      case 'announcement':
        for (const segment of vips.find(name, seen.vlan, seen.address)) {
          counts.announcements++;
          takeAnnouncement(segment, seen, now, emit);
          lookIfTold(segment);
        }
        break;
      case 'other-protocol':
        takeOther(placeOf(seen, name), seen.other);
        break;
      case 'querier': {
        const querier = { ...placeOf(seen, name), address: seen.address };
        if (keep(queriers, Object.values(querier).join('|'), querier)) emit({ type: 'querier', at: now, ...querier });
        break;
      }
      case 'malformed':
        counts.malformed++;
    }
  }

  function takeAdvertOf(seen: Extract<Seen, { kind: 'advert' }>, name: string): void {
    const key = keyOf({ ...placeOf(seen, name), vrid: seen.vrid });
    const segment = segments.get(key) ?? createSegment({ ...placeOf(seen, name), vrid: seen.vrid });
    const known = segment.speakers.get(seen.facts.source);
    if (known === undefined && !hasRoom()) {
      counts.untracked++;
      return;
    }
    const speaker = known ?? createSpeaker(seen.facts, now);
    segments.set(key, segment);
    if (seen.refusal === undefined) accept(segment, speaker, seen.facts, known === undefined || known.adverts === 0);
    else refuse(segment, speaker, seen.refusal, seen.facts);
    if (known === undefined) speakerCount++;
    segment.speakers.set(speaker.address, speaker);
    speaker.lastHeard = now;
    if (speaker.refusal !== seen.refusal) told = true;
    speaker.refusal = seen.refusal;
    expect(segmentDeadline(segment));
    lookIfTold(segment);
  }

  function lookIfTold(segment: Segment): void {
    if (told) book.touch(segment, now);
    told = false;
  }

  function accept(segment: Segment, speaker: Speaker, facts: AdvertFacts, isFirst: boolean): void {
    counts.adverts++;
    const before = speaker.facts;
    checkSequence(speaker, facts, now);
    if (speaker.replay?.at === now) told = true;
    speaker.facts = facts;
    if (isFirst || before.addresses !== facts.addresses) vips.add(segment, facts.addresses);
    const { id } = segment;
    if (isFirst) {
      const { source: address, mac, version, priority, intervalUs, authType, addresses } = facts;
      emit({ type: 'speaker', at: now, ...id, address, mac, version, priority, intervalUs, authType, addresses });
    } else {
      for (const change of changesIn(before, facts, speaker.priority)) {
        emit({ type: 'change', at: now, ...id, address: speaker.address, ...change });
      }
    }
    if (facts.priority > 0) speaker.priority = facts.priority;
    speaker.adverts++;
    takeAdvert(segment, speaker, now, emit);
    speaker.masterDownUs = masterDownOf(speaker);
  }

  function refuse({ id }: Segment, speaker: Speaker, reason: Refusal, { ttl }: AdvertFacts): void {
    counts.refused++;
    if (reason === 'ttl') speaker.refusedTtl = ttl;
    const before = speaker.refused[reason] ?? 0;
    speaker.refused[reason] = before + 1;
    if (before === 0) emit({ type: 'refused', at: now, ...id, address: speaker.address, reason });
  }

  /** Whether one more router can be kept. Looked for room at most once a second: a flood must not cost the time. */
  function hasRoom(): boolean {
    if (speakerCount < maxSpeakers) return true;
    if (now < sweepAt) return false;
    sweepAt = now + SWEEP_US;
    for (const [key, segment] of segments) {
      for (const speaker of segment.speakers.values()) {
        if (speaker.role === 'MASTER' || now - speaker.lastHeard < FORGET_US) continue;
        segment.speakers.delete(speaker.address);
        speakerCount--;
      }
      if (segment.speakers.size > 0) continue;
      vips.remove(segment);
      book.forget(segment);
      segments.delete(key);
    }
    return speakerCount < maxSpeakers;
  }

  function takeOther(place: Place, other: OtherProtocol): void {
    const key = [other.protocol, ...Object.values(place), other.group, other.address].join('|');
    const before = others.get(key)?.value.state;
    const isNew = keep(others, key, { ...place, ...other });
    if (isNew || (others.has(key) && before !== other.state)) {
      emit({ type: 'other-protocol', at: now, ...place, ...other });
    }
  }

  /** True when it is heard for the first time and there is room. */
  function keep<Value>(map: Map<string, Kept<Value>>, key: string, value: Value): boolean {
    const known = map.has(key);
    if (!known && map.size >= MAX_OTHERS) return false;
    map.set(key, { value, last: now });
    return !known;
  }

  function querier({ interface: name, vlan, family }: Place): number | undefined {
    const heard = [...queriers.values()].filter(
      ({ value }) => value.interface === name && value.vlan === vlan && value.family === family,
    );
    return heard.length === 0 ? undefined : Math.max(...heard.map(({ last }) => last));
  }

  function tick(at: number): void {
    if (at > now) now = at;
    if (startedAt === Number.NEGATIVE_INFINITY) startedAt = at;
    passDeadlines();
    book.look(now);
  }

  function passDeadlines(): void {
    if (due === undefined || now < due) return;
    const late = [...segments.values()].flatMap((segment) => {
      const deadline = segmentDeadline(segment);
      return deadline !== undefined && deadline <= now ? [{ segment, deadline }] : [];
    });
    for (const { segment } of late.sort((a, b) => a.deadline - b.deadline)) {
      passTime(segment, now, emit);
      lookIfTold(segment);
    }
    due = undefined;
    for (const segment of segments.values()) expect(segmentDeadline(segment));
  }

  function expect(deadline: number | undefined): void {
    if (deadline !== undefined && (due === undefined || deadline < due)) due = deadline;
  }

  return {
    observe,
    tick,
    nextDeadline: () => {
      const look = book.nextLook();
      return due === undefined || (look !== undefined && look < due) ? look : due;
    },
    querier,
    heard: (id) => [...(segments.get(keyOf(id))?.speakers.values() ?? [])],
    finish: () => book.look(now, true),
    findings: book.open,
    snapshot: () => ({
      now,
      counts: { ...counts },
      segments: [...segments.values()].map(viewSegment),
      others: [...others.values()].map(({ value, last }) => ({ ...value, last })),
      queriers: [...queriers.values()].map(({ value, last }) => ({ ...value, last })),
    }),
  };
}

function keyOf({ interface: name, vlan, family, vrid }: SegmentId): string {
  return `${name}|${vlan ?? ''}|${family}|${vrid}`;
}

function placeOf({ vlan, family }: Pick<Place, 'vlan' | 'family'>, name: string): Place {
  return { interface: name, vlan, family };
}
