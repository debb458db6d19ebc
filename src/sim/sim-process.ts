// One run of a program on a simulated host: it can be paused (SIGSTOP) and killed, and what is due to it waits or is lost.
import type { Clock } from '../ports/clock.ts';

/** `timer`: its own deadline passed. `input`: the kernel has something for it. */
export type Due = 'timer' | 'input';

export interface SimProcess {
  /** The machine's clock as this process sees it: callbacks wait while it is paused and never come once it is dead. */
  readonly clock: Clock;
  /** Runs `callback` now, or when the process continues, or never. */
  deliver(kind: Due, callback: () => void): void;
  pause(): void;
  /** Runs what waited: first all timers, then all input, as libuv's loop does after a SIGCONT. */
  resume(): void;
  kill(): void;
  state(): 'running' | 'paused' | 'dead';
}

/** A process that runs. */
export function createSimProcess(machine: Clock): SimProcess {
  let state: 'running' | 'paused' | 'dead' = 'running';
  let waiting: { readonly kind: Due; readonly callback: () => void }[] = [];

  const deliver = (kind: Due, callback: () => void) => {
    if (state === 'running') callback();
    else if (state === 'paused') waiting.push({ kind, callback });
  };
  return {
    clock: {
      now: machine.now,
      wallTime: machine.wallTime,
      wakeAt: (at, callback) => {
        let cancelled = false;
        const cancel = machine.wakeAt(at, () => deliver('timer', () => cancelled || callback()));
        return () => {
          cancelled = true;
          cancel();
        };
      },
    },
    deliver,
    pause: () => {
      if (state === 'running') state = 'paused';
    },
    resume: () => {
      if (state !== 'paused') return;
      state = 'running';
      const due = waiting;
      waiting = [];
      for (const kind of ['timer', 'input'])
        for (const item of due) if (item.kind === kind) deliver(item.kind, item.callback);
    },
    kill: () => {
      state = 'dead';
      waiting = [];
    },
    state: () => state,
  };
}
