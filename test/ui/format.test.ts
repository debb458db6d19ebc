import { describe, expect, it } from 'vitest';
import { count, countdown, duration, interval, seconds } from '../../src/ui/format.ts';

const S = 1_000_000;

describe('times and numbers', () => {
  it.each([
    [-1, '0.0s'],
    [0.3 * S, '0.3s'],
    [9.94 * S, '9.9s'],
    [9.96 * S, '10s'],
    [59.4 * S, '59s'],
    [59.6 * S, '1m00s'],
    [272 * S, '4m32s'],
    [3599.7 * S, '1h00m'],
    [3 * 3600 * S, '3h00m'],
    [76 * 3600 * S, '3d04h'],
  ])('duration(%d) is %s', (us, text) => expect(duration(us)).toBe(text));

  it.each([
    [120 * S, '2:00'],
    [46.2 * S, '0:47'],
    [0, '0:00'],
    [-5, '0:00'],
  ])('countdown(%d) is %s', (us, text) => expect(countdown(us)).toBe(text));

  it.each([
    [609_375, '0.61 s'],
    [S, '1 s'],
    [120 * S, '120 s'],
    [3_609_375, '3.61 s'],
    [10_000, '10 ms'],
    [39, '0.039 ms'],
  ])('seconds(%d) is %s', (us, text) => expect(seconds(us)).toBe(text));

  it.each([
    [S, '1s'],
    [500_000, '0.5s'],
    [10_000, '10ms'],
    [undefined, '-'],
  ])('interval(%s) is %s', (us, text) => expect(interval(us)).toBe(text));

  it.each([
    [9999, '9999'],
    [10_000, '10 000'],
    [92_011, '92 011'],
    [1_250_000, '1.3M'],
  ])('count(%d) is %s', (n, text) => expect(count(n)).toBe(text));
});
