import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { printConfig } from '../../src/config/print.ts';
import { corpusIsHere, readCorpus } from '../config/corpus.ts';
import { anyBlocks, anyText, mutated } from './any-config.ts';

const OPTIONS = { configId: 'node', files: { list: () => [], read: () => undefined } };

/** What is printed is read as what it was printed from, and printed again as it is. */
function expectFixedPoint(text: string): void {
  const read = parseConfig(text, 'f', OPTIONS);
  const printed = printConfig(read.statements, 'f');
  const again = parseConfig(printed, 'f', OPTIONS);
  expect(again.config).toEqual(read.config);
  expect(printConfig(again.statements, 'f')).toBe(printed);
}

describe('a printed configuration', () => {
  it.each([
    ['any text', anyText, 1000],
    ['a good file with pieces put in and cut out', mutated, 300],
    ['blocks of all keywords with any words', anyBlocks, 1000],
  ] as const)('resolves to the same, and is printed as it is: %s', (_, texts, numRuns) => {
    fc.assert(fc.property(texts, expectFixedPoint), { numRuns });
  });
});

describe.skipIf(!corpusIsHere)('a printed configuration that somebody published', () => {
  it.each(readCorpus().map(({ name, text }) => [name, text]))(
    'resolves to the same, and is printed as it is: %s',
    (_, text) => expectFixedPoint(text),
  );
});
