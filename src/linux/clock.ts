// Time of this host: CLOCK_MONOTONIC in integer microseconds, and the wall clock that belongs to it.
import type { Clock } from '../ports/clock.ts';

/** Wakes a callback at or after a monotonic time; a better alarm than setTimeout may be put in its place. */
export type Alarm = (at: number, now: () => number, callback: () => void) => () => void;

/** How far the wall clock may have moved against ours before it is measured again, in ms: Date.now() is whole ms. */
const TOLERANCE_MS = 2;

/** Monotonic time in µs. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** A clock on `process.hrtime`. The default alarm is setTimeout. */
export function createClock(alarm: Alarm = timeoutAlarm): Clock {
  let offsetMs = wallMs() - monotonicUs() / 1000;
  let checkedAt = monotonicUs();
  return {
    now: monotonicUs,
    wallTime: (at) => {
      const now = monotonicUs();
      // Someone may set the clock while we run: look again now and then.
      if (now - checkedAt > 100_000) {
        checkedAt = now;
        if (Math.abs(Date.now() - (now / 1000 + offsetMs)) > TOLERANCE_MS) offsetMs = Date.now() + 0.5 - now / 1000;
      }
      return at / 1000 + offsetMs;
    },
    wakeAt: (at, callback) => alarm(at, monotonicUs, callback),
  };
}

/** Wall time in ms with microseconds, as it was measured when the process started. */
function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

const LONGEST_TIMEOUT_MS = 0x7fffffff;

/** setTimeout: up to 1.5 ms late, here never early. */
export function timeoutAlarm(at: number, now: () => number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const ms = Math.ceil((at - now()) / 1000);
    // setTimeout rounds, may fire a little early, and takes no more than 24 days.
    timer = setTimeout(() => (now() >= at ? callback() : arm()), Math.min(Math.max(ms, 0), LONGEST_TIMEOUT_MS));
  };
  arm();
  return () => clearTimeout(timer);
}
