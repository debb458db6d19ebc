// Words that are numbers, seconds or switches, read as keepalived reads them (lexer.md §10).
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { suggest } from './suggest.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A decimal integer within the range; undefined (and reported, with what happens instead) when it is none. */
export function readInteger(
  word: Word,
  what: string,
  range: Range,
  instead: string,
  report: Report,
): number | undefined {
  const digits = /^\s*[+-]?\d+$/.test(word.text);
  const value = Number(word.text);
  if (!digits) {
    report.error('invalid-number', word, `${what} has to be a whole number; ${instead}`);
  } else if (value < range.min || value > range.max) {
    report.error('out-of-range', word, `${what} has to be ${range.min} to ${range.max}; ${instead}`);
  } else return value;
  return undefined;
}

/** The number with which a word that is none begins: some of keepalived's handlers report the word and go on with it. */
export function leadingInteger({ text }: Word): number | undefined {
  if (/^\s*[+-]?\d+$/.test(text)) return undefined;
  return Number(/^\s*\+?(\d*)/.exec(text)![1]);
}

/** Decimal seconds as µs, rounded to six places; undefined (and reported) when the word is no such number. */
export function readSeconds(
  word: Word,
  what: string,
  range: Range,
  instead: string,
  report: Report,
): number | undefined {
  const match = /^\s*\+?(\d*)(?:\.(\d*))?$/.exec(word.text);
  if (match === null || !/\d/.test(word.text)) {
    report.error('invalid-number', word, `${what} has to be a number of seconds; ${instead}`);
    return undefined;
  }
  const seconds = Number(word.text);
  if (seconds < range.min || seconds > range.max) {
    report.error('out-of-range', word, `${what} has to be ${range.min} to ${range.max} seconds; ${instead}`);
    return undefined;
  }
  if ((match[2] ?? '').length > 6) report.warning('invalid-number', word, `${what} is rounded to microseconds`);
  return Math.round(seconds * 1_000_000);
}

const TRUE = ['true', 'on', 'yes'];
const FALSE = ['false', 'off', 'no'];

/** Is this one of the words that switch something on or off? */
export function isSwitch({ text }: Word): boolean {
  return TRUE.includes(text) || FALSE.includes(text);
}

/** A switch: the keyword alone means true. Undefined (and reported) when the word is no switch. */
export function readSwitch(statement: Statement, report: Report): boolean | undefined {
  const word = statement.words[0];
  if (word === undefined || TRUE.includes(word.text)) return true;
  if (FALSE.includes(word.text)) return false;
  report.error('invalid-value', word, `${statement.keyword.text} is switched with ${[...TRUE, ...FALSE].join(', ')}`, {
    hint: () => didYouMean(word.text, [...TRUE, ...FALSE]),
  });
  return undefined;
}

/** True when a switch is written and says no. */
export function isSwitchedOff(statement: Statement): boolean {
  return FALSE.includes(statement.words[0]?.text ?? '');
}

/** A hint with the nearest of the words that would do, when one is near. */
export function didYouMean(text: string, candidates: Iterable<string>): string | undefined {
  const nearest = text.length > 48 ? undefined : suggest(text, candidates);
  return nearest === undefined ? undefined : `did you mean '${nearest}'?`;
}
