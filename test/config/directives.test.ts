// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived's own syntax
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';

const findings = (text: string) =>
  parseConfig(text, 'f').diagnostics.map(({ code, line, column }) => `${line}:${column} ${code}`);

describe('definitions, conditions, sequences and includes', () => {
  it.each([
    ['include x.conf', ['1:1 not-yet-supported']],
    ['  includew *.conf', ['1:3 not-yet-supported']],
    ['$A=b', ['1:1 not-yet-supported']],
    ['$A=b\nglobal_defs {\nrouter_id ${A}\n}', ['1:1 not-yet-supported']],
    ['$A=\\\nfoo {\\\nbar }\nrouter', ['1:1 not-yet-supported', '4:1 unknown-keyword']],
    ['@low net_namespace low', ['1:1 not-yet-supported', '1:6 not-yet-supported']],
    ['@low', ['1:1 not-yet-supported']],
    ['~SEQ(i,3) foo$i ${i}', ['1:1 not-yet-supported']],
    ['~LST({a,b},{1,2}) x', ['1:1 not-yet-supported']],
    ['router ${_INSTANCE}', ['1:8 not-yet-supported']],
    ['include', ['1:1 unknown-keyword']],
    ['includex a', ['1:1 unknown-keyword']],
    ['$C =three', ['1:1 unknown-keyword']],
    ['${UNDEF}z', ['1:1 undefined-name']],
    ['"${UNDEF}" x', ['1:1 unknown-keyword']],
  ])('%j', (text, expected) => expect(findings(text)).toEqual(expected));

  it('block, since they could change anything', () => {
    for (const { blocking } of parseConfig('include a\n$B=c\n@d e\n~SEQ(i,2) f$i\n', 'f').diagnostics)
      expect(blocking).toBe(true);
  });

  it('keep the braces of their lines, so that the rest of the file is read', () => {
    const text = '$N=1\nvrrp_instance V_${N} {\ninterface ${IF}\nbogus\n}\nglobal_defs {\nrouter_id a\n}\n';
    const { diagnostics, config } = parseConfig(text, 'f');
    expect(diagnostics.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '1 not-yet-supported',
      '3 undefined-name',
      '4 unknown-keyword',
    ]);
    expect(config.globals.routerId).toBe('a');
  });

  it('leave unjudged what a line they could produce may hold', () => {
    const { diagnostics, fatal } = parseConfig('include base.conf\nvrrp_instance V {\ntrack_script {\ns\n}\n}\n', 'f');
    expect({ codes: diagnostics.map(({ code }) => code), fatal }).toEqual({
      codes: ['not-yet-supported'],
      fatal: false,
    });
  });
});
