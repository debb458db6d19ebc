// A recorded capture played to an observer: at real speed, faster, step by step, from any time on. Pure: whoever has a
// clock says what time it is. Going back means beginning anew and reading up to there, in pieces.
import type { ObserverEvent } from '../observe/event.ts';
import { createObserver, type Observer } from '../observe/observer.ts';

export interface RecordedFrame {
  readonly interface: string;
  readonly direction: 'sent' | 'received';
  /** µs of the capture's clock; never before that of the frame before. */
  readonly at: number;
  /** From the Ethernet header on. */
  readonly bytes: Uint8Array;
  readonly cut: boolean;
}

export interface Recording {
  readonly frames: readonly RecordedFrame[];
  /** Of the whole capture, µs of its clock. */
  readonly start: number;
  readonly end: number;
}

/** Where a replay is, all times µs of the capture's clock. */
export interface ReplayState {
  readonly start: number;
  readonly end: number;
  readonly position: number;
  readonly speed: number;
  readonly playing: boolean;
  /** Counts up with each beginning anew: what was told before holds no more. */
  readonly pass: number;
  /** Frames that were read, of all. */
  readonly frame: number;
  readonly frames: number;
}

export type ReplayOrder =
  | { readonly kind: 'faster' | 'slower' | 'step' | 'pause' }
  | { readonly kind: 'by'; readonly us: number }
  | { readonly kind: 'to'; readonly at: number };

/** Who is told what the replay shows. */
export interface ReplayListener {
  event(event: ObserverEvent): void;
  /** The frames that lead to the present place; of those long before none are told. */
  frame(frame: RecordedFrame): void;
  /** Nothing that was told holds any more. */
  clear(): void;
}

export interface Replay {
  /** `now`: any clock that counts on, µs. */
  order(order: ReplayOrder, now: number): void;
  /** Goes on to where it should be at `now`. True: there is more to read at once; call again soon. */
  advance(now: number): boolean;
  state(): ReplayState;
  observer(): Observer;
}

export const SPEEDS: readonly number[] = [1, 2, 10, 100];
const LINKTYPE_ETHERNET = 1;
/** Frames that are read in one piece, so that keys are answered meanwhile. */
const PIECE = 20_000;
/** Frames before a place that are worth a row in a list. */
const LISTED = 600;

/** Stands at the start and plays. */
export function createReplay({ frames, start, end }: Recording, listener: ReplayListener): Replay {
  let observer = createObserver({ onEvent: listener.event });
  let position = start;
  let speed = 1;
  let playing = true;
  let pass = 1;
  let next = 0;
  /** A place to be reached without delay; `list`: from which frame on they are told. */
  let wanted: { readonly at: number; readonly list: number } | undefined;
  let calledAt: number | undefined;
  let finished = false;

  function beginAnew(): void {
    observer = createObserver({ onEvent: listener.event });
    listener.clear();
    position = start;
    next = 0;
    finished = false;
    pass++;
  }

  function goTo(at: number): void {
    const target = Math.min(end, Math.max(start, at));
    if (target < (wanted?.at ?? position)) beginAnew();
    wanted = { at: target, list: firstAfter(frames, target) - LISTED };
  }

  function take(): void {
    const frame = frames[next]!;
    const { interface: name, bytes, cut, at } = frame;
    observer.observe({ interface: name, linkType: LINKTYPE_ETHERNET, bytes, cut }, at);
    if (wanted === undefined || next >= wanted.list) listener.frame(frame);
    next++;
  }

  /** Reads what passed until `until`; true when that was not all. */
  function readUntil(until: number): boolean {
    const last = next + PIECE;
    while (next < frames.length && frames[next]!.at <= until) {
      if (next >= last) return true;
      take();
    }
    position = until;
    observer.tick(until);
    return false;
  }

  function step(): void {
    playing = false;
    if (next >= frames.length) return goTo(end);
    position = frames[next]!.at;
    take();
    endIfOver();
  }

  function endIfOver(): void {
    if (position < end || next < frames.length) return;
    playing = false;
    if (!finished) observer.finish();
    finished = true;
  }

  return {
    order(order, now) {
      const place = SPEEDS.indexOf(speed);
      if (order.kind === 'faster') speed = SPEEDS[Math.min(SPEEDS.length - 1, place + 1)]!;
      else if (order.kind === 'slower') speed = SPEEDS[Math.max(0, place - 1)]!;
      else if (order.kind === 'step') step();
      else if (order.kind === 'by') goTo((wanted?.at ?? position) + order.us);
      else if (order.kind === 'to') goTo(order.at);
      else {
        if (!playing && position >= end) goTo(start);
        playing = !playing;
      }
      calledAt = now;
    },
    advance(now) {
      const passed = calledAt === undefined ? 0 : Math.max(0, now - calledAt);
      calledAt = now;
      if (wanted !== undefined) {
        if (readUntil(wanted.at)) return true;
        wanted = undefined;
      } else if (playing && readUntil(Math.min(end, position + passed * speed))) return true;
      endIfOver();
      return false;
    },
    state: () => ({ start, end, position, speed, playing, pass, frame: next, frames: frames.length }),
    observer: () => observer,
  };
}

/** Index of the first frame behind `at`. */
function firstAfter(frames: readonly RecordedFrame[], at: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
