// Help, generated from the registry: every key, what it does, and why it does not work now.
import type { Group } from '../commands/command.ts';
import { COMMANDS } from '../commands.ts';
import { fitSpans, type Line, line, pad } from '../text.ts';
import { type PaneView, rule, type ViewContext } from './context.ts';

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
};

export function keyName(key: string): string {
  return NAMES[key] ?? (key.startsWith('ctrl-') ? `^${key.slice(5).toUpperCase()}` : key);
}

/** Commands of one group; those with the same title share a line. */
function groupLines({ state }: ViewContext, group: Group, title: string): Line[] {
  const oneRouter = state.routers.names.length < 2;
  const rows = new Map<string, { keys: string[]; off: boolean }>();
  for (const command of COMMANDS) {
    if (command.group !== group || (oneRouter && command.id.startsWith('router.'))) continue;
    const row = rows.get(command.title) ?? { keys: [], off: false };
    row.keys.push(...command.keys.map(keyName));
    row.off = group === 'change' && command.blocked?.(state) !== undefined;
    rows.set(command.title, row);
  }
  const lines = [...rows].map(([text, { keys, off }]): Line => {
    const shown = pad(keys.join(' '), KEYS_WIDTH);
    return off ? line(['dim', `  ${shown} ${text} (not now)`]) : line('  ', ['key', shown], ` ${text}`);
  });
  return [line(['title', title]), ...lines];
}

const KEYS_WIDTH = 10;

function legend({ glyphs, state }: ViewContext): Line[] {
  const states = `${glyphs.master} MASTER  ${glyphs.backup} BACKUP  ${glyphs.fault} FAULT  ${glyphs.init} INIT`;
  const lock = state.info.operate ? 'RW keys change the engine' : 'RO keys only look: --operate enables the others';
  return [
    line(['title', 'SIGNS']),
    line(`  ${states}  ${glyphs.flag} overridden  ! attention`),
    line(`  PRI${glyphs.arrow}EFF configured and effective priority  ADV age of the MASTER's advert`),
    line(`  TRK trackers that hold  VIPS present/all  ${lock}`),
  ];
}

/** From here on the groups stand in two columns. */
const TWO_COLUMNS = 76;

export const helpView: PaneView = (context, width, height) => {
  const { state } = context;
  const asks = state.info.operate ? 'CHANGE (asks first, reverts by itself)' : 'CHANGE (needs --operate)';
  const left = [...groupLines(context, 'move', 'MOVE'), ...groupLines(context, 'session', 'SESSION')];
  const right = [...groupLines(context, 'look', 'LOOK'), ...groupLines(context, 'change', asks)];
  const keys = width >= TWO_COLUMNS ? beside(left, right, Math.floor(width / 2)) : [...left, ...right];
  const body = [...keys, ...legend(context)];
  const top = Math.min(state.helpTop, Math.max(0, body.length - (height - 1)));
  const note = body.length > height - 1 ? 'j k scroll   Esc back' : 'Esc back';
  return [rule(context, width, 'Help', { right: note }), ...body.slice(top, top + height - 1)];
};

function beside(left: readonly Line[], right: readonly Line[], columns: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    line(...fitSpans(left[i]?.spans ?? [], columns - 1), ' ', ...(right[i]?.spans ?? [])),
  );
}
