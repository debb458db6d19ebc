import { describe, expect, it } from 'vitest';
import { line, styledLine } from '../../src/ui/text.ts';
import { type ColorLevel, colorLevel, createTheme, needsAscii } from '../../src/ui/theme.ts';

describe('how much colour', () => {
  it.each<['auto' | ColorLevel, Record<string, string>, ColorLevel]>([
    ['auto', { TERM: 'xterm-256color' }, '256'],
    ['auto', { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'true'],
    ['auto', { TERM: 'screen' }, '16'],
    ['auto', { TERM: 'dumb' }, 'never'],
    ['auto', {}, 'never'],
    ['auto', { TERM: 'xterm', NO_COLOR: '1' }, 'never'],
    ['auto', { TERM: 'xterm', NO_COLOR: '' }, '16'],
    ['auto', { TERM: 'xterm', CLICOLOR: '0' }, 'never'],
    ['auto', { TERM: 'dumb', FORCE_COLOR: '3' }, 'true'],
    ['auto', { TERM: 'xterm', FORCE_COLOR: '0' }, 'never'],
    ['auto', { TERM: 'xterm', FORCE_COLOR: '3', NO_COLOR: '1' }, 'never'],
    ['16', { NO_COLOR: '1' }, '16'],
    ['never', { FORCE_COLOR: '3' }, 'never'],
  ])('%s with %j is %s', (wanted, env, level) => {
    expect(colorLevel(wanted, env)).toBe(level);
  });
});

describe('ASCII', () => {
  it.each<[Record<string, string>, boolean]>([
    [{ LANG: 'C.UTF-8', TERM: 'xterm' }, false],
    [{ LANG: 'de_DE.utf8', TERM: 'xterm' }, false],
    [{ LANG: 'C', TERM: 'xterm' }, true],
    [{ TERM: 'xterm' }, true],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C', TERM: 'xterm' }, true],
    [{ LANG: 'C', LC_CTYPE: 'en_US.UTF-8', TERM: 'xterm' }, false],
    [{ LANG: 'C.UTF-8', TERM: 'linux' }, true],
    [{ LANG: 'C.UTF-8', TERM: 'vt100' }, true],
  ])('%j: %s', (env, expected) => {
    expect(needsAscii(env)).toBe(expected);
  });
});

describe('painting', () => {
  it('pads to the width and closes every style', () => {
    const theme = createTheme({ color: '16', ascii: false });
    expect(theme.paint(line(['fault', '✗ FAULT'], ' x'), 10)).toBe('\x1b[7;31m✗ FAULT\x1b[0m x ');
    expect(theme.paint(styledLine('overrideBar', 'a', ['strong', 'b']), 3)).toBe(
      '\x1b[7;35ma\x1b[0m\x1b[7;35;1mb\x1b[0m\x1b[7;35m \x1b[0m',
    );
  });

  it('writes no escape sequence at all without colour', () => {
    const theme = createTheme({ color: 'never', ascii: false });
    expect(theme.paint(styledLine('overrideBar', ['fault', '✗ FAULT']), 9)).toBe('✗ FAULT  ');
  });

  it('writes nothing but ASCII when told so', () => {
    expect(createTheme({ color: 'never', ascii: true }).paint(line('größe'), 6)).toBe('gr??e ');
    expect(createTheme({ color: 'never', ascii: true }).paint(line('漢字'), 5)).toBe('???? ');
  });

  it('has one cell for every glyph but the word ok', () => {
    for (const ascii of [true, false]) {
      const { glyphs } = createTheme({ color: 'never', ascii });
      for (const [name, glyph] of Object.entries(glyphs)) {
        const all = typeof glyph === 'string' ? [glyph] : Object.values(glyph as Record<string, string>);
        for (const one of all) expect([...one], name).toHaveLength(ascii && name === 'ok' ? 2 : 1);
      }
    }
  });
});
