import { describe, expect, it } from 'vitest';
import { reportExtraWords } from '../../src/config/extra-words.ts';
import { KNOWN_KEYWORDS, type KnownKeyword } from '../../src/config/known-keywords.ts';
import { isOrdinary } from '../../src/config/ordinary.ts';
import { judgeWords } from '../../src/config/other-blocks.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { Report } from '../../src/config/report.ts';
import { reportMissingWords } from '../../src/config/required-words.ts';
import type { SourceLine } from '../../src/config/source.ts';
import type { Statement } from '../../src/config/statement.ts';

const KEYWORDS = [...KNOWN_KEYWORDS].flatMap(([context, block]) =>
  [...block.values()].map((known) => ({ context, known })),
);

/** What the passes find in a statement when none is passed by. */
function found(context: string, known: KnownKeyword, texts: readonly string[]): number {
  const line: SourceLine = { file: 'f', number: 1, text: [known.name, ...texts].join(' '), place: 0, owner: undefined };
  const word = (text: string) => ({ line, column: 1, length: text.length, text });
  const words = texts.map(word);
  const rest = { garbled: false, ordinary: false, statements: [], lines: [], closed: undefined };
  const statement: Statement = { context, keyword: word(known.name), known, words, ...rest };
  const report = new Report();
  reportExtraWords(statement, report);
  reportMissingWords([statement], report);
  judgeWords([statement], report);
  return report.list().length;
}

describe('an ordinary statement', () => {
  it.each([
    ['alone', []],
    ['with a word', ['?']],
  ])('has nothing in it to be reported: %s', (_, texts) => {
    const ordinary = KEYWORDS.filter(({ known }) => isOrdinary(known, texts.length));
    expect(ordinary.length).toBeGreaterThan(100);
    expect(ordinary.filter(({ context, known }) => found(context, known, texts) > 0)).toEqual([]);
  });

  it('has at most one word', () => {
    expect(KEYWORDS.filter(({ known }) => isOrdinary(known, 2))).toEqual([]);
  });

  it('has only such in its braces, at any depth', () => {
    const file = (pass: string) => `vrrp_instance A {\n authentication {\n auth_type PASS\n auth_pass ${pass}\n }\n}\n`;
    const [fine] = parseConfig(file('one'), 'f').statements;
    const [odd] = parseConfig(file('one two'), 'f').statements;
    expect([fine!.ordinary, odd!.ordinary, odd!.statements[0]!.ordinary]).toEqual([true, false, false]);
  });
});
