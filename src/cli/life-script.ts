// startup_script and shutdown_script: run once, and waited for no longer than their timeout.
import type { LifeScript } from '../engine/config.ts';
import type { ScriptOutcome, ScriptPort } from '../ports/script-port.ts';

/** Ids below those of the engine. */
let lastId = 0;

/** Runs it, and calls `onEnd` once: with what went wrong, in one line, or with undefined. Without a script at once. */
export function runLifeScript(
  scripts: ScriptPort,
  script: LifeScript | undefined,
  onEnd: (problem: string | undefined) => void,
): void {
  if (script === undefined) return onEnd(undefined);
  const { command, timeoutUs } = script;
  const { argv, text, user, group } = command;
  lastId -= 1;
  const id = lastId;
  let over = false;
  const end = (problem: string | undefined): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    onEnd(problem);
  };
  const timer = setTimeout(() => {
    scripts.signal(id, 'SIGTERM');
    end(`${text} takes longer than ${timeoutUs / 1_000_000} s: it is not waited for`);
  }, timeoutUs / 1000);
  scripts.onExit((exit) => {
    if (exit.id === id) end(problemOf(text, exit.outcome));
  });
  scripts.start({ id, argv, ...(user !== undefined && { user }), ...(group !== undefined && { group }) });
}

function problemOf(text: string, outcome: ScriptOutcome): string | undefined {
  if (outcome.kind === 'exited') return outcome.code === 0 ? undefined : `${text} exited with status ${outcome.code}`;
  if (outcome.kind === 'signalled') return `${text} was ended by ${outcome.signal}`;
  return `${text} cannot be executed: ${outcome.message}`;
}
