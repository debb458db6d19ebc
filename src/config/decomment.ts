// A line without its comment: `#` and `!` outside double quotes, `\#` and `\!` as characters (lexer.md §3).
import type { Report } from './report.ts';
import type { ReadLine, SourceLine, Span } from './source.ts';

/** Where a stretch of a line's text comes from: character by character, or as a whole from what was written there. */
export interface Segment {
  /** Index in `text` at which it begins. */
  readonly at: number;
  /** Index in `source.text` of its first character. */
  readonly from: number;
  /** Of text that a definition or a sequence put there: how long the reference is, and whose value it is. */
  readonly put?: { readonly length: number; readonly note: string };
}

/** Text to be understood, and where each of its characters stands in the source. */
export interface LogicalLine {
  readonly source: SourceLine;
  readonly text: string;
  /** Ascending; the first begins at 0. */
  readonly segments: readonly Segment[];
  /** A quote without a partner has been reported already. */
  readonly unmatched: boolean;
}

/** The segments of lines that are just what is written, by the index at which they begin there. */
const PLAIN: (readonly Segment[])[] = Array.from({ length: 64 }, (_, from) => [{ at: 0, from }]);

function segmentAt(line: LogicalLine, index: number): Segment {
  if (line.segments.length === 1) return line.segments[0]!;
  let found = line.segments[0]!;
  for (const segment of line.segments) {
    if (segment.at > index) break;
    found = segment;
  }
  return found;
}

/** Where `text[from, to)` of a line stands in its source. */
export function spanOf(line: LogicalLine, from: number, to: number): Span {
  const first = segmentAt(line, from);
  const last = to - 1 <= from ? first : segmentAt(line, to - 1);
  const start = first.put === undefined ? first.from + from - first.at : first.from;
  const end = last.put === undefined ? last.from + to - last.at : last.from + last.put.length;
  const length = Math.max(0, end - start);
  const note = first.put?.note ?? last.put?.note;
  const [source, column] = [line.source, start + 1];
  return note === undefined ? { line: source, column, length } : { line: source, column, length, note };
}

/** `text[from, to)` of a line as a line of its own. */
export function sliceLine(line: LogicalLine, from: number, to = line.text.length): LogicalLine {
  const { source, text, unmatched } = line;
  return { source, text: text.slice(from, to), segments: shiftSegments(line, from, 0, []), unmatched };
}

/** The line with `text[from, to)` replaced by a value that findings will name with `note`. */
export function replaceInLine(line: LogicalLine, from: number, to: number, value: string, note: string): LogicalLine {
  const { source, text, unmatched } = line;
  const { column, length } = spanOf(line, from, to);
  const segments = line.segments.filter((segment) => segment.at < from);
  segments.push({ at: from, from: column - 1, put: { length, note } });
  shiftSegments(line, to, from + value.length, segments);
  return { source, text: text.slice(0, from) + value + text.slice(to), segments, unmatched };
}

/** Adds the segments of `text[from...)` to others, as they are when that text begins at `at`. */
function shiftSegments(line: LogicalLine, from: number, at: number, segments: Segment[]): Segment[] {
  const first = segmentAt(line, from);
  segments.push(first.put === undefined ? { at, from: first.from + from - first.at } : moved(first, at));
  for (const segment of line.segments) if (segment.at > from) segments.push(moved(segment, segment.at - from + at));
  return segments;
}

function moved({ from, put }: Segment, at: number): Segment {
  return put === undefined ? { at, from } : { at, from, put };
}

/** Without any of these a line is what is written, less the blanks around it. */
const SPECIAL = /[#!"\\]/;

function trimmed({ source, start }: ReadLine, raw: string): LogicalLine | undefined {
  let first = 0;
  let end = raw.length;
  while (first < end && isBlank(raw.charCodeAt(first))) first += 1;
  while (end > first && isBlank(raw.charCodeAt(end - 1))) end -= 1;
  if (first === end) return undefined;
  const from = start + first;
  return { source, text: raw.slice(first, end), segments: PLAIN[from] ?? [{ at: 0, from }], unmatched: false };
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
  if (!SPECIAL.test(raw)) return trimmed(line, raw);
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
  const read = { source: line.source, text, segments, unmatched: quoteAt >= 0 };
  return raw.endsWith('\\') ? glueBackslash(read) : read;
}
