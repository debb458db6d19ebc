// The screen for screen readers: plain lines when something changes, no cursor addressing, no colour. What is typed is a
// line of the `:` prompt; questions are asked in words and answered by a line. Same registry, same questions, same lock.
import { createInterface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { ScreenSession } from '../session/screen-session.ts';
import { cleanText } from './clean.ts';
import { commandsOf } from './commands.ts';
import { createController } from './controller.ts';
import { activeField, dialogCommand, requiredPhrase } from './dialog.ts';
import type { Screen } from './host.ts';
import { saveFile } from './save-file.ts';
import { currentView, type ScreenState } from './state.ts';
import { type Line, spanText } from './text.ts';
import { createTtyWriter } from './tty-writer.ts';
import { clock, viewContext } from './views/context.ts';
import { paneLines } from './views/pane.ts';
import { questionBox } from './views/question.ts';
import { viewOf } from './views/registry.ts';

export interface LineScreenOptions {
  readonly session: ScreenSession;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  onQuit(how: 'release' | 'detach' | 'lost', detail?: string): void;
}

/** Wide enough for every sentence, and no longer than a person would listen to. */
const SIZE = { columns: 100, rows: 40 };
const FIELDS_AT_MOST = 4;
const CTRL_G = '\x07';
const CTRL_U = '\x15';
const ESCAPE = '\x1b';

const GREETING =
  'kavtui for screen readers. Type a command and Enter: instances, packets, events, help, quit. Empty line: repeat.';

/** Speaks on `stdout` and listens on `stdin`, line by line. */
export function openLineScreen({ session, stdin, stdout, onQuit }: LineScreenOptions): Screen {
  const writer = createTtyWriter(stdout, (reason) => lost(reason));
  const now = (): number => Math.round(performance.now() * 1000);
  let open = true;
  let finish: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const say = (text: string): void => {
    if (open && text.trim() !== '') writer.write(`${text}\n`, () => {});
  };
  const spoken: Spoken = { event: 0, toast: undefined, dialog: undefined };

  const controller = createController({
    info: session.info,
    size: SIZE,
    theme: { color: 'never', ascii: true },
    now,
    // No frame is ever drawn.
    ready: () => false,
    send: (message) => connection.receive(message),
    quit(how) {
      close();
      onQuit(how);
    },
    redraw: () => {},
    copy: () => ({ ok: false, message: 'there is no clipboard in this mode: use export' }),
    save: saveFile,
  });
  const connection = session.connect({
    deliver(message) {
      controller.receive(message);
      speak();
    },
    ready: () => open && writer.idle(),
  });
  const input = createInterface({ input: stdin, terminal: false });

  function speak(): void {
    for (const text of news(controller.state(), spoken)) say(text);
  }

  function answer(text: string): void {
    const before = controller.state();
    if (before.dialog !== undefined) {
      if (text !== '') toAnswerField();
      press(keysForAnswer(before, text));
    } else if (text !== '') press(`:${text}\r`);
    const state = controller.state();
    speak();
    if (open && state.dialog === undefined && before.dialog === undefined && state.toast === before.toast) {
      for (const spokenLine of viewText(state, now())) say(spokenLine);
    }
  }

  /** What is typed next answers the question, whatever field it begins with. */
  function toAnswerField(): void {
    for (let i = 0; i < FIELDS_AT_MOST; i++) {
      const { dialog } = controller.state();
      if (dialog?.kind !== 'change' || dialogCommand(dialog) === undefined) return;
      const phrase = requiredPhrase(dialog);
      const field = activeField(dialog, phrase);
      if (field === (phrase === '' ? 'none' : 'phrase') || (phrase === '' && field === 'value' && !dialog.drill))
        return;
      press('\t');
    }
  }

  function press(keys: string): void {
    if (keys === ESCAPE) {
      controller.input(Uint8Array.of(0x1b));
      controller.inputTimeout();
    } else controller.input(new TextEncoder().encode(keys));
  }

  function close(lastWords?: string): void {
    if (open) {
      open = false;
      connection.close();
      input.close();
      stdin.pause();
      writer.end('');
      finish();
    }
    if (lastWords !== undefined) createTtyWriter(stdout, () => {}).end(`${lastWords}\n`);
  }

  function lost(reason: string): void {
    if (!open) return;
    close();
    onQuit('lost', reason);
  }

  input.on('line', (text) => answer(cleanText(text.trim())));
  input.on('close', () => lost('the terminal was closed'));
  say(GREETING);
  speak();
  for (const text of viewText(controller.state(), now())) say(text);
  return {
    closed,
    close,
    suspendRequested: () => say('kavtui does not stop: adverts must go on. quit offers to go on as log lines.'),
    redraw: () => {},
    hangUp: lost,
  };
}

/** What has been said already. */
interface Spoken {
  event: number;
  toast: ScreenState['toast'];
  dialog: ScreenState['dialog'];
}

/** What has to be said now: events, the answer to the last line, an open question. */
function news(state: ScreenState, spoken: Spoken): string[] {
  const { snapshot } = state;
  const lines = state.events
    .filter(({ seq }) => seq > spoken.event)
    .map((event) => {
      const who = event.instance === undefined ? '' : `${event.instance}: `;
      const level = event.level === 'info' ? '' : `${event.level}: `;
      const cause = event.cause === undefined || event.cause === '' ? '' : `, because ${event.cause}`;
      return `${snapshot === undefined ? '' : `${clock(snapshot, event.at)} `}${level}${who}${event.text}${cause}`;
    });
  spoken.event = state.events.at(-1)?.seq ?? spoken.event;
  if (state.toast !== undefined && state.toast !== spoken.toast) lines.push(state.toast.text);
  spoken.toast = state.toast;
  if (state.dialog !== undefined && state.dialog !== spoken.dialog) lines.push(...questionText(state));
  spoken.dialog = state.dialog;
  return lines;
}

const plain = ({ spans }: Line): string => spans.map(spanText).join('');

function questionText(state: ScreenState): string[] {
  const lines = questionBox(viewContext(state, currentView(state), 0), SIZE.columns, SIZE.rows)
    .map((row) => plain(row).replace(/^[|+][- ]*|[-| ]*[|+]$/g, ''))
    .filter((text) => text !== '');
  return [...lines, 'Type the answer and Enter; an empty line cancels.'];
}

/** The keys that give an answer: a phrase needs its confirmation, and nothing at all is a refusal. */
function keysForAnswer({ dialog }: ScreenState, text: string): string {
  if (text === '' || dialog === undefined) return ESCAPE;
  if (dialog.kind === 'unlock') return `${CTRL_U}${text}${CTRL_G}`;
  // A value comes first; then the question is spoken with what it would do.
  if (dialog.kind === 'change' && dialogCommand(dialog) === undefined) return `${CTRL_U}${text}`;
  if (dialog.kind === 'change' && requiredPhrase(dialog) !== '') return `${CTRL_U}${text}${CTRL_G}`;
  return text.slice(0, 1);
}

/** The view that is shown, as lines. */
function viewText(state: ScreenState, now: number): string[] {
  const id = currentView(state);
  const view = viewOf(id);
  if (view === undefined) return [];
  const context = { ...viewContext(state, id, now), commands: commandsOf(state) };
  return paneLines(view, context, { width: SIZE.columns, height: SIZE.rows })
    .map((row) => plain(row).trimEnd())
    .filter((text) => text !== '');
}
