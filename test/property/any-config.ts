// Texts for property tests of the configuration reader.
import fc from 'fast-check';
import { KNOWN_KEYWORDS, ROOT } from '../../src/config/known-keywords.ts';
import { MAIN_JOB } from '../config/main-job.ts';

const PIECES = [
  '{',
  '}',
  '"',
  "'",
  '\\',
  '\n',
  '#',
  '!',
  '$',
  '${',
  '@',
  '~SEQ(',
  'include ',
  '\0',
  '\r',
  '\t',
  '/',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '99999999999999999999',
  'virtual_ipaddress',
  'track_script',
  'unicast_peer',
  'authentication',
  'auth_pass',
  'vrrp_instance',
  'vrrp_sync_group',
  'weight',
  'reverse',
  'dev',
  'brd +',
  'fe80::1',
];

/** The main configuration with pieces put in, cut out and repeated. */
export const mutated = fc
  .array(fc.tuple(fc.nat(MAIN_JOB.length), fc.nat(30), fc.constantFrom(...PIECES), fc.nat(3)), { maxLength: 12 })
  .map((edits) =>
    edits.reduce((text, [at, cut, piece, times]) => {
      const end = Math.min(text.length, at + cut);
      return text.slice(0, at) + piece.repeat(times) + text.slice(end);
    }, MAIN_JOB),
  );

/** Anything: bytes, the language's own pieces in disorder, a good file spoilt. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom(...PIECES, ' ', '\n', 'x'), { maxLength: 200 }).map((words) => words.join('')),
  fc.array(fc.constantFrom(...PIECES, 'x', '10.0.0.1', '5'), { maxLength: 200 }).map((words) => words.join(' ')),
  mutated,
);

const WORDS = [
  '5',
  '-3',
  '0',
  '10.0.0.1',
  'fe80::1',
  'eth0',
  'MASTER',
  'reverse',
  '/bin/true',
  'a b',
  'x',
  '{',
  'a"b',
  "it's",
  '\\',
  '#',
];

const word = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.string({ unit: fc.constantFrom(...' \t#!{}$"\'\\@~ab_1.:é'), maxLength: 8 }),
);

/** As a writer might put it, whether that is right or not. */
const written = fc.tuple(word, fc.constantFrom('', '"', "'")).map(([text, quote]) => quote + text + quote);

/** None ends in a backslash: of a quote behind it keepalived's two readers of an ordinary line think differently. */
const words = fc.array(written, { maxLength: 4 }).map((list) => list.join(' ').replace(/\\+(?=["\s{}]|$)/g, ''));

const commandWords = fc.oneof(words, fc.constantFrom(String.raw`"sh -c \"a b\"" root`, String.raw`"a\\" 'b "c" \' d'`));

function block(path: string, depth: number): fc.Arbitrary<string> {
  const keywords = [...KNOWN_KEYWORDS.get(path)!.values()];
  const statement = fc.constantFrom(...keywords).chain((known) => {
    const line = (known.command ? commandWords : words).map((text) => `${known.name} ${text}`);
    if (known.shape === 'line') return line;
    const inner =
      known.shape === 'lines'
        ? fc.array(words, { maxLength: 4 }).map((lines) => lines.join('\n'))
        : depth === 0
          ? fc.constant('')
          : block(known.path, depth - 1);
    return fc.tuple(line, inner).map(([head, body]) => `${head} {\n${body}\n}`);
  });
  return fc.array(statement, { maxLength: 5 }).map((lines) => lines.join('\n'));
}

/** Blocks of keywords that keepalived knows, with words good and bad, quoted and not. */
export const anyBlocks = block(ROOT, 2);
