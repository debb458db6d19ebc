import { describe, expect, it } from 'vitest';
import { filterRows, parseFilter } from '../../src/ui/filter.ts';
import type { Column } from '../../src/ui/table.ts';

interface Row {
  readonly name: string;
  readonly vrid: number;
  readonly age?: number;
}
const COLUMNS: readonly Column<Row>[] = [
  { title: '', min: 1, cell: () => 'decoration' },
  { id: 'name', title: 'NAME', min: 4, cell: ({ name }) => name },
  { id: 'vrid', title: 'VRID', min: 4, cell: ({ vrid }) => `vrid ${vrid}`, value: ({ vrid }) => vrid },
  { id: 'age', title: 'AGE', min: 4, cell: ({ age }) => String(age ?? '-'), value: ({ age }) => age },
];
const ROWS: readonly Row[] = [
  { name: 'VI_WEB', vrid: 51, age: 3 },
  { name: 'VI_DB', vrid: 9 },
  { name: 'web', vrid: 100, age: 0.5 },
];

function passing(text: string): string[] | string {
  const filter = parseFilter(text, COLUMNS);
  return filter.ok ? ROWS.filter(filter.test).map(({ name }) => name) : filter.error;
}

describe('a filter', () => {
  it.each([
    ['', ['VI_WEB', 'VI_DB', 'web']],
    ['web', ['VI_WEB', 'web']],
    ['^VI_', ['VI_WEB', 'VI_DB']],
    ['!^VI_', ['web']],
    ['!', ['VI_WEB', 'VI_DB', 'web']],
    ['decoration', []],
    ['vrid=51', ['VI_WEB']],
    ['VRID=51', ['VI_WEB']],
    ['name=vi_web', ['VI_WEB']],
    ['vrid!=51', ['VI_DB', 'web']],
    ['vrid>9', ['VI_WEB', 'web']],
    ['vrid>=9 vrid<100', ['VI_WEB', 'VI_DB']],
    ['name~^w', ['web']],
    ['!vrid>50', ['VI_DB']],
    ['vrid>50 web', ['VI_WEB', 'web']],
    ['VI_ vrid<20', ['VI_DB']],
    // What is not known is neither above nor below.
    ['age<99', ['VI_WEB', 'web']],
    ['age=', ['VI_DB']],
  ])('%j lets through %j', (text, expected) => {
    expect(passing(text)).toEqual(expected);
  });

  it.each([
    ['(', 'not a regular expression'],
    ['name~[', 'not a regular expression'],
    ['vrid>x', 'needs a number'],
    ['vrid>', 'needs a number'],
    ['vird=51', 'no column vird: name vrid age'],
  ])('%j is refused: %s', (text, why) => {
    expect(passing(text)).toContain(why);
  });
});

describe('a filter that would take for ever', () => {
  const column: Column<string> = { id: 'text', title: 'TEXT', min: 1, cell: (text) => text };
  const rows = Array.from({ length: 50 }, (_, i) => `${'a'.repeat(60)}${i}!`);

  it.each(['(a+)+$', '(a|a)*$', 'text~^(a*)*$', '!(.*)*(.*)*(.*)*x$'])(
    '%s is given up, and not tried again',
    (text) => {
      const began = performance.now();
      const first = filterRows(text, [column], rows);
      expect(first.filter).toMatchObject({ ok: false, error: expect.stringContaining('takes too long') });
      expect(first.rows).toBe(rows);
      // Without a limit the time would be that of the universe.
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(parseFilter(text, [column])).toMatchObject({ ok: false });
    },
  );

  it('does not stop those that come after it', () => {
    filterRows('(a+)+!$', [column], rows.slice(0, 1));
    expect(filterRows('a49!', [column], rows)).toMatchObject({ filter: { ok: true }, rows: [rows[49]] });
    expect(filterRows('', [column], rows).rows).toBe(rows);
  });

  it('throws what a test throws', () => {
    const broken: Column<string> = { ...column, value: () => JSON.parse('{') };
    expect(() => filterRows('a', [broken], rows)).toThrow(SyntaxError);
  });
});
