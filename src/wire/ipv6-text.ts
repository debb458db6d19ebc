// Text of IPv6 addresses: reading as inet_pton does, writing as RFC 5952 §4 wants. ipaddr.js reads `::1.2.3.4` as a
// mapped address and takes octal in dotted tails, and is five times slower on the path of every packet.

const DOTTED_QUAD = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Four decimal numbers without leading zeros, as inet_pton wants them. */
export function isDottedQuad(text: string): boolean {
  return DOTTED_QUAD.test(text);
}

/** Value of a hexadecimal digit's character code, or -1. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** The 16 bytes of an IPv6 address, or undefined when inet_pton would refuse the text (zones and prefixes included). */
export function parseIpv6(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16);
  let filled = 0;
  let gapAt = -1;
  let at = 0;
  if (text.startsWith(':') && !text.startsWith('::')) return undefined;
  if (text.startsWith('::')) {
    gapAt = 0;
    at = 2;
  }
  while (at < text.length) {
    const start = at;
    let word = 0;
    let digit = hexDigit(text.charCodeAt(at));
    while (digit >= 0 && at - start < 4) {
      word = word * 16 + digit;
      digit = hexDigit(text.charCodeAt(++at));
    }
    if (text[at] === '.') {
      const quad = text.slice(start);
      if (filled > 12 || !isDottedQuad(quad)) return undefined;
      for (const part of quad.split('.')) bytes[filled++] = Number(part);
      break;
    }
    if (at === start || filled > 14) return undefined;
    bytes[filled++] = word >> 8;
    bytes[filled++] = word & 0xff;
    if (at === text.length) break;
    if (text[at++] !== ':' || at === text.length) return undefined;
    if (text[at] === ':') {
      if (gapAt >= 0) return undefined;
      gapAt = filled;
      at++;
    }
  }
  if (gapAt < 0) return filled === 16 ? bytes : undefined;
  if (filled === 16) return undefined;
  bytes.copyWithin(16 - (filled - gapAt), gapAt, filled);
  bytes.fill(0, gapAt, 16 - (filled - gapAt));
  return bytes;
}

/** RFC 5952 §4 text of the 16 bytes at `offset`: lower case, the first longest run of two or more zero words as `::`. */
export function formatIpv6(bytes: Uint8Array, offset: number): string {
  let gapAt = -1;
  let gapLength = 1;
  let run = 0;
  for (let word = 0; word < 8; word++) {
    const zero = bytes[offset + word * 2] === 0 && bytes[offset + word * 2 + 1] === 0;
    run = zero ? run + 1 : 0;
    if (run > gapLength) {
      gapLength = run;
      gapAt = word - run + 1;
    }
  }
  let text = '';
  for (let word = 0; word < 8; word++) {
    if (word === gapAt) {
      text += '::';
      word += gapLength - 1;
      continue;
    }
    if (text !== '' && !text.endsWith('::')) text += ':';
    text += ((bytes[offset + word * 2]! << 8) | bytes[offset + word * 2 + 1]!).toString(16);
  }
  return text;
}
