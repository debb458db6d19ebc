// What a command is: everything that keys, the `:` prompt, footer and help need to know about it.
import type { SessionInfo } from '../../session/messages.ts';
import type { ScreenState, Step, ViewId } from '../state.ts';

export type Group = 'move' | 'look' | 'view' | 'data' | 'change' | 'session';

/** `look` acts at once and touches nothing outside the screen; `save` writes a file or the clipboard; `ask` opens a dialog
 * whose demand follows from the forecast. */
export type Tier = 'look' | 'save' | 'ask';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  /** Names at the `:` prompt; the first is the one that completion offers. */
  readonly names?: readonly string[];
  /** For help: what may follow the name, `COLUMN [desc]`. */
  readonly args?: string;
  readonly group: Group;
  readonly tier: Tier;
  /** Only while one of these views has the keys. */
  readonly views?: readonly ViewId[];
  /** The commands of the program that have it; absent: all. */
  readonly only?: readonly SessionInfo['command'][];
  /** Footer text and its rank: a lower rank stays longer when room is short. */
  readonly footer?: { readonly label: string; readonly rank: number };
  /** Not offered at all in this state (another view, one router only). */
  readonly hidden?: (state: ScreenState) => boolean;
  /** Why it may not run now, as a sentence for the operator. `now` is the local clock, µs. */
  readonly blocked?: (state: ScreenState, now: number) => string | undefined;
  /** What could follow the name, for completion. */
  readonly complete?: (state: ScreenState, now: number) => readonly string[];
  /** `args`: what followed the name at the prompt; empty when a key was pressed. */
  readonly run: (state: ScreenState, now: number, args: string) => Step;
}
