import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/ui/filter.ts';
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
