// A table as lines: chooses the columns that fit, gives spare room to the columns that can use it, cuts and pads.
import { type Line, pad, type Span, shorten, spanText, width } from './text.ts';

export interface Column<T> {
  /** By which it is sorted, filtered and exported; a column without one only decorates. */
  readonly id?: string;
  readonly title: string;
  /** Least width; the column is never narrower. */
  readonly min: number;
  /** It may grow up to its longest cell, but not beyond this. */
  readonly max?: number;
  readonly align?: 'left' | 'right';
  /** Columns with a higher number go first when the width does not suffice; 0 or absent: never. */
  readonly drop?: number;
  cell(row: T): Span;
  /** What it is sorted and compared by, and what an export holds; by default the text of the cell. */
  value?(row: T): string | number | boolean | undefined;
}

/** What a column says about a row, plain. */
export function columnValue<T>(column: Column<T>, row: T): string | number | boolean | undefined {
  return column.value === undefined ? spanText(column.cell(row)).trim() : column.value(row);
}

export interface TableOptions<T> {
  /** Text that takes the place of this column and of all to its right (a reason instead of values). */
  tail?(row: T): { readonly from: string; readonly span: Span } | undefined;
  /** Rows that decide how wide a column grows, when there are more than those shown: widths must not dance. */
  readonly measure?: readonly T[];
  /** The columns in the view's own order, when they may be shown in another: a tail never covers what stands in front of it. */
  readonly own?: readonly Column<T>[];
}

/** Width that a column would like to have; only one that may grow is measured. */
function natural<T>(column: Column<T>, rows: readonly T[]): number {
  const { min, max = min } = column;
  if (max <= min) return min;
  let longest = Math.max(min, width(column.title));
  for (const row of rows) longest = Math.max(longest, width(spanText(column.cell(row))));
  return Math.min(max, longest);
}

/** The columns that fit into `columns` cells with one blank between them, and the width of each. */
export function layoutColumns<T>(
  all: readonly Column<T>[],
  rows: readonly T[],
  columns: number,
): { readonly column: Column<T>; readonly width: number }[] {
  const chosen = [...all];
  const least = () => chosen.reduce((sum, column) => sum + column.min, Math.max(0, chosen.length - 1));
  while (least() > columns) {
    const candidate = chosen.reduce<Column<T> | undefined>(
      (worst, column) => ((column.drop ?? 0) > (worst?.drop ?? 0) ? column : worst),
      undefined,
    );
    if (candidate === undefined) break;
    chosen.splice(chosen.indexOf(candidate), 1);
  }
  let spare = Math.max(0, columns - least());
  return chosen.map((column) => {
    const grow = Math.min(spare, Math.max(0, natural(column, rows) - column.min));
    spare -= grow;
    return { column, width: column.min + grow };
  });
}

/** Heading and one line per row, none wider than `columns`. */
export function table<T>(
  all: readonly Column<T>[],
  rows: readonly T[],
  columns: number,
  options: TableOptions<T> = {},
): { readonly heading: Line; readonly lines: Line[] } {
  const layout = layoutColumns(all, options.measure ?? rows, columns);
  const starts = new Map<string, number>();
  const startOf = (from: string): number => {
    const known =
      starts.get(from) ??
      tailStart(
        layout.map(({ column }) => column),
        options.own ?? all,
        from,
      );
    starts.set(from, known);
    return known;
  };
  const heading = layout.map(({ column, width: w }) => pad(column.title, w, column.align)).join(' ');
  const lines = rows.map((row): Line => {
    const spans: Span[] = [];
    const tail = options.tail?.(row);
    const tailAt = tail === undefined ? -1 : startOf(tail.from);
    let used = 0;
    for (const [i, { column, width: w }] of layout.entries()) {
      if (i > 0) spans.push(' ');
      if (i > 0) used += 1;
      if (tail !== undefined && i === tailAt) {
        spans.push(restyle(tail.span, shorten(spanText(tail.span), columns - used)));
        break;
      }
      const cell = column.cell(row);
      spans.push(restyle(cell, pad(spanText(cell), w, column.align)));
      used += w;
    }
    return { spans };
  });
  return { heading: { spans: [['column', shorten(heading, columns)]] }, lines };
}

/** Where a tail begins: at its column, or behind the last column that has its place in front of it and never goes. */
function tailStart<T>(shown: readonly Column<T>[], own: readonly Column<T>[], from: string): number {
  const titles = own.map(({ title }) => title);
  const first = titles.indexOf(from);
  const before = (column: Column<T>): boolean => titles.indexOf(column.title) < first;
  const behind = shown.findLastIndex((column) => before(column) && (column.drop ?? 0) === 0) + 1;
  const at = shown.findIndex((column, i) => i >= behind && !before(column));
  return at >= 0 ? at : shown.length - 1;
}

function restyle(span: Span, text: string): Span {
  return typeof span === 'string' ? text : [span[0], text];
}
