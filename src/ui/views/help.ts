// Help, generated from the registry: every key, what it does, and why it does not work now.
import type { Group } from '../commands/command.ts';
import { filterRows } from '../filter.ts';
import { currentView } from '../state.ts';
import type { Column } from '../table.ts';
import { fitSpans, type Line, line, pad, wrap } from '../text.ts';
import type { ViewContext } from './context.ts';
import type { View } from './view.ts';
import { watchLegend } from './watched.ts';

const NAMES: Record<string, string> = {
  down: 'Down',
  up: 'Up',
  left: 'Left',
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  pagedown: 'PgDn',
  pageup: 'PgUp',
  home: 'Home',
  end: 'End',
  f1: 'F1',
  space: 'Space',
};

export function keyName(key: string): string {
  return NAMES[key] ?? (key.startsWith('ctrl-') ? `^${key.slice(5).toUpperCase()}` : key);
}

/** One line of help: the commands of one title. */
interface Entry {
  readonly title: string;
  readonly keys: readonly string[];
  readonly group: Group;
  /** What may follow the name. */
  readonly args: string | undefined;
  /** Belongs to the view from which help was asked for. */
  readonly here: boolean;
  /** Why it does not work now. */
  readonly why: string | undefined;
}

/** What can be done, seen from the view that help lies over; commands with the same title share an entry. */
function entriesOf({ state, commands, now }: ViewContext): readonly Entry[] {
  const below = { ...state, stack: state.stack.slice(0, -1) };
  const over = state.stack.length > 1 ? below : state;
  const id = currentView(over);
  const entries = new Map<string, Entry>();
  for (const command of commands) {
    const { title, group, keys, names = [], views, args } = command;
    if (views !== undefined && !views.includes(id)) continue;
    if (group !== 'change' && over.stack !== state.stack && command.hidden?.(over)) continue;
    const before = entries.get(title);
    const shown = [...keys.map(keyName), ...names.slice(0, 1).map((name) => `:${name}`)];
    entries.set(title, {
      title,
      group,
      args: args ?? before?.args,
      here: views !== undefined,
      keys: [...(before?.keys ?? []), ...shown],
      why: command.blocked?.(over, now - state.clockOffset),
    });
  }
  return [...entries.values()];
}

/** What it does stands whole, on as many lines as it takes. */
function entryLines({ title, keys, why }: Entry, width: number): Line[] {
  const shown = pad(keys.join(' '), KEYS_WIDTH);
  const text = why === undefined ? title : `${title} (not now)`;
  return wrap(text, width - KEYS_WIDTH - 3).map((part, i): Line => {
    const left = i === 0 ? shown : ' '.repeat(KEYS_WIDTH);
    return why === undefined ? line('  ', ['key', left], ` ${part}`) : line(['dim', `  ${left} ${part}`]);
  });
}

function groupLines(
  entries: readonly Entry[],
  title: string,
  width: number,
  belongs: (entry: Entry) => boolean,
): Line[] {
  const lines = entries.filter(belongs).flatMap((entry) => entryLines(entry, width));
  return lines.length === 0 ? [] : [line(['title', title]), ...lines];
}

const SEARCHED: readonly Column<Entry>[] = [
  { id: 'what', title: '', min: 1, cell: ({ title, keys }) => `${keys.join(' ')} ${title}` },
];

/** What matches the words typed after `/`, one below the other, with the reason where it does not work now. */
function foundLines(context: ViewContext, width: number): Line[] {
  const { rows: entries } = filterRows(context.ui.filter, SEARCHED, entriesOf(context));
  if (entries.length === 0) return [line(['dim', `  nothing matches ${context.ui.filter}   Esc shows all`])];
  const indent = ' '.repeat(KEYS_WIDTH + 3);
  return entries.flatMap(({ why, args, ...entry }) => [
    ...entryLines({ ...entry, args, why: undefined }, width),
    ...(args === undefined ? [] : wrap(args, width - indent.length).map((part) => line(['dim', `${indent}${part}`]))),
    ...(why === undefined
      ? []
      : wrap(`not now: ${why}`, width - indent.length).map((part) => line(['dim', `${indent}${part}`]))),
  ]);
}

const KEYS_WIDTH = 14;

function legend({ glyphs, state }: ViewContext): Line[] {
  if (state.info.command === 'watch') return watchLegend(glyphs);
  const states = `${glyphs.master} MASTER  ${glyphs.backup} BACKUP  ${glyphs.fault} FAULT  ${glyphs.init} INIT`;
  const lock = state.mode.operate ? 'RW keys change the engine' : 'RO keys only look: :unlock or --operate';
  return [
    line(['title', 'SIGNS']),
    line(`  ${states}  ${glyphs.flag} overridden  ! attention`),
    line(`  PRI${glyphs.arrow}EFF configured and effective priority  ADV age of the MASTER's advert`),
    line(`  TRK trackers that hold  VIPS present/all  ${lock}`),
  ];
}

/** From here on the groups stand in two columns. */
const TWO_COLUMNS = 76;

export const helpView: View = {
  id: 'help',
  title: 'Help',
  short: 'Help',
  names: ['help'],
  searchable: true,
  summary: ({ ui }) => (ui.filter === '' ? '(/ searches)' : ''),
  text: (context, width) => {
    if (context.ui.filter !== '') return foundLines(context, width);
    const entries = entriesOf(context);
    const cells = width >= TWO_COLUMNS ? Math.floor(width / 2) - 1 : width;
    const group = (title: string, name: Group): Line[] =>
      groupLines(entries, title, cells, (entry) => entry.group === name && !entry.here);
    const asks = context.state.mode.operate ? 'CHANGE (asks first, reverts by itself)' : 'CHANGE (needs :unlock)';
    const here = groupLines(entries, 'THIS VIEW', cells, (entry) => entry.here);
    const left = [...here, ...group('MOVE', 'move'), ...group('SESSION', 'session'), ...group('VIEWS', 'view')];
    const right = [...group('LOOK', 'look'), ...group('DATA', 'data'), ...group(asks, 'change')];
    const keys = width >= TWO_COLUMNS ? beside(left, right, Math.floor(width / 2)) : [...left, ...right];
    return [...keys, ...legend(context)];
  },
};

function beside(left: readonly Line[], right: readonly Line[], columns: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    line(...fitSpans(left[i]?.spans ?? [], columns - 1), ' ', ...(right[i]?.spans ?? [])),
  );
}
