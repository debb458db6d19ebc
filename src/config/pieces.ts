// Braces outside double quotes stand alone wherever they are written (lexer.md §5): a line becomes texts and braces.
import type { LogicalLine, Piece } from './logical-line.ts';

/** The pieces of one line in order; texts are trimmed and never empty. */
export function splitPieces(line: LogicalLine): readonly Piece[] {
  const { text, memo } = line;
  if (memo?.pieces !== undefined) return memo.pieces;
  const pieces = isOneText(text) ? [pieceOf('text', line, 0, text.length)] : splitAtBraces(line);
  if (memo !== undefined) memo.pieces = pieces;
  return pieces;
}

function pieceOf(kind: Piece['kind'], line: LogicalLine, from: number, to: number): Piece {
  return { kind, line, from, to, statement: undefined, span: undefined };
}

function splitAtBraces(line: LogicalLine): readonly Piece[] {
  const { text } = line;
  const pieces: Piece[] = [];
  const addText = (from: number, to: number) => {
    while (from < to && isBlank(text[from]!)) from += 1;
    while (to > from && isBlank(text[to - 1]!)) to -= 1;
    if (to > from) pieces.push(pieceOf('text', line, from, to));
  };
  let textFrom = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') {
      const close = text.indexOf('"', index + 1);
      if (close < 0) break;
      index = close;
    } else if (character === '{' || character === '}') {
      addText(textFrom, index);
      pieces.push(pieceOf(character === '{' ? 'open' : 'close', line, index, index + 1));
      textFrom = index + 1;
    }
  }
  addText(textFrom, text.length);
  return pieces;
}

/** True for nearly every line: nothing to cut off it, and no braces. */
function isOneText(text: string): boolean {
  const last = text.length - 1;
  return last >= 0 && !isBlank(text[0]!) && !isBlank(text[last]!) && !text.includes('{') && !text.includes('}');
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}

/**
 * Where the text of a line ends for all processes but the first: they read what that one wrote down, in which an escaped
 * `#` or `!` stands plainly, and begins a comment.
 */
export function endForChildren({ text, plain }: LogicalLine): number {
  if (plain || !/[#!]/.test(text)) return text.length;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '#' || character === '!')) return index;
  }
  return text.length;
}
