// Help, generated from the registry: every key, what it does, and why it does not work now.
import type { Group } from '../commands/command.ts';
import { fitSpans, type Line, line, pad } from '../text.ts';
import type { ViewContext } from './context.ts';
import type { View } from './view.ts';

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

/** Commands of one group; those with the same title share a line. */
function groupLines({ state, commands }: ViewContext, group: Group, title: string): Line[] {
  const oneRouter = state.routers.names.length < 2;
  const rows = new Map<string, { keys: string[]; off: boolean }>();
  for (const command of commands) {
    if (command.group !== group || (oneRouter && command.id.startsWith('router.'))) continue;
    const row = rows.get(command.title) ?? { keys: [], off: false };
    row.keys.push(...command.keys.map(keyName));
    if (command.names !== undefined) row.keys.push(`:${command.names[0]}`);
    row.off = group === 'change' && command.blocked?.(state, 0) !== undefined;
    rows.set(command.title, row);
  }
  const lines = [...rows].map(([text, { keys, off }]): Line => {
    const shown = pad(keys.join(' '), KEYS_WIDTH);
    return off ? line(['dim', `  ${shown} ${text} (not now)`]) : line('  ', ['key', shown], ` ${text}`);
  });
  return [line(['title', title]), ...lines];
}

const KEYS_WIDTH = 14;

function legend({ glyphs, state }: ViewContext): Line[] {
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
  text: (context, width) => {
    const asks = context.state.mode.operate ? 'CHANGE (asks first, reverts by itself)' : 'CHANGE (needs :unlock)';
    const left = [
      ...groupLines(context, 'move', 'MOVE'),
      ...groupLines(context, 'session', 'SESSION'),
      ...groupLines(context, 'view', 'VIEWS'),
    ];
    const right = [
      ...groupLines(context, 'look', 'LOOK'),
      ...groupLines(context, 'data', 'DATA'),
      ...groupLines(context, 'change', asks),
    ];
    const keys = width >= TWO_COLUMNS ? beside(left, right, Math.floor(width / 2)) : [...left, ...right];
    return [...keys, ...legend(context)];
  },
};

function beside(left: readonly Line[], right: readonly Line[], columns: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    line(...fitSpans(left[i]?.spans ?? [], columns - 1), ' ', ...(right[i]?.spans ?? [])),
  );
}
