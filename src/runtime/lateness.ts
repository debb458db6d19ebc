// How late the timer fires: the proof that nothing disturbs the engine.

const WINDOW_US = 10_000_000;
const MAX_SAMPLES = 2_000;

export interface Lateness {
  add(at: number, lateUs: number): void;
  /** p99 of the last ten seconds, µs; 0 without samples. */
  p99(now: number): number;
}

export function createLateness(): Lateness {
  let samples: { at: number; lateUs: number }[] = [];
  return {
    add(at, lateUs) {
      samples.push({ at, lateUs });
      if (samples.length > MAX_SAMPLES) samples = samples.slice(MAX_SAMPLES / 2);
    },
    p99(now) {
      samples = samples.filter(({ at }) => now - at <= WINDOW_US);
      const sorted = samples.map(({ lateUs }) => lateUs).sort((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
    },
  };
}
