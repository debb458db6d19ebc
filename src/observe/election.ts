// Who is MASTER, inferred from the adverts alone: who begins to send, who yields, who resigns, who falls silent.
import { RESIGN_PRIORITY } from '../wire/vrrp.ts';
import type { ElectionCause, LeaveCause, Reign } from './event.ts';
import type { Emit, Segment } from './segment.ts';
import { beats, disagree, masterDownOf, recordGap, type Speaker } from './speaker.ts';

/** A MASTER that hears a better one is silent from then on: one interval, and some time for what is under way. */
const YIELD_INTERVALS = 1.5;
const YIELD_SLACK_US = 50_000;
/** Where two have proved not to hear each other, one lost advert is no sign of yielding. */
const SPLIT_INTERVALS = 2.5;
/**
 * Routers that refuse each other's adverts silence each other all the same: in keepalived each packet for the VRID starts the
 * timer anew. Where two disagree, silence proves nothing for so many intervals, and so long.
 */
const REFUSED_INTERVALS = 30;
const REFUSED_US = 20_000_000;
/** Two that began at the same moment: their first adverts crossed. */
const CROSSING_US = 5_000;
/** One that is not heard for so many intervals was not alive when another took over. */
const ALIVE_INTERVALS = 2;
const KEPT_REIGNS = 256;

/** An advert of `speaker` that any router would accept. `lastHeard` is still that of the advert before. */
export function takeAdvert(segment: Segment, speaker: Speaker, at: number, emit: Emit): void {
  if (speaker.facts.priority === RESIGN_PRIORITY) {
    leave(segment, speaker, 'priority-0', at, emit);
    return;
  }
  if (speaker.reign === undefined) enthrone(segment, speaker, at, emit);
  else continueReign(segment, speaker, speaker.reign, at, emit);
  if (segment.masters.length > 1) contest(segment, speaker, at, emit);
}

/** When the next of its MASTERs is to be given up, if nothing is heard; undefined without MASTER. */
export function segmentDeadline(segment: Segment): number | undefined {
  let first: number | undefined;
  for (const master of segment.masters) {
    const deadline = deadlineOf(segment, master);
    if (first === undefined || deadline < first) first = deadline;
  }
  return first;
}

/** Gives up the MASTERs that were silent for too long. */
export function passTime(segment: Segment, now: number, emit: Emit): void {
  for (const master of [...segment.masters]) {
    const deadline = deadlineOf(segment, master);
    if (deadline > now) continue;
    leave(segment, master, master.contestedAt === undefined ? 'silence' : 'yielded', deadline, emit);
  }
}

function deadlineOf({ masters, splitSince }: Segment, master: Speaker): number {
  const { contestedAt, reign, rivalLeftAt } = master;
  const last = Math.max(reign!.last, contestedAt ?? reign!.last, rivalLeftAt ?? reign!.last);
  if (masters.some((other) => other !== master && disagree(other.facts, master.facts))) {
    const longest = Math.max(...masters.map(({ facts }) => facts.intervalUs));
    return last + Math.max(REFUSED_INTERVALS * longest, REFUSED_US);
  }
  if (contestedAt === undefined) return last + masterDownOf(master);
  if (splitSince === undefined) return last + yieldTime(master);
  return last + Math.ceil(SPLIT_INTERVALS * master.facts.intervalUs) + YIELD_SLACK_US;
}

function yieldTime({ facts }: Speaker): number {
  return Math.max(Math.ceil(YIELD_INTERVALS * facts.intervalUs), facts.intervalUs + YIELD_SLACK_US);
}

function enthrone(segment: Segment, speaker: Speaker, at: number, emit: Emit): void {
  const { id, masters, lastMaster } = segment;
  const before = best(masters) ?? lastMaster;
  const cause = causeOf(speaker, before, at);
  // It took over because it did not hear the other for long: nor do we wait for it any longer.
  if (cause === 'silence' && before?.reign !== undefined) leave(segment, before, 'silence', at, emit);
  const { facts, address, priority } = speaker;
  const reign: Reign = {
    order: ++segment.reignCount,
    address,
    version: facts.version,
    priority,
    cause,
    takeoverUs: before === undefined ? undefined : at - before.lastHeard,
    deaf: cause === 'unheard' && at - before!.reign!.first > CROSSING_US,
    first: at,
    last: at,
    adverts: 1,
    end: undefined,
  };
  const former = segment.reigns.at(-1);
  const paused = former?.address === address && former.adverts === 1 && former.end?.cause === 'silence';
  speaker.slowStart = paused ? { at, gapUs: at - former.first } : undefined;
  if (segment.reigns.push(reign) > KEPT_REIGNS) segment.reigns.shift();
  Object.assign(speaker, { reign, role: 'MASTER', contestedAt: undefined, rivalLeftAt: undefined });
  segment.masters = [...segment.masters, speaker];
  emit({
    type: 'master',
    at,
    ...id,
    address,
    previous: before?.address,
    priority,
    version: facts.version,
    cause,
    takeoverUs: reign.takeoverUs,
  });
}

function causeOf(speaker: Speaker, before: Speaker | undefined, at: number): ElectionCause {
  if (before === undefined) return 'first';
  if (before.reign === undefined) {
    return before.facts.priority === RESIGN_PRIORITY ? 'priority-0' : 'silence';
  }
  if (at - before.lastHeard >= ALIVE_INTERVALS * before.facts.intervalUs) return 'silence';
  return beats(speaker, before) ? 'preemption' : 'unheard';
}

function continueReign(segment: Segment, speaker: Speaker, reign: Reign, at: number, emit: Emit): void {
  const gapUs = at - reign.last;
  reign.last = at;
  reign.adverts++;
  const late = recordGap(speaker, gapUs, at);
  // One that another silenced meanwhile is not slow by itself.
  const alone = segment.masters.length === 1 && speaker.rivalLeftAt === undefined;
  if (late && alone && reign.adverts === 2) speaker.slowStart = { at, gapUs };
  if (!late) return;
  const { address, masterDownUs } = speaker;
  emit({ type: 'near-miss', at, ...segment.id, address, gapUs, masterDownUs });
}

/** More than one is MASTER, and `speaker` has just spoken. */
function contest(segment: Segment, speaker: Speaker, at: number, emit: Emit): void {
  const winner = best(segment.masters)!;
  if (speaker === winner) {
    speaker.contestedAt = undefined;
    for (const other of segment.masters) if (other !== winner) other.contestedAt ??= at;
    return;
  }
  const { contestedAt } = speaker;
  if (contestedAt === undefined || segment.splitSince !== undefined || at <= contestedAt + yieldTime(speaker)) return;
  segment.splitSince = contestedAt;
  const others = segment.masters.filter((master) => master !== winner);
  const addresses = [winner, ...others].map(({ address }) => address);
  emit({ type: 'two-masters', at, ...segment.id, addresses, since: contestedAt });
}

function leave(segment: Segment, speaker: Speaker, cause: LeaveCause, at: number, emit: Emit): void {
  const { reign, address } = speaker;
  speaker.role = cause === 'yielded' ? 'BACKUP' : 'SILENT';
  if (reign === undefined) return;
  reign.end = { at, cause };
  Object.assign(speaker, { reign: undefined, contestedAt: undefined });
  segment.masters = segment.masters.filter((master) => master !== speaker);
  const master = best(segment.masters);
  segment.lastMaster = master ?? speaker;
  // Nobody is better than the best of those that are left.
  if (master !== undefined) master.contestedAt = undefined;
  // Whom the other had silenced has a whole master-down time to speak again.
  for (const left of segment.masters) left.rivalLeftAt = at;
  emit({ type: 'left', at, ...segment.id, address, cause, master: master?.address, reign: { ...reign } });
  if (segment.splitSince === undefined || segment.masters.length > 1) return;
  emit({ type: 'one-master', at, ...segment.id, address: master?.address, since: segment.splitSince });
  segment.splitSince = undefined;
}

/** The one that the others must yield to. */
function best(masters: readonly Speaker[]): Speaker | undefined {
  let winner = masters[0];
  for (const master of masters) if (master !== winner && beats(master, winner!)) winner = master;
  return winner;
}

/** The MASTER of a segment: of several the one that should win. */
export function masterOf({ masters }: Segment): Speaker | undefined {
  return best(masters);
}
