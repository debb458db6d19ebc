// Keywords without their word: keepalived ends at once with exit status 2, wherever the line stands (lexer.md §4).
import type { Report } from './report.ts';
import type { Statement } from './tree.ts';

/** keepalived looks before it takes the word of these; their readers report the lack. */
const LENIENT: ReadonlySet<string> = new Set(['router_id', 'default_interface', 'script_user', 'script']);

/** Reports every keyword that needs a word and has none, in all blocks, supported or not. */
export function reportMissingWords(statements: readonly Statement[], report: Report): void {
  for (const { known, keyword, words, statements: inner } of statements) {
    if (known.needsWord && words.length === 0 && !LENIENT.has(known.name)) {
      report.error('missing-word', keyword, `${known.name} needs a word after it: keepalived would not start`);
    }
    reportMissingWords(inner, report);
  }
}
