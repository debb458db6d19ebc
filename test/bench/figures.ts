// Figures of a benchmark: what was measured of whom, and how they are printed.

export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

/** One line of the table. */
export interface Figure {
  /** Letter of the part and case: `a takeover v3 0.1 s`. */
  readonly what: string;
  readonly who: string;
  readonly unit: 'ms' | '%' | 'kB' | 'ns' | 'B';
  readonly values: Summary | number;
  /** Anything that went wrong. */
  readonly note?: string;
}

export function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { count: sorted.length, median: at(0.5), p99: at(0.99), most: sorted.at(-1) ?? NaN };
}

/** Lines of equal columns: what, who, then median, p99 and maximum, or the one value. */
export function table(figures: readonly Figure[]): string {
  const digits = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3));
  const rows = figures.map(({ what, who, unit, values, note }) => {
    const single = typeof values === 'number';
    return [
      what,
      who,
      single ? digits(values) : digits(values.median),
      single ? '' : digits(values.p99),
      single ? '' : digits(values.most),
      single ? '' : String(values.count),
      unit,
      note ?? '',
    ];
  });
  const all = [['', '', 'median', 'p99', 'max', 'n', '', ''], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i >= 2 && i <= 5 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ');
  return all.map((row) => line(row).trimEnd()).join('\n');
}
