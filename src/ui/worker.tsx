// Entry of the screen's worker thread: Ink on streams of its own; bytes go to the main thread, which owns the tty.
import { getPriority, setPriority } from 'node:os';
import { PassThrough, Writable } from 'node:stream';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createUnpacker } from '../session/pack.ts';
import { mountApp, repaintBytes, type ScreenOutput } from './app.tsx';
import { clipboardSequence } from './clipboard.ts';
import { createController } from './controller.ts';
import type { FromWorker, ToWorker, WorkerStart } from './protocol.ts';
import { saveFile } from './save-file.ts';

const TICK_MS = 100;
/** A paste whose end never comes must not swallow the keys for ever. */
const PASTE_TIMEOUT_MS = 3000;
const start = workerData as WorkerStart;
const port = parentPort!;
const post = (message: FromWorker): void => port.postMessage(message);

// On Linux 0 is this thread alone: where processors are short, the engine's thread goes first.
setPriority(0, Math.min(19, getPriority(0) + 10));

// A warning of Node or a library must not reach the terminal past the main thread.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => controller.note(`${name}: ${message}`));

/** Output that was posted and has not reached the terminal yet. */
let inFlight = false;
let collected = '';

const flush = (): void => {
  if (collected === '') return;
  const data = collected;
  collected = '';
  inFlight = true;
  post({ type: 'output', data });
};

const stdout = Object.assign(
  new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      if (collected === '') setImmediate(flush);
      const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
      // Ink itself cuts rows, with an ellipsis, until a frame for a smaller window is there.
      collected += start.theme.ascii ? text.replaceAll('…', '~') : text;
      done();
    },
  }),
  { columns: start.size.columns, rows: start.size.rows, isTTY: true },
) satisfies ScreenOutput;

// Ink never reads keys: input is parsed by the controller.
const stdin = Object.assign(new PassThrough(), {
  isTTY: true,
  setRawMode: () => stdin,
  ref: () => stdin,
  unref: () => stdin,
});

const controller = createController({
  info: start.info,
  size: start.size,
  theme: start.theme,
  now: () => Math.round(performance.now() * 1000),
  ready: () => !inFlight && collected === '',
  send: (message) => post({ type: 'session', message }),
  quit: (how) => post({ type: 'quit', how }),
  redraw: (lines) => stdout.write(repaintBytes(lines)),
  copy(text) {
    const clipboard = clipboardSequence(text, process.env);
    if (!clipboard.ok) return clipboard;
    stdout.write(clipboard.sequence);
    return { ok: true, message: `sent ${clipboard.bytes} bytes to the terminal's clipboard` };
  },
  save: saveFile,
});

const unpack = createUnpacker();

let inputTimer: NodeJS.Timeout | undefined;

function waitForMore(): void {
  clearTimeout(inputTimer);
  const pending = controller.inputPending();
  if (pending === undefined) return;
  const wait = pending === 'escape' ? start.escapeTimeout : PASTE_TIMEOUT_MS;
  inputTimer = setTimeout(() => controller.inputTimeout(), wait);
}

function receive(message: ToWorker): void {
  switch (message.type) {
    case 'session':
      post({ type: 'taken', what: 'session' });
      return controller.receive(unpack(message.message));
    case 'input':
      post({ type: 'taken', what: 'input' });
      controller.input(message.bytes);
      return waitForMore();
    case 'resize':
      Object.assign(stdout, message.size);
      controller.resize(message.size);
      stdout.emit('resize');
      return;
    case 'drained':
      inFlight = false;
      return controller.drained();
    case 'redraw':
      return controller.redraw();
    case 'note':
      return controller.note(message.text);
  }
}

// What came while this thread started is in the first frame already.
for (let first = receiveMessageOnPort(port); first !== undefined; first = receiveMessageOnPort(port))
  receive(first.message);
controller.tick();
mountApp(controller.frames, { stdout, stdin, stderr: new PassThrough() });
port.on('message', receive);
setInterval(() => controller.tick(), TICK_MS);
