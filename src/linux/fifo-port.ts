// FifoPort on real pipes, as keepalived uses them: opened for both directions, never waited for.
import { chownSync, closeSync, constants, fstatSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import type { FifoPort } from '../ports/fifo-port.ts';
import { done, type PortResult } from '../ports/result.ts';
import { EEXIST } from './abi.ts';
import { failure, libc } from './libc.ts';
import { resolveIdentity } from './users.ts';

/** Nobody else reads what the owner's script is told. */
const MODE = 0o600;

export interface LinuxFifoPort extends FifoPort {
  /** Closes the pipes, and removes those that were made here. */
  closeAll(): void;
}

export function createFifoPort(): LinuxFifoPort {
  const pipes = new Map<string, { readonly fd: number; readonly made: boolean }>();

  /** Still the one at its path. */
  function isOpen(path: string): boolean {
    const pipe = pipes.get(path);
    const there = pipe && statSync(path, { throwIfNoEntry: false });
    if (!there) return false;
    const { ino, dev } = fstatSync(pipe.fd);
    return there.ino === ino && there.dev === dev;
  }

  function close(path: string): void {
    const pipe = pipes.get(path);
    if (pipe === undefined) return;
    if (pipe.made && isOpen(path)) remove(path);
    closeSync(pipe.fd);
    pipes.delete(path);
  }

  return {
    open({ path, user, group }) {
      if (isOpen(path)) return done;
      close(path);
      const made = libc().makeFifo(path, MODE);
      if (made < 0 && made !== EEXIST) return failure(made, `cannot make the FIFO ${path}`);
      try {
        if (made >= 0 && (user !== undefined || group !== undefined)) {
          const owner = resolveIdentity(user, group);
          if (typeof owner === 'string') {
            remove(path);
            return { ok: false, code: 'EINVAL', message: `FIFO ${path}: ${owner}` };
          }
          chownSync(path, owner.uid, owner.gid);
        }
        const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
        if (!fstatSync(fd).isFIFO()) {
          closeSync(fd);
          return { ok: false, code: 'EEXIST', message: `${path} is there and is no FIFO` };
        }
        pipes.set(path, { fd, made: made >= 0 });
        return done;
      } catch (error) {
        if (made >= 0) remove(path);
        return refusal(path, error);
      }
    },
    write(path, line) {
      const pipe = pipes.get(path);
      if (pipe === undefined) return;
      try {
        writeSync(pipe.fd, `${line}\n`);
      } catch {
        // Full: keepalived loses the line without a word too.
      }
    },
    close,
    closeAll() {
      for (const path of pipes.keys()) close(path);
    },
  };
}

function refusal(path: string, error: unknown): PortResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
  return { ok: false, code, message: `cannot open the FIFO ${path}: ${code}` };
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody else has removed it.
  }
}
