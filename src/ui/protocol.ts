// What passes between the main thread (owner of the tty) and the screen's worker thread.
import type { FromScreen, SessionInfo } from '../session/messages.ts';
import type { Packed } from '../session/pack.ts';
import type { ThemeOptions } from './theme.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Given to the worker when it starts. */
export interface WorkerStart {
  readonly info: SessionInfo;
  readonly size: Size;
  readonly theme: ThemeOptions;
  /** How long a lone ESC waits for the rest of a key sequence, ms. */
  readonly escapeTimeout: number;
}

export type ToWorker =
  | { readonly type: 'session'; readonly message: Packed }
  | { readonly type: 'input'; readonly bytes: Uint8Array }
  | { readonly type: 'resize'; readonly size: Size }
  /** All output has reached the terminal: the next frame may be drawn. */
  | { readonly type: 'drained' }
  | { readonly type: 'redraw' }
  /** A line that a library, Node or the program printed while the screen owned the terminal. */
  | { readonly type: 'note'; readonly text: string };

export type QuitHow = 'release' | 'detach';

export type FromWorker =
  | { readonly type: 'output'; readonly data: string }
  | { readonly type: 'session'; readonly message: FromScreen }
  | { readonly type: 'quit'; readonly how: QuitHow }
  /** The worker has dealt with one message of this kind: it is alive. */
  | { readonly type: 'taken'; readonly what: 'input' | 'session' };
