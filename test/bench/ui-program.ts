// kavtui with its screen in a pseudo-terminal of a lab's host: its processor time by thread, its memory, what it wrote.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pty from '@lydell/node-pty';
import { kill, until } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { type ManyOptions, manyConfig } from '../support/many-instances.ts';
import { kavtuiCommand, startRouter } from '../support/router-process.ts';
import { wallMs } from './observer.ts';

/** Processor time in ms since the start. */
export interface Spent {
  readonly at: number;
  /** Of all threads. */
  readonly all: number;
  /** The engine's thread. */
  readonly main: number;
  /** In which the engine's thread could run and no processor was free. */
  readonly waited: number;
  /** The busiest thread beside the engine's: the screen's worker. */
  readonly worker: number;
}

export interface Measured {
  readonly pid: number;
  spent(): Spent;
  rssKb(): number;
  /** Bytes that the terminal got so far; 0 without a screen. */
  written(): number;
  /** The terminal: stops to be read, or is closed. */
  stall(): void;
  hangUp(): void;
  crash(): Promise<unknown>;
}

export const SCREEN = { columns: 120, rows: 40 } as const;

/** `kavtui run` on a host of the lab, headless or with the screen. */
export async function startMeasured(
  lab: Lab,
  number: number,
  options: ManyOptions,
  screen: boolean,
): Promise<Measured> {
  const host = lab.host(number);
  const config = manyConfig(options);
  if (!screen) {
    const router = startRouter(lab, 'kavtui', host.number, config);
    const none = (): void => {};
    const { pid, crash } = router;
    return { ...readings(pid), written: () => 0, stall: none, hangUp: none, crash };
  }
  const file = join(host.directory, 'screen.conf');
  writeFileSync(file, config);
  const words = kavtuiCommand(file).filter((word) => word !== '--headless');
  const program = pty.spawn('ip', ['netns', 'exec', host.namespace, ...words], {
    cols: SCREEN.columns,
    rows: SCREEN.rows,
    name: 'xterm-256color',
    cwd: host.directory,
    env: { ...process.env, TMPDIR: host.directory, XDG_STATE_HOME: host.directory, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
  });
  lab.spawned.add(program.pid);
  let bytes = 0;
  program.onData((data) => {
    bytes += Buffer.byteLength(data);
  });
  const gone = new Promise((resolve) => program.onExit(resolve));
  await until('the first frame', 20_000, () => bytes > 500);
  return {
    ...readings(program.pid),
    written: () => bytes,
    stall: () => program.pause(),
    hangUp: () => (program as unknown as { destroy(): void }).destroy(),
    async crash() {
      kill(program.pid, 'SIGKILL');
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 1000))]);
    },
  };
}

function readings(pid: number): Pick<Measured, 'pid' | 'spent' | 'rssKb'> {
  return {
    pid,
    spent() {
      const threads = readdirSync(`/proc/${pid}/task`).map((id) => ({ id: Number(id), ...threadMs(pid, id) }));
      const { ms: main = 0, waited = 0 } = threads.find(({ id }) => id === pid) ?? {};
      const others = threads.filter(({ id }) => id !== pid).map(({ ms }) => ms);
      const all = main + others.reduce((sum, ms) => sum + ms, 0);
      return { at: wallMs(), all, main, waited, worker: Math.max(0, ...others) };
    },
    rssKb: () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
  };
}

/** Time on a processor, and in the queue for one. */
function threadMs(pid: number, thread: string): { readonly ms: number; readonly waited: number } {
  try {
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ').map(Number);
    return { ms: ran / 1e6, waited: waited / 1e6 };
  } catch {
    return { ms: 0, waited: 0 };
  }
}
