// The measured results of overrides: how soon another took over, how long the addresses were dark, and what came after.
import { countdown, duration, plural, seconds } from '../format.ts';
import { type Drill, measured } from '../model/drills.ts';
import type { Column } from '../table.ts';
import { type Line, line, pad, type Span } from '../text.ts';
import { clock, rule, type ViewContext } from './context.ts';
import type { View } from './view.ts';

/** Above the theory an operator need not look: the engine's own limit for lateness on a busy host. */
const TOLERANCE_US = 150_000;

function items({ model }: ViewContext): readonly Drill[] {
  return [...model.drills].reverse();
}

function columns({ model, now, glyphs }: ViewContext): Column<Drill>[] {
  const { snapshot } = model;
  const at = (drill: Drill): string => (snapshot === undefined ? '' : clock(snapshot, drill.startedAt));
  return [
    { id: 'time', title: 'TIME', min: 8, cell: (drill) => ['dim', at(drill)] },
    { id: 'state', title: 'STATE', min: 9, cell: (drill) => stateSpan(drill, model, now) },
    { id: 'name', title: 'INSTANCE', min: 10, max: 24, cell: ({ instance }) => instance },
    { id: 'what', title: 'OVERRIDE', min: 14, max: 40, drop: 2, cell: ({ what }) => what },
    {
      id: 'takeover',
      title: 'TAKEOVER',
      min: 9,
      align: 'right',
      cell: (drill) => timeSpan(measured(drill).takeoverUs, drill, glyphs.bad),
      value: (drill) => measured(drill).takeoverUs,
    },
    {
      id: 'dark',
      title: 'VIP DARK',
      min: 9,
      align: 'right',
      drop: 1,
      cell: (drill) => timeSpan(measured(drill).darkUs, drill, glyphs.bad),
      value: (drill) => measured(drill).darkUs,
    },
    { id: 'flaps', title: 'FLAPS', min: 5, align: 'right', drop: 3, cell: flapsSpan },
    { id: 'by', title: 'NEW MASTER', min: 11, max: 40, drop: 4, cell: ({ takenBy }) => takenBy ?? '-' },
  ];
}

function stateSpan({ seq, endedAt, instance }: Drill, { snapshot }: ViewContext['model'], now: number): Span {
  if (endedAt !== undefined) return ['dim', 'over'];
  const override = snapshot?.overrides.findLast((each) => each.instance === instance);
  if (override === undefined || seq === undefined) return ['dim', 'over'];
  return ['override', `runs ${countdown(override.expiresAt - now)}`];
}

function timeSpan(us: number | undefined, { expected, leftAt }: Drill, bad: string): Span {
  if (us === undefined) return ['dim', leftAt === undefined ? '-' : '...'];
  const text = seconds(us);
  return expected !== undefined && us > expected[1] + TOLERANCE_US ? ['attention', `${text} ${bad}`] : text;
}

function flapsSpan(drill: Drill): Span {
  const { flaps } = measured(drill);
  return flaps > 0 ? ['critical', String(flaps)] : '0';
}

/** The chosen drill, step by step, and its result beside the forecast. */
function about(context: ViewContext, drill: Drill | undefined, width: number, height: number): Line[] {
  if (drill === undefined) return [];
  const result = resultLines(context, drill);
  const head = rule(context, width, `${drill.instance}: ${drill.what}`);
  const room = Math.max(0, height - result.length - 1);
  // The beginning tells what was done, the end how it stands.
  const all = joined(drill.steps);
  const steps = all.length <= room ? all : all.slice(0, room);
  const lines = steps.map(({ at, from, text }) =>
    line(`  ${pad(offset(at - drill.startedAt), 9)} `, ['dim', pad(from, 7)], text),
  );
  return [head, ...lines, ...result].slice(0, height);
}

/** The copies of one advert to several peers are one step. */
function joined(steps: Drill['steps']): Drill['steps'] {
  const out: { step: Drill['steps'][number]; times: number }[] = [];
  for (const step of steps) {
    const last = out.at(-1);
    if (last?.step.text === step.text && last.step.from === step.from) last.times += 1;
    else out.push({ step, times: 1 });
  }
  return out.map(({ step, times }) => (times === 1 ? step : { ...step, text: `${step.text}, ${times} times` }));
}

const offset = (us: number): string => `+${(us / 1_000_000).toFixed(3)}`;

function resultLines(context: ViewContext, drill: Drill): Line[] {
  if (!drill.wasMaster) return [line(['dim', 'this router was not MASTER: nothing was to be taken over'])];
  const { takeoverUs, darkUs, flaps } = measured(drill);
  const { expected } = drill;
  const forecast =
    expected === undefined
      ? 'no backup was known'
      : expected[0] === expected[1]
        ? seconds(expected[1])
        : `${seconds(expected[0])} to ${seconds(expected[1])}`;
  const row = (name: string, theory: string, us: number | undefined, missing: string): Line => {
    const late = us !== undefined && expected !== undefined && us > expected[1] + TOLERANCE_US;
    const told: Span = us === undefined ? ['dim', missing] : late ? ['attention', seconds(us)] : ['ok', seconds(us)];
    return line(`${pad(name, 12)} ${pad(theory, 20)} `, told);
  };
  const waiting = drill.endedAt === undefined ? 'not yet' : 'not seen';
  const announced = `${drill.announced.length} of ${plural(drill.addresses.length, 'address', 'addresses')} announced`;
  return [
    rule(context, 60, 'forecast, measured'),
    row('takeover', forecast, takeoverUs, drill.leftAt === undefined ? 'it stayed MASTER' : waiting),
    row('VIP dark', forecast, darkUs, drill.leftAt === undefined ? '-' : announced),
    line(
      `${pad('flaps', 12)} ${pad('0', 20)} `,
      flaps === 0 ? ['ok', '0'] : ['critical', String(flaps)],
      drill.returnedAt === undefined ? '' : `   MASTER again after ${duration(drill.returnedAt - drill.startedAt)}`,
    ),
  ];
}

export const drillView: View<Drill> = {
  id: 'drill',
  title: 'Drills',
  short: 'Drill',
  digit: '6',
  only: ['run', 'demo'],
  names: ['drill', 'drills'],
  list: {
    items,
    key: ({ seq }) => String(seq),
    columns,
    instance: ({ instance }) => instance,
    empty: () => 'no drill yet: D plans one, F forces a FAULT; both revert and are measured',
  },
  below: about,
};
