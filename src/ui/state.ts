// Everything the screen knows, as one plain value, and how what a session delivers changes it.
import type { OperatorCommand } from '../engine/commands.ts';
import type { EventRecord } from '../engine/record.ts';
import type { InstanceSnapshot, ScriptSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { PacketRecord } from '../observe/packet.ts';
import type { FromScreen, SessionInfo, ToScreen } from '../session/messages.ts';
import type { Dialog } from './dialog.ts';
import type { QuitHow, Size } from './protocol.ts';

export type Pane = 'instances' | 'adverts' | 'scripts' | 'events';
export const PANES: readonly Pane[] = ['instances', 'adverts', 'scripts', 'events'];

export type View = 'main' | 'instance' | 'help';

/** One line of feedback for the operator. */
export interface Toast {
  readonly text: string;
  readonly level: 'info' | 'attention';
  /** Local clock, µs. */
  readonly until: number;
}

export interface ScreenState {
  readonly info: SessionInfo;
  readonly size: Size;
  readonly snapshot: Snapshot | undefined;
  /** Engine clock minus local clock, µs. */
  readonly clockOffset: number;
  /** Oldest first, bounded. */
  readonly events: readonly EventRecord[];
  readonly adverts: readonly PacketRecord[];
  readonly dropped: number;
  readonly lateness: number;
  readonly routers: { readonly names: readonly string[]; readonly shown: number };
  readonly view: View;
  readonly focus: Pane;
  readonly zoomed: boolean;
  /** By name: the row may move, the choice must not. */
  readonly selected: string | undefined;
  readonly selectedScript: string | undefined;
  /** `seq` of the lowest row shown; undefined follows what comes. */
  readonly anchors: { readonly adverts: number | undefined; readonly events: number | undefined };
  readonly helpTop: number;
  readonly dialog: Dialog | undefined;
  readonly toast: Toast | undefined;
  readonly nextCommandId: number;
  /** Asked to end: nothing is accepted any more. */
  readonly leaving: QuitHow | undefined;
}

/** What a change of the state asks of the world outside. */
export type ScreenEffect =
  | { readonly type: 'send'; readonly message: FromScreen }
  | { readonly type: 'quit'; readonly how: QuitHow }
  | { readonly type: 'redraw' };

export interface Step {
  readonly state: ScreenState;
  readonly effects: readonly ScreenEffect[];
}

const KEPT_ADVERTS = 2000;
const KEPT_EVENTS = 1000;
const TOAST_US = 6_000_000;

export function initialState(info: SessionInfo, size: Size): ScreenState {
  return {
    info,
    size,
    snapshot: undefined,
    clockOffset: 0,
    events: [],
    adverts: [],
    dropped: 0,
    lateness: 0,
    routers: { names: [], shown: 0 },
    view: 'main',
    focus: 'instances',
    zoomed: false,
    selected: undefined,
    selectedScript: undefined,
    anchors: { adverts: undefined, events: undefined },
    helpTop: 0,
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

/** The engine's time, µs, at the local time `now`. */
export function engineNow(state: ScreenState, now: number): number {
  return now + state.clockOffset;
}

/** The selected instance; the first one while none was chosen or the chosen one is gone. */
export function selectedInstance(state: ScreenState): InstanceSnapshot | undefined {
  const instances = state.snapshot?.instances ?? [];
  return instances.find((instance) => instance.name === state.selected) ?? instances[0];
}

/** Failing scripts first: a small pane must show what is wrong. */
export function scriptsInOrder({ snapshot }: ScreenState): readonly ScriptSnapshot[] {
  const rank = ({ ok }: ScriptSnapshot): number => (ok === false ? 0 : ok === undefined ? 1 : 2);
  return [...(snapshot?.scripts ?? [])].sort((a, b) => rank(a) - rank(b));
}

/** Asks the engine for something; the answer comes as a toast. */
export function sendCommand(state: ScreenState, command: OperatorCommand): Step {
  const id = state.nextCommandId;
  return stay({ ...state, nextCommandId: id + 1 }, { type: 'send', message: { type: 'command', id, command } });
}

/** Takes over what a session delivered. The message must be clean (clean.ts). `now` is the local clock, µs. */
export function receive(state: ScreenState, message: ToScreen, now: number): ScreenState {
  switch (message.type) {
    case 'update':
      return receiveUpdate(state, message, now);
    case 'routers':
      return receiveRouters(state, message);
    case 'answer':
      return withToast(state, now, message.result.message, message.result.ok ? 'info' : 'attention');
  }
}

function receiveUpdate(state: ScreenState, message: Extract<ToScreen, { type: 'update' }>, now: number): ScreenState {
  const { snapshot } = message;
  const adverts = message.packets.filter(({ protocol }) => protocol !== 'arp' && protocol !== 'na');
  return {
    ...state,
    snapshot,
    clockOffset: snapshot.takenAt - now,
    events: append(state.events, message.events, KEPT_EVENTS),
    adverts: append(state.adverts, adverts, KEPT_ADVERTS),
    dropped: state.dropped + message.dropped,
    lateness: message.lateness,
  };
}

/** A switch to another router forgets what belonged to the one before: its history comes with the next update. */
function receiveRouters(state: ScreenState, message: Extract<ToScreen, { type: 'routers' }>): ScreenState {
  const routers = { names: message.names, shown: message.shown };
  const before = state.routers.names[state.routers.shown];
  if (before === undefined || before === message.names[message.shown]) return { ...state, routers };
  return {
    ...state,
    routers,
    snapshot: undefined,
    events: [],
    adverts: [],
    dropped: 0,
    anchors: { adverts: undefined, events: undefined },
    dialog: undefined,
  };
}

function append<T extends { readonly seq: number }>(
  old: readonly T[],
  fresh: readonly T[],
  keep: number,
): readonly T[] {
  if (fresh.length === 0) return old;
  const last = old.at(-1)?.seq ?? 0;
  const next = fresh.filter(({ seq }) => seq > last);
  return [...old, ...next].slice(-keep);
}
