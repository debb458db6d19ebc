// (f) how long a configuration is checked, (g) start to the first advert, (h) reload to the new priority on the wire.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, sleep } from '../support/host.ts';
import { createLab } from '../support/lab.ts';
import { type ManyOptions, manyConfig, manyInstances, segmentsFor } from '../support/many-instances.ts';
import { KAVTUI } from '../support/router-process.ts';
import { type Figure, summary } from './figures.ts';
import { observe, wallMs } from './observer.ts';
import { type ProgramName, startProgram } from './programs.ts';

export type Both = 'kavtui' | 'keepalived';
const BOTH: readonly Both[] = ['keepalived', 'kavtui'];

/** By turns; keepalived wants every interface to exist. */
export async function measureCheck(count: number, repetitions: number): Promise<readonly Figure[]> {
  const namespace = `bn${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'kavtui-bench-'));
  const file = join(folder, 'many.conf');
  writeFileSync(file, manyConfig({ count, priority: 100, interval: 1, version: 3 }), { mode: 0o644 });
  const commands = {
    keepalived: ['keepalived', '-t', '-f', file],
    kavtui: [process.execPath, KAVTUI, 'check', file],
  };
  try {
    await run('ip', ['netns', 'add', namespace]);
    const links = Array.from({ length: segmentsFor(count) }, (_, i) => [
      `link add eth${i} type veth peer name x${i}`,
      `address add 10.${i}.0.1/16 dev eth${i}`,
      `link set eth${i} up`,
      `link set x${i} up`,
    ]);
    await run('ip', ['-n', namespace, '-batch', '-'], `${links.flat().join('\n')}\n`);
    const times = new Map<Both, number[]>(BOTH.map((name) => [name, []]));
    for (let i = 0; i < repetitions; i++)
      for (const name of BOTH)
        times.get(name)!.push(await timed('ip', ['netns', 'exec', namespace, ...commands[name]]));
    return [...times].map(([who, list]) => ({ what: `f check of ${count}`, who, unit: 'ms', values: summary(list) }));
  } finally {
    await run('ip', ['netns', 'del', namespace]).catch(() => '');
    rmSync(folder, { recursive: true, force: true });
  }
}

function timed(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(program, args, { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', () => resolve(performance.now() - began));
  });
}

/** An owner (priority 255), which has nothing to wait for: exec of `ip netns exec` to the advert of its last instance. */
export async function measureStart(count: number, repetitions: number): Promise<readonly Figure[]> {
  const times = new Map<Both, number[]>(BOTH.map((name) => [name, []]));
  for (let i = 0; i < repetitions; i++) for (const name of BOTH) times.get(name)!.push(await startOnce(name, count));
  return [...times].map(([who, list]) => {
    return { what: `g start to first advert, ${count} owner(s)`, who, unit: 'ms', values: summary(list) };
  });
}

async function startOnce(name: ProgramName, count: number): Promise<number> {
  const segments = segmentsFor(count);
  const lab = await createLab({ capture: false, segments });
  const observer = observe(lab, segments);
  try {
    const began = wallMs();
    await startProgram(lab, name, 1, { count, priority: 255, state: 'MASTER', interval: 1, version: 3 });
    await sleep(900 + 2 * count);
    const first = observer.take().find(({ kind }) => kind === 'advert');
    return first === undefined ? NaN : first.at - began;
  } finally {
    observer.close();
    await lab.close();
  }
}

/** SIGHUP with a lower priority for every instance. */
export async function measureReload(count: number, repetitions: number): Promise<readonly Figure[]> {
  const times = new Map<Both, number[]>(BOTH.map((name) => [name, []]));
  for (let i = 0; i < repetitions; i++) for (const name of BOTH) times.get(name)!.push(await reloadOnce(name, count));
  return [...times].map(([who, list]) => {
    return { what: `h reload to new priority of all, ${count}`, who, unit: 'ms', values: summary(list) };
  });
}

async function reloadOnce(name: ProgramName, count: number): Promise<number> {
  const segments = segmentsFor(count);
  const lab = await createLab({ capture: false, segments });
  const observer = observe(lab, segments);
  const options: ManyOptions = { count, priority: 200, interval: 1, version: 3 };
  try {
    const program = await startProgram(lab, name, 1, options);
    await sleep(5000 + 3 * count);
    observer.discard();
    const began = wallMs();
    program.reload({ ...options, priority: 150 });
    await sleep(1500 + count);
    const wanted = new Set(manyInstances(options).map(({ segment, vrid }) => `${segment} ${vrid}`));
    for (const event of observer.take()) {
      if (event.kind !== 'advert' || event.priority !== 150) continue;
      wanted.delete(`${event.segment} ${event.vrid}`);
      if (wanted.size === 0) return event.at - began;
    }
    return NaN;
  } finally {
    observer.close();
    await lab.close();
  }
}
