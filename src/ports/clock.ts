// Time as the engine sees it.

export interface Clock {
  /** Monotonic time in integer microseconds. The origin has no meaning. */
  now(): number;
  /** Milliseconds since the Unix epoch (may have a fraction) that belong to the monotonic time `at` (µs). */
  wallTime(at: number): number;
  /** Calls `callback` once, not before `at` (µs). Returns a function that cancels it. */
  wakeAt(at: number, callback: () => void): () => void;
}
