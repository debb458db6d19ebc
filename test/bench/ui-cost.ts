// What the screen costs beside an engine at work, and what a terminal that dies costs the engine: kavtui with and without
// its screen by turns, or at the same time where only that tells the machine's own lateness apart.
import { sleep } from '../support/host.ts';
import { createLab, type Lab } from '../support/lab.ts';
import type { ManyOptions } from '../support/many-instances.ts';
import { type Figure, summary } from './figures.ts';
import { pressureUs } from './machine.ts';
import { type Observer, observe, type SeenAdvert } from './observer.ts';
import { type Measured, startMeasured } from './ui-program.ts';

export interface CostCase {
  readonly title: string;
  readonly count: number;
  /** Seconds between adverts of an instance. */
  readonly interval: number;
  /** Of one window. */
  readonly seconds: number;
  readonly rounds: number;
}

const master = (count: number, interval: number): ManyOptions => ({
  count,
  interval,
  version: 3,
  priority: 255,
  state: 'MASTER',
  segments: 1,
});

interface Window {
  readonly late: readonly number[];
  readonly engine: number;
  readonly waited: number;
  readonly worker: number;
  readonly all: number;
  readonly bytesPerSecond: number;
  readonly pressure: number;
}

/** Processor time of the screen's thread, lateness with and without the screen. */
export async function measureCost({ title, count, interval, seconds, rounds }: CostCase): Promise<readonly Figure[]> {
  const windows: Record<'headless' | 'screen', Window[]> = { headless: [], screen: [] };
  for (let i = 0; i < rounds; i++) {
    windows.headless.push(await oneWindow(master(count, interval), false, seconds));
    windows.screen.push(await oneWindow(master(count, interval), true, seconds));
  }
  return (['headless', 'screen'] as const).flatMap((who) => {
    const list = windows[who];
    const each = (of: (window: Window) => number) => summary(list.map(of));
    const note = `others used the machine: pressure ${list.map(({ pressure }) => `${pressure.toFixed(0)} %`).join(', ')}`;
    const figure = (what: string, unit: Figure['unit'], values: Figure['values']): Figure => {
      return { what: `${title}: ${what}`, who, unit, values, note };
    };
    const cost = [
      figure(
        'screen thread',
        '%',
        each(({ worker }) => worker),
      ),
      figure(
        'written per second',
        'B',
        each(({ bytesPerSecond }) => bytesPerSecond),
      ),
    ];
    return [
      figure(
        'engine thread',
        '%',
        each(({ engine }) => engine),
      ),
      figure(
        'engine thread waits',
        '%',
        each(({ waited }) => waited),
      ),
      ...(who === 'screen' ? cost : []),
      figure(
        'all threads',
        '%',
        each(({ all }) => all),
      ),
      figure('lateness of adverts', 'ms', summary(list.flatMap(({ late }) => late))),
    ];
  });
}

async function oneWindow(options: ManyOptions, screen: boolean, seconds: number): Promise<Window> {
  return inLab(async (lab, observer) => {
    const program = await startMeasured(lab, 1, options, screen);
    await settled(options.count);
    observer.discard();
    const pressed = pressureUs();
    const written = program.written();
    const before = program.spent();
    await sleep(1000 * seconds);
    const after = program.spent();
    const ms = after.at - before.at;
    const share = (of: 'all' | 'main' | 'worker' | 'waited'): number => (100 * (after[of] - before[of])) / ms;
    const window = {
      engine: share('main'),
      waited: share('waited'),
      worker: share('worker'),
      all: share('all'),
      bytesPerSecond: (1000 * (program.written() - written)) / ms,
      pressure: (100 * (pressureUs() - pressed)) / 1000 / ms,
      late: latenessOf(observer, 1000 * options.interval),
    };
    await program.crash();
    return window;
  });
}

/** How much memory is kept from minute to minute. */
export async function measureMemory(minutes: number): Promise<readonly Figure[]> {
  return inLab(async (lab) => {
    const program = await startMeasured(lab, 1, master(255, 0.5), true);
    // Lists of packets and events fill up, and the young generation grows to its size.
    await sleep(Math.min(60_000, 20_000 * minutes));
    const points: { readonly minute: number; readonly mb: number }[] = [];
    const began = performance.now();
    while (performance.now() - began < minutes * 60_000) {
      points.push({ minute: (performance.now() - began) / 60_000, mb: program.rssKb() / 1024 });
      await sleep(1000);
    }
    await program.crash();
    const note = `${points.length} readings, ${points[0]!.mb.toFixed(0)} MB to ${points.at(-1)!.mb.toFixed(0)} MB`;
    const what = `memory, growth per minute over ${minutes} min`;
    return [{ what, who: 'screen', unit: 'kB', values: 1024 * slope(points), note }];
  });
}

/** Least squares, MB per minute. */
function slope(points: readonly { readonly minute: number; readonly mb: number }[]): number {
  const mean = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ mb }) => mb)];
  return mean((p) => (p.minute - x) * (p.mb - y)) / mean((p) => (p.minute - x) ** 2);
}

const DEATHS = [
  ['stopped reader', ({ stall }: Measured) => stall()],
  ['closed terminal', ({ hangUp }: Measured) => hangUp()],
  ['SIGHUP', ({ pid }: Measured) => void process.kill(pid, 'SIGHUP')],
] as const;

/** Adverts each 100 ms while the terminal is dead, beside a headless kavtui at the same time. */
export async function measureDeath(seconds: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [how, kill] of DEATHS) {
    await inLab((lab, observer) =>
      inLab(async (other, beside) => {
        const options = master(1, 0.1);
        const [program, control] = [
          await startMeasured(lab, 1, options, true),
          await startMeasured(other, 1, options, false),
        ];
        await settled(1);
        for (const each of [observer, beside]) each.discard();
        kill(program);
        await sleep(1000 * seconds);
        for (const [who, from] of [
          ['screen', observer],
          ['headless', beside],
        ] as const) {
          const late = latenessOf(from, 100);
          const due = Math.round(seconds * 10);
          const note = `${late.filter((ms) => ms > 20).length} of ${late.length} (due: ${due}) more than 20 ms late`;
          figures.push({ what: `${how} for ${seconds} s: lateness`, who, unit: 'ms', values: summary(late), note });
        }
        await program.crash();
        await control.crash();
      }),
    );
  }
  return figures;
}

/** Addresses are in place and the announcements of the start are over. */
const settled = (count: number): Promise<void> => sleep(5000 + 10 * count);

/**
 * Of each advert, ms behind the schedule of its instance: the time within the period at which most of its adverts leave.
 * One that is late by a whole period is missing from the count instead.
 */
function latenessOf(observer: Observer, periodMs: number): number[] {
  const series = new Map<number, number[]>();
  const adverts = observer.take().filter((each): each is SeenAdvert => each.kind === 'advert' && each.priority > 0);
  for (const { vrid, at } of adverts) series.set(vrid, [...(series.get(vrid) ?? []), at % periodMs]);
  return [...series.values()].flatMap((phases) => {
    const usual = mostFrequent(phases);
    // What is a little before its time is on time.
    const early = periodMs / 10;
    return phases.map((phase) => Math.max(0, ((phase - usual + early + periodMs) % periodMs) - early));
  });
}

/** To a millisecond. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values.map(Math.floor)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [bin] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best));
  return Math.min(...values.filter((value) => Math.floor(value) === bin));
}

async function inLab<T>(work: (lab: Lab, observer: Observer) => Promise<T>): Promise<T> {
  const lab = await createLab({ capture: false });
  const observer = observe(lab, 1);
  try {
    return await work(lab, observer);
  } finally {
    observer.close();
    await lab.close();
  }
}
