// ProcessPort: /proc is read once, then the kernel tells what changes; where it does not (network namespaces, no
// privilege), /proc is read again each second, a slice at a time.
import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessPattern, type ProcessPort, processMatches } from '../ports/process-port.ts';
import type { Poller } from './poller.ts';
import { listenToProcesses, type ProcessEvents } from './process-events.ts';

const PROC = '/proc';
const SCAN_MS = 1000;
/** With the kernel's word: in case it was lost. */
const SELDOM = 30;
/** Processes that are read in one turn of the event loop (some 20 µs each). */
const SLICE = 100;
/** More events than that at a time: reading all is not dearer. */
const MANY = 1000;

export interface LinuxProcessPort extends ProcessPort {
  close(): void;
}

/** Does nothing before there is something to count. The kernel is asked to tell of nothing but its own `folder`. */
export function createProcessPort(poller: Poller, folder = PROC): LinuxProcessPort {
  const listeners: ((name: string, count: number) => void)[] = [];
  let patterns: readonly ProcessPattern[] = [];
  /** Process → names of the patterns that it matches. */
  let matching = new Map<number, readonly string[]>();
  let told = new Map<string, number>();
  let events: ProcessEvents | undefined;
  let timer: NodeJS.Timeout | undefined;
  let tick = 0;
  /** Which reading of /proc is the one that counts; undefined: none is under way. */
  let scan: object | undefined;
  let overdue = false;
  /** Processes to look at again. */
  const pending = new Set<number>();

  function tell(): void {
    for (const { name } of patterns) {
      let count = 0;
      for (const names of matching.values()) if (names.includes(name)) count += 1;
      if (told.get(name) === count) continue;
      told.set(name, count);
      for (const listener of listeners) listener(name, count);
    }
  }

  function look(pid: number, into: Map<number, readonly string[]>): void {
    const names = matches(folder, pid, patterns);
    if (names.length > 0) into.set(pid, names);
    else into.delete(pid);
  }

  function scanAll(): void {
    overdue = false;
    const mine = {};
    scan = mine;
    const pids = processIds(folder);
    const found = new Map<number, readonly string[]>();
    const next = (): void => {
      if (scan !== mine) return;
      for (const pid of pids.splice(0, SLICE)) look(pid, found);
      if (pids.length > 0) return void setImmediate(next);
      scan = undefined;
      matching = found;
      takeUp();
    };
    setImmediate(next);
  }

  function changed(pid: number | undefined): void {
    if (pid === undefined || pending.size > MANY) overdue = true;
    else if (pending.add(pid).size === 1) poller.defer(takeUp);
  }

  /** What changed while /proc was read may have been read too early: it waits for the end of that. */
  function takeUp(): void {
    if (timer === undefined || scan !== undefined) return;
    for (const each of pending) look(each, matching);
    pending.clear();
    tell();
    if (overdue) scanAll();
  }

  function start(): void {
    if (folder === PROC) events ??= listenToProcesses(poller, changed);
    timer ??= setInterval(() => {
      tick += 1;
      const needed = overdue || events?.confirmed() !== true || tick % SELDOM === 0;
      if (needed && scan === undefined) scanAll();
    }, SCAN_MS).unref();
    scanAll();
  }

  function stop(): void {
    events?.close();
    events = undefined;
    clearInterval(timer);
    timer = undefined;
    scan = undefined;
    pending.clear();
  }

  return {
    watch(next) {
      patterns = next;
      matching = new Map();
      told = new Map();
      if (next.length > 0) start();
      else stop();
    },
    onCount: (listener) => void listeners.push(listener),
    close: stop,
  };
}

function processIds(folder: string): number[] {
  try {
    return readdirSync(folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Names of the patterns that a process matches; none for one that has ended meanwhile, or waits to be reaped. */
function matches(folder: string, pid: number, patterns: readonly ProcessPattern[]): readonly string[] {
  const byName = patterns.some(({ match }) => match === 'name');
  const byCommand = patterns.some(({ match }) => match !== 'name');
  try {
    const name = byName ? nameOf(readFileSync(`${folder}/${pid}/stat`, 'latin1')) : '';
    const command = byCommand ? readFileSync(`${folder}/${pid}/cmdline`, 'utf8') : '';
    return patterns.filter((pattern) => processMatches(pattern, { name, command })).map((pattern) => pattern.name);
  } catch {
    return [];
  }
}

/** The name in /proc/PID/stat, which may hold anything, brackets too; empty for a zombie. */
function nameOf(stat: string): string {
  const end = stat.lastIndexOf(')');
  const state = stat.slice(end + 2, end + 3);
  return state === 'Z' || state === 'X' ? '' : stat.slice(stat.indexOf('(') + 1, end);
}
