// Wake-ups by a timerfd in the event loop: late by tens of microseconds where setTimeout is late by a millisecond. What
// the way from the kernel to the callback usually takes is learnt; the timer is set earlier by that, and the rest waited.
import { CLOCK_MONOTONIC, TFD_TIMER_ABSTIME } from './abi.ts';
import { type Alarm, monotonicUs, timeoutAlarm } from './clock.ts';
import { libc } from './libc.ts';
import type { Poller } from './poller.ts';

/** Nobody waits longer than this for a deadline, µs: the processor is busy meanwhile. */
const LONGEST_LEAD_US = 400;
/** Only a timer set so far ahead is set earlier: who wakes more often than this is late by less, and has no time to wait. */
const AHEAD_US = 1_000;

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
  /** What it is set to where it is set ahead, else Infinity. */
  let expiry = Number.POSITIVE_INFINITY;
  /** How long after its expiry the timer usually wakes us. */
  let lead = 0;
  let calling = false;

  function earliest(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const wake of waiting) next = Math.min(next, wake.at);
    return next;
  }

  function arm(): void {
    if (calling) return;
    const next = earliest();
    if (next >= armed) return;
    armed = next;
    const ahead = next - monotonicUs() > AHEAD_US;
    expiry = ahead ? next - lead : Number.POSITIVE_INFINITY;
    libc().timerfdSettime(fd, TFD_TIMER_ABSTIME, timerSpec(ahead ? expiry : next));
  }

  /** The time now: not before the next wake, if that is near. */
  function awaited(): number {
    let now = monotonicUs();
    const late = now - expiry;
    // Near the shortest of the last: who is too early has to wait.
    if (late >= 0 && late < LONGEST_LEAD_US) lead = lead === 0 ? late : lead + (late - lead) / (late < lead ? 2 : 32);
    const next = earliest();
    while (now < next && next - now < LONGEST_LEAD_US) now = monotonicUs();
    return now;
  }

  const watch = poller.watch(fd, () => {
    const now = awaited();
    const due = [...waiting].filter((wake) => wake.at <= now).sort((a, b) => a.at - b.at);
    calling = true;
    try {
      for (const wake of due) if (waiting.delete(wake)) wake.callback();
    } finally {
      // Behind what was waited for: an advert has left by now.
      calling = false;
      libc().read(fd, expirations);
      armed = Number.POSITIVE_INFINITY;
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
