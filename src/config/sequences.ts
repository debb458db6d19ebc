// `~SEQ`, `~SEQx` and `~LST` (lexer.md §8): the rest of a line, once for each value.
import { type LogicalLine, replaceInLine, sliceLine, spanOf } from './decomment.ts';
import type { Report } from './report.ts';

const SEQUENCE = /^~(SEQx?|LST)[ \t]*\(([^()]*)\)[ \t]*/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const INTEGER = /^[+-]?(?:0[xX][0-9a-fA-F]+|\d+)$/;

/** True when a line begins with a sequence, well formed or not. */
export function isSequence(line: LogicalLine): boolean {
  return line.text.startsWith('~') && /^~(?:SEQx?|LST)[ \t]*\(/.test(line.text);
}

/** One line of a sequence, and what its names stand for in it and in all it makes. */
export interface SequenceLine {
  readonly line: LogicalLine;
  readonly values: ReadonlyMap<string, string>;
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
  const rest = sliceLine(line, match![0].length);
  for (const tuple of values.tuples) {
    const set = new Map(values.names.map((name, index) => [name, tuple[index] ?? '']));
    yield { line: fill(rest, set), values: set };
  }
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

function fill(line: LogicalLine, values: ReadonlyMap<string, string>): LogicalLine {
  let filled = line;
  const uses = [...line.text.matchAll(USE)].filter((use) => values.has((use[1] ?? use[2])!));
  for (const use of uses.reverse()) {
    const name = (use[1] ?? use[2])!;
    const value = values.get(name)!;
    filled = replaceInLine(filled, use.index, use.index + use[0].length, value, `$${name} is ${value} here`);
  }
  return filled;
}
