// A line without its comment: `#` and `!` outside double quotes, `\#` and `\!` as characters (lexer.md §3).
import type { Report } from './report.ts';
import type { ReadLine, SourceLine, Span } from './source.ts';

/** Text to be understood, and where each of its characters stands in the source. */
export interface LogicalLine {
  readonly source: SourceLine;
  readonly text: string;
  /** Index in `source.text` of the first character. */
  readonly start: number;
  /** Indexes in `text` before which the source holds one character more (a dropped backslash), ascending. */
  readonly dropped: readonly number[];
  /** A quote without a partner has been reported already. */
  readonly unmatched: boolean;
}

/** Where `text[from, to)` of a line stands in its source. */
export function spanOf(line: LogicalLine, from: number, to: number): Span {
  const column = sourceIndex(line, from) + 1;
  return { line: line.source, column, length: Math.max(0, sourceIndex(line, to) + 1 - column) };
}

function sourceIndex(line: LogicalLine, index: number): number {
  let shift = 0;
  for (const at of line.dropped) if (at <= index) shift += 1;
  return line.start + index + shift;
}

/** A backslash at the end continues nothing: keepalived 2.2.7 joins it to the word before it. */
function glueBackslash(text: string, dropped: number[]): string {
  const glued = text.replace(/[ \t]+\\$/, '\\');
  for (let index = glued.length; index < text.length; index++) dropped.push(glued.length - 1);
  return glued;
}

/** The line up to its comment; undefined when nothing but blanks is left. Reports an odd number of double quotes. */
export function decomment(line: ReadLine, report: Report): LogicalLine | undefined {
  const raw = line.source.text.slice(line.start, line.end);
  const first = /[^ \t]/.exec(raw)?.index;
  if (first === undefined) return undefined;
  let text = '';
  let quoteAt = -1;
  let copied = first;
  const dropped: number[] = [];
  let index = first;
  for (; index < raw.length; index++) {
    const character = raw[index];
    const comment = character === '#' || character === '!';
    if (character === '"') quoteAt = quoteAt < 0 ? index : -1;
    else if (comment && quoteAt < 0) break;
    else if (character === '\\') {
      index += 1;
      if (quoteAt >= 0 || (raw[index] !== '#' && raw[index] !== '!')) continue;
      text += raw.slice(copied, index - 1);
      dropped.push(text.length);
      copied = index;
    }
  }
  text = (text + raw.slice(copied, Math.min(index, raw.length))).replace(/[ \t]+$/, '');
  if (quoteAt >= 0) {
    const span = { line: line.source, column: line.start + quoteAt + 1, length: 1 };
    report.error('unmatched-quote', span, 'this quote is not closed on the line');
  }
  if (text === '') return undefined;
  text = glueBackslash(text, dropped);
  return { source: line.source, text, start: line.start + first, dropped, unmatched: quoteAt >= 0 };
}
