import { describe, expect, it } from 'vitest';
import { createSimProcess } from '../../src/sim/sim-process.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

function setUp() {
  const machine = createVirtualClock();
  const process = createSimProcess(machine);
  const seen: string[] = [];
  const see = (what: string) => () => void seen.push(`${what}@${machine.now()}`);
  return { machine, process, seen, see };
}

describe('a simulated process', () => {
  it('runs its timers and gets its input at once', () => {
    const { machine, process, seen, see } = setUp();
    process.clock.wakeAt(5, see('timer'));
    process.deliver('input', see('input'));
    machine.runUntil(10);
    expect(seen).toEqual(['input@0', 'timer@5']);
  });

  it('paused: everything waits; continued: first the timers, then the input, in order', () => {
    const { machine, process, seen, see } = setUp();
    process.pause();
    process.deliver('input', see('input 1'));
    process.clock.wakeAt(5, see('timer 1'));
    process.clock.wakeAt(7, see('timer 2'));
    machine.runUntil(8);
    process.deliver('input', see('input 2'));
    expect(seen).toEqual([]);
    process.resume();
    expect(seen).toEqual(['timer 1@8', 'timer 2@8', 'input 1@8', 'input 2@8']);
  });

  it('a timer that was cancelled while it waited does not run', () => {
    const { machine, process, seen, see } = setUp();
    const cancel = process.clock.wakeAt(5, see('timer'));
    process.pause();
    machine.runUntil(6);
    cancel();
    process.resume();
    expect(seen).toEqual([]);
  });

  it('killed: nothing comes any more, not even what waited', () => {
    const { machine, process, seen, see } = setUp();
    process.clock.wakeAt(5, see('timer'));
    process.pause();
    process.deliver('input', see('input'));
    process.kill();
    process.resume();
    process.deliver('input', see('later input'));
    machine.runUntil(10);
    expect(seen).toEqual([]);
    expect(process.state()).toBe('dead');
  });

  it('paused again by what it does first: the rest waits on', () => {
    const { process, seen, see } = setUp();
    process.pause();
    process.deliver('input', () => process.pause());
    process.deliver('input', see('input'));
    process.resume();
    expect(seen).toEqual([]);
    process.resume();
    expect(seen).toEqual(['input@0']);
  });
});
