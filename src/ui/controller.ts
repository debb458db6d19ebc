// Brings state, keys, clock and frames together: feeds what arrives into the state and publishes a frame at most ten
// times a second (a key press publishes at once), never while earlier output has not reached the terminal.
import type { FromScreen, SessionInfo, ToScreen } from '../session/messages.ts';
import { clean, cleanText, createCleaner } from './clean.ts';
import { renderFrame } from './frame.ts';
import { createKeyParser, type InputEvent, type Pending } from './input/keys.ts';
import { pasteText, pressKey } from './press.ts';
import type { QuitHow, Size } from './protocol.ts';
import { receive } from './receive.ts';
import { initialState, type ScreenState, type Step, withToast } from './state.ts';
import { createStore, type Store } from './store.ts';
import { createTheme, type ThemeOptions } from './theme.ts';

/** Between reports only times count on: five frames a second are enough, and a frame is what costs. */
const IDLE_FRAME_US = 195_000;

export interface ControllerOptions {
  readonly info: SessionInfo;
  readonly size: Size;
  readonly theme: ThemeOptions;
  /** Local monotonic clock, µs. */
  now(): number;
  /** Earlier output has reached the terminal. */
  ready(): boolean;
  send(message: FromScreen): void;
  quit(how: QuitHow): void;
  /** Writes to the terminal's clipboard, or to a new file; returns what to tell the operator. */
  copy(text: string): Told;
  save(file: string, data: Uint8Array): Told;
  /** Draws the given lines anew, whatever the terminal shows now. */
  redraw(lines: readonly string[]): void;
}

/** How something outside the screen went. */
export interface Told {
  readonly ok: boolean;
  readonly message: string;
}

export interface Controller {
  readonly frames: Store<readonly string[]>;
  state(): ScreenState;
  receive(message: ToScreen): void;
  input(bytes: Uint8Array): void;
  /** An unfinished key sequence or paste is waiting for more. */
  inputPending(): Pending | undefined;
  /** Nothing more came: a lone ESC is a key. */
  inputTimeout(): void;
  resize(size: Size): void;
  note(text: string): void;
  redraw(): void;
  /** Publishes a frame when something has arrived, or when times have moved on. Call it ten times a second. */
  tick(): void;
  /** Output has drained: publishes at once when a key press waits for its effect. */
  drained(): void;
}

export function createController(options: ControllerOptions): Controller {
  let state = initialState(clean(options.info), options.size, options.theme);
  let theme = createTheme(state.theme);
  const parser = createKeyParser();
  const cleaned = createCleaner();
  const frames = createStore<readonly string[]>(renderFrame(state, options.now(), theme));
  /** Clean name → the engine's own names, nearly always one: commands must use it. */
  let engineNames: Readonly<Record<'instances' | 'scripts', Names>> = { instances: new Map(), scripts: new Map() };
  /** Something has arrived since the last frame. */
  let fresh = true;
  let publishedAt = Number.NEGATIVE_INFINITY;
  let urgent = false;
  let repaint = false;

  function publish(): void {
    if (!options.ready()) return;
    urgent = false;
    fresh = false;
    publishedAt = options.now();
    if (theme.options !== state.theme) theme = createTheme(state.theme);
    const next = renderFrame(state, options.now(), theme);
    const shown = frames.get();
    if (next.length !== shown.length || next.some((text, i) => text !== shown[i])) frames.set(next);
    if (repaint) options.redraw(frames.get());
    repaint = false;
  }

  function publishNow(): void {
    urgent = true;
    publish();
  }

  function perform({ state: next, effects }: Step): void {
    state = next;
    for (const effect of effects) {
      if (effect.type === 'send') send(effect.message);
      else if (effect.type === 'quit') options.quit(effect.how);
      else if (effect.type === 'copy') tell(options.copy(effect.text));
      else if (effect.type === 'save') tell(options.save(effect.file, effect.data), effect.what);
      else redraw();
    }
  }

  function send(message: FromScreen): void {
    const named = withEngineName(message);
    if (named !== undefined) return options.send(named);
    const what = message.type === 'command' && message.command.kind === 'run-script' ? 'scripts' : 'instances';
    tell({ ok: false, message: `not done: several ${what} have names that look like this one` });
  }

  function tell({ ok, message }: Told, what?: string): void {
    const text = what === undefined || !ok ? message : `${what} ${message}`;
    state = withToast(state, options.now(), cleanText(text), ok ? 'info' : 'attention');
  }

  /** Undefined: several instances or scripts look like the one that is meant. */
  function withEngineName(message: FromScreen): FromScreen | undefined {
    if (message.type !== 'command') return message;
    const { command } = message;
    if ('instance' in command) {
      const instance = engineName(engineNames.instances, command.instance);
      return instance === undefined ? undefined : { ...message, command: { ...command, instance } };
    }
    if (!('script' in command)) return message;
    const script = engineName(engineNames.scripts, command.script);
    return script === undefined ? undefined : { ...message, command: { ...command, script } };
  }

  function handle(event: InputEvent): void {
    if (state.leaving !== undefined) return;
    const now = options.now();
    if (event.type === 'paste') {
      state = pasteText(state, event.text, now);
      return;
    }
    perform(pressKey(state, event.key, now));
  }

  function redraw(): void {
    repaint = true;
    publishNow();
  }

  return {
    frames,
    state: () => state,
    receive(message) {
      const first = state.snapshot === undefined;
      if (message.type === 'update') {
        const { instances, scripts } = message.snapshot;
        engineNames = { instances: byCleanName(instances), scripts: byCleanName(scripts) };
      }
      state = receive(state, cleaned(message), options.now());
      fresh = true;
      if (first || message.type === 'answer') publishNow();
    },
    input(bytes) {
      for (const event of parser.feed(bytes)) handle(event);
      publishNow();
    },
    inputPending: () => parser.pending(),
    inputTimeout() {
      for (const event of parser.flush()) handle(event);
      publishNow();
    },
    resize(size) {
      state = { ...state, size };
      publishNow();
    },
    note(text) {
      state = withToast(state, options.now(), cleanText(text), 'attention');
      publishNow();
    },
    redraw,
    tick() {
      const { toast } = state;
      const now = options.now();
      if (toast !== undefined && toast.until <= now) state = { ...state, toast: undefined };
      if (fresh || now - publishedAt >= IDLE_FRAME_US) publish();
    },
    drained() {
      if (urgent) publish();
    },
  };
}

type Names = ReadonlyMap<string, readonly string[]>;

/** Undefined: more than one looks like it. */
function engineName(names: Names, clean: string): string | undefined {
  const [name = clean, ...others] = names.get(clean) ?? [];
  return others.length > 0 ? undefined : name;
}

function byCleanName(things: readonly { readonly name: string }[]): Names {
  const found = new Map<string, string[]>();
  for (const { name } of things) {
    const clean = cleanText(name);
    const same = found.get(clean);
    if (same === undefined) found.set(clean, [name]);
    else same.push(name);
  }
  return found;
}
