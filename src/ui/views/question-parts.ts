// What the boxes of all questions are made of: their parts, text fields, pieces that fold where there is little room.
import { type Line, line, type Span, spansWidth, width as textWidth, wrap } from '../text.ts';

/** What a box holds, each line at most as wide as asked. */
export interface QuestionParts {
  /** Always in sight, above and below the rest. */
  readonly head: readonly Line[];
  readonly foot: readonly Line[];
  readonly body: readonly Line[];
  /** The line of the body that must be in sight. */
  readonly cursor?: number;
}

/** Pieces side by side where they fit, else one below the other. */
export function folded(pieces: readonly (readonly Span[])[], inner: number): Line[] {
  const rows: Span[][] = [];
  for (const piece of pieces) {
    const last = rows.at(-1);
    if (last !== undefined && spansWidth(last) + GAP.length + spansWidth(piece) <= inner) last.push(GAP, ...piece);
    else rows.push([...piece]);
  }
  return rows.map((spans) => ({ spans }));
}

const GAP = '     ';

/** A text field: of a text that does not fit its end is seen, where the cursor is. `proposed`: all of it is chosen. */
export function field(active: boolean, label: string, text: string, inner: number, proposed = false): Span[] {
  const room = Math.max(4, inner - textWidth(label) - 2);
  let shown = text;
  while (textWidth(shown) > room) shown = `~${[...shown].slice(2).join('')}`;
  if (active && proposed && shown !== '') return [`${label} `, ['selected', shown]];
  return [`${label} `, ['strong', shown], active ? ['selected', ' '] : ''];
}

/** The words to type whole, and the field behind them, or below when the name is long. */
export function phraseLines(phrase: string, typed: string, active: boolean, inner: number): Line[] {
  const label = `Type  ${phrase}  to go on:`;
  const room = phrase.length + 3;
  if (label.length + room <= inner) return [line(...field(active, label, typed, inner))];
  return [
    ...wrap(`Type ${phrase} to go on:`, inner).map((part) => line(part)),
    line(...field(active, ' ', typed, inner)),
  ];
}

/** Why Ctrl-G does not work yet. */
export const toType = (typed: string, wanted: string): string =>
  wanted.startsWith(typed) ? 'type it first' : 'misspelt';
