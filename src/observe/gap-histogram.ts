// Times between adverts in bounded memory: counts on a scale that grows by about 3 %, so percentiles are right to 3 %.

export interface GapHistogram {
  /** How many gaps were recorded. */
  readonly count: number;
  /** The longest, exact; 0 without any. In µs. */
  readonly maxUs: number;
  record(gapUs: number): void;
  /** The gap that this share (0 to 1) of all does not exceed, in µs; 0 without any. */
  percentile(share: number): number;
}

/** Each power of two is cut into so many buckets. */
const STEPS = 32;
/** Gaps up to 2^36 µs (19 h); longer ones fall into the last bucket. */
const POWERS = 37;

/** An empty histogram; about 5 kB once something is recorded. */
export function createGapHistogram(): GapHistogram {
  let counts: Uint32Array | undefined;
  let count = 0;
  let maxUs = 0;
  return {
    get count() {
      return count;
    },
    get maxUs() {
      return maxUs;
    },
    record: (gapUs) => {
      counts ??= new Uint32Array(POWERS * STEPS);
      const bucket = bucketOf(gapUs);
      counts[bucket]!++;
      count++;
      if (gapUs > maxUs) maxUs = gapUs;
    },
    percentile: (share) => {
      if (counts === undefined) return 0;
      const wanted = Math.max(1, Math.ceil(share * count));
      let seen = 0;
      for (let bucket = 0; bucket < counts.length; bucket++) {
        seen += counts[bucket]!;
        if (seen >= wanted) return Math.min(middleOf(bucket), maxUs);
      }
      return maxUs;
    },
  };
}

function bucketOf(gapUs: number): number {
  const gap = Math.max(1, gapUs);
  const power = Math.min(POWERS - 1, Math.floor(Math.log2(gap)));
  const step = Math.floor((gap / 2 ** power - 1) * STEPS);
  return power * STEPS + Math.min(STEPS - 1, Math.max(0, step));
}

function middleOf(bucket: number): number {
  const power = Math.floor(bucket / STEPS);
  return Math.round(2 ** power * (1 + ((bucket % STEPS) + 0.5) / STEPS));
}
