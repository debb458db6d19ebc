// A keyword that keepalived does not know in this block: what was probably meant.
import { KNOWN_KEYWORDS, ROOT } from './known-keywords.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { suggest } from './suggest.ts';

/** Words longer than this are not compared with the table. */
const LONGEST_KEYWORD = 48;

/** Reports an unknown keyword with the nearest name of the block, or the block in which the name is right. */
export function reportUnknownKeyword(keyword: Word, context: string, report: Report): void {
  const where = context === ROOT ? 'outside all blocks' : `in ${context}`;
  const name = keyword.text.length > LONGEST_KEYWORD ? `${keyword.text.slice(0, LONGEST_KEYWORD)}...` : keyword.text;
  report.error('unknown-keyword', keyword, `unknown keyword '${name}' ${where}`, {
    hint: () => hintFor(keyword, context),
  });
}

/** Notes a keyword that keepalived learnt after 2.2.7: that version would call it unknown. */
export function noteNewerKeyword({ known, keyword }: Statement, report: Report): void {
  if (known.newer) report.info('newer-keyword', keyword, `${known.name} is unknown to keepalived 2.2.7`);
}

/** A hint for a line of names that begins with a keyword: the block before it is not closed. */
export function openBlockHint(word: Word): string | undefined {
  const isKeyword = KNOWN_KEYWORDS.get('vrrp_instance')?.has(word.text) || KNOWN_KEYWORDS.get(ROOT)?.has(word.text);
  return isKeyword ? `'${word.text}' is a keyword: is the } of the block above it missing?` : undefined;
}

function hintFor(keyword: Word, context: string): string | undefined {
  const { text } = keyword;
  if (text.includes('\ufeff')) return 'the file begins with a byte order mark: save it as UTF-8 without one';
  if (/[\u00a0\u2000-\u200f\u202f\u3000]/.test(text)) return 'there is a blank here that is not a plain space';
  if (text === '' || text.length > LONGEST_KEYWORD) return undefined;
  const homes = [...KNOWN_KEYWORDS].filter(([, block]) => block.has(text)).map(([path]) => path);
  const nearest = suggest(text, KNOWN_KEYWORDS.get(context)?.keys() ?? []);
  if (homes.length === 0) return nearest === undefined ? undefined : `did you mean '${nearest}'?`;
  const home = homes.includes(ROOT) ? 'outside all blocks' : `in ${homes.slice(0, 3).join(', ')}`;
  if (homes.includes(ROOT)) return `'${text}' stands ${home}: is a } missing before it?`;
  if (context === ROOT && nearest === undefined) return `'${text}' belongs ${home}: is there one } too many above?`;
  return `'${text}' belongs ${home}${nearest === undefined ? '' : `; or did you mean '${nearest}'?`}`;
}
