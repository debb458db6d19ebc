// Files to logical lines (lexer.md §6-9): definitions, conditional lines, sequences and includes, in keepalived's order.
import { decomment, type LogicalLine, sliceLine, spanOf } from './decomment.ts';
import { Definitions } from './definitions.ts';
import { readInclude } from './includes.ts';
import type { ParseOptions } from './options.ts';
import type { Report } from './report.ts';
import { expandSequence, isSequence } from './sequences.ts';
import { readLines } from './source.ts';

const CONDITION = /^@(\^?)(\S*)[ \t]*/;
const INCLUDE = /^(include[rmwba]?)[ \t]+(\S.*)$/;
/** Lines that definitions, sequences and includes may make, all together. */
const MAX_LINES = 300_000;
/** Values within values, files within files. */
const MAX_DEPTH = 40;
const MAX_FILES = 1000;

interface Place {
  readonly directory: string;
  readonly depth: number;
  readonly fileDepth: number;
}

/** Reads a file's text and all it includes; the lines in the order in which keepalived would read them. */
export function preprocess(text: string, file: string, options: ParseOptions, report: Report): readonly LogicalLine[] {
  const run = new Preprocessor(options, report);
  run.file(text, file, { directory: options.directory ?? '.', depth: 0, fileDepth: 0 });
  return run.lines;
}

class Preprocessor {
  readonly lines: LogicalLine[] = [];
  readonly #options: ParseOptions;
  readonly #report: Report;
  readonly #definitions: Definitions;
  #made = 0;
  #files = 0;
  #full = false;

  constructor(options: ParseOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#definitions = new Definitions(report, options);
  }

  file(text: string, file: string, place: Place): void {
    for (const read of readLines(text, file, this.#report)) {
      const line = decomment(read, this.#report);
      if (line !== undefined && !this.#definitions.continues(line)) this.#take(line, place);
    }
  }

  /** One line as it stands in a file or comes out of a definition. */
  #take(line: LogicalLine, place: Place): void {
    const kept = this.#condition(line);
    if (kept === undefined || this.#definitions.define(kept)) return;
    const substituted = this.#definitions.substitute(kept, place.directory);
    if (substituted === undefined) return;
    const { line: whole, following } = substituted;
    const clean = whole === kept ? whole : withoutComment(whole);
    // A name that stands for nothing may leave a condition at the beginning.
    const text = clean === undefined || whole === kept ? clean : this.#condition(clean);
    if (following.length === 0) {
      if (text !== undefined) this.#expanded(text, place);
      return;
    }
    // The first line of a value of several lines may itself be a condition or a definition.
    for (const each of text === undefined ? following : [text, ...following]) {
      const deeper = this.#deeper(each, place);
      if (deeper === undefined) return;
      if (!this.#definitions.continues(each)) this.#take(each, deeper);
    }
  }

  /** Sequences, then includes, then what is left. */
  #expanded(line: LogicalLine, place: Place): void {
    if (isSequence(line)) {
      const at = spanOf(line, 0, line.text.length);
      for (const { line: each, values } of expandSequence(line, this.#report)) {
        const deeper = this.#deeper(each, place);
        if (deeper === undefined) return;
        if (each.text !== '') this.#definitions.during(values, at, () => this.#take(each, deeper));
      }
      return;
    }
    const include = INCLUDE.exec(line.text);
    if (include === null) {
      this.#definitions.reportUndefined(line);
      this.lines.push(line);
    } else this.#include(line, include[1]!, include[2]!, place);
  }

  #include(line: LogicalLine, keyword: string, pattern: string, place: Place): void {
    const files = readInclude({ line, keyword, pattern }, place.directory, this.#options, this.#report);
    for (const { path, text, directory } of files) {
      this.#files += 1;
      if (this.#files > MAX_FILES || place.fileDepth >= MAX_DEPTH) {
        const message = `files include each other more than ${MAX_DEPTH} deep, or more than ${MAX_FILES}: this one is skipped`;
        this.#report.info('include-too-deep', spanOf(line, 0, line.text.length), message);
        return;
      }
      this.file(text, path, { ...place, directory, fileDepth: place.fileDepth + 1 });
    }
  }

  #condition(line: LogicalLine): LogicalLine | undefined {
    const match = CONDITION.exec(line.text);
    if (match === null) return line;
    const isSame = match[2] === (this.#options.configId ?? '') && match[2] !== '';
    const rest = match[0].length;
    if (isSame === (match[1] === '^') || rest >= line.text.length) return undefined;
    return sliceLine(line, rest);
  }

  /** The place of a line that another one made; undefined (and reported, once) when there are too many. */
  #deeper(line: LogicalLine, place: Place): Place | undefined {
    this.#made += 1;
    if (this.#made <= MAX_LINES && place.depth < MAX_DEPTH) return { ...place, depth: place.depth + 1 };
    if (!this.#full) {
      const message = 'definitions and sequences make lines without end, or too many: the rest of them is left out';
      this.#report.error('definition-too-long', spanOf(line, 0, line.text.length), message);
    }
    this.#full = true;
    return undefined;
  }
}

/** `${_HASH}` and `${_BANG}` begin comments outside quotes. */
function withoutComment(line: LogicalLine): LogicalLine | undefined {
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
