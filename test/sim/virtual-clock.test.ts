import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

describe('virtual clock', () => {
  it('runs events in the order of time, and equal times in the order of their making', () => {
    const clock = createVirtualClock();
    const seen: string[] = [];
    for (const [name, at] of [
      ['c', 30],
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
      ['b3', 20],
    ] as const) {
      clock.wakeAt(at, () => seen.push(`${name}@${clock.now()}`));
    }
    clock.runUntil(100);
    expect(seen).toEqual(['a@10', 'b1@20', 'b2@20', 'b3@20', 'c@30']);
    expect(clock.now()).toBe(100);
  });

  it('keeps that order in a large heap with cancelled entries', () => {
    const clock = createVirtualClock();
    const seen: number[] = [];
    const cancels = Array.from({ length: 500 }, (_, i) => clock.wakeAt((i * 7919) % 500, () => seen.push(clock.now())));
    cancels.forEach((cancel, i) => {
      if (i % 3 === 0) cancel();
    });
    clock.runUntil(1000);
    expect(seen).toHaveLength(333);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('runs only what is due, one event a step', () => {
    const clock = createVirtualClock(5);
    const seen: number[] = [];
    clock.wakeAt(7, () => seen.push(7));
    clock.wakeAt(9, () => seen.push(9));
    clock.runUntil(8);
    expect(seen).toEqual([7]);
    expect(clock.nextAt()).toBe(9);
    expect(clock.step()).toBe(true);
    expect(clock.step()).toBe(false);
    expect(clock.now()).toBe(9);
  });

  it('a deadline in the past is due now, never earlier', () => {
    const clock = createVirtualClock(100);
    let at = -1;
    clock.wakeAt(3, () => {
      at = clock.now();
    });
    clock.step();
    expect(at).toBe(100);
  });

  it('an event made by an event of the same time runs after those that waited already', () => {
    const clock = createVirtualClock();
    const seen: string[] = [];
    clock.wakeAt(1, () => {
      seen.push('first');
      clock.wakeAt(1, () => seen.push('made by the first'));
    });
    clock.wakeAt(1, () => seen.push('second'));
    clock.runUntil(1);
    expect(seen).toEqual(['first', 'second', 'made by the first']);
  });

  it('a cancelled callback never runs', () => {
    const clock = createVirtualClock();
    const cancel = clock.wakeAt(1, () => expect.unreachable());
    cancel();
    expect(clock.nextAt()).toBeUndefined();
    clock.runUntil(10);
  });

  it('tells the wall time that belongs to a time', () => {
    expect(createVirtualClock(0, 1000).wallTime(2_500_000)).toBe(3500);
  });
});
