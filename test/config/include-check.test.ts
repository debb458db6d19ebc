// include_check: what all includes insist on. The exit statuses were observed of keepalived 2.2.7.
import { describe, expect, it } from 'vitest';
import type { Match } from '../../src/config/options.ts';
import { parseConfig } from '../../src/config/parse-config.ts';

/** Only these are there. */
const FILES: readonly Match[] = [
  { path: '/exec.conf', kind: 'executable' },
  { path: '/inner.conf', kind: 'file' },
];

function exitCode(text: string): number {
  const files = {
    list: (pattern: string) => FILES.filter(({ path }) => path === `/${pattern}`),
    read: () => ({ text: 'global_defs {\ninclude_check\n}\n', directory: '/' }),
  };
  return parseConfig(text, 'f', { files, directory: '/' }).exitCode;
}

const checks = (...lines: readonly string[]) =>
  `global_defs {\n${lines.map((line) => `include_check ${line}`.trim()).join('\n')}\n}\n`;

describe('include_check', () => {
  it.each([
    ['nothing is insisted on by default', 'include nope.conf', 0],
    ['alone it insists on all', `${checks('')}include nope.conf`, 6],
    ['match: a file that is not there', `${checks('match')}include nope.conf`, 6],
    ['+match: the same', `${checks('+match')}include nope.conf`, 6],
    ['read: only what is there', `${checks('read')}include nope.conf`, 0],
    ['read: a file that cannot be read', `${checks('read')}include exec.conf`, 6],
    ['wildcard_match: a pattern that matches nothing', `${checks('wildcard_match')}include no*.conf`, 6],
    ['taken back', `${checks('match', '-match')}include nope.conf`, 0],
    ['only from there on', `include nope.conf\n${checks('match')}`, 0],
    ['beside what the form insists on', `${checks('match')}includer exec.conf`, 6],
    ['unknown', checks('foo'), 5],
    ['said in an included file, it ends with that file', 'include inner.conf\ninclude nope.conf', 0],
  ])('%s', (_title, text, expected) => expect(exitCode(`${text}\n`)).toBe(expected));
});
