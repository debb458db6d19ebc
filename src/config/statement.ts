// What the stages behind the lexer work on: words with their place, and statements.
import type { KnownKeyword } from './known-keywords.ts';
import type { SourceLine, Span } from './source.ts';

/** One word, unquoted, and the stretch of source it comes from (quotes included). */
export interface Word extends Span {
  readonly line: SourceLine;
  readonly text: string;
}

/**
 * A keyword, its words and what its braces hold. A line that definitions make several times may be the same statement
 * each time.
 */
export interface Statement {
  /** Block path in which it stands (`<root>`, `vrrp_instance`, `vrrp_instance/authentication`, ...). */
  readonly context: string;
  readonly keyword: Word;
  readonly known: KnownKeyword;
  readonly words: readonly Word[];
  /** A quote without a partner spoilt the words; it has been reported. */
  readonly garbled: boolean;
  /** Neither of it nor of what its braces hold a pass over all statements has anything to say (ordinary.ts). */
  readonly ordinary: boolean;
  /** Of a block: its statements in order. */
  readonly statements: readonly Statement[];
  /** Of a block of free lines: the words of each line, never empty. */
  readonly lines: readonly (readonly Word[])[];
  /** Of a block: its `}`. */
  readonly closed: Span | undefined;
}

/** While it is read. */
export interface Draft extends Statement {
  ordinary: boolean;
  statements: Statement[];
  readonly lines: (readonly Word[])[];
  closed: Span | undefined;
}
