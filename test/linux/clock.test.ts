import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClock, monotonicUs } from '../../src/linux/clock.ts';
import { createPoller } from '../../src/linux/poller.ts';
import { createTimerAlarm } from '../../src/linux/timer-alarm.ts';
import type { Clock } from '../../src/ports/clock.ts';

const poller = createPoller();

describe.each([
  ['setTimeout', () => ({ clock: createClock(), close: () => {} })],
  [
    'a timerfd',
    () => {
      const { alarm, close } = createTimerAlarm(poller);
      return { clock: createClock(alarm), close };
    },
  ],
])('clock woken by %s', (_, make) => {
  let clock: Clock;
  let close: () => void;
  beforeEach(() => {
    ({ clock, close } = make());
  });
  afterEach(() => close());
  const wake = (at: number) => new Promise<number>((resolve) => clock.wakeAt(at, () => resolve(clock.now())));

  it('counts whole microseconds, upwards', () => {
    const times = Array.from({ length: 100 }, () => clock.now());
    expect(times.every(Number.isInteger)).toBe(true);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('wakes never early and not long after', async () => {
    for (const us of [0, 1, 900, 1_000, 1_500, 10_300]) {
      const at = clock.now() + us;
      const woken = await wake(at);
      expect(woken).toBeGreaterThanOrEqual(at);
      expect(woken - at).toBeLessThan(250_000);
    }
  });

  it('wakes for a time that is over', async () => {
    const at = clock.now() - 5_000_000;
    expect(await wake(at)).toBeGreaterThan(at);
  });

  it('wakes several in the order of their times, whatever the order of asking', async () => {
    const order: number[] = [];
    const start = clock.now();
    await Promise.all([30, 10, 20].map((ms) => wake(start + ms * 1000).then(() => order.push(ms))));
    expect(order).toEqual([10, 20, 30]);
  });

  it('does not wake what was cancelled, and still wakes the others', async () => {
    const woken: string[] = [];
    const start = clock.now();
    clock.wakeAt(start + 2_000, () => woken.push('first'))();
    const cancelLate = clock.wakeAt(start + 20_000, () => woken.push('late'));
    clock.wakeAt(start + 5_000, () => {
      woken.push('second');
      cancelLate();
    });
    await wake(start + 40_000);
    expect(woken).toEqual(['second']);
  });

  it('wakes again when a callback asks for it', async () => {
    const start = clock.now();
    const count = await new Promise<number>((resolve) => {
      let n = 0;
      const again = (): void => void (++n === 5 ? resolve(n) : clock.wakeAt(clock.now() + 500, again));
      clock.wakeAt(start, again);
    });
    expect(count).toBe(5);
  });
});

describe('wall time', () => {
  afterEach(() => vi.useRealTimers());

  it('belongs to the monotonic time', () => {
    const clock = createClock();
    const now = clock.now();
    expect(Math.abs(clock.wallTime(now) - Date.now())).toBeLessThan(5);
    expect(clock.wallTime(now + 1500) - clock.wallTime(now)).toBeCloseTo(1.5, 3);
  });

  it('follows when someone sets the clock of the host', async () => {
    const clock = createClock();
    const day = 86_400_000;
    const real = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => real + day);
    await new Promise((resolve) => setTimeout(resolve, 120));
    const wall = clock.wallTime(monotonicUs());
    vi.restoreAllMocks();
    expect(Math.abs(wall - (real + day))).toBeLessThan(5);
  });
});
