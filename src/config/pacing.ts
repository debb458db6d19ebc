// How far apart announcements are: the garp_group blocks, and the intervals of global_defs for all other interfaces.
import type { PacingConfig } from '../engine/config.ts';
import type { GarpSettings } from './garp.ts';
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { readSeconds } from './values.ts';

type Group = { -readonly [Key in keyof PacingConfig['groups'][number]]: PacingConfig['groups'][number][Key] };

/** Undefined when the file says nothing about it. What is wrong with a block, beside its numbers, is judged elsewhere. */
export function resolvePacing(
  statements: readonly Statement[],
  { garpIntervalUs, gnaIntervalUs }: GarpSettings,
  report: Report,
): PacingConfig | undefined {
  const taken = new Set<string>();
  const groups = statements
    .filter(({ known }) => known.name === 'garp_group')
    .map((block) => readGroup(block, taken, report))
    .filter(({ garpUs, gnaUs }) => garpUs !== undefined || gnaUs !== undefined);
  if (groups.length === 0 && garpIntervalUs === undefined && gnaIntervalUs === undefined) return undefined;
  return {
    ...(garpIntervalUs !== undefined && { garpUs: garpIntervalUs }),
    ...(gnaIntervalUs !== undefined && { gnaUs: gnaIntervalUs }),
    groups,
  };
}

function readGroup(block: Statement, taken: Set<string>, report: Report): Group {
  const interfaces: string[] = [];
  const group: Group = { interfaces };
  for (const { known, words, lines } of block.statements) {
    if (known.name.startsWith('interface')) {
      for (const { text } of [...words, ...lines.flat()]) {
        if (!taken.has(text)) interfaces.push(text);
        taken.add(text);
      }
    } else {
      const [word] = words;
      if (word === undefined) continue;
      const range = { min: 0, max: 4294.967295 };
      const value = readSeconds(word, known.name, range, 'the line is ignored', report);
      if (value !== undefined) group[known.name === 'garp_interval' ? 'garpUs' : 'gnaUs'] = value;
    }
  }
  return group;
}
