// The one gate for text from outside: everything a session delivers goes through here before any view sees it.
import { stripControl } from '../wire/text.ts';

const PLAIN = /^[\x20-\x7e]*$/;
/** What takes no cell of its own or has no agreed width: combining marks, format, private, unassigned, surrogates. */
const UNSTEADY = /[\p{M}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;

/** Terminals disagree whether these take one cell or two: a column behind one would stand elsewhere on each. */
const DISPUTED = /[\p{Emoji_Presentation}\u{1f000}-\u{1faff}]/gu;

/** The text as one line of characters of known width, without anything that a terminal would obey. */
export function cleanText(text: string): string {
  return PLAIN.test(text) ? text : stripControl(text).replace(UNSTEADY, '').replace(DISPUTED, '?');
}

/** A copy of plain data in which every string, keys included, is clean. Bytes stay what they are: who draws them cleans. */
export function clean<T>(value: T): T {
  return walk(value) as T;
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(walk);
  if (value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), walk(inner)]));
}
