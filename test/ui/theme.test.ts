import { describe, expect, it } from 'vitest';
import { line, styledLine } from '../../src/ui/text.ts';
import { type ColorLevel, colorLevel, createTheme, needsAscii } from '../../src/ui/theme.ts';
import { readTheme, STYLES, THEMES } from '../../src/ui/themes.ts';

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
    [{ LANG: 'ja_JP.UTF-8', TERM: 'xterm' }, true],
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

describe('a theme', () => {
  const text = (name: string, color: ColorLevel) =>
    createTheme({ color, ascii: false, name }).paint(line(['fault', 'X']), 1);

  it('is data: the same style in all colours, in the nearest of 256, and in a named one of 16', () => {
    expect(text('dark', 'true')).toBe('\x1b[38;2;255;255;255;48;2;213;94;0mX\x1b[0m');
    expect(text('dark', '256')).toBe('\x1b[38;5;231;48;5;166mX\x1b[0m');
    expect(text('dark', '16')).toBe('\x1b[7;31mX\x1b[0m');
  });

  it.each(Object.keys(THEMES))('%s has no colour without colour, and mono none at all', (name) => {
    expect(text(name, 'never')).toBe('X');
    const mono = STYLES.map((style) =>
      createTheme({ color: 'true', ascii: false, name: 'mono' }).paint(line([style, 'X']), 1),
    );
    if (name === 'mono') expect(mono.join('')).not.toMatch(/38;|48;/);
  });

  it('of one’s own changes what it gives, and says what is wrong with it', () => {
    const own = readTheme({ fault: { fg: '#000000', bg: '#ff0000', named: 'red' } });
    if (typeof own === 'string') throw new Error(own);
    expect(createTheme({ color: 'true', ascii: false, own }).paint(line(['fault', 'X']), 1)).toContain('48;2;255;0;0');
    expect(own.strong).toEqual({ bold: true });
  });

  it.each([
    [null, 'object'],
    [{ faults: {} }, 'no style faults'],
    [{ fault: { fg: 'red' } }, '#rrggbb'],
    [{ fault: { blink: true } }, 'no attribute blink'],
    [{ fault: { named: 'toString' } }, 'named is one of'],
    [{ fault: { bold: 'yes' } }, 'true or false'],
  ])('%j is refused: %s', (data, why) => {
    expect(readTheme(data)).toContain(why);
  });
});
