// The line in which a filter (`/`) or a command (`:`) is typed: its keys, history and completion, and how it is drawn.
import { commandNamed, commandsOf, runLine } from './commands.ts';
import { parseFilter } from './filter.ts';
import { currentView, type Prompt, type ScreenState, type Step, stay, withToast, withUi } from './state.ts';
import { type Line, line, type Span, shorten } from './text.ts';
import { viewContext } from './views/context.ts';
import { viewOf } from './views/registry.ts';

const LONGEST = 200;
const KEPT_LINES = 50;

/** What a key does while the prompt is open. `now` is the local clock, µs. */
export function promptKey(state: ScreenState, prompt: Prompt, key: string, now: number): Step {
  if (key === 'esc' || key === 'ctrl-c') return stay(abandoned(state, prompt));
  if (key === 'enter')
    return prompt.kind === 'filter' ? stay(acceptFilter(state, prompt, now)) : enterCommand(state, prompt, now);
  if (key === 'backspace' && prompt.text === '') return stay(abandoned(state, prompt));
  if (key === 'backspace') return stay(typed(state, prompt, [...prompt.text].slice(0, -1).join(''), now));
  if (key === 'ctrl-u') return stay(typed(state, prompt, '', now));
  if (key === 'ctrl-w') return stay(typed(state, prompt, prompt.text.replace(/\S*\s*$/, ''), now));
  if (prompt.kind === 'command') {
    if (key === 'tab') return stay(completed(state, prompt, now));
    if (key === 'up' || key === 'down') return stay(recalled(state, prompt, key === 'up' ? -1 : 1));
  }
  const char = key === 'space' ? ' ' : key;
  return [...char].length === 1 ? stay(typed(state, prompt, prompt.text + char, now)) : stay(state);
}

/** Pasted text is typed text here: the prompt is a text field, and only Enter sends it. */
export function promptPaste(state: ScreenState, prompt: Prompt, text: string, now: number): ScreenState {
  return typed(state, prompt, prompt.text + text, now);
}

function typed(state: ScreenState, prompt: Prompt, text: string, now: number): ScreenState {
  const next = { ...prompt, text: [...text].slice(0, LONGEST).join(''), recall: undefined };
  const open = { ...state, prompt: next };
  if (prompt.kind === 'command' || filterError(open, next.text, now) !== undefined) return open;
  return withUi(open, currentView(state), { filter: next.text, top: undefined });
}

function abandoned(state: ScreenState, prompt: Prompt): ScreenState {
  const closed = { ...state, prompt: undefined };
  return prompt.kind === 'filter'
    ? withUi(closed, currentView(state), { filter: prompt.before, top: undefined })
    : closed;
}

function acceptFilter(state: ScreenState, prompt: Prompt, now: number): ScreenState {
  const error = filterError(state, prompt.text, now);
  return error === undefined
    ? { ...state, prompt: undefined }
    : withToast(abandoned(state, prompt), now, `/${prompt.text}: ${error}`, 'attention');
}

function enterCommand(state: ScreenState, { text }: Prompt, now: number): Step {
  const line = text.trim();
  const history =
    line === '' ? state.history : [...state.history.filter((old) => old !== line), line].slice(-KEPT_LINES);
  return runLine({ ...state, prompt: undefined, history }, line, now);
}

function recalled(state: ScreenState, prompt: Prompt, by: 1 | -1): ScreenState {
  const at = (prompt.recall ?? state.history.length) + by;
  if (at < 0) return state;
  const text = state.history[at];
  return { ...state, prompt: { ...prompt, text: text ?? '', recall: text === undefined ? undefined : at } };
}

/** What could stand in the place of the last word. */
export function candidatesFor(state: ScreenState, text: string, now: number): readonly string[] {
  const words = text.split(' ');
  const last = words.at(-1)!.toLowerCase();
  if (words.length === 1) {
    const names = commandsOf(state).flatMap((command) => (command.names === undefined ? [] : [command.names[0]!]));
    return [...new Set(names)].filter((name) => name.startsWith(last)).sort();
  }
  const command = commandNamed(state, words[0]!);
  if (typeof command === 'string') return [];
  return (command.complete?.(state, now) ?? []).filter((word) => word.toLowerCase().startsWith(last));
}

/** Tab: as much as all candidates have in common. */
function completed(state: ScreenState, prompt: Prompt, now: number): ScreenState {
  const candidates = candidatesFor(state, prompt.text, now);
  const [first, ...others] = candidates;
  if (first === undefined) return state;
  let common = first;
  for (const other of others) while (!other.startsWith(common)) common = common.slice(0, -1);
  const words = prompt.text.split(' ');
  const last = words.at(-1)!;
  if (common.length < last.length) return state;
  const text = [...words.slice(0, -1), common].join(' ') + (others.length === 0 ? ' ' : '');
  return { ...state, prompt: { ...prompt, text, recall: undefined } };
}

/** Why a text is no filter for the view that has the keys; undefined when it is one. */
export function filterError(state: ScreenState, text: string, now: number): string | undefined {
  const id = currentView(state);
  const columns = viewOf(id)?.list?.columns(viewContext(state, id, now), state.size.columns) ?? [];
  const filter = parseFilter(text, columns);
  return filter.ok ? undefined : filter.error;
}

/** `/text` with a cursor; red, with the reason, while it is invalid. */
export function promptLine(state: ScreenState, now: number): Line {
  const { kind, text } = state.prompt!;
  const error = kind === 'filter' ? filterError(state, text, now) : undefined;
  const body: Span = error === undefined ? ['strong', text] : ['critical', text];
  return line(
    ['key', kind === 'filter' ? '/' : ':'],
    body,
    ['selected', ' '],
    error === undefined ? '' : ['critical', `  ${error}`],
  );
}

export function promptHint(state: ScreenState, now: number, columns: number): Line {
  const { kind, text } = state.prompt!;
  if (kind === 'filter') {
    return line([
      'dim',
      shorten('regex, or vrid=51  prio>100  source~fe80; ! inverts   Enter keeps  Esc drops', columns),
    ]);
  }
  const candidates = candidatesFor(state, text, now);
  return line(['dim', shorten(candidates.length > 0 ? candidates.join('  ') : 'Enter runs, Esc drops', columns)]);
}
