import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';

const INPUTS = join(import.meta.dirname, '../../../shared/keepalived/lexer-inputs');

/** `line:column code`, and the exit status, for the inputs without definitions, conditions, sequences and includes. */
const EXPECTED: Readonly<Record<string, readonly [number, readonly string[]]>> = {
  'badnum.conf': [5, ['3:21 out-of-range', '4:12 invalid-number', '6:21 invalid-number']],
  'comments.conf': [
    5,
    [
      ...['1:1', '2:1', '3:1', '4:1', '5:1', '6:1', '8:1', '9:1'].map((at) => `${at} unknown-keyword`),
      '9:8 unmatched-quote',
      '10:1 unknown-keyword',
      '11:1 unknown-keyword',
    ],
  ],
  'cont.conf': [5, ['1:1', '2:1', '3:1', '4:1'].map((at) => `${at} unknown-keyword`)],
  'crlf.conf': [5, ['1:1 unknown-keyword', '2:1 unknown-keyword']],
  'empty.conf': [0, []],
  'extrabrace.conf': [5, ['6:1 extra-close-brace']],
  'missbrace.conf': [5, ['1:1 missing-close-brace']],
  'missparam.conf': [2, ['1:15 missing-address', '2:3 missing-word']],
  'noob.conf': [
    5,
    [
      '2:3 unknown-keyword',
      '2:3 missing-open-brace',
      '3:3 unknown-keyword',
      '4:3 unknown-keyword',
      '4:35 extra-close-brace',
      '5:1 extra-close-brace',
    ],
  ],
  'ns.conf': [5, ['2:15 missing-vrid', '2:15 missing-address', '4:2 unknown-keyword']],
  'q.conf': [5, ['8:5 missing-address', '9:5 missing-address', '13:27 invalid-value', '15:21 unknown-option']],
  'trailing.conf': [5, ['2:1 unknown-keyword', '3:29 unknown-keyword']],
  'unknown_root.conf': [
    5,
    [
      '1:1 unknown-keyword',
      '2:1 unknown-keyword',
      '3:3 unknown-keyword',
      '4:1 extra-close-brace',
      '7:3 unknown-keyword',
      '12:3 unknown-keyword',
    ],
  ],
  'unterminated.conf': [
    5,
    [
      '1:1 missing-value',
      '1:15 unmatched-quote',
      '2:3 unknown-keyword',
      '3:3 unknown-keyword',
      '4:3 unknown-keyword',
      '4:35 extra-close-brace',
      '5:1 extra-close-brace',
    ],
  ],
};

describe.skipIf(!existsSync(INPUTS))('the lexer experiments', () => {
  it.each(Object.entries(EXPECTED))('%s', (name, [exit, findings]) => {
    const { diagnostics, exitCode } = parseConfig(readFileSync(join(INPUTS, name), 'utf8'), name);
    expect(diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual(findings);
    expect(exitCode).toBe(exit);
  });
});
