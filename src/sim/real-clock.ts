// Real time behind the same interface, for the demo that people watch.
import type { Clock } from '../ports/clock.ts';

/** setTimeout counts in 32-bit signed milliseconds. */
const LONGEST_TIMEOUT_MS = 0x7fffffff;

/** The monotonic clock of this process. A callback never comes early: setTimeout may fire up to 1 ms before its time. */
export function createRealClock(): Clock {
  const now = () => Math.floor(performance.now() * 1000);
  return {
    now,
    wallTime: (at) => performance.timeOrigin + at / 1000,
    wakeAt: (at, callback) => {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const leftMs = (at - now()) / 1000;
        timer = setTimeout(() => (now() < at ? arm() : callback()), Math.min(Math.ceil(leftMs), LONGEST_TIMEOUT_MS));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
