// The box of an open dialog. The title, the fields and the keys that answer are always in sight; what does not fit of the
// reasons is scrolled. Cancel is always the default.
import type { Dialog } from '../dialog.ts';
import { dialogForecast } from '../dialog.ts';
import { fitSpans, type Line, line, type Span, shorten, width as textWidth, wrap } from '../text.ts';
import type { Style } from '../theme.ts';
import { columnsParts } from './columns-box.ts';
import { type PaneView, type ViewContext, windowStart } from './context.ts';
import { changeParts } from './question-change.ts';
import type { QuestionParts } from './question-parts.ts';
import { dumpParts, quitParts, quitTitle, unlockParts } from './question-session.ts';
import { wizardParts } from './wizard-box.ts';

/** The lines of the box; empty when no dialog is open. */
export const questionBox: PaneView = (context, columns, height) => {
  const { dialog } = context.state;
  if (dialog === undefined) return [];
  const inner = innerWidth(columns);
  const parts = partsOf(context, dialog, inner);
  const room = roomFor(dialog, height);
  const { lines, above, below } = fitted(parts, dialog, room);
  return box(context, inner, titleOf(dialog), lines, edgeOf(dialog), moreText(above, below));
};

/** How far the body can be scrolled in that room; 0: all of it is in sight. */
export function scrollable(context: ViewContext, columns: number, height: number): number {
  const { dialog } = context.state;
  if (dialog === undefined) return 0;
  const parts = partsOf(context, dialog, innerWidth(columns));
  return Math.max(0, parts.body.length - bodyRoom(parts, Math.max(1, height - 2)));
}

/** The list of columns leaves rows of the view in sight, where what is done shows at once. */
const roomFor = ({ kind }: Dialog, height: number): number =>
  Math.max(1, (kind === 'columns' && height >= 16 ? 12 : height) - 2);

const innerWidth = (columns: number): number => Math.max(1, Math.min(columns, 78) - 4);

const bodyRoom = ({ head, body, foot }: QuestionParts, room: number): number =>
  Math.max(Math.min(1, body.length), room - head.length - foot.length);

/** A title that the edge would cut stands whole below it: what is confirmed must be read. */
function partsOf(context: ViewContext, dialog: Dialog, inner: number): QuestionParts {
  const parts = contentOf(context, dialog, inner);
  const title = titleOf(dialog);
  if (textWidth(title) <= inner - 2) return parts;
  return { ...parts, head: [...wrap(title, inner).map((part) => line(['strong', part])), ...parts.head] };
}

function contentOf(context: ViewContext, dialog: Dialog, inner: number): QuestionParts {
  switch (dialog.kind) {
    case 'quit':
      return quitParts(context, dialog, inner);
    case 'unlock':
      return unlockParts(context, dialog, inner);
    case 'dump':
      return dumpParts(context, dialog, inner);
    case 'change':
      return changeParts(context, dialog, inner);
    case 'wizard':
      return wizardParts(context, dialog, inner);
    case 'columns':
      return columnsParts(context, dialog, inner);
  }
}

function titleOf(dialog: Dialog): string {
  switch (dialog.kind) {
    case 'quit':
      return quitTitle(dialog);
    case 'unlock':
      return 'Let changes through';
    case 'dump':
      return 'Ask for dumps';
    case 'change':
      return dialog.title;
    case 'wizard':
      return `Drill ${dialog.instance}: what?`;
    case 'columns':
      return 'Columns';
  }
}

const edgeOf = (dialog: Dialog): Style =>
  dialog.kind === 'change' && dialogForecast(dialog)?.tier === 'outage' ? 'critical' : 'strong';

/** Blank lines between the parts go first, then lines of the body. */
function fitted(
  parts: QuestionParts,
  dialog: Dialog,
  room: number,
): { readonly lines: readonly Line[]; readonly above: number; readonly below: number } {
  const { head, body, foot, cursor } = parts;
  const blank = (one: readonly Line[], other: readonly Line[]): Line[] =>
    one.length > 0 && other.length > 0 ? [line()] : [];
  const loose = [...head, ...blank(head, body), ...body, ...blank(body, foot), ...foot];
  if (loose.length <= room) return { lines: loose, above: 0, below: 0 };
  const shown = bodyRoom(parts, room);
  const most = Math.max(0, body.length - shown);
  const scroll = 'scroll' in dialog ? (dialog.scroll ?? 0) : 0;
  const start = cursor === undefined ? Math.min(scroll, most) : Math.max(0, windowStart(body.length, shown, cursor));
  const lines = [...head, ...body.slice(start, start + shown), ...foot];
  // In a room for which even head and foot are too much the answer stays.
  return { lines: lines.slice(-room), above: start, below: Math.max(0, body.length - start - shown) };
}

function moreText(above: number, below: number): string {
  if (below > 0) return `${below} more: Down`;
  return above > 0 ? `${above} above: Up` : '';
}

function box(
  { glyphs }: ViewContext,
  inner: number,
  title: string,
  content: readonly Line[],
  edge: Style,
  more: string,
): Line[] {
  const { tl, tr, bl, br } = glyphs.box;
  const bar = (text: string): string => {
    const shown = text === '' ? '' : `${glyphs.rule} ${shorten(text, Math.max(1, inner - 2))} `;
    return `${shown}${glyphs.rule.repeat(Math.max(0, inner + 2 - textWidth(shown)))}`;
  };
  const side: Span = [edge, glyphs.bar];
  return [
    line([edge, `${tl}${bar(title)}${tr}`]),
    ...content.map((row) => line(side, ' ', ...fitSpans(row.spans, inner), ' ', side)),
    line([edge, `${bl}${bar(more)}${br}`]),
  ];
}
