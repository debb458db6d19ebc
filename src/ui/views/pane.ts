// Draws one view in a given room: rule with title and notes, then heading and rows of a list, or the lines of a text.

import { plural } from '../format.ts';
import { firstShown, type Rows, rowsOf } from '../list.ts';
import { table } from '../table.ts';
import { type Line, line, type Span } from '../text.ts';
import { rule, type ViewContext } from './context.ts';
import type { List, View } from './view.ts';

/** Room of a pane. `bare`: without a rule, because what lies above tells what this is. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly bare?: boolean;
}

/** Lines of a view, at most as many as there is room for. */
export function paneLines<T>(view: View<T>, context: ViewContext, room: Room): Line[] {
  const { list } = view;
  if (list !== undefined) return listLines(view, list, context, room);
  const { width, height } = room;
  const lines = view.text?.(context, width, height - 1) ?? [];
  const scroll = Math.max(0, Math.min(context.ui.scroll, lines.length - (height - 1)));
  const more =
    lines.length > height - 1
      ? `${scroll + 1}-${Math.min(lines.length, scroll + height - 1)} of ${lines.length}`
      : undefined;
  return [titleRule(view, context, width, more), ...lines.slice(scroll, scroll + height - 1)];
}

/** How the height of a list view is shared. */
interface Parts {
  readonly above: readonly Line[];
  readonly below: readonly Line[];
  readonly heading: boolean;
  /** Rows that fit. */
  readonly rows: number;
}

function partsOf<T>(view: View<T>, list: List<T>, context: ViewContext, rows: Rows<T>, room: Room): Parts {
  const heading = !(context.compact && list.paneHeading === 'none') && rows.items.length > 0;
  const inner = room.height - (room.bare ? 0 : 1) - (heading ? 1 : 0);
  if (context.compact) return { above: [], below: [], heading, rows: Math.max(1, inner) };
  const chosen = rows.items[rows.follows ? rows.items.length - 1 : rows.index];
  const above = (view.above?.(context, room.width, Math.floor(inner / 2)) ?? []).slice(0, Math.floor(inner / 2));
  const left = inner - above.length;
  // The list keeps half of what is left, or all of its rows when they need less.
  const most = Math.max(0, left - Math.max(1, Math.min(rows.items.length, Math.ceil(left / 2))));
  const below = (view.below?.(context, chosen, room.width, most) ?? []).slice(0, most);
  return { above, below, heading, rows: Math.max(1, left - below.length) };
}

/** How many rows of the list fit: what a page is. */
export function listHeight<T>(view: View<T>, list: List<T>, context: ViewContext, rows: Rows<T>, room: Room): number {
  return partsOf(view, list, context, rows, room).rows;
}

function listLines<T>(view: View<T>, list: List<T>, context: ViewContext, room: Room): Line[] {
  const { width } = room;
  const rows = rowsOf(list, context, width);
  const parts = partsOf(view, list, context, rows, room);
  const start = firstShown(list, rows, context.ui, parts.rows);
  const shown = rows.items.slice(start, start + parts.rows);
  const head = room.bare ? [] : [titleRule(view, context, width, undefined, rows, start, shown.length)];
  if (shown.length === 0) return [...head, ...parts.above, emptyLine(list, context, rows), ...parts.below];
  const marks = context.focused || !context.compact;
  const chosen = marks && rows.index >= 0 ? rows.items[rows.index] : undefined;
  const mark = (item: T): Span => (item === chosen ? ['strong', context.glyphs.cursor] : ' ');
  const columns = [{ title: '', min: 1, cell: mark }, ...rows.columns];
  const { heading, lines } = table(columns, shown, width, {
    measure: rows.items.length > MEASURED ? rows.items.slice(-MEASURED) : rows.items,
    tail: (item) => list.tail?.(item, context),
    own: rows.own,
  });
  const styled = lines.map((row, i): Line => (shown[i] === chosen ? { ...row, style: 'chosen' } : row));
  const missing = Math.max(0, parts.below.length > 0 ? parts.rows - styled.length : 0);
  const gap = Array.from({ length: missing }, () => line());
  return [...head, ...parts.above, ...(parts.heading ? [heading] : []), ...styled, ...gap, ...parts.below];
}

/** How many rows decide the widths of columns. */
const MEASURED = 200;

function emptyLine<T>(list: List<T>, context: ViewContext, rows: Rows<T>): Line {
  if (rows.total > 0)
    return line(['dim', `  no row of ${rows.total} passes the filter ${context.ui.filter}   Esc clears it`]);
  return line(['dim', `  ${list.empty(context)}`]);
}

function titleRule<T>(
  view: View<T>,
  context: ViewContext,
  width: number,
  place: string | undefined,
  rows?: Rows<T>,
  start = 0,
  shown = 0,
): Line {
  const { ui, glyphs } = context;
  const summary = view.summary?.(context);
  const title = summary === undefined || summary === '' ? view.title : `${view.title} ${summary}`;
  const notes: string[] = [];
  if (ui.filter !== '')
    notes.push(`/${ui.filter}${rows === undefined ? '' : ` ${rows.items.length} of ${rows.total}`}`);
  if ((ui.columns?.hidden.length ?? 0) > 0) notes.push(`${plural(ui.columns!.hidden.length, 'column')} hidden`);
  if (ui.sort !== undefined) notes.push(`sort ${ui.sort.column} ${ui.sort.reverse ? glyphs.down : glyphs.up}`);
  if (rows !== undefined && !view.list?.log && shown < rows.items.length)
    notes.push(`${start + 1}-${start + shown} of ${rows.items.length}`);
  if (place !== undefined) notes.push(place);
  const state = followNote(view, context, rows);
  if (state !== undefined) notes.push(state);
  return rule(context, width, title, {
    ...(notes.length > 0 ? { right: notes.join('  ') } : {}),
    focused: context.focused && context.compact,
  });
}

/** `live`, `paused, 12 newer: End follows`, or `FROZEN, 12 waiting: Space goes on`. */
function followNote<T>(view: View<T>, context: ViewContext, rows: Rows<T> | undefined): string | undefined {
  const { ui, state } = context;
  if (ui.frozen !== undefined) return `FROZEN, ${waiting(view, context)} waiting: Space goes on`;
  if (rows === undefined || !view.list?.log || state.snapshot === undefined) return undefined;
  return rows.follows ? 'live' : `paused, ${rows.items.length - 1 - rows.index} newer: End follows`;
}

/** What has come since the view was frozen: rows of a log, else reports of events. */
function waiting<T>(view: View<T>, { ui, state }: ViewContext): string {
  const frozen = ui.frozen!.model;
  const since = (now: readonly { readonly seq: number }[], then: typeof now): number =>
    now.length - 1 - now.findLastIndex(({ seq }) => seq <= (then.at(-1)?.seq ?? 0));
  if (view.id === 'packets') return String(since(state.packets, frozen.packets));
  return plural(since(state.events, frozen.events), 'event');
}
