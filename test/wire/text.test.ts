import { describe, expect, it } from 'vitest';
import { stripControl } from '../../src/wire/text.ts';

describe('stripControl', () => {
  it.each([
    ['plain text', 'VI_1: 10.0.0.1/24 {ok}', 'VI_1: 10.0.0.1/24 {ok}'],
    ['letters, ideographs and emoji', 'Zürich 東京 🚦 é', 'Zürich 東京 🚦 é'],
    ['nothing', '', ''],
    ['line ends and tabs become blanks', 'a\nb\tc\r\nd', 'a b c  d'],
    ['line and paragraph separators, NEL', 'a\u2028b\u2029c\u0085d', 'a b c d'],
    ['other C0 and DEL', 'a\0b\x07c\bd\x7fe', 'abcde'],
    ['C1', 'a\x84b\x8dc', 'abc'],
    ['colours', '\x1b[1;31mred\x1b[0m', 'red'],
    ['cursor and screen', 'a\x1b[2J\x1b[1;1Hb\x1b[?1049hc', 'abc'],
    ['colours with colons', '\x1b[38:2::1:2:3mx', 'x'],
    ['sequences with intermediates', '\x1b[0 qa\x1b[!pb\x1b(Bc\x1b#8d', 'abcd'],
    ['short escapes', 'a\x1bcb\x1b7c\x1b=d', 'abcd'],
    ['C1 CSI', 'a\x9b31mb', 'ab'],
    ['OSC ended by BEL', 'a\x1b]0;title\x07b', 'ab'],
    ['OSC ended by ST', 'a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\b', 'alinkb'],
    ['C1 OSC ended by C1 ST', 'a\x9d52;c;aGk=\x9cb', 'ab'],
    ['OSC without end', 'a\x1b]52;c;aGk=', 'a'],
    ['DCS, SOS, PM and APC', 'a\x1bPq#0\x1b\\b\x1bXs\x1b\\c\x1b^p\x1b\\d\x1b_a\x1b\\e', 'abcde'],
    ['DCS without end', 'a\x1bP1$r0m', 'a'],
    ['a string that another escape aborts', 'a\x1b]0;t\x1b[31mb', 'ab'],
    ['a string that CAN or SUB aborts', 'a\x1b]0;t\x18b\x1bPx\x1ac', 'abc'],
    ['an escape within an escape', 'a\x1b\x1b[31mb', 'ab'],
    ['a lone escape at the end', 'a\x1b', 'a'],
    ['a sequence that is cut', 'a\x1b[31', 'a'],
    ['a sequence that breaks off', 'a\x1b[3\u00e9b', 'a\u00e9b'],
    ['a sequence with a line end in it', 'a\x1b[3\nm', 'a m'],
    ['bidirectional overrides and isolates', 'a\u202eb\u202cc\u2066d\u2069e\u200ff\u061cg', 'abcdefg'],
    ['zero width', 'pass\u200bword\u200d\ufeff\u2060x', 'passwordx'],
    ['tag characters', 'a\u{e0061}\u{e007f}b', 'ab'],
    ['half surrogate pairs', 'a\ud800b\udc00c', 'abc'],
    ['halves that would meet', '\ud83d\x1b[m\udea6', ''],
  ])('%s', (_, text, expected) => {
    expect(stripControl(text)).toBe(expected);
  });

  it.each([
    ['escapes', '\x1b'],
    ['unfinished strings', '\x1b]'],
    ['unfinished sequences', '\x1b[1;'],
    ['nul', '\0'],
    ['strings ended by the next', '\x1b]0;\x07\x1bP'],
  ])('takes time in proportion: a million of %s', (_, unit) => {
    const started = performance.now();
    stripControl(unit.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
