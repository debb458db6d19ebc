// The one registry of what an operator can do: keys, the `:` prompt, footer and help are generated from it.
// Lower case looks, a capital letter changes the engine (but G and S, which everybody knows), and nothing that changes it
// is on Enter, Space, Esc, a digit or Ctrl.
import type { SessionInfo } from '../session/messages.ts';
import { ACTS } from './commands/act.ts';
import { CHANGES } from './commands/change.ts';
import type { Command } from './commands/command.ts';
import { DATA } from './commands/data.ts';
import { LOCAL } from './commands/local.ts';
import { LOOKS, MOVES, ROUTERS, VIEW_COMMANDS } from './commands/look.ts';
import { REPLAY } from './commands/replay.ts';
import { SESSION } from './commands/session.ts';
import { clampScroll } from './selection.ts';
import { currentView, isDashboard, type ScreenState, type Step, stay, withToast } from './state.ts';
import { viewContext } from './views/context.ts';
import { isIn, VIEWS, viewOf } from './views/registry.ts';

/** Those of the views first: they may give a key another meaning there. */
export const COMMANDS: readonly Command[] = [
  ...VIEWS.flatMap(({ id, only, commands = [] }) =>
    commands.map((command): Command => ({ views: [id], ...(only && { only }), ...command })),
  ),
  ...REPLAY,
  ...LOCAL,
  ...MOVES,
  ...VIEW_COMMANDS,
  ...LOOKS,
  ...DATA,
  ...ROUTERS,
  ...CHANGES,
  ...ACTS,
  ...SESSION,
];

/** A watch has nothing to change. */
const without = (command: SessionInfo['command']): readonly Command[] =>
  COMMANDS.filter((each) => isIn(each, command) && !(command === 'watch' && each.group === 'change'));
const ALL_OF = { run: without('run'), demo: without('demo'), watch: without('watch') };

/** Those that there are in this session, whatever is shown. */
export const commandsOf = ({ info }: Pick<ScreenState, 'info'>): readonly Command[] => ALL_OF[info.command];

/** Whether a command belongs to what is on the screen now. */
export function isOffered(command: Command, state: ScreenState): boolean {
  if (command.views !== undefined && !command.views.includes(currentView(state))) return false;
  return !(command.hidden?.(state) ?? false);
}

/** Runs what a key stands for in this state; a blocked command says why. Unknown keys do nothing. */
export function runKey(state: ScreenState, key: string, now: number): Step {
  const all = commandsOf(state);
  const command = all.find((c) => c.keys.includes(key) && isOffered(c, state)) ?? refusedChange(all, key);
  return command === undefined ? stay(state) : runCommand(state, command, now, '', command.keys[0]!);
}

/** Runs a line of the `:` prompt: a name or the beginning of only one, then its arguments. */
export function runLine(state: ScreenState, line: string, now: number): Step {
  const [name = '', ...args] = line.trim().split(/ +/);
  if (name === '') return stay(state);
  const command = commandNamed(state, name);
  if (typeof command === 'string') return stay(withToast(state, now, command, 'attention'));
  return runCommand(state, command, now, args.join(' '), `:${name}`);
}

/** The command of that name; or what to say when there is none or more than one. */
export function commandNamed(state: ScreenState, name: string): Command | string {
  const all = commandsOf(state);
  const exact = all.find(({ names }) => names?.includes(name));
  if (exact !== undefined) return exact;
  const begun = all.filter(({ names }) => names?.[0]?.startsWith(name));
  if (begun.length === 1) return begun[0]!;
  if (begun.length === 0) return `no command ${name}; ? lists all`;
  return `${name} could be ${begun.map(({ names }) => names![0]).join(', ')}`;
}

function runCommand(state: ScreenState, command: Command, now: number, args: string, asked: string): Step {
  const reason = command.blocked?.(state, now);
  if (reason !== undefined) return stay(withToast(state, now, `${asked}: ${reason}`, 'attention'));
  const step = command.run(state, now, args);
  return { ...step, state: withinText(step.state, now) };
}

/** A text is never scrolled beyond its end, or the way back would seem dead. */
function withinText(state: ScreenState, now: number): ScreenState {
  const id = currentView(state);
  const view = viewOf(id);
  if (view?.text === undefined || isDashboard(state)) return state;
  const context = { ...viewContext(state, id, now), commands: commandsOf(state) };
  return clampScroll(state, view.text(context, state.size.columns, state.size.rows).length);
}

/** A change that is not offered (nothing to undo) still tells why to a person who presses its key. */
function refusedChange(all: readonly Command[], key: string): Command | undefined {
  return all.find((c) => c.group === 'change' && c.keys.includes(key));
}
