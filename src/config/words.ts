// The two ways in which keepalived splits a line into words (lexer.md §4).
import { type LogicalLine, spanOf } from './logical-line.ts';
import type { Span } from './source.ts';
import type { Word } from './statement.ts';

/** Words, or with `unmatched` the position of a quote without a partner (the words before it are good). */
export interface Words {
  readonly words: readonly Word[];
  readonly unmatched?: Span;
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

const QUOTE = 0x22;
const NONE: Word[] = [];

/** Ordinary lines: only `"` quotes, a quote always begins a new word, and there are no escapes. */
export function splitWords(line: LogicalLine, from: number, to: number): Words {
  // Nearly all lines have no more than two words: so no list grows.
  let words: Word[] = NONE;
  const { text } = line;
  const add = (start: number, end: number, quotes: number) => {
    const word = wordAt(line, start, end, text.slice(start + quotes, end - quotes));
    if (words.length === 0) words = [word];
    else if (words.length === 1) words = [words[0]!, word];
    else words.push(word);
  };
  for (let index = from; index < to; ) {
    const code = text.charCodeAt(index);
    if (isBlank(code)) {
      index += 1;
    } else if (code === QUOTE) {
      const close = text.indexOf('"', index + 1);
      if (close < 0 || close >= to) return { words, unmatched: spanOf(line, index, index + 1) };
      add(index, close + 1, 1);
      index = close + 1;
    } else {
      const end = wordEnd(text, index, to);
      add(index, end, 0);
      index = end;
    }
  }
  return { words };
}

/** Where the word that begins at `from` ends; there where it begins when that is a quote or a blank. */
export function wordEnd(text: string, from: number, to: number): number {
  let end = from;
  for (; end < to; end++) {
    const next = text.charCodeAt(end);
    if (next === QUOTE || isBlank(next)) break;
  }
  return end;
}

/** `line.text[from, to)` as a word that says `text`. */
export function wordAt(line: LogicalLine, from: number, to: number, text: string): Word {
  const only = line.segments.length === 1 ? line.segments[0]! : undefined;
  if (only !== undefined && only.put === undefined) {
    return { line: line.source, column: only.from + from + 1, length: to - from, text };
  }
  const { line: source, column, length, note } = spanOf(line, from, to);
  return note === undefined ? { line: source, column, length, text } : { line: source, column, length, note, text };
}

/**
 * Command lines (`script`, `notify`): both kinds of quotes, which join to one word, and escapes. keepalived 2.2.7 resolves
 * them here and once more in `splitCommand`, so that `"sh -c \"a b\""` hands `a b` to the shell as one word.
 */
export function splitQuotedWords(line: LogicalLine, from: number, to: number): Words {
  const words: Word[] = [];
  const scanned = scan(line.text.slice(from, to));
  for (const { start, end, text } of scanned.pieces) words.push(wordAt(line, from + start, from + end, text));
  if (scanned.unmatched === undefined) return { words };
  return { words, unmatched: spanOf(line, from + scanned.unmatched, from + scanned.unmatched + 1) };
}

/** The words of a command as it will be run: quotes removed, escapes resolved. Undefined when a quote is not closed. */
export function splitCommand(text: string): readonly string[] | undefined {
  const { pieces, unmatched } = scan(text);
  return unmatched === undefined ? pieces.map((piece) => piece.text) : undefined;
}

interface Scan {
  readonly pieces: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  readonly unmatched?: number;
}

function scan(text: string): Scan {
  const pieces: { start: number; end: number; text: string }[] = [];
  let index = 0;
  while (index < text.length) {
    if (isBlank(text.charCodeAt(index))) {
      index += 1;
      continue;
    }
    const start = index;
    let word = '';
    let quote = '';
    let quoteAt = index;
    for (; index < text.length; index++) {
      const character = text[index]!;
      if (character === '\\' && index + 1 < text.length) {
        const read = readEscape(text, index);
        word += read.text;
        index += read.length - 1;
      } else if (quote !== '') {
        if (character === quote) quote = '';
        else word += character;
      } else if (character === '"' || character === "'") {
        quote = character;
        quoteAt = index;
      } else if (isBlank(text.charCodeAt(index))) break;
      else word += character;
    }
    if (quote !== '') return { pieces, unmatched: quoteAt };
    pieces.push({ start, end: index, text: word });
  }
  return { pieces };
}

const NAMED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|c([\s\S])|([\s\S]))/y;

/** The character that an escape at `index` stands for, and how many characters the escape takes. */
function readEscape(text: string, index: number): { text: string; length: number } {
  ESCAPE.lastIndex = index;
  const match = ESCAPE.exec(text);
  if (match === null) return { text: text[index]!, length: 1 };
  const [all, octal, hex, control, other] = match;
  if (octal !== undefined) return { text: String.fromCharCode(Number.parseInt(octal, 8) & 0xff), length: all.length };
  if (hex !== undefined) return { text: String.fromCharCode(Number.parseInt(hex, 16)), length: all.length };
  if (control !== undefined) return { text: String.fromCharCode(control.charCodeAt(0) & 0x1f), length: all.length };
  return { text: NAMED[other!] ?? other!, length: all.length };
}
