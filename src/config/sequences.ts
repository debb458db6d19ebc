// `~SEQ`, `~SEQx` and `~LST` (lexer.md §8): the rest of a line, once for each value.
import { type LogicalLine, newMemo, replaceInLine, sliceLine, spanOf } from './logical-line.ts';
import type { Report } from './report.ts';

const SEQUENCE = /^~(SEQx?|LST)[ \t]*\(([^()]*)\)[ \t]*/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const INTEGER = /^[+-]?(?:0[xX][0-9a-fA-F]+|\d+)$/;

/** True when a line begins with a sequence, well formed or not. */
export function isSequence(line: LogicalLine): boolean {
  return line.text.startsWith('~') && /^~(?:SEQx?|LST)[ \t]*\(/.test(line.text);
}

/** What the names of a sequence stand for in one of its lines; a value that is missing is empty. */
export interface SequenceValues {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** What findings say of text that a name of the sequence stands for, by its place among the names. */
export type SequenceNotes = { readonly file: string; readonly text: string }[];

/** One line of a sequence, and what its names stand for in it and in all it makes. */
export interface SequenceLine extends SequenceValues {
  readonly line: LogicalLine;
}

interface Values {
  readonly names: readonly string[];
  /** One tuple for each line, lazily: the caller stops when it has enough. */
  readonly tuples: Iterable<readonly string[]>;
}

/** The lines of the leftmost sequence of a line; undefined (and reported) when it is none. */
export function* expandSequence(line: LogicalLine, report: Report): Generator<SequenceLine> {
  const match = SEQUENCE.exec(line.text);
  const whole = match?.[0].trimEnd().length ?? line.text.length;
  const values = match === null ? 'the ) is missing' : readValues(match[1]!, match[2]!);
  if (typeof values === 'string') {
    const message = `this sequence is none, the line is left out: ${values}`;
    report.error('invalid-sequence', spanOf(line, 0, whole), message);
    return;
  }
  const rest = restOf(line, match![0].length);
  const { names } = values;
  const uses = [...rest.text.matchAll(USE)].filter((use) => names.includes((use[1] ?? use[2])!)).reverse();
  for (const tuple of values.tuples) {
    yield { line: uses.length === 0 ? rest : fill(rest, uses, names, tuple), names, values: tuple };
  }
}

/** The line that a sequence repeats; kept where the sequence itself is made again and again. */
function restOf(line: LogicalLine, from: number): LogicalLine {
  const { memo } = line;
  if (memo === undefined) return sliceLine(line, from);
  memo.rest ??= { ...sliceLine(line, from), memo: newMemo() };
  return memo.rest;
}

function readValues(kind: string, text: string): Values | string {
  return kind === 'LST' ? readList(text) : readRange(text, kind === 'SEQx');
}

function readRange(text: string, hexadecimal: boolean): Values | string {
  const [name, ...numbers] = text.split(',').map((part) => part.trim());
  if (name === undefined || !NAME.test(name)) return 'a name has to come first';
  if (numbers.length < 1 || numbers.length > 3) return 'one to three numbers have to follow the name';
  if (!numbers.every((number) => INTEGER.test(number))) return 'its values have to be whole numbers';
  const [first, second, third] = numbers.map(toInteger) as [number, number?, number?];
  const end = third ?? second ?? first;
  const start = second === undefined ? (end < 0 ? -1 : 1) : first;
  const step = third === undefined ? (start <= end ? 1 : -1) : second!;
  if (step === 0 || (end !== start && step > 0 !== end > start)) return 'its step leads nowhere';
  if (hexadecimal && (start < 0 || end < 0)) return 'hexadecimal values may not be negative';
  return { names: [name], tuples: count(start, end, step, hexadecimal ? 16 : 10) };
}

/** As C reads it: 0x is hexadecimal, a leading 0 octal. */
function toInteger(text: string): number {
  const digits = text.replace(/^[+-]/, '');
  const base = /^0[xX]/.test(digits) ? 16 : /^0\d/.test(digits) ? 8 : 10;
  return (text.startsWith('-') ? -1 : 1) * Number.parseInt(digits.replace(/^0[xX]/, ''), base);
}

function* count(start: number, end: number, step: number, base: number): Generator<readonly string[]> {
  for (let value = start; step > 0 ? value <= end : value >= end; value += step) yield [value.toString(base)];
}

function readList(text: string): Values | string {
  if (!text.trimStart().startsWith('{')) {
    const [name, ...values] = text.split(',').map((part) => part.trim());
    if (name === undefined || !NAME.test(name)) return 'a name has to come first';
    if (values.length === 0) return 'it has no values';
    return { names: [name], tuples: values.map((value) => [value]) };
  }
  const groups = [...text.matchAll(/\{([^{}]*)\}/g)].map((group) => group[1]!.split(',').map((part) => part.trim()));
  const [names, ...tuples] = groups;
  if (names === undefined || !names.every((name) => NAME.test(name))) return 'the names have to come first, in braces';
  if (tuples.some((tuple) => tuple.length > names.length)) return 'there are more values than names';
  return { names, tuples };
}

const USE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)(?=[ \t,)]|$)/g;

/** The line with its uses of names, from the last to the first, replaced by their values. */
function fill(
  line: LogicalLine,
  uses: readonly RegExpExecArray[],
  names: readonly string[],
  values: readonly string[],
): LogicalLine {
  let filled = line;
  for (const use of uses) {
    const name = (use[1] ?? use[2])!;
    // Of a name that is there twice the last value counts.
    const value = values[names.lastIndexOf(name)] ?? '';
    filled = replaceInLine(filled, use.index, use.index + use[0].length, value, `$${name} is ${value} here`);
  }
  return filled;
}
