// (i) what a flood of 50,000 frames a second does to a MASTER's adverts, without and with a screen, and to a watch: the same run
// without a flood, then with adverts of strangers, with bad packets for its own virtual routers, and with ARP.
import { spawn } from 'node:child_process';
import { run, sleep } from '../support/host.ts';
import { createLab, type Lab } from '../support/lab.ts';
import type { ManyOptions } from '../support/many-instances.ts';
import { KAVTUI, startInHost } from '../support/router-process.ts';
import { type Figure, summary } from './figures.ts';
import { FLOODS, type FloodKind } from './flood-sender.ts';
import { type Observer, observe, type SeenAdvert, wallMs } from './observer.ts';
import { type Program, startProgram } from './programs.ts';
import { cpuMs, gapsOf, memoryKb } from './steady.ts';

const RATE = 50_000;
const [ROUTER, WATCHER, STRANGER] = [1, 2, 3];
const OPTIONS: ManyOptions = { count: 10, interval: 0.1, version: 3, priority: 255, state: 'MASTER' };

export const FLOOD_TARGETS = ['kavtui', 'kavtui with screen', 'kavtui watch', 'keepalived'] as const;
export type FloodTarget = (typeof FLOOD_TARGETS)[number];

export interface FloodCase {
  readonly who: FloodTarget;
  /** Length of each window. */
  readonly seconds: number;
}

type Target = Pick<Program, 'pids' | 'log'>;

/** One window for each kind of flood and one without, all of the same process. */
export async function measureFlood({ who, seconds }: FloodCase): Promise<readonly Figure[]> {
  const lab = await createLab({ capture: false, hosts: [ROUTER, WATCHER, STRANGER] });
  const observer = observe(lab, 1, [ROUTER]);
  try {
    const target = await startTarget(lab, who);
    await sleep(4000);
    const figures: Figure[] = [];
    for (const kind of [undefined, ...FLOODS]) {
      figures.push(...(await oneWindow({ lab, observer, who, target, kind, seconds })));
      // The queues run empty.
      await sleep(1500);
    }
    return figures;
  } finally {
    observer.close();
    await lab.close();
  }
}

async function startTarget(lab: Lab, who: FloodTarget): Promise<Target> {
  const screen = who === 'kavtui with screen';
  const router = await startProgram(lab, who === 'keepalived' ? who : 'kavtui', ROUTER, OPTIONS, screen);
  if (who !== 'kavtui watch') return router;
  const command = [process.execPath, KAVTUI, 'watch', '-i', 'eth0', '--json'];
  const watch = startInHost(lab, 'kavtui', lab.host(WATCHER), command, 'watch');
  return { pids: () => [watch.pid], log: watch.log };
}

interface Window {
  readonly lab: Lab;
  readonly observer: Observer;
  readonly who: FloodTarget;
  readonly target: Target;
  readonly kind: FloodKind | undefined;
  readonly seconds: number;
}

async function oneWindow({ lab, observer, who, target, kind, seconds }: Window): Promise<readonly Figure[]> {
  const host = who === 'kavtui watch' ? WATCHER : ROUTER;
  const flood = kind === undefined ? undefined : startFlood(lab, kind, seconds + 1);
  await sleep(500);
  observer.discard();
  const toldBefore = toldDrops(target.log());
  const before = {
    received: await received(lab, host),
    cpu: cpuMs(target),
    lost: await rawDrops(lab, host),
    at: wallMs(),
  };
  await sleep(1000 * seconds);
  const ended = wallMs();
  const span = ended - before.at;
  const cpu = (100 * (cpuMs(target) - before.cpu)) / span;
  const rate = Math.round((1000 * ((await received(lab, host)) - before.received)) / span);
  const adverts = observer.take().filter((each): each is SeenAdvert => each.kind === 'advert' && each.at < ended);
  await flood;
  await sleep(1500);
  const deviations = gapsOf(adverts).map((gap) => Math.abs(gap - 1000 * OPTIONS.interval));
  const lost = (await rawDrops(lab, host)) - before.lost;
  const told = toldDrops(target.log()) - toldBefore;
  const note = `${rate} frames/s received${lost > 0 ? `, ${lost} lost in VRRP sockets` : ''}${told > 0 ? `, ${told} told` : ''}`;
  const figure = (what: string, unit: Figure['unit'], values: Figure['values']): Figure => {
    return { what: `i ${kind ?? 'no'} flood: ${what}`, who, unit, values, note };
  };
  return [
    ...(host === ROUTER ? [figure('deviation of adverts', 'ms', summary(deviations))] : []),
    figure('processor', '%', cpu),
    figure('memory', 'kB', memoryKb(target)),
  ];
}

/** Resolves when it is over. */
function startFlood(lab: Lab, kind: FloodKind, seconds: number): Promise<void> {
  const words = [process.argv[1]!, 'flood-sender', kind, 'eth0', String(RATE), String(seconds)];
  const sender = spawn('ip', ['netns', 'exec', lab.host(STRANGER).namespace, process.execPath, ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => sender.once('exit', () => resolve()));
}

/** Frames that an interface has received. */
async function received(lab: Lab, host: number): Promise<number> {
  const [link] = JSON.parse(await lab.ip(host, '-s', '-j', 'link', 'show', 'dev', 'eth0')) as [
    { stats64: { rx: { packets: number } } },
  ];
  return link.stats64.rx.packets;
}

/** What the kernel dropped because the queues of raw sockets were full. */
async function rawDrops(lab: Lab, host: number): Promise<number> {
  const text = await run('ip', ['netns', 'exec', lab.host(host).namespace, 'cat', '/proc/net/raw']);
  const drops = text
    .split('\n')
    .slice(1)
    .map((line) => Number(line.trim().split(/\s+/).at(-1) ?? 0));
  return drops.reduce((sum, count) => sum + count, 0);
}

/** What the program itself told of so far: a watch its total, an engine each time what is new. */
function toldDrops(log: string): number {
  const watched = [...log.matchAll(/"type":"dropped".*"count":(\d+)/g)].at(-1);
  const told = [...log.matchAll(/: (\d+) adverts dropped/g)];
  return Number(watched?.[1] ?? 0) + told.reduce((sum, [, count]) => sum + Number(count), 0);
}
