// A line on its way from the file to the tree: its text, and where each of its characters stands in the source.
import type { SourceLine, Span } from './source.ts';
import type { Draft } from './statement.ts';

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
  /** As read from a file, with nothing in it but words, braces and blanks. */
  readonly plain: boolean;
  /** Of a line that definitions make again and again: what was found out about it. */
  readonly memo: LineMemo | undefined;
}

/** Filled by those who find it out, so that a line that is made a thousand times is worked out once. */
export interface LineMemo {
  /** Neither names nor sequences, conditions or includes are in it: it can be taken as it is. */
  isLast: boolean | undefined;
  /** What it counts of what all made lines may cost. */
  cost: number;
  /** Without what a name brought along as a comment; null: nothing is left. */
  clean: LogicalLine | null | undefined;
  /** The names in it. */
  references: readonly Reference[] | undefined;
  /** With its first name replaced, by value. */
  replaced: Map<string, { readonly from: number; readonly note: string; readonly line: LogicalLine }> | undefined;
  /** What stands behind the sequence at its beginning. */
  rest: LogicalLine | undefined;
  pieces: readonly Piece[] | undefined;
}

/** Nothing is known yet. */
export function newMemo(): LineMemo {
  return {
    isLast: undefined,
    cost: 0,
    clean: undefined,
    references: undefined,
    replaced: undefined,
    rest: undefined,
    pieces: undefined,
  };
}

/** A use of a name. */
export interface Reference {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly parameters: string;
  /** What findings say of its value where keepalived itself defines it. */
  readonly note: string;
}

/** A text, or a brace that stands outside quotes. */
export interface Piece {
  readonly kind: 'text' | 'open' | 'close';
  readonly line: LogicalLine;
  /** Indexes in `line.text`. */
  readonly from: number;
  readonly to: number;
  /** Of a line that is made again and again: what it has become in the tree. */
  statement: Draft | undefined;
  span: Span | undefined;
}

/** The segments of lines that are just what is written, by the index at which they begin there. */
export const PLAIN: (readonly Segment[])[] = Array.from({ length: 64 }, (_, from) => [{ at: 0, from }]);

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
  const segments = shiftSegments(line, from, 0, []);
  return { source, text: text.slice(from, to), segments, unmatched, plain: false, memo: undefined };
}

/** The line with `text[from, to)` replaced by a value that findings will name with `note`. */
export function replaceInLine(line: LogicalLine, from: number, to: number, value: string, note: string): LogicalLine {
  const { source, text, unmatched } = line;
  const { column, length } = spanOf(line, from, to);
  const segments = line.segments.filter((segment) => segment.at < from);
  segments.push({ at: from, from: column - 1, put: { length, note } });
  shiftSegments(line, to, from + value.length, segments);
  const replaced = text.slice(0, from) + value + text.slice(to);
  return { source, text: replaced, segments, unmatched, plain: false, memo: undefined };
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
