// Wake-ups by a timerfd in the event loop: late by tens of microseconds where setTimeout is late by a millisecond.
import { CLOCK_MONOTONIC, TFD_TIMER_ABSTIME } from './abi.ts';
import { type Alarm, timeoutAlarm } from './clock.ts';
import { libc } from './libc.ts';
import type { Poller } from './poller.ts';

interface Wake {
  readonly at: number;
  readonly callback: () => void;
}

/** An alarm for `createClock`, whose time must be CLOCK_MONOTONIC. Falls back to setTimeout where there is no timerfd. */
export function createTimerAlarm(poller: Poller): { readonly alarm: Alarm; close(): void } {
  // TFD_NONBLOCK and TFD_CLOEXEC have the values of the O_ flags.
  const fd = libc().timerfdCreate(CLOCK_MONOTONIC, 0o4000 | 0o2000000);
  if (fd < 0) return { alarm: timeoutAlarm, close: () => {} };
  const waiting = new Set<Wake>();
  const expirations = new Uint8Array(8);
  /** What the timer is set to. It may be earlier than any wake that is left: it is then set anew when it fires. */
  let armed = Number.POSITIVE_INFINITY;

  function arm(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const wake of waiting) next = Math.min(next, wake.at);
    if (next >= armed) return;
    armed = next;
    libc().timerfdSettime(fd, TFD_TIMER_ABSTIME, timerSpec(next));
  }

  const watch = poller.watch(fd, () => {
    libc().read(fd, expirations);
    armed = Number.POSITIVE_INFINITY;
    const now = Number(process.hrtime.bigint() / 1000n);
    const due = [...waiting].filter((wake) => wake.at <= now).sort((a, b) => a.at - b.at);
    try {
      for (const wake of due) if (waiting.delete(wake)) wake.callback();
    } finally {
      arm();
    }
  });

  return {
    alarm: (at, _now, callback) => {
      const wake = { at, callback };
      waiting.add(wake);
      arm();
      return () => void waiting.delete(wake);
    },
    close: () => {
      waiting.clear();
      watch.close();
      libc().close(fd);
    },
  };
}

/** struct itimerspec: once, at `at` µs. Zero would switch the timer off. */
function timerSpec(at: number): Uint8Array {
  const us = Math.max(Math.ceil(at), 1);
  const view = new DataView(new ArrayBuffer(32));
  view.setBigInt64(16, BigInt(Math.floor(us / 1_000_000)), true);
  view.setBigInt64(24, BigInt((us % 1_000_000) * 1000), true);
  return new Uint8Array(view.buffer);
}
