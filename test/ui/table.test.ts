import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, layoutColumns, table } from '../../src/ui/table.ts';
import { spansWidth, spanText } from '../../src/ui/text.ts';

interface Row {
  readonly name: string;
  readonly note: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NAME', min: 4, max: 10, cell: ({ name }) => name },
  { title: 'N', min: 3, align: 'right', drop: 2, cell: () => '7' },
  { title: 'EXTRA', min: 5, drop: 5, cell: () => 'x' },
  { title: 'NOTE', min: 4, max: 30, cell: ({ note }) => ['attention', note] },
];
const ROWS: readonly Row[] = [
  { name: 'VI_1', note: 'fine' },
  { name: 'VI_LONGER', note: 'much longer text than there is room for' },
];
const textOf = (width: number): string[] => {
  const { heading, lines } = table(COLUMNS, ROWS, width);
  return [heading, ...lines].map(({ spans }) => spans.map(spanText).join(''));
};

describe('a table', () => {
  it('drops the columns with the highest number first', () => {
    const titles = (width: number) => layoutColumns(COLUMNS, ROWS, width).map(({ column }) => column.title);
    expect(titles(19)).toEqual(['NAME', 'N', 'EXTRA', 'NOTE']);
    expect(titles(18)).toEqual(['NAME', 'N', 'NOTE']);
    expect(titles(12)).toEqual(['NAME', 'NOTE']);
  });

  it('gives spare room to columns that can use it, up to their limit', () => {
    expect(textOf(40)).toEqual([
      'NAME        N EXTRA NOTE                ',
      'VI_1        7 x     fine                ',
      'VI_LONGER   7 x     much longer text th~',
    ]);
  });

  it('puts a reason in the place of the columns from a given one on', () => {
    const { lines } = table(COLUMNS, ROWS, 40, { tail: () => ({ from: 'N', span: ['critical', 'eth3 is down'] }) });
    expect(lines[0]!.spans.map(spanText).join('')).toBe('VI_1      eth3 is down');
  });

  it('is measured by all rows, not by those in sight', () => {
    const shown = table(COLUMNS, ROWS.slice(0, 1), 40, { measure: ROWS });
    expect(shown.heading.spans.map(spanText).join('')).toBe(textOf(40)[0]);
  });

  it('is never wider than asked, down to the least width of what stays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 120 }), (width) => {
        const { heading, lines } = table(COLUMNS, ROWS, width);
        for (const { spans } of [heading, ...lines]) expect(spansWidth(spans)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
