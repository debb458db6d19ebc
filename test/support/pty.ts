// A program in a real pseudo-terminal with a terminal emulator behind it: what a person sees, types, and does to the window.
import { readFileSync } from 'node:fs';
import * as pty from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Exit {
  readonly exitCode: number;
  readonly signal: number | undefined;
}

export interface PtySession {
  readonly pid: number;
  /** Every byte that the program wrote to the terminal, as text. */
  output(): string;
  lines(): string[];
  screen(): string;
  /** Numbers of the rows that are the rest of a line which was too long for the row before. */
  wrapped(): number[];
  buffer(): 'normal' | 'alternate';
  /** Waits until the screen holds the text (or matches); the error shows the screen. */
  waitFor(wanted: string | RegExp, timeoutMs?: number): Promise<void>;
  /** Waits until the condition holds; the error shows the screen. */
  waitUntil(condition: () => boolean, what: string, timeoutMs?: number): Promise<void>;
  send(keys: string): void;
  resize(columns: number, rows: number): void;
  signal(name: NodeJS.Signals): void;
  /** Closes the terminal: the program gets SIGHUP and EIO. */
  hangUp(): void;
  /** Stops and resumes reading: what a hung SSH link looks like from the inside. */
  stall(): void;
  resume(): void;
  exited: Promise<Exit>;
  /** The process is there (and no zombie); true also while a stalled terminal hides its exit. */
  alive(): boolean;
  /** Ends the program if it still runs. */
  dispose(): Promise<void>;
}

const ENVIRONMENT = { TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', COLORTERM: 'truecolor' };

export function openPty(file: string, args: readonly string[], options: PtyOptions = {}): PtySession {
  const { columns = 80, rows = 24 } = options;
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...process.env, ...ENVIRONMENT, NO_COLOR: undefined, ...options.env })) {
    if (value !== undefined) env[key] = value;
  }
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const program = pty.spawn(file, [...args], { cols: columns, rows, name: env.TERM ?? 'xterm', env });
  let output = '';
  let gone = false;
  let lastDataAt = 0;
  program.onData((data) => {
    output += data;
    lastDataAt = Date.now();
    terminal.write(data);
  });
  const exited = new Promise<Exit>((resolve) =>
    program.onExit(({ exitCode, signal }) => {
      gone = true;
      resolve({ exitCode, signal });
    }),
  );
  const lines = (): string[] =>
    Array.from({ length: terminal.rows }, (_, y) => {
      const buffer = terminal.buffer.active;
      return buffer.getLine(buffer.viewportY + y)?.translateToString(true) ?? '';
    });
  const screen = (): string => lines().join('\n');

  async function waitUntil(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
    const limit = Date.now() + timeoutMs;
    while (!condition()) {
      if (Date.now() > limit) throw new Error(`waited ${timeoutMs} ms for ${what}; the screen shows:\n${screen()}`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  /** A frame comes in several reads: what was waited for may be in the first of them. */
  async function wholeFrame(): Promise<void> {
    const limit = Date.now() + 200;
    while (Date.now() - lastDataAt < 20 && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise<void>((resolve) => terminal.write('', resolve));
  }

  return {
    pid: program.pid,
    output: () => output,
    lines,
    screen,
    wrapped: () =>
      Array.from({ length: terminal.rows }, (_, y) => y).filter((y) => {
        const buffer = terminal.buffer.active;
        return buffer.getLine(buffer.viewportY + y)?.isWrapped === true;
      }),
    buffer: () => terminal.buffer.active.type,
    waitUntil,
    waitFor: async (wanted, timeoutMs) => {
      const seen = (): boolean => (typeof wanted === 'string' ? screen().includes(wanted) : wanted.test(screen()));
      await waitUntil(seen, String(wanted), timeoutMs);
      await wholeFrame();
    },
    send: (keys) => program.write(keys),
    resize(newColumns, newRows) {
      program.resize(newColumns, newRows);
      terminal.resize(newColumns, newRows);
    },
    signal: (name) => process.kill(program.pid, name),
    hangUp: () => (program as unknown as { destroy(): void }).destroy(),
    stall: () => program.pause(),
    resume: () => program.resume(),
    exited,
    alive: () => isAlive(program.pid),
    async dispose() {
      if (gone) return;
      try {
        process.kill(program.pid, 'SIGKILL');
      } catch {
        return;
      }
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 2000))]);
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
