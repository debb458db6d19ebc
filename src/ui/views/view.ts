// What a view is. The frame (pane.ts, list.ts) does the rest: it filters, sorts, scrolls, keeps the choice on the thing
// and not on the row, freezes, draws rule, heading and rows, and takes the keys. A view only says what there is to see.
//
// How to write one: a file views/NAME.ts with one exported View, its place in views/registry.ts, its id in state.ts.
//  - A list gives `items`, a stable `key` for each, and `columns`. STATE, NAME, VRID have no `drop`: they never go.
//    A column with an `id` can be sorted and filtered by and is exported; `value` when the cell's text is not fit for that.
//  - `above` and `below` add lines round the list (lanes, the tree of the chosen packet); `text` is a view without rows.
//  - All is pure: (context, width, height) → lines of at most `width` cells. Read `context.model`, never `state.snapshot`:
//    the model stands still while the view is frozen, and so does `context.now`. Times on the screen follow from `now`.
//  - What the view must remember goes to `ui.extra` (withExtra in state.ts). Nothing else is kept.
//  - `commands` are keys and `:` names that work while this view has the keys. They never change the engine by themselves:
//    a change opens a dialog (dialog.ts).
//  - Text from outside is clean already (clean.ts): one line, no control characters, every character of known width.
import type { SessionInfo } from '../../session/messages.ts';
import type { Command } from '../commands/command.ts';
import type { ScreenState, Step, ViewId } from '../state.ts';
import type { Column } from '../table.ts';
import type { Line, Span } from '../text.ts';
import type { ViewContext } from './context.ts';

export interface List<T> {
  /** In their own order (a log: oldest first), unfiltered. Objects that did not change should stay the same objects. */
  items(context: ViewContext): readonly T[];
  /** Names the thing: equal in every report in which the same thing is spoken of. */
  key(item: T): string;
  /** All columns that this width could show; the table drops what does not fit (`drop`). */
  columns(context: ViewContext, width: number): readonly Column<T>[];
  /** The instance that a row speaks of: change keys act on it. */
  instance?(item: T, context: ViewContext): string | undefined;
  /** Newest at the bottom; nothing chosen means that the view follows. */
  readonly log?: boolean;
  /** Text that takes the place of the column titled `from` and of all to its right. */
  tail?(item: T, context: ViewContext): { readonly from: string; readonly span: Span } | undefined;
  /** What to say while there is no row: what is waited for. */
  empty(context: ViewContext): string;
  /** As a pane of the dashboard: `none` draws no heading (cells that name what they hold). */
  readonly paneHeading?: 'none';
}

export interface View<T = unknown> {
  readonly id: ViewId;
  /** In the rule: `Instances`. */
  readonly title: string;
  /** In the tab line: `Inst`. */
  readonly short: string;
  readonly digit?: string;
  /** The commands that have it; absent: all. */
  readonly only?: readonly SessionInfo['command'][];
  /** For the `:` prompt; the first is what completion offers. */
  readonly names: readonly string[];
  readonly list?: List<T>;
  /** Of a view that is no list: all lines; the frame scrolls. */
  text?(context: ViewContext, width: number, height: number): readonly Line[];
  /** A text in which `/` finds lines: the view looks at `ui.filter` itself. */
  readonly searchable?: boolean;
  /** What the rule says after the title: `9, 2 failing`. The frame itself tells filter, order, place and freeze. */
  summary?(context: ViewContext): string;
  /** Lines between the rule and the list; at most `height`. Not asked for in a pane. */
  above?(context: ViewContext, width: number, height: number): readonly Line[];
  /** Lines under the list, about the chosen row (undefined: no rows); at most `height`. Not asked for in a pane. */
  below?(context: ViewContext, item: T | undefined, width: number, height: number): readonly Line[];
  /** What Enter on a row does. `now` is the local clock, µs. */
  open?(state: ScreenState, item: T, now: number): Step;
  readonly commands?: readonly Command[];
}
