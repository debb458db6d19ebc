// Everything the screen knows, as one plain value, and the small questions that all parts of the screen ask of it.
import type { OperatorCommand } from '../engine/commands.ts';
import type { EventRecord } from '../engine/record.ts';
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { Confirmation, FromScreen, Packet, SessionInfo } from '../session/messages.ts';
import type { ListedFinding, WatchPicture } from '../session/watch-picture.ts';
import type { ColumnChoice } from './columns.ts';
import type { Dialog } from './dialog.ts';
import type { Drill } from './model/drills.ts';
import type { QuitHow, Size } from './protocol.ts';
import type { ThemeOptions } from './theme.ts';

export type ViewId =
  | 'instances'
  | 'packets'
  | 'trackers'
  | 'events'
  | 'peers'
  | 'drill'
  | 'instance'
  | 'help'
  | 'findings';

/** One line of feedback for the operator. */
export interface Toast {
  readonly text: string;
  readonly level: 'info' | 'attention';
  /** Local clock, µs. */
  readonly until: number;
}

/** What a session has told so far: all that views draw from. Values are replaced, never changed in place. */
export interface Model {
  readonly info: SessionInfo;
  readonly snapshot: Snapshot | undefined;
  /** Oldest first, bounded. */
  readonly events: readonly EventRecord[];
  /** Adverts, announcements and whatever else was captured; oldest first, bounded. */
  readonly packets: readonly Packet[];
  readonly dropped: number;
  /** p99 lateness of the engine's timer, µs. */
  readonly lateness: number;
  readonly routers: { readonly names: readonly string[]; readonly shown: number };
  /** What overrides did, measured; oldest first, bounded. */
  readonly drills: readonly Drill[];
  /** Of a watch: what is seen of routers in which this program has no part. */
  readonly watch: WatchPicture | undefined;
  /** What is wrong; undefined where nobody looks. */
  readonly findings: readonly ListedFinding[] | undefined;
}

/** A view that stands still: what it showed, and the engine's time then. */
export interface Frozen {
  readonly model: Model;
  readonly now: number;
}

/** What a view remembers while another one is shown. */
export interface ViewUi {
  /** Key of the chosen row: the row may move, the choice must not. Undefined: the first; in a log follow the newest. */
  readonly selected: string | undefined;
  /** Key of the first row on the screen. */
  readonly top: string | undefined;
  /** First line of a view that is text. */
  readonly scroll: number;
  readonly filter: string;
  readonly sort: { readonly column: string; readonly reverse: boolean } | undefined;
  readonly frozen: Frozen | undefined;
  /** Chosen columns; undefined: the view's own. */
  readonly columns: ColumnChoice | undefined;
  /** What only this view knows about itself (hex or tree, time window, ...). */
  readonly extra: Readonly<Record<string, string | number | boolean>>;
}

export interface ScreenState extends Model {
  readonly size: Size;
  readonly theme: ThemeOptions;
  /** Whether changes are let through; until when, local clock, µs. */
  readonly mode: { readonly operate: boolean; readonly until: number | undefined };
  /** Engine clock minus local clock, µs. */
  readonly clockOffset: number;
  /** What Esc goes back through; the last one is shown. Never empty. */
  readonly stack: readonly ViewId[];
  /** The pane that has the keys while the first view is a dashboard. */
  readonly focus: ViewId;
  readonly zoomed: boolean;
  readonly views: Readonly<Partial<Record<ViewId, ViewUi>>>;
  readonly prompt: Prompt | undefined;
  /** Lines of the command prompt, newest last. */
  readonly history: readonly string[];
  readonly dialog: Dialog | undefined;
  readonly toast: Toast | undefined;
  readonly nextCommandId: number;
  /** Asked to end: nothing is accepted any more. */
  readonly leaving: QuitHow | undefined;
}

/** The line in which a filter or a command is typed. */
export interface Prompt {
  readonly kind: 'filter' | 'command';
  readonly text: string;
  /** What Esc brings back: the filter as it was. */
  readonly before: string;
  /** Place in the history; undefined while a new line is typed. */
  readonly recall: number | undefined;
}

/** What a change of the state asks of the world outside. */
export type ScreenEffect =
  | { readonly type: 'send'; readonly message: FromScreen }
  | { readonly type: 'quit'; readonly how: QuitHow }
  | { readonly type: 'redraw' }
  /** To the clipboard of the terminal. */
  | { readonly type: 'copy'; readonly text: string }
  /** To a new file; `what` tells what is in it. */
  | { readonly type: 'save'; readonly file: string; readonly data: Uint8Array; readonly what: string };

export interface Step {
  readonly state: ScreenState;
  readonly effects: readonly ScreenEffect[];
}

const TOAST_US = 6_000_000;

export const FRESH_UI: ViewUi = {
  selected: undefined,
  top: undefined,
  scroll: 0,
  filter: '',
  sort: undefined,
  frozen: undefined,
  columns: undefined,
  extra: {},
};

const DEFAULT_THEME: ThemeOptions = { color: 'true', ascii: false };

export function initialState(info: SessionInfo, size: Size, theme: ThemeOptions = DEFAULT_THEME): ScreenState {
  return {
    info,
    size,
    theme,
    mode: { operate: info.operate, until: undefined },
    snapshot: undefined,
    clockOffset: 0,
    events: [],
    packets: [],
    dropped: 0,
    lateness: 0,
    routers: { names: [], shown: 0 },
    drills: [],
    watch: undefined,
    findings: undefined,
    stack: ['instances'],
    focus: 'instances',
    zoomed: false,
    views: {},
    prompt: undefined,
    history: [],
    dialog: undefined,
    toast: undefined,
    nextCommandId: 1,
    leaving: undefined,
  };
}

export const stay = (state: ScreenState, ...effects: ScreenEffect[]): Step => ({ state, effects });

export function withToast(state: ScreenState, now: number, text: string, level: Toast['level'] = 'info'): ScreenState {
  return { ...state, toast: { text, level, until: now + TOAST_US } };
}

/** Too small for panes: one plain list. */
export function isSmall({ columns, rows }: Size): boolean {
  return columns < 60 || rows < 16;
}

/** The engine's time, µs, at the local time `now`. That of a replay is told: it has a speed of its own, or stands. */
export function engineNow(state: ScreenState, now: number): number {
  if (state.watch?.replay !== undefined && state.snapshot !== undefined) return state.snapshot.takenAt;
  return now + state.clockOffset;
}

export function uiOf(state: ScreenState, id: ViewId): ViewUi {
  return state.views[id] ?? FRESH_UI;
}

/** The state with a change in what view `id` remembers. */
export function withUi(state: ScreenState, id: ViewId, change: Partial<ViewUi>): ScreenState {
  return { ...state, views: { ...state.views, [id]: { ...uiOf(state, id), ...change } } };
}

/** The same for what only that view knows. */
export function withExtra(state: ScreenState, id: ViewId, change: ViewUi['extra']): ScreenState {
  return withUi(state, id, { extra: { ...uiOf(state, id).extra, ...change } });
}

/** From here on a dashboard of many panes. */
export const isLarge = ({ columns, rows }: Size): boolean => columns >= 140 && rows >= 40;

/** The first view shows several panes at once. */
export function isDashboard(state: ScreenState): boolean {
  return state.stack.at(-1) === 'instances' && !state.zoomed && !isSmall(state.size);
}

/** The view that has the keys. */
export function currentView(state: ScreenState): ViewId {
  const top = state.stack.at(-1) ?? 'instances';
  return top === 'instances' && !isSmall(state.size) ? state.focus : top;
}

/** Shows a view; Esc comes back from it. A view that is on the way already is gone back to. */
export function showView(state: ScreenState, id: ViewId): ScreenState {
  const at = state.stack.indexOf(id);
  const stack = at >= 0 ? state.stack.slice(0, at + 1) : [...state.stack, id];
  return { ...state, stack, prompt: undefined, ...(id === 'instances' ? { focus: 'instances', zoomed: false } : {}) };
}

/** Chooses an instance, wherever it is spoken of, and shows its detail. */
export function showInstance(state: ScreenState, name: string): ScreenState {
  return showView(withUi(state, 'instances', { selected: name }), 'instance');
}

/** The instance chosen in the table of instances; the first one while none was chosen or the chosen one is gone. */
export function chosenInstance(state: Pick<ScreenState, 'snapshot' | 'views'>): InstanceSnapshot | undefined {
  const instances = state.snapshot?.instances ?? [];
  const name = state.views.instances?.selected;
  return instances.find((instance) => instance.name === name) ?? instances[0];
}

/** The live model alone, to be kept. */
export function modelOf(model: Model): Model {
  const { info, snapshot, events, packets, dropped, lateness, routers, drills, watch, findings } = model;
  return { info, snapshot, events, packets, dropped, lateness, routers, drills, watch, findings };
}

/** Asks the engine for something; the answer comes as a toast. */
export function sendCommand(state: ScreenState, command: OperatorCommand, confirmation: Confirmation): Step {
  const id = state.nextCommandId;
  const message = { type: 'command', id, command, confirmation } as const;
  return stay({ ...state, nextCommandId: id + 1 }, { type: 'send', message });
}

/** Changes are let through at the local time `now`. The session has the last word. */
export function mayOperate({ mode }: ScreenState, now: number): boolean {
  return mode.operate && (mode.until === undefined || now < mode.until);
}
