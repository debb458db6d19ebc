// Keeps the findings of all segments: which are new, which have changed, which are resolved.

import type { Place } from './event.ts';
import type { Discovery, Finding, FindingEvent } from './finding.ts';
import { addressFindings } from './rules-addresses.ts';
import { disagreements } from './rules-agreement.ts';
import { conductFindings } from './rules-conduct.ts';
import { mastershipFindings } from './rules-mastership.ts';
import { routerFindings } from './rules-router.ts';
import { judgedSpeakers, type Segment } from './segment.ts';

/** What is known of the wire beside its virtual routers. */
export interface Wire {
  /** When the first frame was seen, µs. */
  since(): number;
  /** When a querier of multicast groups was last heard there, µs; undefined: never. */
  querier(place: Place): number | undefined;
}

export interface FindingBook {
  /** Something happened there: it is judged in the next looks. */
  touch(segment: Segment, now: number): void;
  /** Judges once a second; `force`: now. */
  look(now: number, force?: boolean): void;
  nextLook(): number | undefined;
  forget(segment: Segment): void;
  open(): readonly Finding[];
}

const EVERY_US = 1_000_000;
/** So long after something happened there may still be something to see that shows with time only. */
const WATCHED_US = 5_000_000;
/** Not there for so long: resolved. Shorter, and a finding would come and go with single adverts. */
const GONE_US = 2_000_000;

/**
 * Segments where nothing happens and nothing is wrong cost nothing. `piece`: a look goes over several calls of `look`, each of
 * which judges so many routers, and one segment at least.
 */
export function createFindingBook(
  emit: (event: FindingEvent) => void,
  wire: Wire,
  piece = Number.POSITIVE_INFINITY,
): FindingBook {
  /** Until when each is judged. */
  const watched = new Map<Segment, number>();
  const findings = new Map<Segment, Map<string, Finding>>();
  let next: number | undefined;
  /** What is left of the look that has begun. */
  let left: Segment[] = [];

  function look(now: number, force = false): void {
    if (left.length === 0 || force) {
      if (next === undefined || (now < next && !force)) return;
      left = [...watched.keys()].reverse();
      next = now + EVERY_US;
    }
    let routers = 0;
    while (left.length > 0 && (routers < piece || force)) {
      const segment = left.pop()!;
      const until = watched.get(segment);
      if (until === undefined) continue;
      routers += Math.max(1, judgedSpeakers(segment).length);
      judge(segment, now);
      if (now >= until && !findings.has(segment)) watched.delete(segment);
    }
    if (watched.size === 0) next = undefined;
  }

  function judge(segment: Segment, now: number): void {
    const open = findings.get(segment) ?? new Map<string, Finding>();
    for (const discovery of discover(segment, now, wire)) {
      const key = keyOf(discovery);
      const before = open.get(key);
      const finding: Finding = {
        ...discovery,
        segment: segment.id,
        firstSeen: before?.firstSeen ?? now,
        lastSeen: now,
        resolved: undefined,
      };
      open.set(key, finding);
      if (before?.severity !== finding.severity || before.confidence !== finding.confidence) tell(finding, now);
    }
    for (const [key, finding] of open) {
      if (now - finding.lastSeen < GONE_US) continue;
      open.delete(key);
      tell({ ...finding, resolved: now }, now);
    }
    if (open.size > 0) findings.set(segment, open);
    else findings.delete(segment);
  }

  function tell(finding: Finding, at: number): void {
    emit({ type: 'finding', at, finding });
  }

  return {
    touch: (segment, now) => {
      watched.set(segment, now + WATCHED_US);
      next ??= now + EVERY_US;
    },
    look,
    nextLook: () => next,
    forget: (segment) => {
      watched.delete(segment);
      findings.delete(segment);
    },
    open: () => [...findings.values()].flatMap((open) => [...open.values()]),
  };
}

/** Two with the same key are the same finding, seen twice. Counts and times are in the title, so that does not count. */
function keyOf({ id, address = '', vip = '', why }: Discovery): string {
  return [id, address, vip, why].join('|');
}

function discover(segment: Segment, now: number, wire: Wire): Discovery[] {
  return [
    ...disagreements(segment, now),
    ...mastershipFindings(segment, now),
    ...addressFindings(segment, now, wire),
    ...routerFindings(segment, now),
    ...conductFindings(segment, now),
  ];
}
