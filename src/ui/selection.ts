// Where the keys of movement lead in the view that has them, and which thing and which instance is chosen there.
// The choice is a key of the thing, never the number of a row.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import { movedBy, rowsOf } from './list.ts';
import { chosenInstance, currentView, isDashboard, type ScreenState, type Step, stay, uiOf, withUi } from './state.ts';
import { type ViewContext, viewContext } from './views/context.ts';
import { roomOf } from './views/layout.ts';
import { listHeight } from './views/pane.ts';
import { viewOf } from './views/registry.ts';
import type { List, View } from './views/view.ts';

/** A move further than any list is long. */
const FAR = 1_000_000;

interface Place {
  readonly view: View;
  readonly list: List<unknown> | undefined;
  readonly context: ViewContext;
}

function placeOf(state: ScreenState, now: number): Place | undefined {
  const id = currentView(state);
  const view = viewOf(id);
  return view && { view, list: view.list, context: viewContext(state, id, now, isDashboard(state)) };
}

/** The chosen row of the view that has the keys; in a log that follows, none. */
export function chosenRow(state: ScreenState, now: number): unknown {
  const place = placeOf(state, now);
  if (place?.list === undefined) return undefined;
  const rows = rowsOf(place.list, place.context, state.size.columns);
  return rows.items[rows.index];
}

/** The chosen row; in a log that follows, the newest, which is the one whose story is told below. */
export function shownRow(state: ScreenState, now: number): unknown {
  const place = placeOf(state, now);
  if (place?.list === undefined) return undefined;
  const rows = rowsOf(place.list, place.context, state.size.columns);
  return rows.follows ? rows.items.at(-1) : rows.items[rows.index];
}

/** The instance that change keys act on: that of the chosen row, else the one chosen in the table of instances. */
export function selectedInstance(state: ScreenState, now: number): InstanceSnapshot | undefined {
  const place = placeOf(state, now);
  const row = chosenRow(state, now);
  const name = row === undefined ? undefined : place?.list?.instance?.(row, place.context);
  return state.snapshot?.instances.find((each) => each.name === name) ?? chosenInstance(state);
}

export function moveRow(state: ScreenState, by: number, now: number): ScreenState {
  const place = placeOf(state, now);
  if (place === undefined) return state;
  const { view, list, context } = place;
  const ui = uiOf(state, view.id);
  if (list === undefined) return withUi(state, view.id, { scroll: Math.max(0, ui.scroll + by) });
  const room = roomOf(state, view.id);
  const rows = rowsOf(list, context, room.width);
  const height = listHeight(view, list, context, rows, room);
  return withUi(state, view.id, movedBy(list, rows, ui, by, height));
}

/** One row less than what fits, so that a row stays in sight. */
export function movePage(state: ScreenState, pages: number, now: number): ScreenState {
  const { height } = roomOf(state, currentView(state));
  return moveRow(state, Math.trunc(pages * Math.max(1, height - 4)), now);
}

export function moveEnd(state: ScreenState, where: 'first' | 'last', now: number): ScreenState {
  return moveRow(state, where === 'first' ? -FAR : FAR, now);
}

/** The instance after or before the chosen one in the table, whichever view shows it. */
export function moveInstance(state: ScreenState, by: 1 | -1, now: number): ScreenState {
  const context = viewContext(state, 'instances', now);
  const { list } = viewOf('instances') as View<InstanceSnapshot>;
  const rows = rowsOf(list!, context, state.size.columns);
  return withUi(state, 'instances', movedBy(list!, rows, uiOf(state, 'instances'), by, state.size.rows));
}

/** What Enter does: opens the chosen row; in a log that follows, the newest. */
export function openRow(state: ScreenState, now: number): Step {
  const place = placeOf(state, now);
  if (place?.list === undefined || place.view.open === undefined) return stay(state);
  const row = shownRow(state, now);
  return row === undefined ? stay(state) : place.view.open(state, row, now);
}

/** The offset of a text view after its text or its room has shrunk. */
export function clampScroll(state: ScreenState, lines: number): ScreenState {
  const id = currentView(state);
  const { height } = roomOf(state, id);
  const most = Math.max(0, lines - (height - 1));
  return uiOf(state, id).scroll > most ? withUi(state, id, { scroll: most }) : state;
}
