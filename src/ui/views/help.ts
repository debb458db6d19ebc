// Help, generated from the registry: every key, what it does, and why it does not work now.
import { COMMANDS, type Command, type Group } from '../commands.ts';
import { type Line, line, type Span } from '../text.ts';
import { type PaneView, rule, type ViewContext } from './context.ts';

const GROUPS: readonly (readonly [Group, string])[] = [
  ['move', 'MOVE'],
  ['look', 'LOOK'],
  ['change', 'CHANGE (capital letters; each asks first, says what will happen, and reverts by itself)'],
  ['session', 'SESSION'],
];

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

function commandLine(command: Command, { state }: ViewContext): Line {
  const keys = command.keys.map(keyName).join(' ').padEnd(14);
  const reason = command.group === 'change' ? command.blocked?.(state) : undefined;
  const why: Span[] = reason === undefined ? [] : [['dim', `   (${reason})`]];
  return line('  ', ['key', keys], ` ${command.title}`, ...why);
}

function legend({ glyphs }: ViewContext): Line[] {
  return [
    line(
      `  ${glyphs.master} MASTER  ${glyphs.backup} BACKUP  ${glyphs.fault} FAULT  ${glyphs.init} INIT  ${glyphs.flag} overridden`,
    ),
    line(`  PRI${glyphs.arrow}EFF base and effective priority   ADV age of the MASTER's last advert`),
    line('  TRK trackers that hold   VIPS addresses present on the interface'),
    line('  RO keys look only   RW keys change the engine   DEMO a simulated network'),
  ];
}

export const helpView: PaneView = (context, width, height) => {
  const { state } = context;
  const oneRouter = state.routers.names.length < 2;
  const body: Line[] = [];
  for (const [group, title] of GROUPS) {
    body.push(line(['title', title]));
    for (const command of COMMANDS) {
      const absent = command.id.startsWith('router.') && oneRouter;
      if (command.group === group && !absent) body.push(commandLine(command, context));
    }
  }
  body.push(line(['title', 'SIGNS']), ...legend(context));
  const top = Math.min(state.helpTop, Math.max(0, body.length - (height - 1)));
  const right = body.length > height - 1 ? 'j k scroll   Esc back' : 'Esc back';
  return [rule(context, width, 'Help', { right }), ...body.slice(top, top + height - 1)];
};
