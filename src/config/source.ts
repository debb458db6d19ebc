// Physical lines of a file: line ends, over-long lines and NUL bytes (lexer.md: at most 1023 bytes are read at once).
import type { Process } from './processes.ts';
import type { Report } from './report.ts';

/** A line as it stands in a file; every position in a finding refers to one. */
export interface SourceLine {
  readonly file: string;
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** Its place among all lines, in the order in which they are read. */
  readonly place: number;
  /** The process whose handlers judge it, once that is known. */
  owner: Process | undefined;
}

/** A stretch of one source line: 1-based column, length at least 0. */
export interface Span {
  readonly line: SourceLine;
  readonly column: number;
  readonly length: number;
  /** For text that does not stand there itself: where it comes from. */
  readonly note?: string;
}

/** What keepalived reads at once: a whole line, or a piece of one that is too long. */
export interface ReadLine {
  readonly source: SourceLine;
  /** Index in `source.text` at which this piece begins. */
  readonly start: number;
  readonly end: number;
  /** There is nothing in it but words, braces and blanks: no comment, quote, backslash, name, condition or sequence. */
  readonly plain: boolean;
}

/** keepalived's line buffer, less the end marker. */
const MAX_BYTES = 1023;
/** A line of so many UTF-16 units fits whatever they are. */
const SHORT = MAX_BYTES / 3;

/** What makes a line more than words, braces and blanks. */
const SPECIAL = /[#!"\\\0$@~]/g;
const CARRIAGE_RETURN = 0x0d;

/**
 * Hands over what keepalived reads line by line until `take` wants no more; LF and CR LF end a line. Reports NULs and
 * long lines.
 */
export function readLines(text: string, file: string, report: Report, take: (line: ReadLine) => boolean): void {
  let number = 0;
  let before: SourceLine | undefined;
  // The next special character: looked for once, not line by line.
  let special = -1;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    number += 1;
    if (special < start) special = nextSpecial(text, start);
    const plain = special >= end;
    let textEnd = end;
    while (textEnd > start && text.charCodeAt(textEnd - 1) === CARRIAGE_RETURN) textEnd -= 1;
    const place = report.nextPlace();
    const source: SourceLine = { file, number, text: text.slice(start, textEnd), place, owner: undefined };
    if (newline < 0 && before !== undefined) report.unended(source, before);
    before = source;
    if (textEnd - start > SHORT || (!plain && source.text.includes('\0'))) {
      if (!cutLine(source, plain, report).every(take)) return;
    } else if (!take({ source, start: 0, end: textEnd - start, plain })) return;
    start = end + 1;
  }
}

function nextSpecial(text: string, from: number): number {
  SPECIAL.lastIndex = from;
  return SPECIAL.exec(text)?.index ?? text.length;
}

function cutLine(source: SourceLine, plain: boolean, report: Report): readonly ReadLine[] {
  const nul = source.text.indexOf('\0');
  if (nul >= 0) {
    report.error(
      'nul-byte',
      { line: source, column: nul + 1, length: 1 },
      'NUL byte: the rest of the line is not read',
      {
        hint: 'is this a UTF-16 or a binary file? keepalived.conf has to be plain text',
      },
    );
  }
  const end = nul < 0 ? source.text.length : nul;
  const cuts = end <= SHORT ? [] : longLineCuts(source.text.slice(0, end));
  if (cuts.length > 0) {
    const message = `line is longer than ${MAX_BYTES} bytes: keepalived takes the rest for a new line`;
    report.error('line-too-long', { line: source, column: cuts[0]! + 1, length: 1 }, message);
  }
  return [...cuts, end].map((cut, index) => ({ source, start: cuts[index - 1] ?? 0, end: cut, plain }));
}

/** Indexes at which a line has to be cut so that no piece takes more than MAX_BYTES in UTF-8. */
function longLineCuts(text: string): number[] {
  const cuts: number[] = [];
  let bytes = 0;
  let index = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes + size > MAX_BYTES) {
      cuts.push(index);
      bytes = 0;
    }
    bytes += size;
    index += character.length;
  }
  return cuts;
}
