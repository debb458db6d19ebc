// A line without its comment: `#` and `!` outside double quotes, `\#` and `\!` as characters (lexer.md §3).
import { type LogicalLine, PLAIN, type Segment, sliceLine } from './logical-line.ts';
import type { Report } from './report.ts';
import type { ReadLine } from './source.ts';

function trimmed({ source, start }: ReadLine, raw: string): LogicalLine | undefined {
  let first = 0;
  let end = raw.length;
  while (first < end && isBlank(raw.charCodeAt(first))) first += 1;
  while (end > first && isBlank(raw.charCodeAt(end - 1))) end -= 1;
  if (first === end) return undefined;
  const from = start + first;
  const segments = PLAIN[from] ?? [{ at: 0, from }];
  return { source, text: raw.slice(first, end), segments, unmatched: false, plain: true, memo: undefined };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** A backslash at the end continues nothing: keepalived 2.2.7 joins it to the word before it. */
function glueBackslash(line: LogicalLine): LogicalLine {
  const blanks = /[ \t]+\\$/.exec(line.text);
  if (blanks === null) return line;
  const backslash = sliceLine(line, line.text.length - 1).segments[0]!;
  const segments = [...line.segments, { ...backslash, at: blanks.index }];
  return { ...line, text: `${line.text.slice(0, blanks.index)}\\`, segments };
}

/** The line up to its comment; undefined when nothing but blanks is left. Reports an odd number of double quotes. */
export function decomment(line: ReadLine, report: Report): LogicalLine | undefined {
  const raw = line.source.text.slice(line.start, line.end);
  if (line.plain) return trimmed(line, raw);
  const first = /[^ \t]/.exec(raw)?.index;
  if (first === undefined) return undefined;
  let text = '';
  let quoteAt = -1;
  let copied = first;
  const segments: Segment[] = [{ at: 0, from: line.start + first }];
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
      segments.push({ at: text.length, from: line.start + index });
      copied = index;
    }
  }
  text = (text + raw.slice(copied, Math.min(index, raw.length))).replace(/[ \t]+$/, '');
  // Of a comment keepalived keeps the backslash at its end, so that values of several lines may hold comments.
  if (index < raw.length && raw.endsWith('\\')) {
    segments.push({ at: text.length, from: line.start + raw.length - 1 });
    text += '\\';
  }
  if (quoteAt >= 0) {
    const span = { line: line.source, column: line.start + quoteAt + 1, length: 1 };
    report.error('unmatched-quote', span, 'this quote is not closed on the line');
  }
  if (text === '') return undefined;
  const unmatched = quoteAt >= 0;
  const read = { source: line.source, text, segments, unmatched, plain: false, memo: undefined };
  return raw.endsWith('\\') ? glueBackslash(read) : read;
}
