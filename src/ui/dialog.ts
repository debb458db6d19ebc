// Questions before anything changes: what a dialog is, which keys it takes, and when it lets a command through.
// The default answer is Cancel; Enter never confirms; what is typed before a person can have read it is ignored.
import type { OperatorCommand } from '../engine/commands.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { type Forecast, forecast } from './forecast.ts';
import type { QuitHow } from './protocol.ts';
import { type ScreenState, type Step, sendCommand, stay, withToast } from './state.ts';

/** Keys within this time after a dialog opened were meant for what was there before, µs. */
export const GUARD_US = 400_000;

interface Opened {
  /** Local clock, µs. */
  readonly openedAt: number;
  /** The picture on which the question rests: the list may move on, the target must not. */
  readonly snapshot: Snapshot;
}

/** `value` is typed when the command needs one; `phrase` must be typed when MASTER changes hands. */
export interface ChangeDialog extends Opened {
  readonly kind: 'change';
  readonly title: string;
  readonly instance: string | undefined;
  readonly command: OperatorCommand | undefined;
  readonly value: string | undefined;
  readonly field: 'value' | 'phrase';
  readonly phrase: string;
}

export interface QuitDialog extends Opened {
  readonly kind: 'quit';
}

export type Dialog = ChangeDialog | QuitDialog;

/** What a person types in the priority field, as a command: `90` sets, `+10` and `-10` add. */
export function parsePriority(instance: string, text: string): OperatorCommand | undefined {
  const match = /^([+-]?)(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const number = Number(match[2]);
  if (match[1] !== '') {
    const delta = match[1] === '-' ? -number : number;
    return number >= 1 && number <= 253 ? { kind: 'add-priority', instance, delta } : undefined;
  }
  return number >= 1 && number <= 254 ? { kind: 'set-priority', instance, priority: number } : undefined;
}

/** The command that the dialog would give now; undefined while the value is not complete. */
export function dialogCommand(dialog: ChangeDialog): OperatorCommand | undefined {
  if (dialog.value === undefined || dialog.instance === undefined) return dialog.command;
  return parsePriority(dialog.instance, dialog.value);
}

export function dialogForecast(dialog: ChangeDialog): Forecast | undefined {
  const command = dialogCommand(dialog);
  return command && forecast(dialog.snapshot, command);
}

/** The words to type before Ctrl-G works; empty when `y` is enough (a local effect). */
export function requiredPhrase(dialog: ChangeDialog): string {
  const result = dialogForecast(dialog);
  if (result === undefined || result.tier === 'local') return '';
  // Back to what the configuration says: the way out of a drill must be short.
  if (dialog.command?.kind === 'undo' || dialog.command?.kind === 'undo-all') return '';
  const name = dialog.instance ?? 'all';
  return result.tier === 'outage' ? `${name} :force` : name;
}

/** Why the answer that the dialog shows no longer holds: its target has changed state since it opened. */
export function staleTarget(state: ScreenState, dialog: ChangeDialog): string | undefined {
  const find = (snapshot: Snapshot | undefined) => snapshot?.instances.find(({ name }) => name === dialog.instance);
  const then = find(dialog.snapshot);
  if (then === undefined) return undefined;
  const now = find(state.snapshot);
  if (now === undefined) return `${then.name} is gone`;
  return now.state === then.state ? undefined : `${then.name} was ${then.state} and is ${now.state} now`;
}

export function openChange(
  state: ScreenState,
  now: number,
  dialog: Pick<ChangeDialog, 'title' | 'instance' | 'command'> & { readonly value?: string },
): Step {
  const { snapshot } = state;
  if (snapshot === undefined) return stay(state);
  const opened: ChangeDialog = {
    kind: 'change',
    openedAt: now,
    snapshot,
    title: dialog.title,
    instance: dialog.instance,
    command: dialog.command,
    value: dialog.value,
    field: dialog.value === undefined ? 'phrase' : 'value',
    phrase: '',
  };
  const refused = dialogForecast(opened)?.refused;
  if (refused !== undefined) return stay(withToast(state, now, refused, 'attention'));
  return stay({ ...state, dialog: opened, toast: undefined });
}

/** One key while a dialog is open. */
export function dialogKey(state: ScreenState, dialog: Dialog, key: string, now: number): Step {
  if (key === 'esc') return cancel(state, now);
  if (now - dialog.openedAt < GUARD_US) return stay(state);
  return dialog.kind === 'quit' ? quitKey(state, key, now) : changeKey(state, dialog, key, now);
}

function cancel(state: ScreenState, now: number): Step {
  return stay(withToast({ ...state, dialog: undefined }, now, 'Cancelled: nothing was changed.'));
}

function quitKey(state: ScreenState, key: string, now: number): Step {
  if (key === 'r' || key === 'ctrl-c') return leave(state, 'release');
  if (key === 'd' && state.info.command !== 'demo') return leave(state, 'detach');
  if (key === 'enter' || key === 'c' || key === 'n') return cancel(state, now);
  return stay(state);
}

export function leave(state: ScreenState, how: QuitHow): Step {
  return stay({ ...state, dialog: undefined, leaving: how }, { type: 'quit', how });
}

function changeKey(state: ScreenState, dialog: ChangeDialog, key: string, now: number): Step {
  const phrase = requiredPhrase(dialog);
  if (key === 'enter') {
    if (dialog.field === 'phrase') return cancel(state, now);
    return stay(phrase !== '' ? { ...state, dialog: { ...dialog, field: 'phrase' } } : state);
  }
  if (key === 'tab' || key === 'shift-tab') {
    if (dialog.value === undefined || phrase === '') return stay(state);
    return stay({ ...state, dialog: { ...dialog, field: dialog.field === 'value' ? 'phrase' : 'value' } });
  }
  if (key === 'y' && phrase === '') return confirm(state, dialog, now);
  if (key === 'ctrl-g' && phrase !== '' && dialog.phrase === phrase) return confirm(state, dialog, now);
  return stay({ ...state, dialog: edit(dialog, key, phrase) });
}

function confirm(state: ScreenState, dialog: ChangeDialog, now: number): Step {
  const command = dialogCommand(dialog);
  if (command === undefined) return stay(state);
  const closed = { ...state, dialog: undefined };
  const stale = staleTarget(state, dialog);
  if (stale !== undefined) return stay(withToast(closed, now, `Not done: ${stale}. Ask again.`, 'attention'));
  const refused = forecast(dialog.snapshot, command).refused;
  if (refused !== undefined) return stay(withToast(closed, now, `Not done: ${refused}.`, 'attention'));
  return sendCommand(closed, command);
}

/** Text editing in the field that has the cursor. */
function edit(dialog: ChangeDialog, key: string, phrase: string): ChangeDialog {
  const name = dialog.value !== undefined && (dialog.field === 'value' || phrase === '') ? 'value' : 'phrase';
  const text = dialog[name] ?? '';
  const char = key === 'space' ? ' ' : key;
  if (key === 'backspace') return { ...dialog, [name]: [...text].slice(0, -1).join('') };
  if (key === 'ctrl-u') return { ...dialog, [name]: '' };
  if ([...char].length !== 1) return dialog;
  if (name === 'value' && !/^[0-9+-]$/.test(char)) return dialog;
  if (name === 'phrase' && phrase === '') return dialog;
  const limit = name === 'value' ? 4 : 80;
  return [...text].length < limit ? { ...dialog, [name]: text + char } : dialog;
}
