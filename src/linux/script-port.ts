// Track and notify scripts: each in a process group of its own, its last output kept, never waited for by anyone.
import { fchownSync } from 'node:fs';
import { Socket } from 'node:net';
import type { execa } from 'execa';
import { done } from '../ports/result.ts';
import type { ScriptExit, ScriptOutcome, ScriptPort, ScriptRun } from '../ports/script-port.ts';
import { monotonicUs } from './clock.ts';
import { failure, libc } from './libc.ts';
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
const LINGER_MS = 10;
/** What keepalived takes out of a script's environment. */
const REMOVED = ['IFS', 'LD_PRELOAD', 'LD_LIBRARY_PATH'];

/** Loaded apart from the rest: it is a fifth of a start, and a router without scripts never needs it. */
let execaLoaded: typeof execa | undefined;
let loading: Promise<unknown> | undefined;

function loadExeca(): Promise<unknown> {
  loading ??= import('execa').then((module) => {
    execaLoaded = module.execa;
  });
  return loading;
}

/** So long after its making a port loads what it needs for a script, if none has come. */
const PRELOAD_MS = 1000;

/** Scripts get no standard input, no supplementary groups when the user changes, and no shell unless they name one. */
export function createScriptPort(options: ScriptPortOptions = {}): LinuxScriptPort {
  /** Id → process group of what runs. */
  const running = new Map<number, number>();
  const listeners: ((exit: ScriptExit) => void)[] = [];
  let closed = false;
  setTimeout(loadExeca, PRELOAD_MS).unref();

  function start(run: ScriptRun): void {
    if (execaLoaded !== undefined) begin(run, execaLoaded);
    else void loadExeca().then(() => begin(run, execaLoaded!));
  }

  function begin(run: ScriptRun, execute: typeof execa): void {
    const startedAt = monotonicUs();
    const output = new Tail();
    let over = false;
    const finish = (outcome: ScriptOutcome): void => {
      if (over) return;
      over = true;
      running.delete(run.id);
      const exit = { id: run.id, outcome, output: output.text(), durationUs: monotonicUs() - startedAt };
      if (!closed) for (const listener of listeners) listener(exit);
    };
    // Never from within `start`: the caller has not seen it return yet.
    const notStarted = (message: string) => setImmediate(finish, { kind: 'not-started', message });
    const [file, ...args] = run.argv;
    if (file === undefined || file === '') return void notStarted('no program is named');
    const identity = identityOf(run, options);
    if (typeof identity === 'string') return void notStarted(`cannot run ${file}: ${identity}`);

    const pipe = libc().pipe();
    if (typeof pipe === 'number') return void notStarted(failure(pipe, `cannot run ${file}`).message);
    const child = spawn(execute, file, args, identity, pipe.write);
    libc().close(pipe.write);
    const reader = new Socket({ fd: pipe.read, readable: true, writable: false });
    collect(reader, output);
    if (child.pid === undefined) {
      void child.then(({ code }) => notStarted(`cannot run ${file}: ${reason(code, identity)}`));
      return;
    }
    running.set(run.id, child.pid);
    child.once('exit', (code, signal) => {
      const outcome: ScriptOutcome =
        signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal };
      if (reader.readableEnded) return finish(outcome);
      reader.once('end', () => finish(outcome));
      setTimeout(finish, LINGER_MS, outcome);
    });
  }

  return {
    start,
    signal: (id, signal) => {
      const pid = running.get(id);
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

/**
 * Output goes to a pipe of our own for both streams: the order of lines stays, and unlike the socket that Node would make
 * it can be opened again by the script (`echo … > /dev/stderr`).
 */
function spawn(
  execute: typeof execa,
  file: string,
  args: readonly string[],
  identity: Identity | undefined,
  output: number,
) {
  if (identity !== undefined) giveAway(output, identity);
  const env = { ...process.env };
  // execa takes any descriptor; its types know the first ten.
  const descriptor = output as 9;
  for (const name of REMOVED) delete env[name];
  const child = execute(file, args, {
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    extendEnv: false,
    env,
    cwd: '/',
    stdin: 'ignore',
    stdout: descriptor,
    stderr: descriptor,
    verbose: 'none',
    ...identity,
  });
  child.catch(() => {});
  return child;
}

/** A pipe belongs to who made it: another user could not open it again by its name. */
function giveAway(pipe: number, { uid, gid }: Identity): void {
  try {
    fchownSync(pipe, uid, gid);
  } catch {
    // Not root: then the script cannot become that user either, and says so.
  }
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
function collect(stream: Socket, output: Tail): void {
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
