import { describe, expect, it } from 'vitest';
import { effectivePriority, masterDownTime, skewTime } from '../../src/vrrp/timers.ts';

describe('skew and master-down, in µs (RFC 9568 §6.1, RFC 3768 §6.1)', () => {
  // version, interval ms, priority, skew ns, master-down ns: facts of ze's fsm/timers_test.go
  it.each([
    [3, 10, 1, 9_960_937, 39_960_937],
    [3, 10, 100, 6_093_750, 36_093_750],
    [3, 10, 254, 78_125, 30_078_125],
    [3, 10, 255, 39_062, 30_039_062],
    [3, 1000, 1, 996_093_750, 3_996_093_750],
    [3, 1000, 100, 609_375_000, 3_609_375_000],
    [3, 1000, 254, 7_812_500, 3_007_812_500],
    [3, 1000, 255, 3_906_250, 3_003_906_250],
    [3, 40_950, 1, 40_790_039_062, 163_640_039_062],
    [3, 40_950, 100, 24_953_906_250, 147_803_906_250],
    [3, 40_950, 254, 319_921_875, 123_169_921_875],
    [3, 40_950, 255, 159_960_937, 123_009_960_937],
    [2, 1000, 1, 996_093_750, 3_996_093_750],
    [2, 1000, 100, 609_375_000, 3_609_375_000],
    [2, 1000, 254, 7_812_500, 3_007_812_500],
    [2, 1000, 255, 3_906_250, 3_003_906_250],
    [2, 255_000, 1, 996_093_750, 765_996_093_750],
    [2, 255_000, 254, 7_812_500, 765_007_812_500],
  ] as const)('version %i, %i ms, priority %i', (version, intervalMs, priority, skewNs, downNs) => {
    expect(skewTime(version, priority, intervalMs * 1000)).toBe(Math.floor(skewNs / 1000));
    expect(masterDownTime(version, priority, intervalMs * 1000)).toBe(Math.floor(downNs / 1000));
  });
});

describe('effective priority', () => {
  it.each([
    [100, 0, 100],
    [100, 20, 120],
    [100, -30, 70],
    [100, 300, 254],
    [100, -300, 1],
    [254, 253, 254],
    [255, -253, 255],
  ])('base %i with %i is %i', (base, contribution, expected) => {
    expect(effectivePriority(base, contribution)).toBe(expected);
  });
});
