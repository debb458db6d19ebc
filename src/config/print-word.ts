// Words as they have to be written so that they are read again as they are: quotes and escapes only where needed.

/** Blanks, comments, braces, names to replace, and nothing at all. */
const NEEDS_QUOTES = /[\s#!{}$]|^$/;
/** At the beginning of a line these would be a condition, a sequence or an include. */
const DIRECTIVE = /^(?:[@~]|include[rmwba]?$)/;

/**
 * The words of an ordinary line: `"` is the only quote there, and nothing is escaped. `free`: there is no keyword before
 * them. A word that ends in a backslash and needs quotes is written so too, though keepalived then calls a quote open.
 */
export function printWords(texts: readonly string[], free = false): readonly string[] {
  return texts.map((text, index) => {
    const isDirective = free && index === 0 && DIRECTIVE.test(text);
    // Alone at the end a backslash would be taken for a part of the word before it.
    const isAlone = text === '\\' && index === texts.length - 1;
    return isDirective || isAlone || NEEDS_QUOTES.test(text) ? `"${text}"` : text;
  });
}

const PLAIN = /^[^\s#!{}$"'\\\x00-\x1f\x7f]+$/;

/** A word of a command line (`script`, `notify`, ...): both quotes count there, and escapes are resolved. */
export function printCommandWord(text: string): string {
  if (PLAIN.test(text)) return text;
  const quotes = text.split('"').length - 1;
  // Braces and comments are looked for before escapes are known: between two \" they would be found.
  const quote = quotes % 2 === 0 && !/[{}#!]/.test(text) ? '\\"' : '\\x22';
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', quote)
    .replace(/[\x00-\x1f\x7f]/g, hexEscape)
    // keepalived's own names would be replaced, also between quotes.
    .replace(/\$(?=\{?_)/g, hexEscape);
  return `"${escaped}"`;
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
