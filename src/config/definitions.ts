// `$NAME=VALUE` and its uses (lexer.md §6): values are kept as text and replaced where they are used, again and again.
import { type LogicalLine, newMemo, type Reference, replaceInLine, type Segment, spanOf } from './logical-line.ts';
import type { ParseOptions } from './options.ts';
import type { Report } from './report.ts';
import type { SequenceNotes, SequenceValues } from './sequences.ts';
import type { SourceLine, Span } from './source.ts';

export interface Definition {
  /** One line, or the lines of a value that ends in a backslash. */
  readonly lines: string[];
  readonly at: Span;
  /** What findings say of text that comes from it; made when it is first needed, and then for all uses in one file. */
  note?: { readonly file: string; readonly text: string };
  /** The lines after the first, as they were made for the last use. */
  following?: FollowingLines;
}

const DEFINITION = /^\$([A-Za-z_][A-Za-z0-9_]*)=[ \t]*/;
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)((?:[ \t][^{}"]*)?)\}|\$([A-Za-z_][A-Za-z0-9_]*)(?=[ \t,)]|$)/g;
/** keepalived's line buffer. */
const MAX_LINE = 1023;
/** Names replaced in one line. */
const MAX_REPLACED = 1000;
/** Segments that all replacements may move, which is what they cost. */
const MAX_MOVED = 20_000_000;
const MAX_NAMES = 100_000;
/** Lines with a name replaced that are kept for the next time. */
const MAX_KEPT = 20_000;

/** The parameters of `${_RANDOM}`. */
const RANGE = /^(?:(\d{1,9})(?:[ \t]+(\d{1,9}))?)?$/;

/** The lines after the first of one value: made one by one, since the caller may have enough. */
export interface FollowingLines {
  /** All lines of the value: a long one is not copied for each use. */
  readonly texts: readonly string[];
  readonly source: SourceLine;
  readonly segments: readonly [Segment];
  /** From the second use at the same place on: lines that were made, to be taken again. */
  made?: LogicalLine[];
}

/** One of them. */
export function followingLine({ texts, source, segments, made }: FollowingLines, index: number): LogicalLine {
  const before = made?.[index];
  if (before !== undefined) return before;
  const memo = made === undefined ? undefined : newMemo();
  const line = { source, text: texts[index]!, segments, unmatched: false, plain: false, memo };
  if (made !== undefined) made[index] = line;
  return line;
}

/** What is left of a line when all names are replaced, and the lines that a multi-line value puts after it. */
export interface Substituted {
  readonly line: LogicalLine;
  readonly following: readonly FollowingLines[];
}

/** The names of a configuration, valid from their line on. */
export class Definitions {
  readonly #report: Report;
  readonly #options: ParseOptions;
  readonly #names = new Map<string, Definition>();
  /** The value that goes on in the next line. */
  #open: Definition | undefined;
  #moved = 0;
  #kept = 0;

  constructor(report: Report, options: ParseOptions) {
    this.#report = report;
    this.#options = options;
  }

  /** True when the line belongs to a multi-line value. */
  continues(line: LogicalLine): boolean {
    const open = this.#open;
    if (open === undefined) return false;
    this.#addLine(open, line.text);
    return true;
  }

  /** A blank line ends a value of several lines. */
  end(): void {
    this.#open = undefined;
  }

  /** True when the line is a definition. */
  define(line: LogicalLine): boolean {
    const match = line.text.startsWith('$') ? DEFINITION.exec(line.text) : null;
    if (match === null) return false;
    const definition: Definition = { lines: [], at: spanOf(line, 0, match[0].length) };
    if (this.#names.size < MAX_NAMES) this.#names.set(match[1]!, definition);
    this.#addLine(definition, line.text.slice(match[0].length));
    return true;
  }

  /** Gives names of a sequence their value for as long as `use` runs; `notes` collects what findings say of them. */
  during({ names, values }: SequenceValues, at: Span, notes: SequenceNotes, use: () => void): void {
    const before = names.map((name) => this.#names.get(name));
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!;
      const note = notes[index] ?? { file: at.line.file, text: `from $${name}, defined on line ${at.line.number}` };
      notes[index] = note;
      this.#names.set(name, { lines: [values[index] ?? ''], at, note });
    }
    use();
    for (let index = 0; index < names.length; index++) {
      const definition = before[index];
      if (definition === undefined) this.#names.delete(names[index]!);
      else this.#names.set(names[index]!, definition);
    }
  }

  #addLine(definition: Definition, text: string): void {
    const more = text.endsWith('\\');
    const value = more ? text.slice(0, -1).replace(/[ \t]+$/, '') : text;
    // An empty first line of a multi-line value is none; an empty value is one.
    if (value !== '' || (definition.lines.length === 0 && !more)) definition.lines.push(value);
    this.#open = more ? definition : undefined;
  }

  /** Replaces names until none is left; undefined (and reported) when the line would grow without end. */
  substitute(line: LogicalLine, directory: string): Substituted | undefined {
    const isSequence = line.text.startsWith('~');
    let current = line;
    const following: FollowingLines[] = [];
    for (let replaced = 0; ; replaced++) {
      const found = this.#next(current, directory, isSequence || current.text.startsWith('~'));
      if (found === undefined) return { line: current, following: following.reverse() };
      const { from, to, note, definition } = found;
      const next = this.#replace(current, found);
      this.#moved += next.segments.length;
      if (this.#moved > MAX_MOVED) {
        const message = 'names are replaced too often: from here on their lines are left out';
        this.#report.error('definition-too-long', spanOf(current, from, to), message);
        return undefined;
      }
      if (next.text.length > MAX_LINE || replaced > MAX_REPLACED) {
        const message = `${current.text.slice(from, to)} grows without end or beyond ${MAX_LINE} characters: the line is left out`;
        this.#report.error('definition-too-long', spanOf(current, from, to), message);
        return undefined;
      }
      if (definition !== undefined) following.push(followingOf(definition, spanOf(current, from, to), note));
      current = next;
    }
  }

  /** As the first time, where the line is made again and again. */
  #replace(line: LogicalLine, { from, to, value, note }: Found): LogicalLine {
    const { memo } = line;
    const known = memo?.replaced?.get(value);
    if (known !== undefined && known.from === from && known.note === note) return known.line;
    const replaced = replaceInLine(line, from, to, value, note);
    if (memo === undefined || known !== undefined || this.#kept >= MAX_KEPT) return replaced;
    this.#kept += 1;
    const kept = { ...replaced, memo: newMemo() };
    memo.replaced ??= new Map();
    memo.replaced.set(value, { from, note, line: kept });
    return kept;
  }

  /** In a line with a sequence, values of several lines wait until it is expanded. */
  #next(line: LogicalLine, directory: string, isSequence: boolean): Found | undefined {
    if (!line.text.includes('$')) return undefined;
    for (const { from, to, name, parameters, note } of referencesIn(line)) {
      const given = name.startsWith('_') ? this.#predefined(name, parameters.trim(), directory) : undefined;
      if (given !== undefined) return { from, to, value: given, note, definition: undefined };
      const definition = parameters === '' ? this.#names.get(name) : undefined;
      if (definition === undefined) continue;
      const hasMore = definition.lines.length > 1;
      if (hasMore && (isSequence || to < line.text.length)) continue;
      const value = definition.lines[0] ?? '';
      const from$ = noteFor(name, definition, line.source.file);
      return { from, to, value, note: from$, definition: hasMore ? definition : undefined };
    }
    return undefined;
  }

  /** The value of a name that keepalived itself defines. */
  #predefined(name: string, parameters: string, directory: string): string | undefined {
    const { configId = '', environment = {}, random } = this.#options;
    if (name === '_PWD') return directory;
    if (name === '_INSTANCE') return configId;
    if (name === '_HASH') return '#';
    if (name === '_BANG') return '!';
    if (name === '_ENV' && parameters !== '') {
      return Object.hasOwn(environment, parameters) ? (environment[parameters] ?? '').slice(0, MAX_LINE) : '';
    }
    if (name !== '_RANDOM') return undefined;
    const range = RANGE.exec(parameters);
    if (range === null) return undefined;
    const min = Number(range[1] ?? 0);
    const most = Math.max(min, Number(range[2] ?? 32_767));
    return String(random === undefined ? min : random(min, most));
  }

  /** Says which braced names nothing defines: their braces count as those of blocks, and what follows goes wrong. */
  reportUndefined(line: LogicalLine): void {
    if (!line.text.includes('${')) return;
    let quoted = false;
    let counted = 0;
    for (const { 0: all, 1: braced, index } of line.text.matchAll(REFERENCE)) {
      for (; counted < index; counted++) if (line.text[counted] === '"') quoted = !quoted;
      if (braced === undefined || quoted) continue;
      // A value of several lines stays as it is when something follows it.
      const why = this.#names.has(braced) ? 'has several lines: nothing may follow it' : 'is not defined above';
      const hint = 'its braces are taken for those of blocks: errors after it may come from this one';
      this.#report.info('undefined-name', spanOf(line, index, index + all.length), `${all} ${why}`, { hint });
    }
  }
}

/** The uses of names in a line, in order; one that is not looked at is not looked for. */
function referencesIn(line: LogicalLine): Iterable<Reference> {
  const { memo } = line;
  if (memo === undefined) return findReferences(line.text);
  memo.references ??= [...findReferences(line.text)];
  return memo.references;
}

function* findReferences(text: string): Generator<Reference> {
  REFERENCE.lastIndex = 0;
  for (let match = REFERENCE.exec(text); match !== null; match = REFERENCE.exec(text)) {
    const { 0: all, 1: braced, 2: parameters = '', 3: bare, index } = match;
    yield { from: index, to: index + all.length, name: (braced ?? bare)!, parameters, note: `from ${all}` };
    REFERENCE.lastIndex = index + all.length;
  }
}

/** What follows the first line of a value that is used at `span`. */
function followingOf(definition: Definition, span: Span, note: string): FollowingLines {
  const { line: source, column, length } = span;
  const last = definition.following;
  const [segment] = last?.segments ?? [];
  const isSame = segment?.from === column - 1 && segment.put?.length === length && segment.put.note === note;
  if (last !== undefined && isSame && last.source === source) {
    last.made ??= [];
    return last;
  }
  definition.following = {
    texts: definition.lines,
    source,
    segments: [{ at: 0, from: column - 1, put: { length, note } }],
  };
  return definition.following;
}

function noteFor(name: string, definition: Definition, file: string): string {
  const { line } = definition.at;
  if (definition.note?.file !== file) {
    const where = line.file === file ? '' : ` of ${line.file}`;
    definition.note = { file, text: `from $${name}, defined on line ${line.number}${where}` };
  }
  return definition.note!.text;
}

interface Found {
  readonly from: number;
  readonly to: number;
  readonly value: string;
  readonly note: string;
  /** Of a value of several lines. */
  readonly definition: Definition | undefined;
}
