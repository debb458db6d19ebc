// Makes text from outside (configuration, script output, packets) harmless for a terminal and for a log line.

/** Control (C0, DEL, C1) and format characters (bidirectional, zero width, tags), line separators, half surrogate pairs. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const ESC = 0x1b;
const BEL = 0x07;
const CSI = 0x9b;
const STRING_TERMINATOR = 0x9c;

/** DCS, SOS, OSC, PM and APC: a string follows, up to ST. */
function opensString(c1: number): boolean {
  return c1 === 0x90 || c1 === 0x98 || (c1 >= 0x9d && c1 <= 0x9f);
}

/**
 * The text as one line without anything that a terminal would obey: escape sequences go as a whole (ECMA-48 §5.4, strings
 * up to their terminator or, without one, the rest of the text), line breaks, tabs and U+2028/2029 become a space, all
 * other control and format characters go. Linear in the length.
 */
export function stripControl(text: string): string {
  const first = text.search(HARMFUL);
  if (first < 0) return text;
  let kept = text.slice(0, first);
  let from = first;
  let at = first;
  while (at < text.length) {
    const next = skipHarmful(text, at);
    if (next === at) {
      at += text.codePointAt(at)! > 0xffff ? 2 : 1;
      continue;
    }
    kept += text.slice(from, at);
    if (isBlank(text.charCodeAt(at))) kept += ' ';
    at = next;
    from = next;
  }
  return kept + text.slice(from);
}

function isBlank(code: number): boolean {
  return (code >= 0x09 && code <= 0x0d) || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Where the harmful thing that begins at `at` ends; `at` itself when there is none. */
function skipHarmful(text: string, at: number): number {
  const code = text.codePointAt(at)!;
  if (code >= 0x20 && code < 0x7f) return at;
  if (code === ESC) return skipEscape(text, at + 1);
  if (code === CSI) return skipControlSequence(text, at + 1);
  if (opensString(code)) return skipString(text, at + 1);
  const character = String.fromCodePoint(code);
  return HARMFUL.test(character) ? at + character.length : at;
}

function skipEscape(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 0x5b) return skipControlSequence(text, at + 1);
  if (code >= 0x40 && code <= 0x5f && opensString(code + 0x40)) return skipString(text, at + 1);
  let end = at;
  while (isBetween(text, end, 0x20, 0x2f)) end++;
  return isBetween(text, end, 0x30, 0x7e) ? end + 1 : end;
}

function skipControlSequence(text: string, at: number): number {
  let end = at;
  while (isBetween(text, end, 0x20, 0x3f)) end++;
  return isBetween(text, end, 0x40, 0x7e) ? end + 1 : end;
}

/** A string ends at ST or BEL, is aborted by CAN, SUB or another escape, or takes the rest. */
function skipString(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === ESC) return text.charCodeAt(end + 1) === 0x5c ? end + 2 : end;
    if (code === BEL || code === STRING_TERMINATOR || code === 0x18 || code === 0x1a) return end + 1;
  }
  return text.length;
}

function isBetween(text: string, at: number, low: number, high: number): boolean {
  const code = text.charCodeAt(at);
  return code >= low && code <= high;
}
