// Files to logical lines (lexer.md §6-9): definitions, conditional lines, sequences and includes, in keepalived's order.
import { decomment } from './decomment.ts';
import { Definitions, followingLine } from './definitions.ts';
import { type IncludeCheck, readInclude, readIncludeCheck } from './includes.ts';
import { type LogicalLine, sliceLine, spanOf } from './logical-line.ts';
import type { ParseOptions } from './options.ts';
import type { Report } from './report.ts';
import { expandSequence, isSequence, type SequenceNotes } from './sequences.ts';
import { type ReadLine, readLines } from './source.ts';

const CONDITION = /^@(\^?)(\S*)[ \t]*/;
/** A brace, and behind it a sequence: what stands behind a brace is a line of its own. */
const SEQUENCE_INSIDE = /^[^"]*?[{}](?=[ \t]*~(?:SEQx?|LST)[ \t]*\()/;
const INCLUDE_CHECK = /^include_check(?:[ \t]|$)/;
const INCLUDE = /^(include[rmwba]?)[ \t]+(\S.*)$/;
/** Lines that definitions, sequences and files that are included again may make, all together. */
const MAX_LINES = 400_000;
/** Characters of all lines that are more than what is written; a brace, after which a new line begins, counts for more. */
const MAX_COST = 12_000_000;
const BRACE_COST = 10;
/** Values within values, files within files. */
const MAX_DEPTH = 40;
/** Files that the patterns of all includes may match. */
const MAX_FILES = 20_000;

interface Place {
  readonly directory: string;
  readonly depth: number;
  readonly fileDepth: number;
  /** include_check: of this file from here on, and of those that it includes. */
  readonly checks: { current: readonly IncludeCheck[] };
}

/** Reads a file's text and all it includes; `take` gets the lines in the order in which keepalived would read them. */
export function preprocess(
  text: string,
  file: string,
  options: ParseOptions,
  report: Report,
  take: (line: LogicalLine) => void,
): void {
  const run = new Preprocessor(options, report, take);
  run.file(text, file, { directory: options.directory ?? '.', depth: 0, fileDepth: 0, checks: { current: [] } });
}

class Preprocessor {
  readonly #takeLine: (line: LogicalLine) => void;
  readonly #options: ParseOptions;
  readonly #report: Report;
  readonly #definitions: Definitions;
  readonly #included = new Set<string>();
  #made = 0;
  #cost = 0;
  #files = 0;
  #full = false;

  constructor(options: ParseOptions, report: Report, take: (line: LogicalLine) => void) {
    this.#takeLine = take;
    this.#options = options;
    this.#report = report;
    this.#definitions = new Definitions(report, options);
  }

  /** `again`: the file has been read before, so that its lines count as made. */
  file(text: string, file: string, place: Place, again = false): void {
    readLines(text, file, this.#report, (read) => {
      const line = decomment(read, this.#report);
      if (line === undefined) {
        if (isBlank(read)) this.#definitions.end();
        return true;
      }
      if (again && !this.#mayMake(line, place)) return false;
      if (this.#definitions.continues(line)) return true;
      // Of most lines nothing is to be made.
      if (line.plain && !line.text.startsWith('include')) this.#finish(line, place.depth > 0);
      else this.#take(line, place);
      return true;
    });
  }

  /** One line as it stands in a file or comes out of a definition. */
  #take(line: LogicalLine, place: Place): void {
    const kept = this.#condition(line);
    if (kept === undefined || this.#definitions.define(kept)) return;
    if (!kept.text.includes('$')) {
      this.#expanded(kept, place);
      return;
    }
    const substituted = this.#definitions.substitute(kept, place.directory);
    if (substituted === undefined) return;
    const { line: whole, following } = substituted;
    const clean = whole === kept ? whole : this.#clean(whole);
    // A name that stands for nothing may leave a condition at the beginning.
    const text = clean === undefined || whole === kept ? clean : this.#condition(clean);
    if (following.length === 0) {
      if (text !== undefined) this.#expanded(text, place);
      return;
    }
    // The first line of a value of several lines may itself be a condition or a definition.
    const deeper = deeperThan(place);
    if (text !== undefined && !this.#takeMade(text, deeper)) return;
    for (const lines of following) {
      for (let index = 1; index < lines.texts.length; index++) {
        if (!this.#takeMade(followingLine(lines, index), deeper)) return;
      }
    }
  }

  #clean(line: LogicalLine): LogicalLine | undefined {
    const { memo } = line;
    if (memo === undefined) return withoutComment(line);
    if (memo.clean === undefined) memo.clean = withoutComment(line) ?? null;
    return memo.clean ?? undefined;
  }

  /** False when there may be no more lines of this kind. */
  #takeMade(line: LogicalLine, place: Place): boolean {
    if (!this.#mayMake(line, place)) return false;
    if (this.#definitions.continues(line)) return true;
    if (isLast(line)) this.#finish(line, true);
    else this.#take(line, place);
    return true;
  }

  /** Sequences, then includes, then what is left. */
  #expanded(line: LogicalLine, place: Place): void {
    if (isLast(line)) {
      this.#finish(line, place.depth > 0 || line.segments.length > 1);
      return;
    }
    if (isSequence(line)) {
      const at = spanOf(line, 0, line.text.length);
      const notes: SequenceNotes = [];
      const deeper = deeperThan(place);
      for (const each of expandSequence(line, this.#report)) {
        if (!this.#mayMake(each.line, deeper)) return;
        if (each.line.text !== '') this.#definitions.during(each, at, notes, () => this.#take(each.line, deeper));
      }
      return;
    }
    const before = line.text.includes('~') ? SEQUENCE_INSIDE.exec(line.text)?.[0].length : undefined;
    if (before !== undefined) {
      this.#expanded(sliceLine(line, 0, before), place);
      const rest = before + /^[ \t]*/.exec(line.text.slice(before))![0].length;
      this.#expanded(sliceLine(line, rest), place);
      return;
    }
    const include = line.text.startsWith('include') ? INCLUDE.exec(line.text) : null;
    if (include === null) {
      if (line.text.startsWith('include_check') && INCLUDE_CHECK.test(line.text)) {
        place.checks.current = readIncludeCheck(line, place.checks.current);
      }
      this.#finish(line, place.depth > 0 || line.segments.length > 1);
    } else this.#include(line, include[1]!, include[2]!, place);
  }

  /** A line in which nothing is left to do; `isMade`: it counts of what made lines may cost. */
  #finish(line: LogicalLine, isMade: boolean): void {
    this.#cost += isMade ? costOf(line) : 0;
    if (isMade && this.#cost > MAX_COST) this.#reportFull(line);
    else {
      if (!line.plain) this.#definitions.reportUndefined(line);
      this.#takeLine(line);
    }
  }

  #include(line: LogicalLine, keyword: string, pattern: string, place: Place): void {
    if (this.#files > MAX_FILES || place.fileDepth >= MAX_DEPTH) {
      const message = `files include each other more than ${MAX_DEPTH} deep, or more than ${MAX_FILES}: this one is skipped`;
      this.#report.info('include-too-deep', spanOf(line, 0, line.text.length), message);
      return;
    }
    const fileDepth = place.fileDepth + 1;
    const count = (matches: number) => {
      this.#files += matches;
    };
    for (const file of readInclude({ line, keyword, pattern }, place, this.#options, this.#report, count)) {
      const again = this.#included.has(file.path);
      this.#included.add(file.path);
      this.file(
        file.text,
        file.path,
        { ...place, directory: file.directory, fileDepth, checks: { ...place.checks } },
        again,
      );
    }
  }

  #condition(line: LogicalLine): LogicalLine | undefined {
    const match = line.text.startsWith('@') ? CONDITION.exec(line.text) : null;
    if (match === null) return line;
    const isSame = match[2] === (this.#options.configId ?? '') && match[2] !== '';
    const rest = match[0].length;
    if (isSame === (match[1] === '^') || rest >= line.text.length) return undefined;
    return sliceLine(line, rest);
  }

  /** False (and reported, once) for a line too many of those that other lines made, or one too deep in them. */
  #mayMake(line: LogicalLine, { depth }: Place): boolean {
    this.#made += 1;
    if (this.#made <= MAX_LINES && depth <= MAX_DEPTH && this.#cost <= MAX_COST) return true;
    this.#reportFull(line);
    return false;
  }

  #reportFull(line: LogicalLine): void {
    if (!this.#full) {
      const message = 'definitions and sequences make lines without end, or too many: the rest of them is left out';
      this.#report.error('definition-too-long', spanOf(line, 0, line.text.length), message);
    }
    this.#full = true;
  }
}

function deeperThan({ directory, depth, fileDepth, checks }: Place): Place {
  return { directory, depth: depth + 1, fileDepth, checks };
}

function isBlank({ source, start, end }: ReadLine): boolean {
  return source.text.slice(start, end).trim() === '';
}

/** Of a line that is made again and again: is it to be taken as it is? */
function isLast({ memo, text }: LogicalLine): boolean {
  if (memo === undefined) return false;
  memo.isLast ??= !/[$~]|^@|^include/.test(text);
  return memo.isLast;
}

function costOf({ text, memo }: LogicalLine): number {
  if (memo !== undefined && memo.cost > 0) return memo.cost;
  const braces = text.includes('{') || text.includes('}') ? text.split(/[{}]/).length - 1 : 0;
  const cost = text.length + BRACE_COST * braces;
  if (memo !== undefined) memo.cost = cost;
  return cost;
}

/** `${_HASH}` and `${_BANG}` begin comments outside quotes. */
function withoutComment(line: LogicalLine): LogicalLine | undefined {
  if (line.text !== '' && line.text === line.text.trim() && !/[#!]/.test(line.text)) return line;
  let quoted = false;
  for (let index = 0; index < line.text.length; index++) {
    const character = line.text[index];
    if (character === '"') quoted = !quoted;
    if (quoted || (character !== '#' && character !== '!')) continue;
    if (line.segments.every(({ put }) => put === undefined || !/_HASH|_BANG/.test(put.note))) break;
    const text = line.text.slice(0, index).trimEnd();
    return text === '' ? undefined : sliceLine(line, 0, text.length);
  }
  const blank = /^[ \t]*/.exec(line.text)![0].length;
  const end = line.text.trimEnd().length;
  return end <= blank ? undefined : sliceLine(line, blank, end);
}
