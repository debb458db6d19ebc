// The main thread's side of the screen: owns the terminal (raw mode, bytes in and out, restore) and runs the worker.
// Whatever happens to the terminal or to the worker, the engine in this thread is neither stopped nor delayed.
import type { ReadStream, WriteStream } from 'node:tty';
import { Worker } from 'node:worker_threads';
import { createPacker } from '../session/pack.ts';
import type { ScreenConnection, ScreenSession } from '../session/screen-session.ts';
import { cleanText } from './clean.ts';
import { divertOutput } from './divert.ts';
import type { FromWorker, Size, ToWorker, WorkerStart } from './protocol.ts';
import { type ColorLevel, colorLevel, needsAscii } from './theme.ts';
import type { ThemeData } from './themes.ts';
import { createTtyWriter } from './tty-writer.ts';

export interface ScreenOptions {
  readonly session: ScreenSession;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly ascii: boolean;
  readonly color: 'auto' | ColorLevel;
  /** Name of a theme, or a theme of the operator's own. */
  readonly theme?: string | ThemeData;
  /**
   * The screen has gone and the terminal is restored. `release`: stop the engine cleanly. `detach`: the engine goes on,
   * the terminal can show log lines. `lost`: the engine goes on, there is no terminal any more.
   */
  onQuit(how: 'release' | 'detach' | 'lost', detail?: string): void;
  /** A line that Node, a library or the program printed while the screen was up. Control characters are stripped. */
  onNotice(text: string): void;
}

export interface Screen {
  /** Settles when the worker has ended, after the terminal was restored. */
  readonly closed: Promise<void>;
  /** Restores the terminal at once (synchronously) and prints `lastWords`. Safe at any time and more than once. */
  close(lastWords?: string): void;
  /** For SIGTSTP: says that kavtui does not stop, because adverts must go on. */
  suspendRequested(): void;
  /** For SIGCONT: sets raw mode again and draws everything anew. */
  redraw(): void;
  /** For SIGHUP: the terminal is gone. */
  hangUp(reason: string): void;
}

const PASTE_ON = '\x1b[?2004h';
/** End of a synchronized update, plain text, no paste marks, cursor shown. */
const RESTORE = '\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h';
const ALTERNATE_ON = '\x1b[?1049h';
const ALTERNATE_OFF = '\x1b[?1049l';

const ESCAPE_MS = 50;
const ESCAPE_SSH_MS = 150;
/** Ctrl-C pressed again while the worker has not taken the first one for this long: the screen hangs. */
const HUNG_MS = 2000;
/** Updates that may wait for the worker: while it starts there are a few, when it hangs there must not be more. */
const BACKLOG = 20;

/** Puts the screen of a session on a terminal. Both streams must be terminals. */
export function openScreen(options: ScreenOptions): Screen {
  return new TerminalScreen(options);
}

class TerminalScreen implements Screen {
  readonly closed: Promise<void>;
  readonly #options: ScreenOptions;
  readonly #worker: Worker;
  readonly #writer: ReturnType<typeof createTtyWriter>;
  readonly #connection: ScreenConnection;
  readonly #restoreOutput: () => void;
  #open = true;
  #alternate = false;
  #terminalLost = false;
  #unansweredSince: number | undefined;
  /** Updates that the worker has not taken yet. */
  #behind = 0;

  constructor(options: ScreenOptions) {
    this.#options = options;
    const { stdin, stdout, session } = options;
    // Errors of a terminal that has gone must not become uncaught exceptions, then or later.
    for (const stream of [stdin, stdout, process.stderr]) stream.on('error', () => {});
    this.#restoreOutput = divertOutput([...new Set([stdout, process.stdout, process.stderr])], (text) =>
      this.#notice(text),
    );
    this.#writer = createTtyWriter(stdout, (reason) => this.hangUp(reason));
    const start: WorkerStart = {
      info: session.info,
      size: this.#size(),
      theme: {
        ascii: options.ascii || needsAscii(process.env),
        color: colorLevel(options.color, process.env),
        ...(typeof options.theme === 'string' ? { name: options.theme } : {}),
        ...(typeof options.theme === 'object' ? { own: options.theme } : {}),
      },
      escapeTimeout: process.env.SSH_CONNECTION === undefined ? ESCAPE_MS : ESCAPE_SSH_MS,
    };
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: start,
      env: { ...process.env, NODE_ENV: 'production' },
      stdout: true,
      stderr: true,
    });
    this.closed = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#listen();
    const pack = createPacker();
    this.#connection = session.connect({
      deliver: (message) => {
        this.#behind++;
        this.#post({ type: 'session', message: pack(message) });
      },
      ready: () => this.#open && this.#writer.idle() && this.#behind < BACKLOG,
    });
  }

  close(lastWords?: string): void {
    if (this.#open) {
      this.#open = false;
      this.#connection?.close();
      const { stdin, stdout } = this.#options;
      stdin.off('data', this.#onInput);
      for (const name of ['end', 'close', 'error']) stdin.off(name, this.#onInputEnd);
      process.off('exit', this.#onExit);
      stdout.off('resize', this.#onResize);
      this.#writer.end(this.#terminalLost ? '' : RESTORE + (this.#alternate ? ALTERNATE_OFF : ''));
      setRawMode(stdin, false);
      stdin.pause();
      this.#restoreOutput();
      void this.#worker.terminate();
    }
    if (lastWords !== undefined && !this.#terminalLost) {
      const writer = createTtyWriter(this.#options.stdout, () => {});
      writer.end(`${lastWords}\n`);
    }
  }

  suspendRequested(): void {
    this.#post({ type: 'note', text: 'kavtui does not stop: adverts must go on. q offers to go on as log lines.' });
  }

  redraw(): void {
    if (!this.#open) return;
    // libuv remembers the mode that it set: only a change reaches the terminal.
    setRawMode(this.#options.stdin, false);
    setRawMode(this.#options.stdin, true);
    this.#post({ type: 'redraw' });
  }

  hangUp(reason: string): void {
    if (!this.#open) return;
    this.#terminalLost = true;
    this.close();
    this.#options.onQuit('lost', reason);
  }

  #listen(): void {
    const { stdin, stdout } = this.#options;
    this.#worker.on('message', (message: FromWorker) => this.#fromWorker(message));
    this.#worker.on('error', (error) => this.#failed(`the screen failed: ${error.message}`));
    this.#worker.on('exit', () => this.#failed('the screen ended'));
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.#notice(text));
    }
    setRawMode(stdin, true);
    stdin.on('data', this.#onInput);
    for (const name of ['end', 'close', 'error']) stdin.on(name, this.#onInputEnd);
    // Whoever ends the process without asking leaves a usable terminal behind.
    process.on('exit', this.#onExit);
    stdin.resume();
    stdout.on('resize', this.#onResize);
  }

  readonly #onInput = (bytes: Uint8Array): void => {
    const now = performance.now();
    if (this.#unansweredSince !== undefined && now - this.#unansweredSince > HUNG_MS && bytes.includes(3)) {
      this.#failed('the screen did not answer');
      return;
    }
    this.#unansweredSince ??= now;
    this.#post({ type: 'input', bytes });
  };

  readonly #onExit = (): void => this.close();

  readonly #onInputEnd = (): void => this.hangUp('the terminal was closed');

  readonly #onResize = (): void => this.#post({ type: 'resize', size: this.#size() });

  #size(): Size {
    const { columns, rows } = this.#options.stdout;
    return { columns: columns || 80, rows: rows || 24 };
  }

  #post(message: ToWorker): void {
    if (this.#open) this.#worker.postMessage(message);
  }

  #notice(text: string): void {
    const plain = cleanText(text.trimEnd());
    if (plain === '') return;
    this.#post({ type: 'note', text: plain });
    this.#options.onNotice(plain);
  }

  #fromWorker(message: FromWorker): void {
    if (!this.#open) return;
    switch (message.type) {
      case 'output': {
        const first = !this.#alternate && message.data.includes(ALTERNATE_ON);
        if (first) this.#alternate = true;
        this.#writer.write(first ? PASTE_ON + message.data : message.data, () => this.#post({ type: 'drained' }));
        return;
      }
      case 'session':
        this.#connection.receive(message.message);
        return;
      case 'quit':
        this.close();
        this.#options.onQuit(message.how);
        return;
      case 'taken':
        if (message.what === 'input') this.#unansweredSince = undefined;
        else this.#behind--;
        return;
    }
  }

  /** The worker is of no use any more; the terminal is, and so is the engine. */
  #failed(detail: string): void {
    if (!this.#open) return;
    this.close();
    this.#options.onNotice(cleanText(detail));
    this.#options.onQuit('detach', cleanText(detail));
  }
}

function setRawMode(stdin: ReadStream, raw: boolean): void {
  try {
    stdin.setRawMode(raw);
  } catch {
    // The terminal is gone.
  }
}
