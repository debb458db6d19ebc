// What a command is: everything that dispatch, footer and help need to know about it.
import type { ScreenState, Step } from '../state.ts';

export type Group = 'move' | 'look' | 'change' | 'session';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  readonly group: Group;
  /** `look` acts at once; `ask` opens a dialog whose demand follows from the forecast. */
  readonly safety: 'look' | 'ask';
  /** Footer text and its rank: a lower rank stays longer when room is short. */
  readonly footer?: { readonly label: string; readonly rank: number };
  /** Not offered at all in this state (another view, one router only). */
  readonly hidden?: (state: ScreenState) => boolean;
  /** Why it may not run now, as a sentence for the operator. */
  readonly blocked?: (state: ScreenState) => string | undefined;
  /** `now` is the local clock, µs. */
  readonly run: (state: ScreenState, now: number) => Step;
}
