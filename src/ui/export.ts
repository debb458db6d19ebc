// A view as text for a file or the clipboard: the rows that pass its filter, in its order.
import { rowsOf } from './list.ts';
import { type Column, columnValue } from './table.ts';
import { spanText } from './text.ts';
import type { ViewContext } from './views/context.ts';
import type { View } from './views/view.ts';

export const FORMATS = ['csv', 'json', 'md'] as const;
export type Format = (typeof FORMATS)[number];

export const isFormat = (text: string): text is Format => (FORMATS as readonly string[]).includes(text);

/** Width at which no column has to go. */
const WIDE = 1000;

/** The whole view; of a view that is text its lines. `rows`: how many are in it. */
export function exportView(
  view: View,
  context: ViewContext,
  format: Format,
): { readonly text: string; readonly rows: number } {
  if (view.list === undefined) return exportLines(view, context, format);
  const { items, columns: all } = rowsOf(view.list, context, WIDE);
  const columns = all.filter(({ id }) => id !== undefined);
  if (format === 'json') return { text: `${toJson(items)}\n`, rows: items.length };
  const table = [
    columns.map(({ id }) => id!),
    ...items.map((item) => columns.map((column) => valueText(column, item))),
  ];
  const row = format === 'csv' ? csvRow : markdownRow;
  const lines = table.map(row);
  if (format === 'md') lines.splice(1, 0, `|${columns.map(() => '---|').join('')}`);
  return { text: `${lines.join('\n')}\n`, rows: items.length };
}

function exportLines(view: View, context: ViewContext, format: Format): ReturnType<typeof exportView> {
  const lines = (view.text?.(context, 120, WIDE) ?? []).map(({ spans }) => spans.map(spanText).join('').trimEnd());
  const text = format === 'json' ? `${toJson(lines)}\n` : `${lines.join('\n')}\n`;
  return { text, rows: lines.length };
}

/** One row as a person would type it: the values with a tab between them. */
export function rowText<T>(columns: readonly Column<T>[], item: T): string {
  return columns
    .filter(({ id }) => id !== undefined)
    .map((column) => valueText(column, item))
    .join('\t');
}

/** Plain data as JSON; bytes as hexadecimal digits. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, inner: unknown) => (inner instanceof Uint8Array ? Array.from(inner, hex).join('') : inner),
    2,
  );
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

function valueText<T>(column: Column<T>, item: T): string {
  return String(columnValue(column, item) ?? '');
}

/** A text that a spreadsheet would take for a formula is told to be a text. */
function csvRow(values: readonly string[]): string {
  return values
    .map((value) => (/^[=+@-]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value))
    .map((value) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(',');
}

function markdownRow(values: readonly string[]): string {
  return `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;
}
