// Lines of track_script and track_interface: a name and, perhaps, a weight of its own.
import type { Report } from './report.ts';
import { didYouMean, readInteger } from './values.ts';
import type { Word } from './words.ts';

/** What one line says; `weight` absent means that of the tracked thing. */
export interface TrackLine {
  readonly at: Word;
  readonly weight?: number;
  readonly reverse: boolean;
}

/** Reads `NAME [weight N [reverse|noreverse]]`; the name stands even when the rest is wrong. */
export function readTrackLine(words: readonly Word[], report: Report): TrackLine {
  const at = words[0]!;
  let weight: number | undefined;
  let reverse = false;
  for (let index = 1; index < words.length; index++) {
    const option = words[index]!;
    if (option.text === 'reverse') reverse = true;
    else if (option.text === 'noreverse') reverse = false;
    else if (option.text === 'weight') {
      weight = readWeight(option, words[index + 1], report) ?? weight;
      index += 1;
    } else {
      reportOption(option, report);
      break;
    }
  }
  return { at, reverse, ...(weight === undefined ? {} : { weight }) };
}

function readWeight(option: Word, word: Word | undefined, report: Report): number | undefined {
  if (word === undefined) {
    report.error('missing-value', option, 'weight needs a number after it; it is ignored');
    return undefined;
  }
  const weight = readInteger(word, 'weight', { min: -254, max: 254 }, 'it is ignored', report);
  if (weight === undefined || Math.abs(weight) < 254) return weight;
  report.warning('out-of-range', word, `weight has to be -253 to 253; ${weight < 0 ? -253 : 253} is used`);
  return weight < 0 ? -253 : 253;
}

function reportOption(option: Word, report: Report): void {
  const hint = didYouMean(option.text, ['weight', 'reverse', 'noreverse']) ?? 'write one name a line';
  const message = `'${option.text.slice(0, 64)}' is no option here: the rest of the line is ignored`;
  report.error('unknown-option', option, message, { hint });
}
