// Questions before anything changes: what a dialog is, which keys it takes, and when it lets a command through.
// The default answer is Cancel; Enter never confirms; what is typed before a person can have read it is ignored.
import { DEFAULT_OVERRIDE_US, isSetCommand, type OperatorCommand } from '../engine/commands.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import type { DumpKind } from '../observe/local-router.ts';
import type { ColumnsDialog } from './column-picker.ts';
import type { WizardDialog } from './drill-wizard.ts';
import { type Forecast, forecast } from './forecast.ts';
import { duration, parseDuration } from './format.ts';
import type { QuitHow } from './protocol.ts';
import { type ScreenState, type Step, sendCommand, showView, stay, withToast, withUi } from './state.ts';

/** Keys within this time after a dialog opened were meant for what was there before, µs. */
export const GUARD_US = 400_000;

export interface Opened {
  /** Local clock, µs. */
  readonly openedAt: number;
  /** The picture on which the question rests: the list may move on, the target must not. */
  readonly snapshot: Snapshot;
  /** First line shown of what does not fit. */
  readonly scroll?: number;
}

/** Text fields of a dialog; `none`: no field has the cursor, and single keys answer. */
export type Field = 'none' | 'value' | 'lasts' | 'why' | 'phrase';

export interface ChangeDialog extends Opened {
  readonly kind: 'change';
  readonly title: string;
  readonly instance: string | undefined;
  /** Undefined: it follows from `value`. */
  readonly command: OperatorCommand | undefined;
  /** The priority as typed; undefined when the command needs none. */
  readonly value: string | undefined;
  /** How long the override lasts, as typed; undefined for what is no override. */
  readonly lasts: string | undefined;
  readonly why: string;
  /** Must be typed when MASTER changes hands. */
  readonly phrase: string;
  readonly field: Field;
  /** What stands in the field is a proposal: the first character typed takes its place. */
  readonly proposed: boolean;
  /** The last page of the drill wizard: what it asks for is gone through one by one, and the measurement follows. */
  readonly drill: boolean;
}

export interface UnlockDialog extends Opened {
  readonly kind: 'unlock';
  readonly lastsUs: number;
  readonly phrase: string;
}

export interface QuitDialog extends Opened {
  readonly kind: 'quit';
}

/** Asks a router that runs on this host, and is none of ours, for its dumps. */
export interface DumpDialog extends Opened {
  readonly kind: 'dump';
  readonly kinds: readonly DumpKind[];
}

export type Dialog = ChangeDialog | UnlockDialog | QuitDialog | DumpDialog | ColumnsDialog | WizardDialog;

/** Those that are answered here; the others have a module of their own. */
type Question = Exclude<Dialog, ColumnsDialog | WizardDialog>;

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

/** The command that the dialog would give now; undefined while a value is not complete. */
export function dialogCommand(dialog: ChangeDialog): OperatorCommand | undefined {
  const { instance, value, lasts, why } = dialog;
  const command = value === undefined || instance === undefined ? dialog.command : parsePriority(instance, value);
  if (command === undefined || !isSetCommand(command)) return command;
  const lastsUs = lasts === undefined ? DEFAULT_OVERRIDE_US : parseDuration(lasts);
  if (lastsUs === undefined) return undefined;
  return { ...command, lastsUs, ...(why.trim() === '' ? {} : { why: why.trim() }) };
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
  const name = dialog.instance?.trim() || 'unnamed';
  return result.tier === 'outage' ? `${name} :force` : name;
}

/** Why the answer that the dialog shows no longer holds: a state on which it rests has changed since it opened. */
export function staleTarget(state: ScreenState, dialog: ChangeDialog): string | undefined {
  const names = [dialog.instance, ...(dialogForecast(dialog)?.along ?? [])];
  for (const then of dialog.snapshot.instances.filter(({ name }) => names.includes(name))) {
    const now = state.snapshot?.instances.find(({ name }) => name === then.name);
    if (now === undefined) return `${then.name} is gone`;
    if (now.state !== then.state) return `${then.name} was ${then.state} and is ${now.state} now`;
  }
  const command = dialogCommand(dialog);
  if (command === undefined || state.snapshot === undefined) return undefined;
  const changed = forecast(state.snapshot, command).tier !== forecast(dialog.snapshot, command).tier;
  return changed ? 'what would happen has changed' : undefined;
}

type ChangeWanted = Pick<ChangeDialog, 'title' | 'instance' | 'command'> &
  Partial<Pick<ChangeDialog, 'value' | 'lasts' | 'why' | 'drill'>>;

export function openChange(state: ScreenState, now: number, wanted: ChangeWanted): Step {
  const { snapshot } = state;
  if (snapshot === undefined) return stay(state);
  const { title, instance, command, value, drill = false } = wanted;
  const lasts =
    command !== undefined && !isSetCommand(command)
      ? undefined
      : (wanted.lasts ?? duration(DEFAULT_OVERRIDE_US).replace(/m00s$/, 'm'));
  const field: Field = value !== undefined ? 'value' : drill ? 'lasts' : 'none';
  const base = { kind: 'change', openedAt: now, snapshot, title, instance, command } as const;
  const opened: ChangeDialog = {
    ...base,
    value,
    lasts,
    why: wanted.why ?? '',
    phrase: '',
    field,
    proposed: true,
    drill,
  };
  const refused = dialogForecast(opened)?.refused;
  if (refused !== undefined) return stay(withToast(state, now, refused, 'attention'));
  // A value that came with the command is complete: what is typed next is the answer.
  const asked = !drill && requiredPhrase(opened) !== '';
  const first = asked ? 'phrase' : field;
  return stay({ ...state, dialog: { ...opened, field: first }, toast: undefined });
}

export function openUnlock(state: ScreenState, now: number, lastsUs: number): Step {
  const { snapshot } = state;
  if (snapshot === undefined) return stay(state);
  return stay({ ...state, dialog: { kind: 'unlock', openedAt: now, snapshot, lastsUs, phrase: '' }, toast: undefined });
}

/** What a key does while a dialog is open. `now` is the local clock, µs. */
export function dialogKey(state: ScreenState, dialog: Question, key: string, now: number): Step {
  if (key === 'esc') return cancel(state, now);
  if (now - dialog.openedAt < GUARD_US) return stay(state);
  switch (dialog.kind) {
    case 'quit':
      return quitKey(state, key, now);
    case 'unlock':
      return unlockKey(state, dialog, key, now);
    case 'dump':
      return dumpKey(state, dialog, key, now);
    case 'change':
      return changeKey(state, dialog, key, now);
  }
}

export function openDump(state: ScreenState, now: number, kinds: readonly DumpKind[]): Step {
  const { snapshot } = state;
  if (snapshot === undefined) return stay(state);
  return stay({ ...state, dialog: { kind: 'dump', openedAt: now, snapshot, kinds }, toast: undefined });
}

function dumpKey(state: ScreenState, { kinds }: DumpDialog, key: string, now: number): Step {
  if (key === 'enter') return cancel(state, now);
  if (key !== 'y') return stay(state);
  return stay({ ...state, dialog: undefined }, { type: 'send', message: { type: 'dump', kinds } });
}

export function cancel(state: ScreenState, now: number): Step {
  return stay(withToast({ ...state, dialog: undefined }, now, 'Cancelled: nothing was changed.'));
}

function quitKey(state: ScreenState, key: string, now: number): Step {
  if (key === 'r' || key === 'ctrl-c') return leave(state, 'release', key);
  if (key === 'd' && state.info.command !== 'demo') return leave(state, 'detach', key);
  if (key === 'enter' || key === 'c' || key === 'n') return cancel(state, now);
  return stay(state);
}

/** Leaves the screen; `confirmed` is what was pressed, for the audit log. */
export function leave(state: ScreenState, how: QuitHow, confirmed: string): Step {
  return stay(
    { ...state, dialog: undefined, leaving: how },
    { type: 'send', message: { type: 'leaving', how, confirmed } },
    { type: 'quit', how },
  );
}

function unlockKey(state: ScreenState, dialog: UnlockDialog, key: string, now: number): Step {
  if (key === 'enter') return cancel(state, now);
  if (key === 'ctrl-g' && dialog.phrase === state.info.hostname && dialog.phrase !== '') {
    return stay(
      { ...state, dialog: undefined },
      { type: 'send', message: { type: 'unlock', lastsUs: dialog.lastsUs } },
    );
  }
  return stay({ ...state, dialog: { ...dialog, phrase: typed(dialog.phrase, key, 80) } });
}

function changeKey(state: ScreenState, dialog: ChangeDialog, key: string, now: number): Step {
  const phrase = requiredPhrase(dialog);
  const field = activeField(dialog, phrase);
  if (key === 'enter') {
    if (field === 'none' || field === 'phrase') return cancel(state, now);
    if (dialog.drill) return stay({ ...state, dialog: { ...dialog, field: nextField(phrase, field), proposed: true } });
    return stay(
      phrase === '' && field === 'value' ? state : { ...state, dialog: { ...dialog, field: answerField(phrase) } },
    );
  }
  if (key === 'tab' || key === 'shift-tab') {
    const fields = fieldsOf(dialog, phrase);
    const at = fields.indexOf(field) + (key === 'tab' ? 1 : -1) + fields.length;
    return stay({ ...state, dialog: { ...dialog, field: fields[at % fields.length]!, proposed: true } });
  }
  if (key === 'y' && phrase === '' && (field === 'none' || (field === 'value' && !dialog.drill)))
    return confirm(state, dialog, key, now);
  if (key === 'ctrl-g' && phrase !== '' && dialog.phrase === phrase) return confirm(state, dialog, phrase, now);
  return stay({ ...state, dialog: edit(dialog, field, key, phrase) });
}

const answerField = (phrase: string): Field => (phrase === '' ? 'none' : 'phrase');

/** The wizard asks one thing after the other: value, how long, why, and then whether to do it. */
function nextField(phrase: string, field: Field): Field {
  if (field === 'value') return 'lasts';
  return field === 'lasts' ? 'why' : answerField(phrase);
}

/** The fields that Tab goes through; the one for the answer comes first after the value. */
function fieldsOf(dialog: ChangeDialog, phrase: string): readonly Field[] {
  return [
    ...(dialog.value === undefined ? [] : (['value'] as const)),
    ...(phrase === '' && dialog.value !== undefined && !dialog.drill ? [] : [answerField(phrase)]),
    ...(dialog.lasts === undefined ? [] : (['lasts', 'why'] as const)),
  ];
}

/** The field with the cursor: what is asked for may have changed since it was chosen. */
export function activeField(dialog: ChangeDialog, phrase: string): Field {
  const fields = fieldsOf(dialog, phrase);
  return fields.includes(dialog.field) ? dialog.field : fields[0]!;
}

function confirm(state: ScreenState, dialog: ChangeDialog, confirmed: string, now: number): Step {
  const command = dialogCommand(dialog);
  if (command === undefined) return stay(state);
  const closed = { ...state, dialog: undefined };
  const stale = staleTarget(state, dialog);
  if (stale !== undefined) return stay(withToast(closed, now, `Not done: ${stale}. Ask again.`, 'attention'));
  const expected = forecast(dialog.snapshot, command);
  if (expected.refused !== undefined)
    return stay(withToast(closed, now, `Not done: ${expected.refused}.`, 'attention'));
  const next = dialog.drill ? withUi(showView(closed, 'drill'), 'drill', { selected: undefined, filter: '' }) : closed;
  return sendCommand(next, command, { forecast: expected.lines.join(' '), confirmed });
}

/** What each field takes, and how much of it. */
const FIELDS: Readonly<Record<Exclude<Field, 'none'>, { readonly takes: RegExp; readonly longest: number }>> = {
  value: { takes: /^[0-9+-]$/, longest: 4 },
  lasts: { takes: /^[0-9smhd]$/, longest: 8 },
  why: { takes: /^.$/u, longest: 80 },
  phrase: { takes: /^.$/u, longest: 300 },
};

/** Text editing in the field that has the cursor. */
function edit(dialog: ChangeDialog, field: Field, key: string, phrase: string): ChangeDialog {
  if (field === 'none' || (field === 'phrase' && phrase === '')) return dialog;
  const { takes, longest } = FIELDS[field];
  const char = key === 'space' ? ' ' : key;
  if ([...char].length === 1 && !takes.test(char)) return dialog;
  const replaces = dialog.proposed && (field === 'value' || field === 'lasts') && takes.test(char);
  const before = replaces ? '' : (dialog[field] ?? '');
  return { ...dialog, proposed: false, [field]: typed(before, key, longest) };
}

/** A text after a key: a character is added, Backspace and Ctrl-U take away, other keys do nothing. */
function typed(text: string, key: string, longest: number): string {
  if (key === 'backspace') return [...text].slice(0, -1).join('');
  if (key === 'ctrl-u') return '';
  const char = key === 'space' ? ' ' : key;
  return [...char].length === 1 && [...text].length < longest ? text + char : text;
}
