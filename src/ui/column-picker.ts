// The list of a view's columns, in which they are hidden, shown and moved: at once, and Esc brings back what was before.
import { type ColumnChoice, idsOf, isLocked, withHidden, withMoved } from './columns.ts';
import type { Opened } from './dialog.ts';
import { type ScreenState, type Step, stay, uiOf, type ViewId, withUi } from './state.ts';
import { viewContext } from './views/context.ts';
import { viewOf } from './views/registry.ts';

export interface ColumnsDialog extends Pick<Opened, 'openedAt'> {
  readonly kind: 'columns';
  readonly view: ViewId;
  /** Id of the column under the cursor. */
  readonly at: string;
  readonly before: ColumnChoice | undefined;
}

/** Ids of a view's columns in the chosen order, hidden ones too; empty: it has none. */
export function columnIds(state: ScreenState, id: ViewId, now: number): readonly string[] {
  const list = viewOf(id)?.list;
  if (list === undefined) return [];
  return idsOf(list.columns(viewContext(state, id, now), state.size.columns), uiOf(state, id).columns);
}

export function openColumns(state: ScreenState, id: ViewId, now: number): Step {
  const [first] = columnIds(state, id, now);
  if (first === undefined) return stay(state);
  const before = uiOf(state, id).columns;
  return stay({ ...state, dialog: { kind: 'columns', openedAt: now, view: id, at: first, before }, toast: undefined });
}

export function columnsKey(state: ScreenState, dialog: ColumnsDialog, key: string, now: number): Step {
  const { view, at, before } = dialog;
  const closed = { ...state, dialog: undefined };
  const ids = columnIds(state, view, now);
  const choice = uiOf(state, view).columns;
  const index = Math.max(0, ids.indexOf(at));
  const id = ids[index];
  const chosen = (columns: ColumnChoice | undefined): Step => stay(withUi(state, view, { columns }));
  const cursor = (to: number): Step => {
    const next = ids[Math.max(0, Math.min(ids.length - 1, to))];
    return stay(next === undefined ? state : { ...state, dialog: { ...dialog, at: next } });
  };
  switch (key) {
    case 'esc':
    case 'ctrl-c':
      return stay(withUi(closed, view, { columns: before }));
    case 'enter':
    case 'w':
    case 'q':
      return stay(closed);
    case 'j':
    case 'down':
      return cursor(index + 1);
    case 'k':
    case 'up':
      return cursor(index - 1);
    case 'g':
    case 'home':
      return cursor(0);
    case 'G':
    case 'end':
      return cursor(ids.length - 1);
    case 'r':
      return chosen(undefined);
  }
  if (id === undefined) return stay(state);
  const hidden = choice?.hidden.includes(id) ?? false;
  if ((key === 'space' || key === 'x') && !isLocked(id)) return chosen(withHidden(ids, choice, id, !hidden));
  if (key === 'J' || key === 'K') return chosen(withMoved(ids, choice, id, key === 'J' ? 1 : -1));
  return stay(state);
}
