// How what a session delivers changes what the screen knows.
import type { ToScreen } from '../session/messages.ts';
import { duration } from './format.ts';
import { foldDrills } from './model/drills.ts';
import { type ScreenState, withToast } from './state.ts';

const KEPT_PACKETS = 2000;
const KEPT_EVENTS = 1000;

/** Takes over what a session delivered. The message must be clean (clean.ts). `now` is the local clock, µs. */
export function receive(state: ScreenState, message: ToScreen, now: number): ScreenState {
  switch (message.type) {
    case 'update':
      return receiveUpdate(state, message, now);
    case 'routers':
      return receiveRouters(state, message);
    case 'mode':
      return receiveMode(state, message, now);
    case 'answer':
      return withToast(state, now, message.result.message, message.result.ok ? 'info' : 'attention');
  }
}

function receiveUpdate(state: ScreenState, message: Extract<ToScreen, { type: 'update' }>, now: number): ScreenState {
  const { snapshot, watch, findings = state.findings } = message;
  if (state.watch?.replay?.pass !== watch?.replay?.pass) return receiveUpdate(beginAnew(state, watch), message, now);
  return {
    ...state,
    snapshot,
    watch,
    findings,
    clockOffset: snapshot.takenAt - now,
    events: append(state.events, message.events, KEPT_EVENTS),
    packets: append(state.packets, message.packets, KEPT_PACKETS),
    dropped: state.dropped + message.dropped,
    lateness: message.lateness,
    drills: foldDrills(state.drills, message, state.snapshot, snapshot),
  };
}

/** A replay that has gone back forgets what it told, and the rows chosen in it: it comes again. */
function beginAnew(state: ScreenState, watch: ScreenState['watch']): ScreenState {
  const { packets, events, ...others } = state.views;
  const logs = forgetRows({ ...(packets && { packets }), ...(events && { events }) });
  return { ...state, watch, events: [], packets: [], views: { ...others, ...logs } };
}

function receiveMode(state: ScreenState, message: Extract<ToScreen, { type: 'mode' }>, now: number): ScreenState {
  const { operate, leftUs } = message;
  const mode = { operate, until: leftUs === undefined ? undefined : now + leftUs };
  const text = operate ? `Unlocked for ${duration(leftUs ?? 0)}: keys that change things work.` : 'Read-only again.';
  // A question that was open when the time ran out could not be answered any more.
  const { kind } = state.dialog ?? {};
  const dialog = operate || kind === 'quit' || kind === 'columns' ? state.dialog : undefined;
  return withToast({ ...state, mode, dialog }, now, text);
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
    findings: undefined,
    events: [],
    packets: [],
    drills: [],
    dropped: 0,
    views: forgetRows(state.views),
    dialog: undefined,
  };
}

/** Filters and orders stay; rows and frozen pictures belong to the router before. */
function forgetRows(views: ScreenState['views']): ScreenState['views'] {
  const fresh = { selected: undefined, top: undefined, scroll: 0, frozen: undefined };
  return Object.fromEntries(Object.entries(views).map(([id, ui]) => [id, { ...ui, ...fresh }]));
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
