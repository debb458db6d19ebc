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

describe('more findings than are kept', () => {
  it('are counted in a last one, which blocks when one of them did', () => {
    const { diagnostics, exitCode } = parseConfig(`${'x\n'.repeat(600)}bfd_instance b {\n}\n`, 'f');
    expect(diagnostics).toHaveLength(501);
    expect(diagnostics.at(-1)).toMatchObject({ code: 'too-many-findings', blocking: true, severity: 'error' });
    expect(diagnostics.at(-1)!.message).toBe('102 more findings are not listed');
    expect(exitCode).toBe(5);
  });
});
