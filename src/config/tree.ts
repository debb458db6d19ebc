// Pieces become statements: which keyword opens what decides how the following lines are read (lexer.md §5).
import { type LogicalLine, spanOf } from './decomment.ts';
import { KNOWN_KEYWORDS, type KnownKeyword, ROOT } from './known-keywords.ts';
import type { Piece } from './pieces.ts';
import type { Report } from './report.ts';
import type { SourceLine, Span } from './source.ts';
import { reportUnknownKeyword } from './unknown-keyword.ts';
import { splitQuotedWords, splitWords, type Word } from './words.ts';

/** A keyword, its words and what its braces hold. */
export interface Statement {
  /** Block path in which it stands (`<root>`, `vrrp_instance`, `vrrp_instance/authentication`, ...). */
  readonly context: string;
  readonly keyword: Word;
  readonly known: KnownKeyword;
  readonly words: readonly Word[];
  /** A quote without a partner spoilt the words; it has been reported. */
  readonly garbled: boolean;
  /** Of a block: its statements in order. */
  readonly statements: readonly Statement[];
  /** Of a block: its `}`. */
  readonly closed?: Span;
  /** Of a block of free lines: the words of each line, never empty. */
  readonly lines: readonly (readonly Word[])[];
}

interface Draft extends Statement {
  readonly statements: Statement[];
  readonly lines: (readonly Word[])[];
  closed?: Span;
}

/** What the pieces at hand belong to. Skipped blocks and stray braces count their depth, so that hostile input is cheap. */
interface Frame {
  readonly context: string;
  readonly draft?: Draft;
  readonly statements: Statement[];
  readonly kind: 'block' | 'lines' | 'skipped' | 'stray';
  readonly opened: Span;
  /** Of a skipped block or a stray brace: braces that are open. */
  depth: number;
  /** The last line of a skipped block that was said to be unread, at first the line of its `{`. */
  readAt?: SourceLine;
}

/** Builds the statements of the outermost level. Everything wrong is reported; nothing stops it. */
export function buildTree(pieces: readonly Piece[], report: Report): readonly Statement[] {
  const builder = new TreeBuilder(report);
  for (const piece of pieces) builder.take(piece);
  return builder.finish();
}

/** In these blocks a keyword can only mean that a `}` was forgotten: the keyword is read as though it were there. */
const ADDRESSES_ONLY: ReadonlySet<string> = new Set([
  'virtual_ipaddress',
  'virtual_ipaddress_excluded',
  'unicast_peer',
]);

class TreeBuilder {
  readonly #report: Report;
  readonly #root: Statement[] = [];
  readonly #frames: Frame[] = [];
  /** The keyword of the line just read, to say what a stray `{` follows. */
  #before: string | undefined;
  /** A statement whose `{` has to come next; without a draft an unknown keyword, which may have a block. */
  #pending: { readonly draft?: Draft; readonly opened: Span } | undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  take(piece: Piece): void {
    if (this.#pending !== undefined && this.#openPending(piece)) return;
    const frame = this.#frame;
    if (frame?.kind === 'skipped') this.#skip(frame, piece);
    else if (piece.kind === 'close') this.#close(piece);
    else if (piece.kind === 'open') this.#stray(piece);
    else if (frame?.kind === 'lines') this.#valueLine(frame, piece);
    else this.#statement(piece);
  }

  finish(): readonly Statement[] {
    this.#pendingWithoutBrace();
    this.#reportOpenBlocks();
    return this.#root;
  }

  get #frame(): Frame | undefined {
    return this.#frames[this.#frames.length - 1];
  }

  /** True when the piece was the awaited `{`. */
  #openPending(piece: Piece): boolean {
    const { draft, opened } = this.#pending!;
    if (piece.kind !== 'open') {
      this.#pendingWithoutBrace();
      return false;
    }
    this.#pending = undefined;
    if (draft === undefined && afterDollar(piece)) this.#stray(piece);
    else if (draft === undefined) {
      this.#frames.push({ context: '', statements: [], kind: 'skipped', opened, depth: 1, readAt: piece.line.source });
    } else this.#enter(draft, opened);
    return true;
  }

  #enter(draft: Draft, opened: Span): void {
    this.#before = undefined;
    const kind = draft.known.shape === 'lines' ? 'lines' : 'block';
    const context = draft.context === ROOT ? draft.known.name : `${draft.context}/${draft.known.name}`;
    this.#frames.push({ context, draft, statements: draft.statements, kind, opened, depth: 1 });
  }

  /** The `{` did not come: keepalived goes on as though it had, and calls the `}` one too many. */
  #pendingWithoutBrace(): void {
    const { draft, opened } = this.#pending ?? {};
    this.#pending = undefined;
    if (draft === undefined || opened === undefined) return;
    const message = `${draft.known.name} has no { after it`;
    this.#report.error('missing-open-brace', opened, message);
    this.#enter(draft, opened);
  }

  #skip(frame: Frame, piece: Piece): void {
    if (frame.draft === undefined && frame.readAt !== piece.line.source) {
      frame.readAt = piece.line.source;
      this.#report.info('not-read', span(piece), 'not read: it stands in a block that keepalived does not know');
    }
    if (piece.kind === 'open') frame.depth += 1;
    else if (piece.kind === 'close') frame.depth -= 1;
    if (frame.depth === 0) this.#frames.pop();
  }

  #close(piece: Piece): void {
    this.#before = undefined;
    const frame = this.#frame;
    if (frame === undefined) {
      const hint = 'is there one } too many further up?';
      this.#report.error('extra-close-brace', span(piece), 'this } closes nothing', { hint });
    } else {
      frame.depth -= 1;
      if (frame.depth > 0) return;
      if (frame.draft !== undefined) frame.draft.closed = span(piece);
      this.#frames.pop();
    }
  }

  /** After a keyword that holds no block, what it holds is left out; after none, its lines belong where they stand. */
  #stray(piece: Piece): void {
    const frame = this.#frame;
    const holder = frame?.kind === 'lines' ? frame.draft!.keyword.text : this.#before;
    const why = holder === undefined ? 'no keyword stands before it' : `${holder} holds no block`;
    this.#report.error('unexpected-open-brace', span(piece), `no { is expected here: ${why}`);
    // The } of a name that is not defined closes the block in which it stands, as keepalived has it.
    if (afterDollar(piece)) return;
    if (frame?.kind === 'stray') {
      frame.depth += 1;
      return;
    }
    const kind = holder === undefined ? 'stray' : 'skipped';
    const [context, statements] = [frame?.context ?? ROOT, frame?.statements ?? this.#root];
    this.#frames.push({ context, statements, kind, opened: span(piece), depth: 1, readAt: piece.line.source });
  }

  #valueLine(frame: Frame, piece: Piece): void {
    const draft = frame.draft!;
    const words = this.#words(piece.line, piece);
    if (words[0] === undefined) return;
    if (!ADDRESSES_ONLY.has(draft.known.name) || !KNOWN_KEYWORDS.get(draft.context)?.has(words[0].text)) {
      draft.lines.push(words);
      return;
    }
    const message = `the { of ${draft.known.name} (line ${frame.opened.line.number}) is not closed before this keyword`;
    this.#report.error('missing-close-brace', words[0], message);
    this.#frames.pop();
    this.#statement(piece);
  }

  #statement(piece: Piece): void {
    const words = this.#words(piece.line, piece);
    const keyword = words[0];
    if (keyword === undefined) return;
    const context = this.#frame?.context ?? ROOT;
    const known = KNOWN_KEYWORDS.get(context)?.get(keyword.text);
    if (known === undefined) {
      reportUnknownKeyword(keyword, context, this.#report);
      this.#pending = { opened: keyword };
      return;
    }
    const { words: after, garbled } = known.command
      ? this.#commandWords(piece)
      : { words, garbled: piece.line.unmatched };
    const draft: Draft = { context, keyword, known, words: after.slice(1), garbled, statements: [], lines: [] };
    (this.#frame?.statements ?? this.#root).push(draft);
    this.#before = keyword.text;
    if (known.shape !== 'line') this.#pending = { draft, opened: keyword };
  }

  #words(line: LogicalLine, piece: Piece): readonly Word[] {
    const { words, unmatched } = splitWords(line, piece.from, piece.to);
    if (unmatched !== undefined && !line.unmatched) {
      this.#report.error('unmatched-quote', unmatched, 'this quote is not closed on the line');
    }
    return words;
  }

  #commandWords(piece: Piece): { readonly words: readonly Word[]; readonly garbled: boolean } {
    const { words, unmatched } = splitQuotedWords(piece.line, piece.from, piece.to);
    if (unmatched !== undefined && !piece.line.unmatched) {
      this.#report.error('unmatched-quote', unmatched, 'this quote is not closed on the line');
    }
    return { words, garbled: unmatched !== undefined };
  }

  #reportOpenBlocks(): void {
    const open = this.#frames.filter((frame) => frame.kind !== 'stray');
    const outermost = open[0];
    if (outermost === undefined) return;
    const inner = open.slice(1, 4).map((frame) => `line ${frame.opened.line.number}`);
    const also = inner.length === 0 ? '' : ` (nor are those of ${inner.join(', ')})`;
    const words = outermost.draft === undefined ? [] : [outermost.draft.keyword, ...outermost.draft.words.slice(0, 1)];
    const name = words.length === 0 ? 'this block' : words.map((word) => word.text.slice(0, 64)).join(' ');
    this.#report.error('missing-close-brace', outermost.opened, `${name} is not closed with }${also}`);
  }
}

/** The `{` of `${NAME}`. */
function afterDollar({ line, from }: Piece): boolean {
  return line.text[from - 1] === '$';
}

function span(piece: Piece): Span {
  return spanOf(piece.line, piece.from, piece.to);
}
