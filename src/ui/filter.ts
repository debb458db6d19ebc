// The language of the `/` line: a regular expression over the whole row, `column=value` terms, `!` in front for the inverse.
import { type Column, columnValue } from './table.ts';
import { withinTime } from './time-limit.ts';

export type Filter<T> =
  | { readonly ok: true; readonly test: (row: T) => boolean }
  | { readonly ok: false; readonly error: string };

/** Much more than thousands of rows need, and not so much that a screen seems to hang. */
const LIMIT_MS = 500;
/** Texts that took longer, the last few: they are not tried again with each frame. */
const REMEMBERED = 50;
const endless = new Set<string>();

/** The rows that pass a filter; where it is none, or takes too long, all of them with what is wrong with it. */
export function filterRows<T>(
  text: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
): { readonly filter: Filter<T>; readonly rows: readonly T[] } {
  const filter = parseFilter(text, columns);
  if (text === '' || !filter.ok) return { filter, rows };
  const passing = withinTime(LIMIT_MS, () => rows.filter(filter.test));
  if (passing !== undefined) return { filter, rows: passing.value };
  const [oldest] = endless;
  if (endless.size >= REMEMBERED && oldest !== undefined) endless.delete(oldest);
  endless.add(text);
  return { filter: parseFilter(text, columns), rows };
}

type Value = string | number | boolean | undefined;

const TERM = /^([a-z][a-z0-9-]*)(!=|>=|<=|=|>|<|~)(.*)$/i;

/**
 * A filter over rows with these columns: terms `id=v id!=v id>n id<n id>=n id<=n id~regex` (all must hold), the other words
 * together one regular expression; letters of both cases are equal. `error` is short and for the operator. A regular
 * expression may take for ever: rows are tested by `filterRows`.
 */
export function parseFilter<T>(text: string, columns: readonly Column<T>[]): Filter<T> {
  if (endless.has(text)) return { ok: false, error: 'takes too long: fewer * and + within each other' };
  const inverse = text.startsWith('!');
  const words = (inverse ? text.slice(1) : text).split(' ').filter((word) => word !== '');
  const tests: ((row: T) => boolean)[] = [];
  const rest: string[] = [];
  for (const word of words) {
    const match = TERM.exec(word);
    if (match === null) {
      rest.push(word);
      continue;
    }
    const [, name, operator, wanted] = match as unknown as [string, string, string, string];
    const column = columns.find(({ id }) => id !== undefined && id === name.toLowerCase());
    if (column === undefined) return { ok: false, error: `no column ${name}: ${idsOf(columns).join(' ')}` };
    const compare = comparison(operator, wanted);
    if (typeof compare === 'string') return { ok: false, error: compare };
    tests.push((row) => compare(columnValue(column, row)));
  }
  if (rest.length > 0) {
    const pattern = regex(rest.join(' '));
    if (typeof pattern === 'string') return { ok: false, error: pattern };
    const named = columns.filter(({ id }) => id !== undefined);
    tests.push((row) => pattern.test(named.map((column) => columnValue(column, row) ?? '').join(' ')));
  }
  if (tests.length === 0) return { ok: true, test: () => true };
  return { ok: true, test: (row) => tests.every((test) => test(row)) !== inverse };
}

/** Names of the columns that a filter or an order may use. */
export function idsOf<T>(columns: readonly Column<T>[]): string[] {
  return columns.flatMap(({ id }) => (id === undefined ? [] : [id]));
}

function regex(text: string): RegExp | string {
  try {
    return new RegExp(text, 'iu');
  } catch {
    return 'not a regular expression';
  }
}

function comparison(operator: string, wanted: string): ((value: Value) => boolean) | string {
  if (operator === '~') {
    const pattern = regex(wanted);
    return typeof pattern === 'string' ? pattern : (value) => pattern.test(String(value ?? ''));
  }
  if (operator === '=' || operator === '!=') {
    const low = wanted.toLowerCase();
    const equal = (value: Value): boolean => String(value ?? '').toLowerCase() === low;
    return operator === '=' ? equal : (value) => !equal(value);
  }
  const limit = Number(wanted);
  if (wanted === '' || Number.isNaN(limit)) return `${operator} needs a number`;
  const compare = { '>': above, '<': below, '>=': atLeast, '<=': atMost }[operator]!;
  return (value) => typeof value !== 'undefined' && value !== '' && compare(Number(value), limit);
}

const above = (a: number, b: number): boolean => a > b;
const below = (a: number, b: number): boolean => a < b;
const atLeast = (a: number, b: number): boolean => a >= b;
const atMost = (a: number, b: number): boolean => a <= b;
