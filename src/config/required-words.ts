// Keywords without their word: an error, or the end of keepalived, wherever the line stands (lexer.md §4).
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { noteNewerKeyword } from './unknown-keyword.ts';

/** Reports every keyword that needs a word and has none, and notes the newer ones, in all blocks, supported or not. */
export function reportMissingWords(statements: readonly Statement[], report: Report): void {
  for (const statement of statements) {
    if (statement.ordinary) continue;
    noteNewerKeyword(statement, report);
    reportMissingWord(statement, report);
    reportMissingWords(statement.statements, report);
  }
}

function reportMissingWord({ known, keyword, words, garbled }: Statement, report: Report): void {
  // What an open quote took away has been reported; only for a command keepalived sees that too.
  if (words.length > 0 || (garbled && known.command)) return;
  if (known.alone === 'exit') {
    report.error('missing-word', keyword, `${known.name} needs a word after it: keepalived would not start`);
  } else if (known.alone === 'error' && !garbled) {
    report.error('missing-value', keyword, `${known.name} needs a word after it: the line is ignored`);
  }
}
