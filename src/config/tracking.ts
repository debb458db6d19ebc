// Lines of track_script and track_interface: a name and, perhaps, a weight of its own.
import type { Report } from './report.ts';
import type { Word } from './statement.ts';
import { didYouMean, readInteger } from './values.ts';

/** What one line says; `weight` absent means that of the tracked thing. */
export interface TrackLine {
  readonly at: Word;
  readonly weight?: number;
  readonly reverse: boolean;
}

/**
 * Reads `NAME [weight N [reverse|noreverse]]`; the name stands even when the rest is wrong. Weights of files and
 * processes go to 254, others to 253.
 */
export function readTrackLine(words: readonly Word[], report: Report, widest: 253 | 254 = 253): TrackLine {
  const at = words[0]!;
  const [, option, value, direction, surplus] = words;
  if (option === undefined) return { at, reverse: false };
  if (option.text !== 'weight') {
    reportOption(option, ['weight'], report);
    return { at, reverse: false };
  }
  const weight = readWeight(option, value, widest, report);
  const reverse = direction?.text === 'reverse';
  const odd = direction === undefined || reverse || direction.text === 'noreverse' ? surplus : direction;
  if (odd !== undefined) reportOption(odd, ['reverse', 'noreverse'], report);
  return { at, reverse, ...(weight === undefined ? {} : { weight }) };
}

function readWeight(option: Word, word: Word | undefined, widest: number, report: Report): number | undefined {
  if (word === undefined) {
    report.error('missing-value', option, 'weight needs a number after it; it is ignored');
    return undefined;
  }
  const weight = readInteger(word, 'weight', { min: -254, max: 254 }, 'it is ignored', report);
  if (weight === undefined || Math.abs(weight) <= widest) return weight;
  report.warning('out-of-range', word, `weight has to be -253 to 253; ${weight < 0 ? -253 : 253} is used`);
  return weight < 0 ? -253 : 253;
}

function reportOption(option: Word, expected: readonly string[], report: Report): void {
  const hint = () => didYouMean(option.text, expected) ?? 'write one name a line';
  const message = `'${option.text.slice(0, 64)}' is no option here: the rest of the line is ignored`;
  report.error('unknown-option', option, message, { hint });
}
