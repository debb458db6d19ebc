// Counting real processes; where the kernel tells of them and where it does not.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPoller, type Poller } from '../../src/linux/poller.ts';
import { createProcessPort, type LinuxProcessPort } from '../../src/linux/process-port.ts';
import type { ProcessPattern } from '../../src/ports/process-port.ts';
import { until } from '../support/host.ts';

let poller: Poller;
let port: LinuxProcessPort;
let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  poller = createPoller();
  folder = mkdtempSync(join(tmpdir(), 'kavtui-proc-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  port.close();
  poller.close();
  rmSync(folder, { recursive: true, force: true });
});

function counting(at?: string): Map<string, number> {
  port = createProcessPort(poller, at);
  const counts = new Map<string, number>();
  port.onCount((name, count) => counts.set(name, count));
  return counts;
}

const pattern = (change: Partial<ProcessPattern>): ProcessPattern => ({
  name: 'p',
  path: 'sleep',
  parameters: [],
  match: 'exact',
  ...change,
});
/** Nobody else sleeps for so long. */
const time = () => `${100_000 + process.pid}.${Math.floor(Math.random() * 1e6)}`;
function sleep(seconds: string): ChildProcess {
  const child = spawn('sleep', [seconds], { stdio: 'ignore' });
  children.push(child);
  return child;
}

describe('real processes', () => {
  it('are counted at first, and when they come and go', async () => {
    const seconds = time();
    sleep(seconds);
    const counts = counting();
    port.watch([pattern({ parameters: [seconds] }), pattern({ name: 'none', path: 'no such program', match: 'name' })]);
    expect(counts.size).toBe(0);
    await until('the first counts', 5000, () => counts.get('p') === 1 && counts.get('none') === 0);
    const second = sleep(seconds);
    await until('two', 5000, () => counts.get('p') === 2);
    second.kill('SIGKILL');
    await until('one', 5000, () => counts.get('p') === 1);
  });
});

/** A made-up /proc. */
function put(pid: number, name: string, command: readonly string[], state = 'S'): void {
  mkdirSync(join(folder, String(pid)), { recursive: true });
  writeFileSync(join(folder, String(pid), 'stat'), `${pid} (${name}) ${state} 1 1 1`);
  writeFileSync(join(folder, String(pid), 'cmdline'), command.map((word) => `${word}\0`).join(''));
}

describe('/proc read again and again', () => {
  it('finds names with brackets, more than are read at a time, and no zombies', async () => {
    for (let pid = 1; pid <= 250; pid++) put(pid, 'a) (b', ['a']);
    put(251, 'a) (b', [], 'Z');
    put(252, 'other', ['a']);
    const counts = counting(folder);
    port.watch([pattern({ path: 'a) (b', match: 'name' }), pattern({ name: 'c', path: 'a', match: 'command' })]);
    await until('all', 5000, () => counts.get('p') === 250 && counts.get('c') === 251);
    rmSync(join(folder, '1'), { recursive: true });
    await until('one less', 5000, () => counts.get('p') === 249 && counts.get('c') === 250);
  });

  it('stops when nothing is to be counted, and tells the counts anew for other patterns', async () => {
    put(1, 'a', ['a']);
    const counts = counting(folder);
    port.watch([pattern({ path: 'a', match: 'name' })]);
    await until('the count', 5000, () => counts.get('p') === 1);
    counts.clear();
    port.watch([]);
    port.watch([pattern({ name: 'q', path: 'a', match: 'name' })]);
    await until('the count', 5000, () => counts.get('q') === 1);
    expect([...counts.keys()]).toEqual(['q']);
  });
});
