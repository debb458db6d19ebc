// The rows of a view as a person sees them: filtered and sorted, which is chosen, which fit, and where a move leads.
import { arranged } from './columns.ts';
import { type Filter, filterRows } from './filter.ts';
import type { ViewUi } from './state.ts';
import { type Column, columnValue } from './table.ts';
import type { ViewContext } from './views/context.ts';
import type { List } from './views/view.ts';

/** What of a list is shown. */
export interface Rows<T> {
  readonly items: readonly T[];
  /** Without the filter. */
  readonly total: number;
  /** As the operator wants to see them. */
  readonly columns: readonly Column<T>[];
  /** As the view gives them: by a hidden one, too, it can be filtered and sorted. */
  readonly own: readonly Column<T>[];
  readonly filter: Filter<T>;
  /** Place of the chosen row; -1 while the list is empty or a log follows. */
  readonly index: number;
  /** A log whose newest row is in sight, whatever comes. */
  readonly follows: boolean;
}

export function rowsOf<T>(list: List<T>, context: ViewContext, width: number): Rows<T> {
  const { ui } = context;
  const all = list.items(context);
  const own = list.columns(context, width);
  const columns = arranged(own, ui.columns);
  const { filter, rows: kept } = filterRows(ui.filter, own, all);
  const items = sorted(kept, own, ui.sort);
  const follows = list.log === true && ui.selected === undefined;
  const index = follows ? -1 : chosenIndex(list, items, ui);
  return { items, total: all.length, columns, own, filter, index, follows };
}

function chosenIndex<T>(list: List<T>, items: readonly T[], { selected }: ViewUi): number {
  if (items.length === 0) return -1;
  if (selected === undefined) return 0;
  return Math.max(
    0,
    items.findLastIndex((item) => list.key(item) === selected),
  );
}

function sorted<T>(items: readonly T[], columns: readonly Column<T>[], sort: ViewUi['sort']): readonly T[] {
  const column = columns.find(({ id }) => id !== undefined && id === sort?.column);
  if (column === undefined || sort === undefined) return items;
  const sign = sort.reverse ? -1 : 1;
  return items
    .map((item) => ({ item, value: columnValue(column, item) }))
    .sort((a, b) => sign * compare(a.value, b.value))
    .map(({ item }) => item);
}

type Value = ReturnType<typeof columnValue>;

/** Numbers by size, texts by their letters, what is not known last. */
function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === undefined || a === '') return 1;
  if (b === undefined || b === '') return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** First row in sight when `height` rows fit: as it was left, moved as little as the chosen row asks for. */
export function firstShown<T>(list: List<T>, rows: Rows<T>, ui: ViewUi, height: number): number {
  const { items, index, follows } = rows;
  const last = Math.max(0, items.length - height);
  if (follows) return last;
  const at = ui.top === undefined ? -1 : items.findIndex((item) => list.key(item) === ui.top);
  const before = Math.min(last, at >= 0 ? at : list.log ? last : 0);
  if (index < before) return Math.max(0, index);
  return index >= before + height ? index - height + 1 : before;
}

/** The choice after a move by `by` rows; past the end of a log it follows again. */
export function movedBy<T>(list: List<T>, rows: Rows<T>, ui: ViewUi, by: number, height: number): Partial<ViewUi> {
  const { items, index, follows } = rows;
  if (items.length === 0) return {};
  const last = items.length - 1;
  const wanted = (follows ? last : index) + by;
  if (list.log && by > 0 && wanted >= last) return { selected: undefined, top: undefined };
  const target = Math.max(0, Math.min(last, wanted));
  const moved = { ...rows, index: target, follows: false };
  const before = { ...ui, top: list.key(items[firstShown(list, rows, ui, height)]!) };
  const top = items[firstShown(list, moved, before, height)];
  return { selected: list.key(items[target]!), top: top === undefined ? undefined : list.key(top) };
}
