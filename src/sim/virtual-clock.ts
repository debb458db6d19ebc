// Virtual time: an event queue that jumps from one event to the next. Equal times run in the order of their making.
import type { Clock } from '../ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Runs the next event and moves time to it. False when none is left. */
  step(): boolean;
  /** Runs all events up to and including `at` (µs), then sets the time to `at`. */
  runUntil(at: number): void;
  /** Time of the next event (µs); undefined when none is left. */
  nextAt(): number | undefined;
}

/** 2026-01-01T00:00:00Z. */
const NEW_YEAR_2026_MS = 1_767_225_600_000;

interface Entry {
  readonly at: number;
  readonly order: number;
  /** Undefined once it ran or was cancelled. */
  callback: (() => void) | undefined;
}

/** A clock that stands at `startAt` (µs) until it is stepped; `epochMs` is the wall time of its origin 0. */
export function createVirtualClock(startAt = 0, epochMs = NEW_YEAR_2026_MS): VirtualClock {
  const heap: Entry[] = [];
  let time = startAt;
  let made = 0;

  const nextAt = () => {
    while (heap.length > 0 && heap[0]!.callback === undefined) popEntry(heap);
    return heap[0]?.at;
  };
  const step = () => {
    if (nextAt() === undefined) return false;
    const entry = popEntry(heap);
    const callback = entry.callback!;
    entry.callback = undefined;
    time = entry.at;
    callback();
    return true;
  };
  return {
    now: () => time,
    wallTime: (at) => epochMs + at / 1000,
    wakeAt: (at, callback) => {
      const entry: Entry = { at: Math.max(Math.ceil(at), time), order: made++, callback };
      pushEntry(heap, entry);
      return () => {
        entry.callback = undefined;
      };
    },
    step,
    nextAt,
    runUntil: (at) => {
      for (let next = nextAt(); next !== undefined && next <= at; next = nextAt()) step();
      time = Math.max(time, at);
    },
  };
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function pushEntry(heap: Entry[], entry: Entry): void {
  let i = heap.length;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(entry, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = entry;
}

function popEntry(heap: Entry[]): Entry {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
