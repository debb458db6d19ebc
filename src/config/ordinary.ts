// The statements of which the passes over the whole tree have nothing to say: nearly all, so that they are passed by.
import { takesNoWord } from './extra-words.ts';
import type { KnownKeyword } from './known-keywords.ts';
import { hasRule } from './rules.ts';

/** By keyword: is it ordinary alone, and with one word? */
const KINDS = new Map<KnownKeyword, { readonly alone: boolean; readonly withWord: boolean }>();

function kindOf(known: KnownKeyword): { readonly alone: boolean; readonly withWord: boolean } {
  const before = KINDS.get(known);
  if (before !== undefined) return before;
  const old = known.newer === undefined;
  const takesWord = known.shape !== 'lines' && !takesNoWord(known);
  const kind = { alone: old && known.alone === 'fine', withWord: old && takesWord && !hasRule(known) };
  KINDS.set(known, kind);
  return kind;
}

/** True when nothing is missing after the keyword, nothing too much, and no rule says what the word may be. */
export function isOrdinary(known: KnownKeyword, words: number): boolean {
  if (words > 1) return false;
  const { alone, withWord } = kindOf(known);
  return words === 0 ? alone : withWord;
}
