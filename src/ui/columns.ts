// Which columns of a view are shown and in which order, as the operator has chosen: kept for the session.
import type { Column } from './table.ts';

/** `order`: ids from left to right; a column that it does not name stays behind the one that it follows by itself. */
export interface ColumnChoice {
  readonly order: readonly string[];
  readonly hidden: readonly string[];
}

/** What says which row this is and how it stands: never hidden. */
const LOCKED: readonly string[] = ['state', 'result', 'health', 'severity', 'level', 'name', 'vrid', 'text', 'title'];

export const isLocked = (id: string): boolean => LOCKED.includes(id);

/** The columns that are to be shown, in their order. One without an id belongs to the column in front of it. */
export function arranged<T>(own: readonly Column<T>[], choice: ColumnChoice | undefined): readonly Column<T>[] {
  if (choice === undefined) return own;
  const groups: Column<T>[][] = [];
  for (const column of own) {
    if (column.id !== undefined || groups.length === 0) groups.push([column]);
    else groups.at(-1)!.push(column);
  }
  let before = -1;
  const ranked = groups.map((group) => {
    const at = choice.order.indexOf(group[0]!.id ?? '');
    before = at < 0 ? before : at;
    return { group, rank: before };
  });
  const isHidden = (id: string | undefined): boolean => id !== undefined && !isLocked(id) && choice.hidden.includes(id);
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .flatMap(({ group }) => group)
    .filter(({ id }) => !isHidden(id));
}

/** All ids of a view in the chosen order, hidden ones too. */
export function idsOf<T>(own: readonly Column<T>[], choice: ColumnChoice | undefined): readonly string[] {
  return arranged(own, choice && { ...choice, hidden: [] }).flatMap(({ id }) => (id === undefined ? [] : [id]));
}

export function withHidden(
  ids: readonly string[],
  choice: ColumnChoice | undefined,
  id: string,
  hide: boolean,
): ColumnChoice {
  const hidden = (choice?.hidden ?? []).filter((each) => each !== id);
  return { order: ids, hidden: hide && !isLocked(id) ? [...hidden, id] : hidden };
}

/** The column one place to the left (-1) or to the right (1). */
export function withMoved(
  ids: readonly string[],
  choice: ColumnChoice | undefined,
  id: string,
  by: 1 | -1,
): ColumnChoice {
  const at = ids.indexOf(id);
  const to = Math.max(0, Math.min(ids.length - 1, at + by));
  const order = ids.filter((each) => each !== id);
  order.splice(to, 0, id);
  return { order, hidden: choice?.hidden ?? [] };
}

/**
 * What `:columns WORDS` asks for: `-vips +sent` changes, `name vrid master` shows these alone, in this order.
 * A text: why not.
 */
export function parseColumns(
  words: readonly string[],
  ids: readonly string[],
  choice: ColumnChoice | undefined,
): ColumnChoice | string {
  const named = words.map((word) => word.replace(/^[+-]/, ''));
  const odd = named.find((id) => !ids.includes(id));
  if (odd !== undefined) return `no column ${odd}: ${ids.join(' ')}`;
  if (words.every((word) => /^[+-]/.test(word))) {
    const locked = words.find((word) => word.startsWith('-') && isLocked(word.slice(1)));
    if (locked !== undefined) return `${locked.slice(1)} always stays: it says which row this is`;
    return words.reduce<ColumnChoice>(
      (all, word) => withHidden(ids, all, word.slice(1), word.startsWith('-')),
      choice ?? { order: ids, hidden: [] },
    );
  }
  if (words.some((word) => /^[+-]/.test(word))) return 'either names alone, or -name and +name';
  const order = [...new Set(named)];
  const rest = ids.filter((id) => !order.includes(id));
  return { order: [...order, ...rest], hidden: rest.filter((id) => !isLocked(id)) };
}
