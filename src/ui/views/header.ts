// The first line (who, how many in which state, may I change things, what is overridden), the status line, the footer.
import type { Snapshot } from '../../engine/snapshot.ts';
import { findAlerts } from '../alerts.ts';
import { commandsOf, isOffered } from '../commands.ts';
import { countdown, duration, plural, timeOfDay } from '../format.ts';
import { promptHint, promptLine } from '../prompt.ts';
import { currentView, mayOperate } from '../state.ts';
import { type Line, line, type Span, shorten, spansWidth, spread, styledLine } from '../text.ts';
import type { ViewContext } from './context.ts';
import { viewsOf } from './registry.ts';
import { findingsMark, watchCounts, watchMode } from './watch-header.ts';

/** What the header may leave out, in this order, until it fits. */
interface Room {
  readonly lateness: boolean;
  readonly uptime: boolean;
  readonly clock: boolean;
  readonly routers: boolean;
  readonly words: boolean;
}

const ROOMS: readonly Room[] = [
  { lateness: true, uptime: true, clock: true, routers: true, words: true },
  { lateness: false, uptime: true, clock: true, routers: true, words: true },
  { lateness: false, uptime: false, clock: true, routers: true, words: true },
  { lateness: false, uptime: false, clock: false, routers: true, words: true },
  { lateness: false, uptime: false, clock: false, routers: false, words: true },
  { lateness: false, uptime: false, clock: false, routers: false, words: false },
];

export function header(context: ViewContext, columns: number): Line {
  const { snapshot } = context.state;
  let sides = headerSides(context, ROOMS[0]!);
  for (const room of ROOMS) {
    sides = headerSides(context, room);
    if (spansWidth(sides.left) + spansWidth(sides.right) + 2 <= columns) break;
  }
  const spans = spread([...sides.left, ' '], sides.right, columns);
  return snapshot !== undefined && snapshot.overrides.length > 0
    ? styledLine('overrideBar', ...plain(spans))
    : { spans };
}

function headerSides(context: ViewContext, room: Room): { readonly left: Span[]; readonly right: Span[] } {
  const { state, now } = context;
  const { snapshot } = state;
  const left: Span[] = [['strong', 'kavtui'], '  ', ...routerNames(context, room.routers)];
  if (snapshot === undefined) return { left, right: [mode(context)] };
  if (room.uptime && state.watch === undefined) left.push(`  up ${duration(now - snapshot.startedAt)}`);
  left.push('  ', ...counts(context, snapshot, room.words));
  const right: Span[] = [];
  if (state.dropped > 0) right.push(['attention', `${state.dropped} left out`], '  ');
  if (room.lateness && state.watch === undefined)
    right.push(['dim', `timer p99 ${(state.lateness / 1000).toFixed(1)} ms`], '  ');
  if (snapshot.overrides.length > 0) right.push(...overrideMark(context, snapshot), '  ');
  right.push(mode(context));
  if (room.clock) right.push('  ', timeOfDay(snapshot.wallTime + (now - snapshot.takenAt) / 1000));
  return { left, right };
}

/** Of the names of what is watched. */
const WATCHED_CELLS = 24;

/** `[alpha] beta gamma`: the router that is shown, among those that can be. */
function routerNames({ state }: ViewContext, all: boolean): Span[] {
  const { names, shown } = state.routers;
  if (state.info.command === 'watch') return [['strong', shorten(state.info.configFile, WATCHED_CELLS)]];
  const name = names[shown] ?? state.info.hostname;
  if (names.length < 2)
    return [['strong', names.length === 0 || state.info.command === 'run' ? state.info.hostname : name]];
  if (!all) return [['strong', name], ` ${shown + 1}/${names.length}`];
  return names.flatMap((other, i): Span[] => [i > 0 ? ' ' : '', i === shown ? ['strong', `[${other}]`] : other]);
}

/** On the reversed bar the words must do without colours of their own. */
const plain = (spans: readonly Span[]): Span[] => [
  spans.map((span) => (typeof span === 'string' ? span : span[1])).join(''),
];

function counts({ glyphs, state }: ViewContext, snapshot: Snapshot, words: boolean): Span[] {
  if (state.watch !== undefined) return watchCounts(state.watch, state.findings ?? [], glyphs, words);
  const of = (state: string) => snapshot.instances.filter((instance) => instance.state === state).length;
  const word = (text: string) => (words ? ` ${text}` : '');
  const [master, backup, fault, init] = [of('MASTER'), of('BACKUP'), of('FAULT'), of('INIT')];
  const spans: Span[] = [
    ['strong', `${glyphs.master}${master}${word('MASTER')}`],
    '  ',
    `${glyphs.backup}${backup}${word('BACKUP')}`,
    '  ',
    fault > 0 ? ['fault', `${glyphs.fault}${fault}${word('FAULT')}`] : `${glyphs.fault}0${word('FAULT')}`,
  ];
  if (init > 0) spans.push('  ', ['dim', `${glyphs.init}${init}${word('INIT')}`]);
  spans.push(...findingsMark(state.findings ?? []));
  return spans;
}

function overrideMark({ glyphs, now }: ViewContext, snapshot: Snapshot): Span[] {
  const soonest = Math.min(...snapshot.overrides.map(({ expiresAt }) => expiresAt));
  const { length } = snapshot.overrides;
  return [['override', `${glyphs.flag} ${plural(length, 'override')} ${countdown(soonest - now)}`]];
}

/** RO: no key changes the engine. RW: they work, with a countdown when only for a time. DEMO: RW, and nothing is real. */
function mode({ state, now }: ViewContext): Span {
  if (state.info.command === 'watch') return watchMode(state.watch?.replay);
  const local = now - state.clockOffset;
  if (!mayOperate(state, local)) return state.info.command === 'demo' ? 'DEMO RO' : 'RO';
  const { until } = state.mode;
  const left = until === undefined ? '' : ` ${countdown(until - local)}`;
  return state.info.command === 'demo' ? ['strong', `DEMO${left}`] : ['attention', `RW${left}`];
}

/** `[1 Inst]  2 Pkts  3 Trk`: the view that is shown, and the digits of the others. */
export function tabs({ state }: ViewContext, columns: number): Line {
  const shown = currentView(state);
  const spans = viewsOf(state.info)
    .filter(({ digit }) => digit !== undefined)
    .flatMap((view, i): Span[] => {
      const text = `${view.digit} ${view.short}`;
      return [i > 0 ? '  ' : '', view.id === shown ? ['strong', `[${text}]`] : ['dim', text]];
    });
  const right: Span[] = [['dim', '? help  : command  / filter']];
  return { spans: spansWidth(spans) + spansWidth(right) + 2 > columns ? spans : spread(spans, right, columns) };
}

/** One line above the footer: the answer to the last key, or the worst thing that is the case. */
export function status(context: ViewContext): Line {
  const { state, glyphs } = context;
  if (state.prompt !== undefined) return promptLine(state, context.now - state.clockOffset);
  if (state.leaving !== undefined) {
    return line(['attention', state.leaving === 'release' ? 'Stopping cleanly ...' : 'Leaving the screen ...']);
  }
  if (state.toast !== undefined) {
    return line(state.toast.level === 'attention' ? ['attention', `! ${state.toast.text}`] : state.toast.text);
  }
  const alerts = findAlerts(state, context.now);
  const [first] = alerts;
  if (first === undefined) return line(['dim', state.snapshot === undefined ? '' : `${glyphs.ok} no alerts`]);
  const more = alerts.length > 1 ? ` (and ${alerts.length - 1} more)` : '';
  return line([first.level, `${first.level === 'critical' ? glyphs.bad : '!'} ${first.text}${more}`]);
}

/** The keys that work now, from the registry; what ranks last goes first when room is short. */
export function footer({ state, now }: ViewContext, columns: number): Line {
  const local = now - state.clockOffset;
  if (state.prompt !== undefined) return promptHint(state, local, columns);
  const dialog = state.dialog;
  if (dialog?.kind === 'quit') return line(['key', 'Esc'], ' or ', ['key', 'Enter'], ': cancel');
  if (dialog?.kind === 'columns') return line(['key', 'Enter'], ': keep   ', ['key', 'Esc'], ': as it was');
  if (dialog?.kind === 'wizard') return line(['key', 'Esc'], ' or ', ['key', 'Enter'], ': cancel');
  if (dialog !== undefined)
    return line(
      ['key', 'Esc'],
      `: cancel   Enter never confirms${columns < 76 ? '' : ', pasted text is ignored, lists stand still'}`,
    );
  const offered = commandsOf(state).filter(
    (c) => c.footer !== undefined && isOffered(c, state) && (c.group !== 'change' || mayOperate(state, local)),
  );
  const label = (c: (typeof offered)[number]) => c.footer!.label;
  const width = () => offered.reduce((sum, c) => sum + label(c).length, Math.max(0, offered.length - 1) * 2);
  const lock: Span[] = mayOperate(state, local) || state.info.command === 'watch' ? [] : [['dim', '  read-only']];
  while (width() + spansWidth(lock) > columns && offered.length > 1) {
    const worst = offered.reduce((a, b) => (b.footer!.rank > a.footer!.rank ? b : a));
    offered.splice(offered.indexOf(worst), 1);
  }
  const spans = offered.flatMap((c, i): Span[] => {
    const [key, ...words] = label(c).split(' ');
    return [i > 0 ? '  ' : '', ['key', key!], ` ${words.join(' ')}`];
  });
  return { spans: spread(spans, lock, columns) };
}
