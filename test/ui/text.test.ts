import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, fitSpans, pad, shorten, spansWidth, spanText, spread, width, wrap } from '../../src/ui/text.ts';

describe('width', () => {
  it.each([
    ['', 0],
    ['MASTER', 6],
    ['● ○ ✗ ◌ ▸ ⚑ → ─ ✓', 17],
    ['漢字', 4],
    ['한글', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['🔥', 2],
    ['naïve', 5],
  ])('%j takes %i cells', (text, cells) => {
    expect(width(text)).toBe(cells);
  });
});

describe('cutting and padding', () => {
  it.each([
    ['VI_WEB', 3, 'VI_'],
    ['漢字', 3, '漢'],
    ['漢字', 1, ''],
    ['anything', 0, ''],
    ['anything', -1, ''],
  ])('cut(%j, %i) is %j', (text, cells, expected) => {
    expect(cut(text, cells)).toBe(expected);
  });

  it('marks a text that lost something', () => {
    expect(shorten('VI_WEB_FRONT', 6)).toBe('VI_WE~');
    expect(shorten('VI_WEB', 6)).toBe('VI_WEB');
  });

  it('pads on the side away from the text', () => {
    expect(pad('51', 4, 'right')).toBe('  51');
    expect(pad('51', 4)).toBe('51  ');
  });

  const text = fc.string({ unit: fc.constantFrom('a', ' ', '~', '漢', '🔥', '●', 'é'), maxLength: 40 });

  it('pad and fitSpans give exactly the cells asked for, whatever the text', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 60 }), (a, b, cells) => {
        expect(width(pad(a, cells))).toBe(cells);
        expect(spansWidth(fitSpans([a, ['strong', b]], cells))).toBe(cells);
        expect(spansWidth(spread([a], [b], cells))).toBe(cells);
      }),
    );
  });

  it('wrap breaks nothing but blanks where it can, loses nothing, and never exceeds the cells', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (a, cells) => {
        const lines = wrap(a, cells);
        for (const part of lines) expect(width(part)).toBeLessThanOrEqual(cells);
        expect(lines.join('').replaceAll(' ', '')).toBe(a.replaceAll(' ', ''));
      }),
    );
  });

  it('lets the right side win when both do not fit', () => {
    const spans = spread(['a long left side'], ['RW 12:00'], 12);
    expect(spans.map(spanText).join('')).toBe('a l~RW 12:00');
  });
});
