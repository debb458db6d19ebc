// The one registry of what an operator can do: key dispatch, footer and help are generated from it.
// Lower case looks, a capital letter changes the engine, and nothing that changes it is on Enter, Space, Esc or a digit.
import { CHANGES } from './commands/change.ts';
import type { Command } from './commands/command.ts';
import { LOOKS, MOVES, ROUTERS } from './commands/look.ts';
import { SESSION } from './commands/session.ts';
import { type ScreenState, type Step, stay, withToast } from './state.ts';

export const COMMANDS: readonly Command[] = [...MOVES, ...LOOKS, ...ROUTERS, ...CHANGES, ...SESSION];

/** Runs what a key stands for in this state; a blocked command says why. Unknown keys do nothing. */
export function runKey(state: ScreenState, key: string, now: number): Step {
  const command = COMMANDS.find((c) => c.keys.includes(key) && !(c.hidden?.(state) ?? false)) ?? refusedUndo(key);
  if (command === undefined) return stay(state);
  const reason = command.blocked?.(state);
  if (reason !== undefined) return stay(withToast(state, now, `${command.keys[0]}: ${reason}`, 'attention'));
  return command.run(state, now);
}

/** The undo keys are not offered without an override, but a person who presses one is told why. */
function refusedUndo(key: string): Command | undefined {
  return COMMANDS.find((c) => c.group === 'change' && c.keys.includes(key));
}
