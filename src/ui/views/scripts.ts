// Track scripts: pass and fail counters, streak, the last results as marks, and what the last run said.
import type { ScriptSnapshot } from '../../engine/snapshot.ts';
import { count, duration, interval } from '../format.ts';
import { scriptsInOrder } from '../state.ts';
import { type Column, table } from '../table.ts';
import { type Line, line, type Span, shorten, width as textWidth } from '../text.ts';
import type { Glyphs } from '../theme.ts';
import { type PaneView, rule, type ViewContext, windowStart } from './context.ts';

function resultSpan(script: ScriptSnapshot, glyphs: Glyphs): Span {
  if (script.ok === undefined) return ['dim', '? WAIT'];
  return script.ok ? ['ok', `${glyphs.pass} OK`] : ['critical', `${glyphs.fail} FAIL`];
}

/** Equal results in a row; while they are too few to change the verdict, against the number that would. */
function streakSpan(script: ScriptSnapshot): string {
  const last = script.history.at(-1);
  if (last === undefined) return '';
  const limit = last.ok ? script.rise : script.fall;
  const word = last.ok ? 'pass' : 'fail';
  return script.streak < limit ? `${script.streak}/${limit} ${word}` : `${count(script.streak)} ${word}`;
}

function history(script: ScriptSnapshot, glyphs: Glyphs, cells: number): string {
  return script.history
    .slice(-cells)
    .map(({ ok }) => (ok ? glyphs.pass : glyphs.fail))
    .join('');
}

function lastText(script: ScriptSnapshot): string {
  const output = script.lastOutput.trim();
  if (script.ok === true) return output;
  return output === '' ? script.lastResult : `${script.lastResult}: ${output}`;
}

/** As in the list of adverts, the cells name what they hold. */
function columns({ state, glyphs, now }: ViewContext, longestName: number): Column<ScriptSnapshot>[] {
  const chosen = state.focus === 'scripts' ? (state.selectedScript ?? scriptsInOrder(state)[0]?.name) : undefined;
  return [
    { title: '', min: 1, cell: ({ name }) => (name === chosen ? glyphs.cursor : ' ') },
    { title: 'RESULT', min: 6, cell: (s) => resultSpan(s, glyphs) },
    { title: 'NAME', min: Math.min(20, longestName), max: 32, cell: ({ name }) => name },
    { title: 'PASS', min: 11, align: 'right', cell: (s) => `pass ${count(s.passes)}` },
    {
      title: 'FAIL',
      min: 8,
      align: 'right',
      cell: (s) => (s.failures > 0 ? ['attention', `fail ${count(s.failures)}`] : 'fail 0'),
    },
    { title: 'RUNS', min: 10, max: 30, drop: 3, cell: (s) => history(s, glyphs, 10) },
    { title: 'STREAK', min: 9, max: 11, drop: 4, align: 'right', cell: streakSpan },
    { title: 'NEXT', min: 12, drop: 6, align: 'right', cell: (s) => nextSpan(s, now) },
    { title: 'TOOK', min: 12, drop: 7, align: 'right', cell: tookSpan },
    { title: 'EVERY', min: 10, drop: 8, align: 'right', cell: (s) => `every ${interval(s.intervalUs)}` },
    {
      title: 'LAST',
      min: 14,
      max: 120,
      drop: 2,
      cell: (s) => (s.ok === false ? ['attention', lastText(s)] : ['dim', lastText(s)]),
    },
  ];
}

function tookSpan({ lastDurationUs }: ScriptSnapshot): Span {
  return lastDurationUs === undefined ? '' : `took ${Math.round(lastDurationUs / 1000)} ms`;
}

function nextSpan(script: ScriptSnapshot, now: number): Span {
  if (script.running) return 'running';
  return script.nextRunAt === undefined ? '' : `next in ${duration(script.nextRunAt - now)}`;
}

/** Lines that the pane would like to have; 0 without scripts. */
export function scriptsHeight({ state }: ViewContext): number {
  const total = state.snapshot?.scripts.length ?? 0;
  return total === 0 ? 0 : total + 1;
}

export const scriptsPane: PaneView = (context, width, height) => {
  const { state } = context;
  const scripts = scriptsInOrder(state);
  const failing = scripts.filter(({ ok }) => ok === false).length;
  const focused = state.focus === 'scripts';
  const title = `Scripts ${scripts.length}${failing > 0 ? `, ${failing} failing` : ''}`;
  const head = rule(context, width, title, { focused });
  if (scripts.length === 0) return [head, line(['dim', '  no vrrp_script is configured'])];
  const chosen = scripts.find(({ name }) => name === state.selectedScript) ?? scripts[0]!;
  const about = state.zoomed ? aboutScript(context, chosen, width) : [];
  const visible = Math.max(1, height - 1 - about.length);
  const start = windowStart(scripts.length, visible, scripts.indexOf(chosen));
  const longestName = Math.max(...scripts.map(({ name }) => textWidth(name)));
  const { lines } = table(columns(context, longestName), scripts.slice(start, start + visible), width, {
    measure: scripts,
  });
  return [head, ...lines, ...about];
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
