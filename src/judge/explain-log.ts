// A line of a log → what is known of it: the entry, the instance that it names, or the nearest texts.

import type { LogEntry } from './log-lines/log-entry.ts';
import { LOG_ENTRIES } from './log-lines.ts';

export interface LogMeaning {
  readonly entry: LogEntry;
  /** The text of the entry that it is. */
  readonly log: string;
  /** The name in front: `VI_1`. */
  readonly instance: string | undefined;
  /** The line without time, program and instance. */
  readonly text: string;
}

/** Bounds for a line: what is longer is not read to its end. */
const LONGEST = 2000;
/** Shorter pieces of a text are in too many of them. */
const SHORTEST_PIECE = 8;

const PREFIXES: readonly RegExp[] = [
  // `Nov 22 13:04:44 `, `2026-11-22T13:04:44.123+01:00 `, `Sun Nov 22 12:49:53 2026: `.
  /^[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)? /,
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S* /,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)? \d{4}: /,
  // `  0.025 s  lb1  ` of a demo without a terminal.
  /^\d+\.\d+ s +[\w.-]+ +/,
  // `lb1 Keepalived_vrrp[39]: `, `keepalived[1]: `, `kavtui: `.
  /^(?:[\w.-]+ )?(?:[Kk]eepalived|kavtui)\w*(?:\[\d+\])?: /,
];

/** Without time, host, program and process number in front. */
export function bareLine(line: string): string {
  let text = line.slice(0, LONGEST).trim();
  for (const prefix of PREFIXES) text = text.replace(prefix, '');
  return text.trim();
}

/** `(VI_1) text` → both; keepalived 1 wrote `VRRP_Instance(VI_1) text`. `(FILE: Line 7) text` names no instance. */
function splitInstance(text: string): { instance: string | undefined; text: string } {
  // `(FILE: Line 7) (VI_1) text`, of a configuration that is read.
  const bare = text.replace(/^\([^()]{1,500}: Line \d+\) /, '');
  const match = /^(?:VRRP_Instance)?\(([^()]{1,64})\):? (.+)$/.exec(bare);
  return match === null ? { instance: undefined, text: bare } : { instance: match[1], text: match[2]! };
}

interface Matcher {
  readonly entry: LogEntry;
  readonly log: string;
  /** The text as in the table, small letters. */
  readonly small: string;
  readonly parts: readonly string[];
  /** Letters that have to be there: of two that match the one with more is meant. */
  readonly weight: number;
}

const PLACEHOLDER = /%[-+ 0-9.*]*(?:hh|h|ll|l|z)?[a-z]/;

/** Without the instance in front. */
const smallOf = (log: string): string => log.replace(/^\(%s\):? ?/, '').toLowerCase();

const partsOf = (small: string): string[] => small.split(PLACEHOLDER);

/** Of a text with placeholders. */
function matcherOf(entry: LogEntry, log: string): Matcher {
  const small = smallOf(log);
  const parts = partsOf(small);
  return { entry, log, small, parts, weight: parts.join('').length };
}

const MATCHERS: readonly Matcher[] = LOG_ENTRIES.flatMap((entry) =>
  entry.logs.map((log) => matcherOf(entry, log)),
).sort((a, b) => b.weight - a.weight);

/** What the line says; undefined when no table has it. */
export function explainLog(line: string): LogMeaning | undefined {
  const { instance, text } = splitInstance(bareLine(line));
  const small = text.toLowerCase();
  const found = MATCHERS.find(({ parts, weight }) => weight > 0 && beginsSo(small, parts));
  return found === undefined ? undefined : { entry: found.entry, log: found.log, instance, text };
}

/** Whether the line is that text, whatever stands in the place of `%s`. */
export function isLog(line: string, log: string): boolean {
  return beginsSo(splitInstance(bareLine(line)).text.toLowerCase(), partsOf(smallOf(log)));
}

/** All texts that a piece of a line is in; those of one entry once. */
export function searchLogs(piece: string): readonly LogMeaning[] {
  const { instance, text } = splitInstance(bareLine(piece));
  const small = text.toLowerCase();
  if (small.length < SHORTEST_PIECE) return [];
  const found = new Map<LogEntry, LogMeaning>();
  for (const { entry, log, small: whole } of MATCHERS) {
    if (whole.includes(small) && !found.has(entry)) found.set(entry, { entry, log, instance, text });
  }
  return [...found.values()];
}

/** The first part stands at the beginning, the others follow in their order. */
function beginsSo(text: string, parts: readonly string[]): boolean {
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const found = i === 0 ? (text.startsWith(part) ? 0 : -1) : text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

/** Texts that have most words in common with the line, at most `count`, the nearest first. */
export function nearestLogs(line: string, count = 3): readonly string[] {
  const words = wordsOf(splitInstance(bareLine(line)).text);
  if (words.size < 2) return [];
  const scored = MATCHERS.map(({ log }) => ({ log, score: likeness(words, wordsOf(log)) })).filter(
    ({ score }) => score >= 0.3,
  );
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ log }) => log);
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[a-z]{3,}/g) ?? []);
}

/** Common words in all words, 0 to 1. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length;
  return common / Math.max(1, a.size + b.size - common);
}
