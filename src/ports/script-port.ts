// Running track and notify scripts.
import type { PortResult } from './result.ts';

export interface ScriptRun {
  /** Chosen by the engine; unique for the life of the process. */
  readonly id: number;
  readonly argv: readonly string[];
  readonly user?: string;
  readonly group?: string;
}

/** How a run ended. `not-started`: the program could not be executed (a failure, unlike in keepalived). */
export type ScriptOutcome =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly message: string };

export interface ScriptExit {
  readonly id: number;
  readonly outcome: ScriptOutcome;
  /** Last lines of stdout and stderr together, at most 4096 bytes, as the script wrote them (hostile text). */
  readonly output: string;
  readonly durationUs: number;
}

export interface ScriptPort {
  /** Starts a run in a process group of its own. Its end always comes through `onExit`, also when it never started. */
  start(run: ScriptRun): void;
  /** Signals the whole process group of a run; nothing happens when it is over. */
  signal(id: number, signal: 'SIGTERM' | 'SIGKILL'): PortResult;
  onExit(listener: (exit: ScriptExit) => void): void;
}
