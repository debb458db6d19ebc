// What every view gets, and the small pieces that all views share: state words, rules between panes, clock times.
import type { InstanceSnapshot, Snapshot } from '../../engine/snapshot.ts';
import type { VrrpState } from '../../vrrp/state.ts';
import type { Command } from '../commands/command.ts';
import { timeOfDay } from '../format.ts';
import {
  currentView,
  engineNow,
  type Frozen,
  type Model,
  type ScreenState,
  uiOf,
  type ViewId,
  type ViewUi,
} from '../state.ts';
import { type Line, type Span, spansWidth, spread } from '../text.ts';
import { type Glyphs, glyphsOf } from '../theme.ts';

export interface ViewContext {
  /** The whole screen: for the frame, for dialogs. A view reads `model`. */
  readonly state: ScreenState;
  /** What there is to show: live, or as it was when the view was frozen. */
  readonly model: Model;
  readonly ui: ViewUi;
  /** Present time on the engine's clock, µs; it stands still with a frozen view. */
  readonly now: number;
  readonly glyphs: Glyphs;
  /** Drawn as one pane among others. */
  readonly compact: boolean;
  /** It has the keys. */
  readonly focused: boolean;
  /** Everything an operator can do, for help. */
  readonly commands: readonly Command[];
}

/** At most `height` lines, each cut or padded to `columns` by the painter. */
export type PaneView = (context: ViewContext, columns: number, height: number) => Line[];

/** What a view draws from at the local time `now`, µs. While a change is asked about, lists stand still. */
export function viewContext(state: ScreenState, id: ViewId, now: number, compact = false): ViewContext {
  const ui = uiOf(state, id);
  const still = ui.frozen ?? askedAbout(state);
  return {
    state,
    model: still?.model ?? state,
    ui,
    now: still?.now ?? engineNow(state, now),
    glyphs: glyphsOf(state.theme),
    compact,
    focused: currentView(state) === id,
    commands: [],
  };
}

/** The picture on which an open question rests: what it speaks of must not move under it. */
function askedAbout(state: ScreenState): Frozen | undefined {
  const { dialog } = state;
  if (dialog?.kind !== 'change' && dialog?.kind !== 'wizard') return undefined;
  return { model: { ...state, snapshot: dialog.snapshot }, now: engineNow(state, dialog.openedAt) };
}

/** Shape and word of a state: readable without colour. */
export function stateSpan(state: VrrpState, glyphs: Glyphs): Span {
  switch (state) {
    case 'MASTER':
      return ['strong', `${glyphs.master} MASTER`];
    case 'BACKUP':
      return `${glyphs.backup} BACKUP`;
    case 'FAULT':
      return ['fault', `${glyphs.fault} FAULT`];
    case 'INIT':
      return ['dim', `${glyphs.init} INIT`];
  }
}

/** `── title ───────── right ──`, exactly `columns` wide. A focused pane has the cursor mark before its title. */
export function rule(
  { glyphs }: Pick<ViewContext, 'glyphs'>,
  columns: number,
  title: string,
  options: { readonly right?: string; readonly focused?: boolean } = {},
): Line {
  const bar = glyphs.rule;
  const mark: Span = options.focused ? ['strong', `${glyphs.cursor} `] : '';
  const left: Span[] = [['dim', `${bar}${bar} `], mark, ['title', title], ' '];
  const right: Span[] =
    options.right === undefined ? [['dim', bar.repeat(2)]] : [['dim', ` ${options.right} ${bar}${bar}`]];
  const middle = Math.max(0, columns - spansWidth(left) - spansWidth(right));
  return { spans: spread([...left, ['dim', bar.repeat(middle)]], right, columns) };
}

/** Local time of day of an engine time. */
export function clock(snapshot: Snapshot, at: number, milliseconds = false): string {
  return timeOfDay(snapshot.wallTime + (at - snapshot.takenAt) / 1000, milliseconds);
}

/** Trackers that hold: `2/3`, `-` without any. One whose first result is outstanding does not hold yet. */
export function trackerCount(instance: InstanceSnapshot): Span {
  const { trackers } = instance;
  if (trackers.length === 0) return '-';
  const holding = trackers.filter(({ ok }) => ok === true).length;
  const failing = trackers.some(({ ok }) => ok === false);
  const text = `${holding}/${trackers.length}`;
  return failing ? ['attention', `${text}!`] : text;
}

/** Age of the last advert of the MASTER, µs; undefined when there is none. */
export function advertAge(instance: InstanceSnapshot, now: number): number | undefined {
  return instance.master === undefined ? undefined : Math.max(0, now - instance.master.lastAdvertAt);
}

/** Which part of a list is shown so that `index` is in it. */
export function windowStart(total: number, height: number, index: number): number {
  return Math.max(0, Math.min(total - height, index - Math.floor(height / 2)));
}
