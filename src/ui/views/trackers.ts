// What instances track: scripts, files, processes, interfaces; pass and fail counters, streaks, and the whole story of one.
import type { ScriptSnapshot } from '../../engine/snapshot.ts';
import { count, duration, interval } from '../format.ts';
import type { Column } from '../table.ts';
import { type Line, line, type Span, shorten, width as textWidth } from '../text.ts';
import type { Glyphs } from '../theme.ts';
import { durationQuantile, type TrackerRow, trackerRows, weightText } from '../tracker-rows.ts';
import { clock, rule, type ViewContext } from './context.ts';
import type { View } from './view.ts';

function resultSpan({ ok }: TrackerRow, glyphs: Glyphs): Span {
  if (ok === undefined) return ['dim', '? WAIT'];
  return ok ? ['ok', `${glyphs.pass} OK`] : ['critical', `${glyphs.fail} FAIL`];
}

/** Equal results in a row; while they are too few to change the verdict, against the number that would. */
function streakText(script: ScriptSnapshot): string {
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

function lastText({ ok, script, detail }: TrackerRow): string {
  if (script === undefined) return detail;
  const output = script.lastOutput.trim();
  if (ok === true) return output;
  return output === '' ? script.lastResult : `${script.lastResult}: ${output}`;
}

/** As in the list of packets, the cells name what they hold. */
function columns({ model, glyphs, now, compact }: ViewContext): Column<TrackerRow>[] {
  const rows = model.snapshot === undefined ? [] : trackerRows(model.snapshot);
  const longestName = Math.max(1, ...rows.map(({ name }) => textWidth(name)));
  const ofScript =
    (text: (script: ScriptSnapshot) => Span) =>
    ({ script }: TrackerRow): Span =>
      script === undefined ? '' : text(script);
  const all: (Column<TrackerRow> | false)[] = [
    { id: 'result', title: 'RESULT', min: 6, cell: (row) => resultSpan(row, glyphs) },
    { id: 'name', title: 'NAME', min: Math.min(20, longestName), max: 32, cell: ({ name }) => name },
    !compact && { id: 'kind', title: 'KIND', min: 6, max: 9, drop: 9, cell: ({ kind }) => kind },
    {
      id: 'pass',
      title: 'PASS',
      min: 11,
      align: 'right',
      cell: ofScript((s) => `pass ${count(s.passes)}`),
      value: ({ script }) => script?.passes,
    },
    {
      id: 'fail',
      title: 'FAIL',
      min: 8,
      align: 'right',
      cell: ofScript((s) => (s.failures > 0 ? ['attention', `fail ${count(s.failures)}`] : 'fail 0')),
      value: ({ script }) => script?.failures,
    },
    !compact && { id: 'weight', title: 'WEIGHT', min: 6, max: 12, align: 'right', drop: 1, cell: weightText },
    { id: 'runs', title: 'RUNS', min: 10, max: 30, drop: 5, cell: ofScript((s) => history(s, glyphs, 10)) },
    { id: 'streak', title: 'STREAK', min: 9, max: 11, drop: 4, align: 'right', cell: ofScript(streakText) },
    { id: 'next', title: 'NEXT', min: 12, drop: 10, align: 'right', cell: ofScript((s) => nextSpan(s, now)) },
    { id: 'took', title: 'TOOK', min: 12, drop: 11, align: 'right', cell: ofScript(tookSpan) },
    {
      id: 'every',
      title: 'EVERY',
      min: 10,
      drop: 12,
      align: 'right',
      cell: ofScript((s) => `every ${interval(s.intervalUs)}`),
    },
    !compact && {
      id: 'used',
      title: 'USED BY',
      min: 8,
      max: 30,
      drop: 6,
      cell: ({ uses }) => uses.map(({ instance }) => instance).join(' '),
    },
    {
      id: 'last',
      title: 'LAST',
      min: 14,
      max: 120,
      drop: 2,
      cell: (row) => (row.ok === false ? ['attention', lastText(row)] : ['dim', lastText(row)]),
    },
  ];
  return all.filter((column) => column !== false);
}

function tookSpan({ lastDurationUs }: ScriptSnapshot): Span {
  return lastDurationUs === undefined ? '' : `took ${Math.round(lastDurationUs / 1000)} ms`;
}

function nextSpan(script: ScriptSnapshot, now: number): Span {
  if (script.running) return 'running';
  return script.nextRunAt === undefined ? '' : `next in ${duration(script.nextRunAt - now)}`;
}

/** A pane has few rows, and a link that is down is an alert: interfaces only in the full view. */
function items({ model, compact }: ViewContext): readonly TrackerRow[] {
  const rows = model.snapshot === undefined ? [] : trackerRows(model.snapshot);
  return compact ? rows.filter(({ kind }) => kind !== 'interface') : rows;
}

export const trackersView: View<TrackerRow> = {
  id: 'trackers',
  title: 'Trackers',
  short: 'Trk',
  digit: '3',
  only: ['run', 'demo'],
  names: ['trackers', 'trk', 'scripts'],
  summary: (context) => {
    const rows = items(context);
    const failing = rows.filter(({ ok }) => ok === false).length;
    return `${rows.length}${failing > 0 ? `, ${failing} failing` : ''}`;
  },
  list: {
    items,
    key: ({ kind, name }) => `${kind} ${name}`,
    columns,
    instance: ({ uses }) => uses[0]?.instance,
    empty: () => 'nothing is tracked: no vrrp_script, track_file, track_process or track_interface',
    paneHeading: 'none',
  },
  below: (context, row, width, height) => (row === undefined ? [] : about(context, row, width).slice(0, height)),
};

/** The whole story of the chosen tracker. */
function about(context: ViewContext, row: TrackerRow, width: number): Line[] {
  const uses = row.uses.map(({ instance, weight, reverse, contribution }) => {
    const effect =
      weight === 0 ? 'FAULT while it fails' : `weight ${weight > 0 ? '+' : ''}${weight}, adds ${contribution} now`;
    return line(`used by   ${instance}: ${effect}${reverse ? ', reversed' : ''}`);
  });
  return [
    rule(context, width, row.name, { right: row.kind }),
    ...kindLines(context, row, width),
    ...(uses.length > 0 ? uses : [line(['dim', 'used by   nobody'])]),
  ];
}

function kindLines(context: ViewContext, row: TrackerRow, width: number): Line[] {
  const { script, file, process } = row;
  if (script !== undefined) return scriptLines(context, row, script, width);
  if (file !== undefined) return [line(`file      ${file.path}`), line(`value     ${file.value ?? 'not read yet'}`)];
  if (process !== undefined) {
    const most = process.quorumMax === undefined ? '' : ` to ${process.quorumMax}`;
    const change = process.changesAt === undefined ? '' : `, changes in ${duration(process.changesAt - context.now)}`;
    return [
      line(`process   ${process.command}`),
      line(`count     ${process.count ?? 'not counted yet'}, quorum ${process.quorum}${most}${change}`),
    ];
  }
  const word = row.ok === undefined ? 'not known' : row.ok ? 'up' : 'down or missing';
  return [line(`link      ${word}${row.detail === '' ? '' : `, ${row.detail}`}`)];
}

const MARKS = 60;

function scriptLines(context: ViewContext, row: TrackerRow, script: ScriptSnapshot, width: number): Line[] {
  const { glyphs, model } = context;
  const ms = (us: number | undefined): string => (us === undefined ? '-' : `${Math.round(us / 1000)} ms`);
  const lastFailure = script.history.findLast(({ ok }) => !ok);
  const failure =
    lastFailure === undefined || model.snapshot === undefined
      ? 'none among the last runs'
      : `${clock(model.snapshot, lastFailure.at)}, took ${ms(lastFailure.durationUs)}`;
  return [
    line(`command   ${shorten(script.command, width - 10)}`),
    line(
      `limits    every ${interval(script.intervalUs)}, timeout ${duration(script.timeoutUs)}, rise ${script.rise}, ` +
        `fall ${script.fall}, streak ${streakText(script)}`,
    ),
    line(`runs      ${history(script, glyphs, Math.min(MARKS, width - 10))}`),
    line(
      `took      p50 ${ms(durationQuantile(script, 0.5))}, p99 ${ms(durationQuantile(script, 0.99))}, last ${ms(script.lastDurationUs)}`,
    ),
    line(`last fail ${failure}`),
    line(
      `last      `,
      lastText(row) === ''
        ? ['dim', script.lastResult === '' ? 'no run yet' : `${script.lastResult}, no output`]
        : shorten(lastText(row), width - 10),
    ),
  ];
}
