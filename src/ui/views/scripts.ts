// Track scripts: pass and fail counters, streak, the last results as marks, and what the last run said.
import type { ScriptSnapshot } from '../../engine/snapshot.ts';
import { count, duration, interval } from '../format.ts';
import { type Column, table } from '../table.ts';
import { type Line, line, type Span, shorten } from '../text.ts';
import type { Glyphs } from '../theme.ts';
import { type PaneView, rule, type ViewContext, windowStart } from './context.ts';

function resultSpan(script: ScriptSnapshot, glyphs: Glyphs): Span {
  if (script.ok === undefined) return ['dim', '? WAIT'];
  return script.ok ? ['ok', `${glyphs.pass} OK`] : ['critical', `${glyphs.fail} FAIL`];
}

/** How many equal results in a row, against the number that changes the verdict. */
function streakSpan(script: ScriptSnapshot): string {
  const last = script.history.at(-1);
  if (last === undefined) return '-';
  const limit = last.ok ? script.rise : script.fall;
  return `${last.ok ? 'pass' : 'fail'} ${count(script.streak)}/${limit}`;
}

function history(script: ScriptSnapshot, glyphs: Glyphs, cells: number): string {
  return script.history
    .slice(-cells)
    .map(({ ok }) => (ok ? glyphs.pass : glyphs.fail))
    .join('');
}

function lastText(script: ScriptSnapshot): string {
  const output = script.lastOutput.trim();
  return output === '' ? script.lastResult : `${script.lastResult}: ${output}`;
}

function columns({ state, glyphs, now }: ViewContext): Column<ScriptSnapshot>[] {
  const chosen = state.focus === 'scripts' ? (state.selectedScript ?? state.snapshot?.scripts[0]?.name) : undefined;
  return [
    { title: '', min: 1, cell: ({ name }) => (name === chosen ? glyphs.cursor : ' ') },
    { title: 'RESULT', min: 6, cell: (s) => resultSpan(s, glyphs) },
    { title: 'NAME', min: 10, max: 20, cell: ({ name }) => name },
    { title: 'PASS', min: 6, align: 'right', cell: (s) => count(s.passes) },
    { title: 'FAIL', min: 5, align: 'right', cell: (s) => count(s.failures) },
    { title: 'STREAK', min: 9, max: 13, drop: 1, cell: streakSpan },
    { title: 'NEXT', min: 6, align: 'right', drop: 6, cell: (s) => nextSpan(s, now) },
    { title: 'EVERY', min: 5, align: 'right', drop: 7, cell: (s) => interval(s.intervalUs) },
    {
      title: 'TOOK',
      min: 7,
      align: 'right',
      drop: 8,
      cell: (s) => (s.lastDurationUs === undefined ? '-' : `${Math.round(s.lastDurationUs / 1000)} ms`),
    },
    { title: 'LAST RUNS', min: 10, max: 30, drop: 3, cell: (s) => history(s, glyphs, 10) },
    {
      title: 'LAST RESULT',
      min: 12,
      max: 120,
      drop: 4,
      cell: (s) => (s.ok === false ? ['attention', lastText(s)] : ['dim', lastText(s)]),
    },
  ];
}

function nextSpan(script: ScriptSnapshot, now: number): Span {
  if (script.running) return 'runs';
  return script.nextRunAt === undefined ? '-' : duration(script.nextRunAt - now);
}

/** Lines that the pane would like to have; 0 without scripts. */
export function scriptsHeight({ state }: ViewContext): number {
  const total = state.snapshot?.scripts.length ?? 0;
  return total === 0 ? 0 : total + 2;
}

export const scriptsPane: PaneView = (context, width, height) => {
  const { state } = context;
  const scripts = state.snapshot?.scripts ?? [];
  const failing = scripts.filter(({ ok }) => ok === false).length;
  const focused = state.focus === 'scripts';
  const title = `Scripts ${scripts.length}${failing > 0 ? `, ${failing} failing` : ''}`;
  const head = rule(context, width, title, { focused });
  if (scripts.length === 0) return [head, line(['dim', '  no vrrp_script is configured'])];
  const chosen = scripts.find(({ name }) => name === state.selectedScript) ?? scripts[0]!;
  const about = state.zoomed ? aboutScript(context, chosen, width) : [];
  const visible = Math.max(1, height - 2 - about.length);
  const start = windowStart(scripts.length, visible, scripts.indexOf(chosen));
  const { heading, lines } = table(columns(context), scripts.slice(start, start + visible), width);
  return [head, heading, ...lines, ...about] as Line[];
};

/** Zoomed: the whole story of the chosen script. */
function aboutScript(context: ViewContext, script: ScriptSnapshot, width: number): Line[] {
  return [
    rule(context, width, script.name),
    line(`command   ${script.command}`),
    line(`limits    timeout ${duration(script.timeoutUs)}, rise ${script.rise}, fall ${script.fall}`),
    line(`used by   ${script.usedBy.join(', ') || '-'}`),
    line(`runs      ${history(script, context.glyphs, width - 10)}`),
    line(`last      ${shorten(lastText(script), width - 10)}`),
  ];
}
