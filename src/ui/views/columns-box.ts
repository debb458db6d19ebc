// The columns of a view as a list: which are shown, which have no room, which always stay.
import { type ColumnsDialog, columnIds } from '../column-picker.ts';
import { arranged, isLocked } from '../columns.ts';
import { uiOf } from '../state.ts';
import { layoutColumns } from '../table.ts';
import { line, pad, type Span, width as textWidth } from '../text.ts';
import type { ViewContext } from './context.ts';
import { roomOf } from './layout.ts';
import { folded, type QuestionParts } from './question-parts.ts';
import { viewOf } from './registry.ts';

export function columnsParts(context: ViewContext, dialog: ColumnsDialog, inner: number): QuestionParts {
  const { state, glyphs } = context;
  const list = viewOf(dialog.view)?.list;
  if (list === undefined) return { head: [], body: [], foot: [] };
  const choice = uiOf(state, dialog.view).columns;
  const { width } = roomOf(state, dialog.view);
  const own = list.columns(context, width);
  const drawn = layoutColumns(arranged(own, choice), [], width - 2).map(({ column }) => column.id);
  const ids = columnIds(state, dialog.view, context.now - state.clockOffset);
  const longest = Math.max(4, ...ids.map(textWidth));
  const body = ids.map((id) => {
    const chosen = id === dialog.at;
    const hidden = !isLocked(id) && (choice?.hidden.includes(id) ?? false);
    const note: Span = hidden
      ? ['dim', 'hidden']
      : !drawn.includes(id)
        ? ['attention', 'no room now']
        : isLocked(id)
          ? ['dim', 'always']
          : '';
    const text = `[${hidden ? ' ' : 'x'}] ${pad(id, longest)}  `;
    return line(chosen ? ['strong', `${glyphs.cursor} `] : '  ', chosen ? ['strong', text] : text, note);
  });
  const keys: readonly (readonly Span[])[] = [
    [['key', 'Space'], ' hide, show'],
    [['key', 'J K'], ' move'],
    [['key', 'r'], ' reset'],
  ];
  const cursor = Math.max(0, ids.indexOf(dialog.at));
  return { head: [], body, cursor, foot: folded(keys, inner) };
}
