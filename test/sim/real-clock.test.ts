import { describe, expect, it } from 'vitest';
import { createRealClock } from '../../src/sim/real-clock.ts';

describe('real clock', () => {
  it('never calls early, and soon after', async () => {
    const clock = createRealClock();
    for (const delay of [0, 300, 1_700, 12_345]) {
      const at = clock.now() + delay;
      const called = await new Promise<number>((resolve) => clock.wakeAt(at, () => resolve(clock.now())));
      expect(called).toBeGreaterThanOrEqual(at);
      expect(called - at).toBeLessThan(200_000);
    }
  });

  it('a cancelled callback never runs', async () => {
    const clock = createRealClock();
    const cancel = clock.wakeAt(clock.now() + 1_000, () => expect.unreachable());
    cancel();
    await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 5_000, resolve));
  });

  it('waits for a time that is further away than setTimeout can count', () => {
    const clock = createRealClock();
    const cancel = clock.wakeAt(clock.now() + 1e14, () => expect.unreachable());
    cancel();
  });

  it('its wall time is the time of day', () => {
    const clock = createRealClock();
    expect(Math.abs(clock.wallTime(clock.now()) - Date.now())).toBeLessThan(1000);
  });
});
