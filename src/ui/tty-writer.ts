// Writes to a terminal without ever waiting for it: a terminal that is not read (Ctrl-S, a dead SSH link) costs nothing.
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';

const FIRST_RETRY_MS = 2;
const LAST_RETRY_MS = 50;
const FAREWELL_MS = 100;

export interface TtyWriter {
  /** Queues and sends as much as the terminal takes; `done` is called when all of it is gone. */
  write(data: string, done: () => void): void;
  /** Nothing is waiting. */
  idle(): boolean;
  /** Forgets what waits and writes `data` at once, giving up after 100 ms. Then nothing more is written. */
  end(data: string): void;
}

/** What a tty stream has beyond its published type: the descriptor, and a handle whose mode can be set. */
interface TtyInternals {
  readonly fd: number;
  readonly _handle?: { setBlocking?(blocking: boolean): number };
}

/**
 * A description of its own for the terminal, so that O_NONBLOCK is ours alone: the flag on an inherited one would be
 * shared with the shell. Falls back to the stream's handle (undocumented), and then to writes that may wait.
 */
function openNonBlocking(stdout: WriteStream): { readonly fd: number; release(): void } {
  const { fd: inherited, _handle: handle } = stdout as unknown as TtyInternals;
  try {
    const fd = openSync(`/proc/self/fd/${inherited}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    return { fd, release: () => closeSync(fd) };
  } catch {
    handle?.setBlocking?.(false);
    return { fd: inherited, release: () => void handle?.setBlocking?.(true) };
  }
}

/** `onLost` is called once, when the terminal is gone (EIO after a hang-up). */
export function createTtyWriter(stdout: WriteStream, onLost: (reason: string) => void): TtyWriter {
  const tty = openNonBlocking(stdout);
  let pending = new Uint8Array();
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  /** True when the terminal took something. */
  function push(): boolean {
    try {
      const written = writeSync(tty.fd, pending);
      pending = pending.subarray(written);
      return written > 0;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN' || code === 'EINTR') return false;
      throw error;
    }
  }

  function pump(retryMs: number): void {
    timer = undefined;
    try {
      while (pending.length > 0 && push());
    } catch (error) {
      pending = new Uint8Array();
      return onLost(`the terminal is gone: ${(error as NodeJS.ErrnoException).code}`);
    }
    if (pending.length > 0) {
      timer = setTimeout(pump, retryMs, Math.min(LAST_RETRY_MS, retryMs * 2));
      return;
    }
    const done = waiting;
    waiting = [];
    for (const callback of done) callback();
  }

  return {
    write(data, done) {
      if (ended) return;
      pending = Buffer.concat([pending, Buffer.from(data)]);
      waiting.push(done);
      if (timer === undefined) pump(FIRST_RETRY_MS);
    },
    idle: () => pending.length === 0,
    end(data) {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      // CAN ends a sequence of which only a part has gone out.
      pending = Buffer.from(pending.length > 0 ? `\x18${data}` : data);
      waiting = [];
      const limit = performance.now() + FAREWELL_MS;
      try {
        while (pending.length > 0 && performance.now() < limit) {
          if (!push()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
      } catch {
        // The terminal is gone: there is nothing left to restore.
      }
      tty.release();
    },
  };
}
