// The times that the protocol promises, and the lines that tell what was measured.
import { expect } from 'vitest';

/** How much later than the theory a router may be: this machine runs many labs at once. */
const LATE_MS = 150;
const EARLY_MS = 5;

export interface TimerFacts {
  readonly version: number;
  readonly priority: number;
  /** Seconds between adverts of the MASTER. */
  readonly interval: number;
}

/** Skew_Time in ms: of one second in version 2 (RFC 3768 §6.1), of the interval in version 3 (RFC 9568 §6.1). */
export function skewMs({ version, priority, interval }: TimerFacts): number {
  return ((256 - priority) / 256) * (version === 2 ? 1000 : interval * 1000);
}

/** Master_Down_Interval / Active_Down_Interval in ms. */
export function masterDownMs(facts: TimerFacts): number {
  return 3000 * facts.interval + skewMs(facts);
}

/** Prints a measured time beside its theory, and requires that it is not early and at most 150 ms late. */
export function expectTime(what: string, measuredMs: number, theoryMs: number, lateMs = LATE_MS): void {
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(3)} s`;
  report(what, `${seconds(measuredMs)}, theory ${seconds(theoryMs)}`);
  expect(measuredMs, `${what} (ms, theory ${theoryMs})`).toBeGreaterThanOrEqual(theoryMs - EARLY_MS);
  expect(measuredMs, `${what} (ms, theory ${theoryMs})`).toBeLessThanOrEqual(theoryMs + lateMs);
}

/** Prints a figure that has no theory of its own. */
export function report(what: string, figure: string): void {
  process.stdout.write(`interop: ${what} ${figure}\n`);
}
