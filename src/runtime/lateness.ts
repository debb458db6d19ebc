// How late the timer fires: the proof that nothing disturbs the engine.

const WINDOW_US = 10_000_000;
const MAX_SAMPLES = 2_000;
/** To sort the samples costs as much as ten adverts: asked for more often, the last answer holds. */
const FRESH_US = 500_000;

export interface Lateness {
  add(at: number, lateUs: number): void;
  /** p99 of the last ten seconds, µs, half a second old at most; 0 without samples. */
  p99(now: number): number;
}

export function createLateness(): Lateness {
  let samples: { at: number; lateUs: number }[] = [];
  let answer = 0;
  let answeredAt = Number.NEGATIVE_INFINITY;
  return {
    add(at, lateUs) {
      samples.push({ at, lateUs });
      if (samples.length > MAX_SAMPLES) samples = samples.slice(MAX_SAMPLES / 2);
    },
    p99(now) {
      if (now - answeredAt < FRESH_US) return answer;
      answeredAt = now;
      samples = samples.filter(({ at }) => now - at <= WINDOW_US);
      const sorted = Float64Array.from(samples, ({ lateUs }) => lateUs).sort();
      answer = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
      return answer;
    },
  };
}
