// How late the timer was: the figure of the status line and of the findings about a slow host.
import { expect, it } from 'vitest';
import { createLateness } from '../../src/runtime/lateness.ts';

const SECOND = 1_000_000;

it('is the 99th percentile of the last ten seconds, looked at anew every half second', () => {
  const lateness = createLateness();
  expect(lateness.p99(0)).toBe(0);
  for (let i = 1; i <= 100; i++) lateness.add(SECOND, i * 10);
  expect(lateness.p99(SECOND)).toBe(1000);
  lateness.add(SECOND, 5000);
  lateness.add(SECOND, 5000);
  expect(lateness.p99(1.4 * SECOND)).toBe(1000);
  expect(lateness.p99(1.5 * SECOND)).toBe(5000);
  expect(lateness.p99(11.1 * SECOND)).toBe(0);
});
