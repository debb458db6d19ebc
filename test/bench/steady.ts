// (d) the advert period and (e) processor time and memory, of a MASTER and its BACKUP that do nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { sleep } from '../support/host.ts';
import { createLab } from '../support/lab.ts';
import { type ManyOptions, manyInstances, segmentsFor } from '../support/many-instances.ts';
import { type Figure, summary } from './figures.ts';
import { pressureUs } from './machine.ts';
import { observe, type SeenAdvert, wallMs } from './observer.ts';
import { type Program, type ProgramName, startProgram } from './programs.ts';

const [A, B] = [1, 2];

export interface SteadyCase {
  readonly count: number;
  /** Seconds. */
  readonly interval: number;
  /** Length of a window. */
  readonly seconds: number;
  readonly rounds: number;
  readonly programs: readonly ProgramName[];
  /** kavtui with its screen, beside the others. */
  readonly screen: boolean;
}

interface Window {
  readonly gaps: readonly number[];
  readonly cpu: readonly [master: number, backup: number];
  readonly memory: readonly [master: number, backup: number];
  readonly note: string;
}

/** Runs the programs by turns. */
export async function measureSteady(test: SteadyCase): Promise<readonly Figure[]> {
  const who = test.screen ? [...test.programs, 'kavtui with screen'] : test.programs;
  const windows = new Map<string, Window[]>(who.map((name) => [name, []]));
  for (let i = 0; i < test.rounds; i++) for (const name of who) windows.get(name)!.push(await oneWindow(name, test));
  const title = `${test.count} at ${test.interval} s`;
  return [...windows].flatMap(([name, list]) => figures(title, name, test, list));
}

function figures(title: string, who: string, { interval }: SteadyCase, windows: readonly Window[]): readonly Figure[] {
  const gaps = windows.flatMap((window) => window.gaps);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const period = 1000 * interval;
  const middle = (values: readonly number[]): number => summary(values).median;
  const note = windows.map((window) => window.note).find((text) => text !== '');
  const figure = (what: string, unit: Figure['unit'], values: Figure['values']): Figure => {
    return { what: `${what} ${title}`, who, unit, values, ...(note !== undefined && { note }) };
  };
  return [
    figure('d period, mean error', '%', (100 * (mean - period)) / period),
    figure('d period, deviation', 'ms', summary(gaps.map((gap) => Math.abs(gap - period)))),
    figure('e processor as MASTER', '%', middle(windows.map(({ cpu }) => cpu[0]))),
    figure('e processor as BACKUP', '%', middle(windows.map(({ cpu }) => cpu[1]))),
    figure('e memory as MASTER', 'kB', middle(windows.map(({ memory }) => memory[0]))),
    figure('e memory as BACKUP', 'kB', middle(windows.map(({ memory }) => memory[1]))),
  ];
}

async function oneWindow(who: string, test: SteadyCase): Promise<Window> {
  const segments = segmentsFor(test.count);
  const lab = await createLab({ capture: false, segments });
  const observer = observe(lab, segments);
  try {
    const name = (who.startsWith('kavtui') ? 'kavtui' : who) as ProgramName;
    const screen = who.endsWith('screen');
    const options: ManyOptions = { ...test, version: 3, priority: 200 };
    const master = await startProgram(lab, name, A, { ...options, priority: 255, state: 'MASTER' }, screen);
    const backup = await startProgram(lab, name, B, options, screen);
    if (!screen) await backup.listening(manyInstances(options).at(-1)!.name);
    // Past garp_master_delay, and what the programs do at their start.
    await sleep(2500 + 2 * test.count);
    observer.discard();
    const pressed = pressureUs();
    const before = [cpuMs(master), cpuMs(backup)] as const;
    const began = wallMs();
    await sleep(1000 * test.seconds);
    const ended = wallMs();
    const cpu = [cpuMs(master) - before[0], cpuMs(backup) - before[1]] as const;
    const share = (ms: number): number => (100 * ms) / (ended - began);
    const waited = share((pressureUs() - pressed) / 1000);
    const seen = observer.take().filter((each): each is SeenAdvert => each.kind === 'advert' && each.at < ended);
    const lost = seen.some(({ from }) => from === B) ? 'the BACKUP spoke' : '';
    return {
      gaps: gapsOf(seen.filter(({ from }) => from === A)),
      cpu: [share(cpu[0]), share(cpu[1])],
      memory: [memoryKb(master), memoryKb(backup)],
      note: lost || (waited > 10 ? `others used the machine (pressure ${waited.toFixed(0)} %)` : ''),
    };
  } finally {
    observer.close();
    await lab.close();
  }
}

/** Times between two adverts of the same instance. */
export function gapsOf(adverts: readonly SeenAdvert[]): number[] {
  const last = new Map<string, number>();
  const gaps: number[] = [];
  for (const { segment, vrid, at } of adverts) {
    const key = `${segment} ${vrid}`;
    const before = last.get(key);
    if (before !== undefined) gaps.push(at - before);
    last.set(key, at);
  }
  return gaps;
}

/** On the processor so far, in all threads: kernel work on its behalf included, also the delivery to a veth's other end. */
export function cpuMs(program: Pick<Program, 'pids'>): number {
  let ns = 0;
  for (const pid of program.pids()) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    }
  }
  return ns / 1e6;
}

/** Proportional set size of all its processes: shared pages count once. */
export function memoryKb(program: Pick<Program, 'pids'>): number {
  return program.pids().reduce((sum, pid) => {
    const pss = /^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return sum + Number(pss?.[1] ?? 0);
  }, 0);
}
