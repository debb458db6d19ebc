// What the scripts of a simulated host do when they are run: one function of time per command.
import type { ScriptOutcome } from '../ports/script-port.ts';

/** One run of a script, known in advance. */
export interface ScriptBehaviour {
  readonly outcome: ScriptOutcome;
  readonly durationUs: number;
  readonly output?: string;
  /** SIGTERM does not end it. */
  readonly ignoresTerm?: boolean;
}

/** What a run that starts at `at` (µs) will do. */
export type SimScript = (at: number) => ScriptBehaviour;

/** Commands (words joined by one space) and what they do. May be changed at any time; later runs see it. */
export type ScriptTable = Map<string, SimScript>;

/** A script that always exits with `code` after `durationUs`. */
export function steadyScript(code = 0, durationUs = 5_000): SimScript {
  return () => ({ outcome: { kind: 'exited', code }, durationUs });
}
