// Notices a flood of adverts for VRIDs that are not ours, and has the kernel leave those out for a while: they wake nobody then,
// and ours find room in the queue. The rest of the time they are read, because who looks for a wrong VRID wants to be told.
import { monotonicUs } from './clock.ts';

const PERIOD_US = 100_000;
/** In a period; 5,000 a second. 255 virtual routers that speak each 100 ms are half of it. */
const FLOOD = 500;
/** Then it is looked again whether they still come. */
const SIEVED_MS = 10_000;

export interface FloodGuardOptions {
  /** The VRIDs that are ours; undefined: nobody has said. */
  readonly expected: () => ReadonlySet<number> | undefined;
  readonly sieve: (vrids: readonly number[] | undefined) => void;
  readonly onFlood: () => void;
}

export interface FloodGuard {
  /** An advert was read. */
  heard(vrid: number | undefined): void;
  /** Ours are others now. */
  expectedChanged(): void;
  close(): void;
}

export function createFloodGuard({ expected, sieve, onFlood }: FloodGuardOptions): FloodGuard {
  let periodStart = 0;
  let foreign = 0;
  let ends: NodeJS.Timeout | undefined;

  function begin(ours: ReadonlySet<number>): void {
    sieve([...ours]);
    ends = setTimeout(end, SIEVED_MS);
    ends.unref();
    onFlood();
  }

  function end(): void {
    clearTimeout(ends);
    ends = undefined;
    foreign = 0;
    sieve(undefined);
  }

  return {
    heard(vrid) {
      const ours = expected();
      if (ours === undefined || vrid === undefined || ours.has(vrid) || ends !== undefined) return;
      const now = monotonicUs();
      if (now - periodStart > PERIOD_US) {
        periodStart = now;
        foreign = 0;
      }
      foreign++;
      if (foreign >= FLOOD) begin(ours);
    },
    expectedChanged() {
      const ours = expected();
      if (ends !== undefined) sieve(ours === undefined ? undefined : [...ours]);
    },
    close: () => clearTimeout(ends),
  };
}
