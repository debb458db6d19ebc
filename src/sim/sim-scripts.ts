// The script port of a simulated process: runs take virtual time and end as the host's table says.
import type { Clock } from '../ports/clock.ts';
import { done } from '../ports/result.ts';
import type { ScriptExit, ScriptOutcome, ScriptPort, ScriptRun } from '../ports/script-port.ts';
import type { ScriptBehaviour, ScriptTable } from './script-table.ts';
import type { SimProcess } from './sim-process.ts';

export interface SimScriptOptions {
  /** The machine's clock: children run on while their parent is paused. */
  readonly clock: Clock;
  readonly process: SimProcess;
  readonly table: ScriptTable;
  /** Commands that fail now whatever the table says. */
  readonly broken: ReadonlySet<string>;
}

interface Running {
  readonly startedAt: number;
  readonly behaviour: ScriptBehaviour;
  readonly cancel: () => void;
}

/** A script port without runs. A command that is not in the table cannot be executed (ENOENT). */
export function createSimScripts({ clock, process, table, broken }: SimScriptOptions): ScriptPort {
  const listeners: ((exit: ScriptExit) => void)[] = [];
  const running = new Map<number, Running>();

  const end = (id: number, outcome: ScriptOutcome) => {
    const run = running.get(id);
    if (run === undefined) return;
    running.delete(id);
    run.cancel();
    const exit = { id, outcome, output: run.behaviour.output ?? '', durationUs: clock.now() - run.startedAt };
    process.deliver('input', () => {
      for (const listener of listeners) listener(exit);
    });
  };
  return {
    start: (run) => {
      const startedAt = clock.now();
      const behaviour = behaviourOf(run, startedAt, table, broken);
      const cancel = clock.wakeAt(startedAt + behaviour.durationUs, () => end(run.id, behaviour.outcome));
      running.set(run.id, { startedAt, behaviour, cancel });
    },
    signal: (id, signal) => {
      const run = running.get(id);
      if (run !== undefined && (signal === 'SIGKILL' || !run.behaviour.ignoresTerm)) {
        clock.wakeAt(clock.now(), () => end(id, { kind: 'signalled', signal }));
      }
      return done;
    },
    onExit: (listener) => {
      listeners.push(listener);
    },
  };
}

function behaviourOf(run: ScriptRun, at: number, table: ScriptTable, broken: ReadonlySet<string>): ScriptBehaviour {
  const command = run.argv.join(' ');
  const script = table.get(command);
  if (script === undefined) {
    return { outcome: { kind: 'not-started', message: `${run.argv[0] ?? ''}: ENOENT` }, durationUs: 0 };
  }
  const behaviour = script(at);
  if (!broken.has(command)) return behaviour;
  return { ...behaviour, outcome: { kind: 'exited', code: 1 } };
}
