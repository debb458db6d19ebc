// Track scripts: pass and fail counters, streak, the last results as marks, and what the last run said.
import type { ScriptSnapshot } from '../../engine/snapshot.ts';
import { count, duration, interval } from '../format.ts';
import type { Column } from '../table.ts';
import { type Line, line, type Span, shorten, width as textWidth } from '../text.ts';
import type { Glyphs } from '../theme.ts';
import { rule, type ViewContext } from './context.ts';
import type { View } from './view.ts';

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
function columns({ model, glyphs, now }: ViewContext): Column<ScriptSnapshot>[] {
  const longestName = Math.max(1, ...(model.snapshot?.scripts ?? []).map(({ name }) => textWidth(name)));
  return [
    { id: 'result', title: 'RESULT', min: 6, cell: (s) => resultSpan(s, glyphs) },
    { id: 'name', title: 'NAME', min: Math.min(20, longestName), max: 32, cell: ({ name }) => name },
    {
      id: 'pass',
      title: 'PASS',
      min: 11,
      align: 'right',
      cell: (s) => `pass ${count(s.passes)}`,
      value: (s) => s.passes,
    },
    {
      id: 'fail',
      title: 'FAIL',
      min: 8,
      align: 'right',
      cell: (s) => (s.failures > 0 ? ['attention', `fail ${count(s.failures)}`] : 'fail 0'),
      value: (s) => s.failures,
    },
    { id: 'runs', title: 'RUNS', min: 10, max: 30, drop: 3, cell: (s) => history(s, glyphs, 10) },
    { id: 'streak', title: 'STREAK', min: 9, max: 11, drop: 4, align: 'right', cell: streakSpan },
    { id: 'next', title: 'NEXT', min: 12, drop: 6, align: 'right', cell: (s) => nextSpan(s, now) },
    { id: 'took', title: 'TOOK', min: 12, drop: 7, align: 'right', cell: tookSpan },
    { id: 'every', title: 'EVERY', min: 10, drop: 8, align: 'right', cell: (s) => `every ${interval(s.intervalUs)}` },
    {
      id: 'last',
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

/** Failing scripts first: a small pane must show what is wrong. */
function inOrder({ model }: ViewContext): readonly ScriptSnapshot[] {
  const rank = ({ ok }: ScriptSnapshot): number => (ok === false ? 0 : ok === undefined ? 1 : 2);
  return [...(model.snapshot?.scripts ?? [])].sort((a, b) => rank(a) - rank(b));
}

export const trackersView: View<ScriptSnapshot> = {
  id: 'trackers',
  title: 'Scripts',
  short: 'Trk',
  digit: '3',
  names: ['trackers', 'trk', 'scripts'],
  summary: ({ model }) => {
    const scripts = model.snapshot?.scripts ?? [];
    const failing = scripts.filter(({ ok }) => ok === false).length;
    return `${scripts.length}${failing > 0 ? `, ${failing} failing` : ''}`;
  },
  list: {
    items: inOrder,
    key: ({ name }) => name,
    columns,
    instance: ({ usedBy }) => usedBy[0],
    empty: () => 'no vrrp_script is configured',
    paneHeading: 'none',
  },
  below: (context, script, width) => (script === undefined ? [] : aboutScript(context, script, width)),
};

/** The whole story of the chosen script. */
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
