// Watches descriptors in Node's own event loop. libuv polls them (no thread is taken, nothing keeps a process from
// exiting); handlers run in the check phase that follows, where Node drains promises and reports exceptions as usual.
import { libc, type PollHandle } from './libc.ts';

export interface Watch {
  /** Stops watching. The descriptor may be closed afterwards. */
  close(): void;
  /** Leaves the descriptor unwatched until `resume`: the kernel's queue bounds what piles up. */
  pause(): void;
  resume(): void;
}

export interface Poller {
  /** Calls `ready` once per turn of the event loop while `fd` is readable or holds an error. */
  watch(fd: number, ready: () => void): Watch;
  /** Runs `work` in the check phase of this turn of the event loop. */
  defer(work: () => void): void;
  /** Closes all watches. */
  close(): void;
}

/**
 * Needed because neither koffi nor raw-socket opens a callback scope: a promise or `nextTick` made inside their
 * callbacks would wait for the next timer, and an exception thrown there would be lost.
 */
export function createPoller(): Poller {
  const watches = new Set<Watch>();
  let queue: (() => void)[] = [];

  function drain(): void {
    const batch = queue;
    queue = [];
    for (let i = 0; i < batch.length; i++) {
      try {
        batch[i]!();
      } catch (error) {
        // One failing handler must not cost the others their turn.
        queue = batch.slice(i + 1).concat(queue);
        if (queue.length > 0) setImmediate(drain);
        throw error;
      }
    }
  }

  function defer(work: () => void): void {
    if (queue.length === 0) setImmediate(drain);
    queue.push(work);
  }

  function watch(fd: number, ready: () => void): Watch {
    let handle: PollHandle | undefined;
    let pending = false;
    let closed = false;
    const onPoll = (status: number): void => {
      if (pending || closed) return;
      pending = true;
      defer(() => {
        pending = false;
        if (closed) return;
        ready();
        // libuv stops a watch that met POLLERR; the handler has read the error by now.
        if (status < 0 && !closed) handle?.restart();
      });
    };
    const release = (): void => {
      handle?.close();
      handle = undefined;
    };
    const self: Watch = {
      close: () => {
        closed = true;
        watches.delete(self);
        release();
      },
      pause: release,
      resume: () => {
        if (!closed) handle ??= libc().poll(fd, onPoll);
      },
    };
    watches.add(self);
    self.resume();
    return self;
  }

  return {
    watch,
    defer,
    close: () => {
      for (const each of [...watches]) each.close();
    },
  };
}
