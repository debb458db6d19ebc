// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived's own syntax
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { renderDiagnostic } from '../../src/config/render.ts';

const MEGABYTE = 1_000_000;
const SIZE = 300_000;
const INSTANCE = 'vrrp_instance V {\ninterface eth0\nvirtual_router_id 5\n';

/** Each asks one stage or table as often as its size allows. */
const TEXTS: Readonly<Record<string, string>> = {
  'opening braces on one line': '{'.repeat(MEGABYTE),
  'closing braces on one line': '}'.repeat(MEGABYTE),
  'opening braces, a line each': '{\n'.repeat(MEGABYTE / 2),
  'braces in turn': '{}'.repeat(MEGABYTE / 2),
  'unknown keywords': 'virtual_ipadres 1\n'.repeat(SIZE / 18),
  'long unknown keywords': `${'virtual_'.repeat(120)}\n`.repeat(1000),
  'one endless word': 'x'.repeat(SIZE),
  'escaped comments': '\\# '.repeat(SIZE / 3),
  'blanks before a backslash': `${' '.repeat(900)}\\x\n`.repeat(1000),
  'open quotes': '"a\n'.repeat(SIZE / 3),
  'empty words': '"" '.repeat(SIZE / 3),
  references: '${A} '.repeat(SIZE / 5),
  definitions: '$A=b\n'.repeat(SIZE / 5),
  'NUL bytes': '\0\n'.repeat(SIZE / 2),
  'blank lines': '\n'.repeat(SIZE),
  'distinct scripts and an instance that tracks as many others': `${Array.from({ length: 10_000 }, (_, n) => `vrrp_script s${n} {\nscript x\n}\n`).join('')}${INSTANCE}track_script {\n${Array.from({ length: 10_000 }, (_, n) => `t${n}`).join('\n')}\n}\n}\n`,
  'distinct tracked interfaces': `${INSTANCE}track_interface {\n${Array.from({ length: 10_000 }, (_, n) => `e${n}`).join('\n')}\n}\n}\n`,
  'distinct addresses': `${INSTANCE}virtual_ipaddress {\n${Array.from({ length: 10_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`).join('\n')}\n}\n}\n`,
  'instances with one VRID': `${INSTANCE}}\n`.repeat(5_000),
  'distinct instances with one VRID': Array.from(
    { length: 4_000 },
    (_, n) => `${INSTANCE.replace('V', `V${n}`)}}\n`,
  ).join(''),
  'carriage returns': `${'\r'.repeat(SIZE)}x`,
  passwords: 'auth_pass x '.repeat(SIZE / 12),
};

describe('a large file of', () => {
  it.each(Object.entries(TEXTS))(
    '%s is read and printed within seconds, with a bounded number of findings',
    (_, text) => {
      const started = performance.now();
      const { diagnostics } = parseConfig(text, 'f');
      for (const finding of diagnostics) renderDiagnostic(finding);
      expect(performance.now() - started).toBeLessThan(4000);
      expect(diagnostics.length).toBeLessThanOrEqual(501);
    },
  );
});

/** Files that ask for far more lines, characters, replacements or files than they hold. */
const GROWING: Readonly<Record<string, string>> = {
  'a sequence without end': '~SEQ(i, 2000000000) x ${i}\n',
  'sequences within sequences': `${'~SEQ(i, 1000) '.repeat(5)}x\n`,
  'many sequences without end': '~SEQ(i, 2000000000) x\n'.repeat(2000),
  'long lines of a sequence': `$L=${'y'.repeat(900)}\n~SEQ(i, 300000) x \${L}\n`,
  'short lines that stand for long ones': `$L=${'{} '.repeat(300)}\n${'${L}\n'.repeat(100_000)}`,
  'names that nothing defines, in a sequence': `~SEQ(i, 300000) ${'${NO}'.repeat(180)}\n`,
  'a definition of itself': '$A=${A} ${A}\n${A}\n'.repeat(2000),
  'definitions of each other': `$A=\${B}\n$B=\${A}\n${'${A}\n'.repeat(5000)}`,
  'values of many lines, used often': `$A= \\\n${'x \\\n'.repeat(20_000)}y\n${'$A\n'.repeat(20_000)}`,
  'values of many lines within each other': `${Array.from({ length: 30 }, (_, n) => `$A${n}= \\\nx \\\n$A${n + 1} \\\n$A${n + 1}\n`).join('')}$A0\n`,
  'virtual servers of a sequence': `$R= \\\nreal_server 10.0.\${i}.\${j} 80 { \\\nweight 1 \\\n}\n~SEQ(i, 255) ~SEQ(j, 255) $R\n`,
};

describe('a small file with', () => {
  it.each(Object.entries(GROWING))('%s ends within seconds', (_, text) => {
    const started = performance.now();
    const { diagnostics } = parseConfig(text, 'f');
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});

describe('files that include', () => {
  const includes = (count: number, text: string) => ({
    list: () => Array.from({ length: count }, (_, n) => ({ path: `f${n}`, kind: 'file' as const })),
    read: () => ({ text, directory: '.' }),
  });

  it.each([
    ['themselves', 1, 'include x\n'],
    ['themselves twice', 1, 'include x\ninclude x\n'],
    ['a thousand files, which all include these', 1000, 'include x\n'],
    ['one long file again and again', 1, `${'use_pid_dir\n'.repeat(10_000)}include x\n`],
  ])('%s are read so deep and no deeper, which is said', (_, count, text) => {
    const started = performance.now();
    const { diagnostics } = parseConfig('include x\n'.repeat(50), 'f', { files: includes(count, text) });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(diagnostics.map(({ code }) => code)).toContainEqual(
      expect.stringMatching(/^(?:include-too-deep|definition-too-long)$/),
    );
  });

  it('ten thousand files, each once, are all read', () => {
    const text = 'foo\n';
    const { diagnostics } = parseConfig('include *\n', 'f', { files: includes(10_000, text) });
    expect(diagnostics.at(-1)!.message).toBe('9500 more findings are not listed');
  });
});

describe('more findings than are kept', () => {
  it('are counted in a last one, which blocks when one of them did', () => {
    const { diagnostics, exitCode } = parseConfig(`${'x\n'.repeat(600)}bfd_instance b {\n}\n`, 'f');
    expect(diagnostics).toHaveLength(501);
    expect(diagnostics.at(-1)).toMatchObject({ code: 'too-many-findings', blocking: true, severity: 'error' });
    expect(diagnostics.at(-1)!.message).toBe('102 more findings are not listed');
    expect(exitCode).toBe(5);
  });
});
