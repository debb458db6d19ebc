// The screen on a headless terminal emulator in this process: frames as a person sees them, and the bytes that made them.
import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import type { Snapshot } from '../../src/engine/snapshot.ts';
import { mountApp, repaintBytes, type ScreenOutput } from '../../src/ui/app.tsx';
import { type Controller, createController } from '../../src/ui/controller.ts';
import type { QuitHow } from '../../src/ui/protocol.ts';
import type { ThemeOptions } from '../../src/ui/theme.ts';
import { createFakeSession, ENGINE_START, type FakeOptions, type FakeSession } from './fake-session.ts';

export interface TestScreen {
  readonly session: FakeSession;
  readonly controller: Controller;
  readonly quits: QuitHow[];
  /** What went to the clipboard, and to files by their names. */
  readonly copied: string[];
  readonly saved: Map<string, Uint8Array>;
  /** Moves the clock, lets the session publish (`more` changes its snapshot) and the screen draw. */
  advance(us: number, more?: Partial<Snapshot>): Promise<void>;
  /** Moves the clock and draws; the session stays silent. */
  pass(us: number): Promise<void>;
  /** Writes rubbish on the terminal, as another program would. */
  garble(): void;
  /** Sends keys in one read and draws. */
  press(keys: string): Promise<void>;
  /** Presses Escape and lets its timeout pass. */
  escape(): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  settle(): Promise<void>;
  /** What is on the terminal, one string per row, right-trimmed. */
  lines(): string[];
  text(): string;
  /** Bytes written since the last call. */
  takeBytes(): string;
  buffer(): 'normal' | 'alternate';
  unmount(): void;
}

export interface TestScreenOptions extends Partial<Omit<FakeOptions, 'now'>> {
  readonly columns?: number;
  readonly rows?: number;
  readonly theme?: Partial<ThemeOptions>;
  /** Draw before anything was delivered. */
  readonly silent?: boolean;
}

export async function openTestScreen(options: TestScreenOptions = {}): Promise<TestScreen> {
  const { columns = 80, rows = 24 } = options;
  let local = 0;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  let bytes = '';
  const stdout = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        bytes += chunk;
        terminal.write(chunk, done);
      },
    }),
    { columns, rows, isTTY: true },
  ) satisfies ScreenOutput;
  const stdin: PassThrough = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  const session = createFakeSession({ ...options, now: () => ENGINE_START + local });
  const quits: QuitHow[] = [];
  const copied: string[] = [];
  const saved = new Map<string, Uint8Array>();
  let receive: ((message: Parameters<ReturnType<FakeSession['connect']>['receive']>[0]) => void) | undefined;
  const controller = createController({
    info: session.info,
    size: { columns, rows },
    theme: { color: 'true', ascii: false, ...options.theme },
    now: () => local,
    ready: () => true,
    send: (message) => receive?.(message),
    quit: (how) => quits.push(how),
    redraw: (lines) => stdout.write(repaintBytes(lines)),
    copy(text) {
      copied.push(text);
      return { ok: true, message: `sent ${text.length} bytes` };
    },
    save(file, data) {
      saved.set(file, data);
      return { ok: true, message: `written to ${file}` };
    },
  });
  const app = mountApp(controller.frames, { stdout, stdin, stderr: new PassThrough() }, 1000);
  const settle = async (): Promise<void> => {
    await app.waitUntilRenderFlush();
    // Ink holds a frame back for up to 1/maxFps s.
    await new Promise((resolve) => setTimeout(resolve, 4));
    await app.waitUntilRenderFlush();
    await new Promise<void>((resolve) => terminal.write('', resolve));
  };
  if (options.silent !== true) {
    receive = session.connect({ deliver: (message) => controller.receive(message), ready: () => true }).receive;
    controller.tick();
  }
  await settle();
  const lines = (): string[] =>
    Array.from(
      { length: terminal.rows },
      (_, y) => terminal.buffer.active.getLine(y)?.translateToString().trimEnd() ?? '',
    );
  return {
    session,
    controller,
    quits,
    copied,
    saved,
    settle,
    lines,
    text: () => lines().join('\n'),
    buffer: () => terminal.buffer.active.type,
    garble: () => terminal.write('\x1b[5;5Hrubbish\r\nrubbish\x1b[24;80H'),
    async pass(us) {
      local += us;
      controller.tick();
      await settle();
    },
    async advance(us, more) {
      local += us;
      session.publish(more);
      controller.tick();
      await settle();
    },
    async press(keys) {
      controller.input(new TextEncoder().encode(keys));
      await settle();
    },
    async escape() {
      controller.input(Uint8Array.of(0x1b));
      controller.inputTimeout();
      await settle();
    },
    async resize(newColumns, newRows) {
      terminal.resize(newColumns, newRows);
      Object.assign(stdout, { columns: newColumns, rows: newRows });
      controller.resize({ columns: newColumns, rows: newRows });
      stdout.emit('resize');
      await settle();
    },
    takeBytes() {
      const taken = bytes;
      bytes = '';
      return taken;
    },
    unmount: () => app.unmount(),
  };
}
