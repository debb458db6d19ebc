// Track and notify scripts: each in a process group of its own, its last output kept, never waited for by anyone.
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { done } from '../ports/result.ts';
import type { ScriptExit, ScriptOutcome, ScriptPort, ScriptRun } from '../ports/script-port.ts';
import { monotonicUs } from './clock.ts';
import { type Identity, resolveIdentity } from './users.ts';

export interface ScriptPortOptions {
  /** Who runs scripts that name no user (keepalived: script_user). Default: the user of this process. */
  readonly defaultUser?: { readonly user: string; readonly group?: string };
}

export interface LinuxScriptPort extends ScriptPort {
  /** Scripts that run go on, and nobody is told how they end. */
  close(): void;
}

const OUTPUT_KEPT = 4096;
/** Output beyond this in one pause is left in the pipe for a while: a script that prints without end must wait. */
const READ_AT_ONCE = 64 << 10;
const PAUSE_MS = 50;
/** How long output is waited for when the script is gone but a child of it holds the pipe. */
const LINGER_MS = 50;
/** What keepalived takes out of a script's environment. */
const REMOVED = ['IFS', 'LD_PRELOAD', 'LD_LIBRARY_PATH'];

interface Running {
  readonly pid: number | undefined;
  over: boolean;
}

/** Scripts get no standard input, no supplementary groups when the user changes, and no shell unless they name one. */
export function createScriptPort(options: ScriptPortOptions = {}): LinuxScriptPort {
  const running = new Map<number, Running>();
  const listeners: ((exit: ScriptExit) => void)[] = [];
  let closed = false;

  function start(run: ScriptRun): void {
    const startedAt = monotonicUs();
    const output = new Tail();
    const finish = (outcome: ScriptOutcome): void => {
      const entry = running.get(run.id);
      if (entry === undefined || entry.over) return;
      entry.over = true;
      running.delete(run.id);
      const exit = { id: run.id, outcome, output: output.text(), durationUs: monotonicUs() - startedAt };
      if (!closed) for (const listener of listeners) listener(exit);
    };
    const notStarted = (message: string): void => {
      running.set(run.id, { pid: undefined, over: false });
      // Never from within `start`: the caller has not seen it return yet.
      setImmediate(finish, { kind: 'not-started', message });
    };
    const [file, ...args] = run.argv;
    if (file === undefined || file === '') return notStarted('no program is named');
    const identity = identityOf(run, options);
    if (typeof identity === 'string') return notStarted(`cannot run ${file}: ${identity}`);

    const child = spawn(file, args, identity);
    if (child.pid === undefined) {
      void child.then((result) => {
        running.set(run.id, { pid: undefined, over: false });
        finish({ kind: 'not-started', message: `cannot run ${file}: ${reason(result.code, identity)}` });
      });
      return;
    }
    running.set(run.id, { pid: child.pid, over: false });
    for (const stream of [child.stdout, child.stderr]) collect(stream, output);
    child.once('exit', (code, signal) => {
      const outcome: ScriptOutcome =
        signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal };
      child.once('close', () => finish(outcome));
      setTimeout(finish, LINGER_MS, outcome);
    });
  }

  return {
    start,
    signal: (id, signal) => {
      const pid = running.get(id)?.pid;
      if (pid === undefined) return done;
      try {
        process.kill(-pid, signal);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ESRCH')
          return { ok: false, code: code ?? 'EUNKNOWN', message: `cannot signal script ${pid}: ${code}` };
      }
      return done;
    },
    onExit: (listener) => void listeners.push(listener),
    close: () => {
      closed = true;
    },
  };
}

function spawn(file: string, args: readonly string[], identity: Identity | undefined) {
  const env = { ...process.env };
  for (const name of REMOVED) delete env[name];
  const child = execa(file, args, {
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    extendEnv: false,
    env,
    cwd: '/',
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    verbose: 'none',
    ...identity,
  });
  child.catch(() => {});
  return child;
}

/** Undefined: run as this process does. A text: why not. */
function identityOf(run: ScriptRun, { defaultUser }: ScriptPortOptions): Identity | string | undefined {
  const { user, group } = run.user === undefined && run.group === undefined ? (defaultUser ?? {}) : run;
  if (user === undefined && group === undefined) return undefined;
  const identity = resolveIdentity(user, group);
  if (typeof identity === 'string') return identity;
  const same = identity.uid === process.getuid?.() && identity.gid === process.getgid?.();
  return same ? undefined : identity;
}

function reason(code: string | undefined, identity: Identity | undefined): string {
  if (code === 'ENOENT') return 'no such file, or no such interpreter';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EPERM' && identity !== undefined)
    return `not allowed to become uid ${identity.uid} gid ${identity.gid}`;
  return code ?? 'it could not be executed';
}

/** Reads a stream to its end, also when its script is long over: who still writes there must not get SIGPIPE. */
function collect(stream: Readable, output: Tail): void {
  let read = 0;
  stream.on('data', (chunk: Uint8Array) => {
    output.add(chunk);
    read += chunk.length;
    if (read < READ_AT_ONCE) return;
    read = 0;
    stream.pause();
    setTimeout(() => stream.resume(), PAUSE_MS).unref();
  });
  stream.on('error', () => {});
}

/** The last bytes of what was added. */
class Tail {
  #bytes = new Uint8Array(0);

  add(chunk: Uint8Array): void {
    const joined = new Uint8Array(Math.min(this.#bytes.length, OUTPUT_KEPT) + Math.min(chunk.length, OUTPUT_KEPT));
    joined.set(this.#bytes);
    joined.set(chunk.subarray(Math.max(0, chunk.length - OUTPUT_KEPT)), this.#bytes.length);
    this.#bytes = joined.slice(Math.max(0, joined.length - OUTPUT_KEPT));
  }

  text(): string {
    return new TextDecoder().decode(this.#bytes);
  }
}
