// Width, cutting and padding of text on a character grid, and styled lines made of spans.
// Only this file decides how many cells a text takes; a line that went through `pad` or `fitSpans` is exactly as wide as asked.
import type { Style } from './theme.ts';

/** A piece of a line: plain, or with a style token. Holds no control characters and no escape sequences. */
export type Span = string | readonly [Style, string];

/** One row of the screen before painting. `style` lies under the styles of the spans and fills the row. */
export interface Line {
  readonly spans: readonly Span[];
  readonly style?: Style;
}

export function line(...spans: Span[]): Line {
  return { spans };
}

export function styledLine(style: Style, ...spans: Span[]): Line {
  return { spans, style };
}

export function spanText(span: Span): string {
  return typeof span === 'string' ? span : span[1];
}

const ASCII = /^[\x20-\x7e]*$/;
const ZERO = /^[\p{M}\p{Cf}]$/u;
const WIDE = /^\p{Emoji_Presentation}$/u;

/** Cells of one code point: 0, 1 or 2. East Asian ambiguous characters count as 1. */
function codePointWidth(char: string): number {
  const code = char.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (ZERO.test(char)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0xa4cf) ||
    (code >= 0xa960 && code <= 0xa97c) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f000 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide || WIDE.test(char) ? 2 : 1;
}

/** Cells that a text takes. */
export function width(text: string): number {
  if (ASCII.test(text)) return text.length;
  let cells = 0;
  for (const char of text) cells += codePointWidth(char);
  return cells;
}

/** The longest beginning of a text that takes at most `cells` cells. */
export function cut(text: string, cells: number): string {
  if (cells <= 0) return '';
  if (ASCII.test(text)) return text.slice(0, cells);
  let used = 0;
  let out = '';
  for (const char of text) {
    used += codePointWidth(char);
    if (used > cells) break;
    out += char;
  }
  return out;
}

/** Cut to `cells`, the last cell a `~` when something was lost: a cut name must not look like a whole one. */
export function shorten(text: string, cells: number): string {
  return width(text) <= cells ? text : `${cut(text, cells - 1)}~`;
}

/** Exactly `cells` wide: shortened, or padded at the end (at the start with `align` right). */
export function pad(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const short = shorten(text, cells);
  const blanks = ' '.repeat(Math.max(0, cells - width(short)));
  return align === 'right' ? blanks + short : short + blanks;
}

export function spansWidth(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + width(spanText(span)), 0);
}

/** Spans that take exactly `cells` cells: cut (the last cell a `~`) or padded with blanks. */
export function fitSpans(spans: readonly Span[], cells: number): Span[] {
  const total = spansWidth(spans);
  if (total <= cells) return total === cells ? [...spans] : [...spans, ' '.repeat(cells - total)];
  const out: Span[] = [];
  let left = cells - 1;
  for (const span of spans) {
    if (left <= 0) break;
    const text = cut(spanText(span), left);
    left -= width(text);
    out.push(typeof span === 'string' ? text : [span[0], text]);
    if (text.length < spanText(span).length) break;
  }
  out.push('~'.padEnd(cells - spansWidth(out), ' '));
  return out;
}

/** Left spans, blanks, right spans: exactly `cells` wide; the right side wins when both do not fit. */
export function spread(left: readonly Span[], right: readonly Span[], cells: number): Span[] {
  const room = cells - spansWidth(right);
  return room > 0 ? [...fitSpans(left, room), ...right] : fitSpans(right, cells);
}

/** Breaks a text at blanks into lines of at most `cells` (at least 2) cells; a longer word is broken anywhere. */
export function wrap(text: string, atMost: number): string[] {
  const cells = Math.max(2, atMost);
  const lines: string[] = [];
  let current = '';
  for (let word of text.split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (width(joined) <= cells) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    while (width(word) > cells) {
      const head = cut(word, cells);
      lines.push(head);
      word = word.slice(head.length);
    }
    current = word;
  }
  lines.push(current);
  return lines;
}
