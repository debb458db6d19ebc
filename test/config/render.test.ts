import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { renderDiagnostic } from '../../src/config/render.ts';

function finding(lineText: string, column: number, length?: number): Diagnostic {
  const position = { file: 'f', line: 1, column, lineText, ...(length === undefined ? {} : { length }) };
  return { code: 'unknown-keyword', severity: 'error', blocking: false, message: 'm', ...position };
}

describe('a rendered finding', () => {
  it.each([
    ['abc def', 5, 3, 'abc def', '    ^^^'],
    ['\tabc\tdef', 6, 3, ' abc def', '     ^^^'],
    ['abc', 4, undefined, 'abc', '   ^'],
    ['', 1, undefined, '', '^'],
    ['\x1b[31mred\x1b[0m x', 14, 1, 'red x', '    ^'],
    ['a\u202eb\u0007c d', 7, 1, 'abc d', '    ^'],
    ['ä€😀 x', 6, 1, 'ä€😀 x', '    ^'],
  ])('of %j at %i', (text, column, length, source, caret) => {
    const [head, ...rest] = renderDiagnostic(finding(text, column, length));
    expect(head).toBe(`f:1:${column}: error: m`);
    expect(rest).toEqual([`    ${source}`, `    ${caret}`]);
  });

  it('shows a window of a long line, with the caret under its spot', () => {
    const text = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [, source, caret] = renderDiagnostic(finding(text, 501, 4));
    expect(source!.length).toBeLessThan(120);
    expect(source!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('has a hint line only when there is a hint', () => {
    expect(renderDiagnostic({ ...finding('x', 1), hint: 'y' })[3]).toBe('    hint: y');
    expect(renderDiagnostic(finding('x', 1))).toHaveLength(3);
  });

  it('has nothing in it that a terminal would obey, wherever the file put it', () => {
    const text =
      '\x1b]0;owned\x07foo \x9b31m {\nbar\x1b[2J\n}\nvrrp_instance \x1bc {\nstate \x1b[1mX\ninterface \x7f\n}\n';
    const printed = parseConfig(text, 'f\x1b[2J').diagnostics.flatMap(renderDiagnostic).join('');
    expect(printed).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });
});
