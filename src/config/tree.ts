// Pieces become statements as keepalived's processes read them (lexer.md §1, §5): each reads the whole file with its own
// keywords, skips the blocks of the others by counting braces, and takes a stray brace for what it makes of it.
import { KNOWN_KEYWORDS, type KnownKeyword, ROOT, UNKNOWN } from './known-keywords.ts';
import { type LogicalLine, type Piece, spanOf } from './logical-line.ts';
import { isOrdinary } from './ordinary.ts';
import { endForChildren } from './pieces.ts';
import { judgeOf, PROCESSES, type Process, processesOf } from './processes.ts';
import type { Report } from './report.ts';
import { SkippedBlocks } from './skipped-blocks.ts';
import type { Span } from './source.ts';
import type { Draft, Statement, Word } from './statement.ts';
import { reportUnknownKeyword } from './unknown-keyword.ts';
import { splitQuotedWords, splitWords, wordAt, wordEnd } from './words.ts';

/** A block whose `}` is awaited. */
interface Frame {
  readonly context: string;
  /** The keywords that may stand in it. */
  readonly keywords: ReadonlyMap<string, KnownKeyword>;
  readonly draft: Draft;
  /** The `{` has to come next. */
  braceNeeded: boolean;
}

/** What a keyword without a block holds; shared, since nearly all are such. */
const NOTHING: never[] = [];
const NO_KEYWORDS: ReadonlyMap<string, KnownKeyword> = new Map();
const OUTERMOST = KNOWN_KEYWORDS.get(ROOT)!;

/** Builds the statements piece by piece, as all processes read them. All that is wrong is reported; nothing stops it. */
export class TreeBuilder {
  readonly #report: Report;
  /** The outermost statements of all processes, by the place of their keyword. */
  readonly #found = new Map<number, Statement>();
  readonly #readers: readonly Reader[];
  /** The braces that are open, whatever they belong to. */
  readonly #open: Piece[] = [];
  #index = 0;
  #line: LogicalLine | undefined;
  /** Where that line ends for all processes but the first. */
  #end = 0;

  constructor(report: Report) {
    this.#report = report;
    this.#readers = PROCESSES.map((process) => new Reader(process, this.#found, report));
  }

  take(piece: Piece): void {
    this.#report.nextPiece();
    const extra = piece.kind !== 'text' && this.#isExtra(piece);
    const rest = this.#forChildren(piece);
    for (const reader of this.#readers) {
      this.#report.process = reader.process;
      const read = reader.process === 'parent' ? piece : rest;
      if (read !== undefined) reader.take(read, this.#index, extra);
    }
    this.#report.process = undefined;
    this.#index += 1;
  }

  /** The piece as the processes after the first read it; undefined when it is a comment to them. */
  #forChildren(piece: Piece): Piece | undefined {
    if (piece.line !== this.#line) {
      this.#line = piece.line;
      this.#end = endForChildren(piece.line);
    }
    if (piece.to <= this.#end) return piece;
    const to = piece.line.text.slice(0, this.#end).trimEnd().length;
    return to <= piece.from ? undefined : { ...piece, to, statement: undefined };
  }

  finish(): readonly Statement[] {
    this.#reportOpen();
    const order = [...this.#found.keys()].sort((a, b) => a - b);
    return order.map((index) => this.#found.get(index)!);
  }

  /** A `}` for which no brace is open. */
  #isExtra(piece: Piece): boolean {
    if (piece.kind === 'open') this.#open.push(piece);
    if (piece.kind !== 'close' || this.#open.pop() !== undefined) return false;
    const hint = 'is there one } too many further up?';
    this.#report.process = 'parent';
    this.#report.error('extra-close-brace', span(piece), 'this } closes nothing', { hint });
    return true;
  }

  #reportOpen(): void {
    const brace = this.#open[0];
    if (brace === undefined) return;
    const blocks = this.#readers.map((reader) => reader.open).find((open) => open.length > 0) ?? [];
    const [outermost, ...inner] = blocks;
    const lines = inner.slice(0, 3).map(({ keyword }) => `line ${keyword.line.number}`);
    const also = lines.length === 0 ? '' : ` (nor are those of ${lines.join(', ')})`;
    const words = outermost === undefined ? [] : [outermost.keyword, ...outermost.words.slice(0, 1)];
    const name = words.length === 0 ? 'this {' : words.map((word) => word.text.slice(0, 64)).join(' ');
    const message = `${name} is not closed with }${also}`;
    this.#report.error('missing-close-brace', outermost?.keyword ?? span(brace), message, { whole: true });
  }
}

/** One process reading the file. */
class Reader {
  readonly process: Process;
  readonly #report: Report;
  readonly #found: Map<number, Statement>;
  readonly #frames: Frame[] = [];
  readonly #blocks: SkippedBlocks;
  /** The last outermost block that was closed. */
  #closed: Statement | undefined;
  /** In a skipped block: its open braces; -1: its `{` may come next. */
  #skip = 0;

  constructor(process: Process, found: Map<number, Statement>, report: Report) {
    this.process = process;
    this.#found = found;
    this.#report = report;
    this.#blocks = new SkippedBlocks(report);
  }

  /** The blocks that are open, from the outermost on. */
  get open(): readonly Statement[] {
    return this.#frames.map(({ draft }) => draft);
  }

  /** `extra`: no brace is open for this `}`, which has been reported. */
  take(piece: Piece, index: number, extra: boolean): void {
    if (this.#skip !== 0 && this.#skipped(piece)) return;
    const frame = this.#frames.at(-1);
    if (frame?.braceNeeded) {
      frame.braceNeeded = false;
      if (piece.kind === 'open') return;
      this.#reportNoBrace(frame, piece);
    } else if (piece.kind === 'open' && frame?.draft.known.shape !== 'lines') {
      this.#report.error('unexpected-open-brace', span(piece), 'no { is expected here');
      return;
    }
    if (piece.kind === 'close') this.#close(piece, extra);
    else if (frame?.draft.known.shape === 'lines') this.#valueLine(frame, piece);
    else this.#statement(piece, index);
  }

  /** False when the piece belongs to no skipped block after all. */
  #skipped(piece: Piece): boolean {
    if (this.#skip < 0) {
      this.#skip = piece.kind === 'open' ? 1 : 0;
      return piece.kind === 'open';
    }
    if (piece.kind === 'open') this.#skip += 1;
    else if (piece.kind === 'close') this.#skip -= 1;
    return true;
  }

  #reportNoBrace({ draft }: Frame, piece: Piece): void {
    // Before free lines keepalived only writes it into its log.
    const name = draft.known.name;
    if (name === 'virtual_server_group') {
      const message = `${name} has no { after it: keepalived would not start`;
      this.#report.error('missing-word', span(piece), message);
      return;
    }
    const whole = draft.known.shape === 'lines';
    const add = whole ? this.#report.info : this.#report.error;
    add.call(
      this.#report,
      'missing-open-brace',
      span(piece),
      `${name} (line ${draft.keyword.line.number}) has no { after it`,
    );
  }

  #close(piece: Piece, extra: boolean): void {
    const frame = this.#frames.pop();
    if (frame === undefined) {
      if (extra) return;
      const last = this.#closed;
      const hint = last && `the } on line ${last.closed!.line.number} closed ${last.keyword.text} already`;
      this.#report.error('extra-close-brace', span(piece), 'this } closes nothing', { hint });
      return;
    }
    frame.draft.closed = span(piece);
    // A list that grows has room for more: it is not to be kept.
    if (frame.draft.statements.length > 0) frame.draft.statements = frame.draft.statements.slice();
    if (this.#frames.length === 0) this.#closed = frame.draft;
    own(piece, frame.context, '');
  }

  #valueLine({ draft, context }: Frame, piece: Piece): void {
    own(piece, context, '');
    const words = this.#words(piece);
    if (words[0] !== undefined) draft.lines.push(words);
  }

  #statement(piece: Piece, index: number): void {
    const parent = this.#frames.at(-1);
    const context = parent?.context ?? ROOT;
    const before = piece.statement;
    if (before !== undefined && before.context === context) {
      this.#begin(piece, before.known.shape === 'line' ? before : emptied(before), index);
      return;
    }
    const { text } = piece.line;
    const end = wordEnd(text, piece.from, piece.to);
    const known = (parent?.keywords ?? OUTERMOST).get(text.slice(piece.from, end));
    if (known === undefined) this.#rare(piece, context, index);
    else this.#known(piece, context, known, end, index);
  }

  /** A keyword that ends at `end`. */
  #known(piece: Piece, context: string, known: KnownKeyword, end: number, index: number): void {
    const { line, from, to } = piece;
    const isOutermost = this.#frames.length === 0;
    const { words, unmatched } = splitWords(line, end, to);
    this.#reportQuote(piece, unmatched);
    if (isOutermost && !processesOf(known.name).includes(this.process)) {
      this.#skip = -1;
      return;
    }
    const keyword = wordAt(line, from, end, known.name);
    const draft = known.command
      ? this.#command(piece, context, known, keyword)
      : draftOf(context, known, keyword, words, line.unmatched);
    if (!isOutermost && canBeShared(piece)) piece.statement = draft;
    this.#begin(piece, draft, index);
  }

  /** A keyword that is not known, or stands in quotes. */
  #rare(piece: Piece, context: string, index: number): void {
    const words = this.#words(piece);
    const keyword = words[0];
    if (keyword === undefined) return;
    const known = KNOWN_KEYWORDS.get(context)?.get(keyword.text);
    if (known !== undefined) {
      const { text } = piece.line;
      const begin = text.indexOf(keyword.text, piece.from);
      const end = begin + keyword.text.length + (text[begin - 1] === '"' ? 1 : 0);
      this.#known(piece, context, known, end, index);
      return;
    }
    reportUnknownKeyword(keyword, context, this.#report);
    const draft = draftOf(context, UNKNOWN, keyword, words.slice(1), piece.line.unmatched);
    this.#add(draft, index);
  }

  #begin(piece: Piece, draft: Draft, index: number): void {
    const { known, context } = draft;
    own(piece, context, known.name);
    if (known.shape !== 'line') {
      if (this.#blocks.isSkipped(draft, this.#frames.at(-1)?.draft)) {
        this.#skip = -1;
        return;
      }
    }
    this.#add(draft, index);
    if (known.shape === 'line') return;
    const keywords = KNOWN_KEYWORDS.get(known.path) ?? NO_KEYWORDS;
    this.#frames.push({ context: known.path, keywords, draft, braceNeeded: true });
  }

  #add(draft: Draft, index: number): void {
    if (!draft.ordinary) for (const frame of this.#frames) frame.draft.ordinary = false;
    const parent = this.#frames.at(-1);
    if (parent !== undefined) parent.draft.statements.push(draft);
    else if (!this.#found.has(index)) this.#found.set(index, draft);
  }

  #command(piece: Piece, context: string, known: KnownKeyword, keyword: Word): Draft {
    const { words, unmatched } = splitQuotedWords(piece.line, piece.from, piece.to);
    this.#reportQuote(piece, unmatched);
    return draftOf(context, known, keyword, words.slice(1), unmatched !== undefined);
  }

  #words(piece: Piece): readonly Word[] {
    const { words, unmatched } = splitWords(piece.line, piece.from, piece.to);
    this.#reportQuote(piece, unmatched);
    return words;
  }

  #reportQuote(piece: Piece, unmatched: Span | undefined): void {
    if (unmatched === undefined || piece.line.unmatched) return;
    this.#report.error('unmatched-quote', unmatched, 'this quote is not closed on the line');
  }
}

function draftOf(context: string, known: KnownKeyword, keyword: Word, words: readonly Word[], garbled: boolean): Draft {
  const [statements, lines] = emptyLists(known);
  const ordinary = isOrdinary(known, words.length);
  return { context, keyword, known, words, garbled, ordinary, statements, lines, closed: undefined };
}

function emptyLists({ shape }: KnownKeyword): [Statement[], (readonly Word[])[]] {
  return [shape === 'block' ? [] : NOTHING, shape === 'lines' ? [] : NOTHING];
}

/** The same beginning of a block. */
function emptied(draft: Draft): Draft {
  const [statements, lines] = emptyLists(draft.known);
  return { ...draft, statements, lines, closed: undefined };
}

/** Is a line made again and again, with nothing in it of which something would be said each time? */
function canBeShared({ line }: Piece): boolean {
  return line.memo !== undefined && !line.text.includes('"') && !line.text.includes("'") && !line.text.includes('\\');
}

/** Notes the process whose handlers judge a line: the first that has something to do with it. */
function own({ line: { source } }: Piece, context: string, name: string): void {
  source.owner ??= judgeOf(context, name);
}

function span(piece: Piece): Span {
  if (piece.line.memo === undefined) return spanOf(piece.line, piece.from, piece.to);
  piece.span ??= spanOf(piece.line, piece.from, piece.to);
  return piece.span;
}
