// Collects findings: their positions, the cap that keeps hostile files cheap, and the exit status they amount to.
import { stripControl } from '../wire/text.ts';
import type { Diagnostic, DiagnosticCode, Severity } from './diagnostic.ts';
import { PROCESSES, type Process } from './processes.ts';
import type { SourceLine, Span } from './source.ts';

/** More findings than this are counted, not kept: of the file, and of one line. */
const MAX_FINDINGS = 500;
const MAX_OF_LINE = 20;

interface Extra {
  /** Worked out only for findings that are kept. */
  readonly hint?: string | undefined | (() => string | undefined);
  readonly blocking?: boolean;
  /** About a block or the file as a whole. */
  readonly whole?: boolean;
}

/** Findings that need the whole file: not made when a part of it was not understood. */
const WHOLE_FILE: ReadonlySet<DiagnosticCode> = new Set([
  'missing-open-brace',
  'unexpected-open-brace',
  'extra-close-brace',
  'missing-close-brace',
  'no-effect',
  'duplicate',
  'undefined-script',
  'missing-script',
  'missing-vrid',
  'missing-interface',
  'missing-address',
  'duplicate-vrid',
]);

interface Dropped {
  readonly count: number;
  readonly severity: Severity;
  readonly blocking: boolean;
  readonly span: Span;
}

/** When keepalived would come to a line: the process, its place in the text. */
interface Moment {
  readonly process: number;
  readonly place: number;
}

interface Kept {
  readonly finding: Diagnostic;
  readonly moment: Moment;
}

export class Report {
  readonly #kept: Kept[] = [];
  /** The process that reads the file just now, while the tree is built. */
  process: Process | undefined;
  /** How many lines were read. */
  #lines = 0;
  /** How much was said of a line. */
  readonly #counts = new Map<SourceLine, number>();
  /** Lines with a keyword that is not known: of what else stands there nothing is to be said. */
  readonly #unknown = new Set<SourceLine>();
  /** What processes before this one said of the same piece of text. */
  readonly #saidOfPiece = new Set<DiagnosticCode>();
  readonly #unended = new Map<SourceLine, SourceLine>();
  /** The first keyword without its word: keepalived ends there. */
  #end: Moment | undefined;
  readonly #muted = new Set<SourceLine>();
  /** Source lines without their secrets. */
  readonly #shown = new Map<SourceLine, string>();
  #dropped: Dropped | undefined;
  #stopped = false;
  /** An interface is not there: scripts are not looked at any more. */
  lacksInterface = false;
  readonly #said = new Set<DiagnosticCode>();
  /** `keepalived -t` would end like this: 2 a keyword lacks its word, 5 any error or warning, 6 a strict include. */
  exitCode: 0 | 2 | 5 | 6 = 0;
  /** keepalived's VRRP process would end rather than run this configuration. */
  fatal = false;
  /** Definitions, includes and the like were seen: what the file as a whole lacks cannot be said. */
  unjudged = false;

  /** While an instance is completed: what is found then keepalived says without a line. */
  completing = false;

  /** The next piece of a line is read. */
  nextPiece(): void {
    if (this.#saidOfPiece.size > 0) this.#saidOfPiece.clear();
  }

  /** The last line of a file that does not end it, and the one before. */
  unended(last: SourceLine, before: SourceLine): void {
    this.#unended.set(last, before);
  }

  /** Where the next line stands in the order in which keepalived reads them, whatever their files. */
  nextPlace(): number {
    return this.#lines++;
  }

  /** Has anything been said of this line? */
  isNamed(line: SourceLine): boolean {
    return (this.#counts.get(line) ?? 0) > 0;
  }

  /** What this line says is not known: from here on only what is not supported is reported about it. */
  mute(line: SourceLine): void {
    this.#muted.add(line);
  }

  error(code: DiagnosticCode, span: Span, message: string, extra?: Extra): void {
    this.add(code, 'error', span, message, extra);
  }

  warning(code: DiagnosticCode, span: Span, message: string, extra?: Extra): void {
    this.add(code, 'warning', span, message, extra);
  }

  /** What keepalived says when a block ends: at its `}`, or, of a block that stays open, without a line. */
  atEnd(
    severity: 'error' | 'warning',
    code: DiagnosticCode,
    { closed, keyword }: { readonly closed: Span | undefined; readonly keyword: Span },
    message: string,
  ): void {
    this.add(code, severity, closed ?? keyword, message, { whole: closed === undefined });
  }

  info(code: DiagnosticCode, span: Span, message: string, extra?: Extra): void {
    this.add(code, 'info', span, message, extra);
  }

  /** keepalived's VRRP process would end rather than run this configuration, for a reason that is reported already. */
  cannotRun(): void {
    if (!this.unjudged) this.fatal = true;
  }

  /** An interface that is not there: keepalived's VRRP process ends before it completes any instance. */
  noInterface(span: Span, message: string): void {
    this.add('no-such-interface', 'error', span, message);
    this.lacksInterface = true;
    this.fatal = true;
  }

  /** Scripts would run, and `enable_script_security` is not there: nothing outranks that in the exit status. */
  insecureScripts(): void {
    if (this.exitCode !== 2) this.exitCode = 6;
  }

  /** What lies beyond global_defs is not looked at by `keepalived -t`, which exits 0: from now on all is a note. */
  stopAt(span: Span, message: string): void {
    // A keyword without its word in global_defs ends keepalived before.
    if (this.#end?.process === PROCESSES.indexOf('parent')) return;
    this.add('no-such-namespace', 'info', span, message);
    this.exitCode = 0;
    this.fatal = false;
    this.#stopped = true;
  }

  /** What `once` would say has been said. */
  noteSaid(code: DiagnosticCode): void {
    this.#said.add(code);
  }

  /** An error that keepalived makes once, at its first cause. */
  once(code: DiagnosticCode, span: Span, message: string): void {
    if (!this.#said.has(code)) this.error(code, span, message);
    this.#said.add(code);
  }

  /** An error with which an instance cannot run at all. */
  fatalError(code: DiagnosticCode, span: Span, message: string, extra?: Extra): void {
    this.cannotRun();
    this.add(code, 'error', span, message, extra);
  }

  /** An include that insists on its file: keepalived does not start (exit status 6). */
  strictInclude(code: DiagnosticCode, span: Span, message: string): void {
    this.add(code, 'error', span, message, {});
    this.exitCode = 6;
    this.fatal = true;
  }

  add(code: DiagnosticCode, severity: Severity, span: Span, message: string, extra: Extra = {}): void {
    if (this.unjudged && WHOLE_FILE.has(code)) return;
    if (this.#muted.has(span.line) && code !== 'not-yet-supported' && code !== 'undefined-name') return;
    if (this.process !== undefined && this.#isSaid(code, span.line)) return;
    const moment = this.#moment(span);
    if (code === 'missing-word') {
      if (this.exitCode !== 6) this.exitCode = 2;
      this.fatal = true;
      if (this.#end === undefined || isLater(this.#end, moment)) this.#end = moment;
    } else if (severity !== 'info' && this.exitCode === 0) this.exitCode = 5;
    const isParents = severity !== 'info' && (this.process ?? span.line.owner) === 'parent';
    const before = isParents ? this.#unended.get(span.line) : undefined;
    if (before !== undefined) {
      this.#unended.delete(span.line);
      const said = 'what is wrong in the last line keepalived also tells of this one, since no line end follows it';
      this.info('no-line-end', { line: before, column: 1, length: 0 }, said);
    }
    const ofLine = this.#counts.get(span.line) ?? 0;
    this.#counts.set(span.line, ofLine + 1);
    if (this.#kept.length < MAX_FINDINGS && ofLine < MAX_OF_LINE) {
      this.#kept.push({ finding: this.#place(code, severity, span, message, extra), moment });
    } else this.#count(severity, span, extra.blocking ?? false);
  }

  /** True when another process said the same, or this line holds a keyword that is not known. */
  #isSaid(code: DiagnosticCode, line: SourceLine): boolean {
    if (this.#saidOfPiece.has(code)) return true;
    this.#saidOfPiece.add(code);
    if (code !== 'unknown-keyword' && code !== 'unexpected-open-brace') return false;
    if (this.#unknown.has(line)) return true;
    if (code === 'unknown-keyword') this.#unknown.add(line);
    return false;
  }

  #moment({ line }: Span): Moment {
    const process = this.process ?? line.owner ?? 'parent';
    return { process: PROCESSES.indexOf(process), place: line.place };
  }

  #count(severity: Severity, span: Span, blocking: boolean): void {
    const before = this.#dropped;
    this.#dropped = {
      count: (before?.count ?? 0) + 1,
      severity: before !== undefined && severity === 'info' ? before.severity : severity,
      blocking: blocking || (before?.blocking ?? false),
      span,
    };
  }

  /** The findings in the order of the text, and a last one when some were only counted. */
  list(): readonly Diagnostic[] {
    const kept = this.#kept.map((one) => this.#unlessTooLate(one));
    const files = [...new Set(kept.map((finding) => finding.file))];
    const list = kept.toSorted(
      (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
    );
    if (this.#stopped) return list.map((finding) => ({ ...finding, severity: 'info' }));
    if (this.#dropped === undefined) return list;
    const { count, severity, span, blocking } = this.#dropped;
    const message = `${count} more findings are not listed`;
    return [...list, this.#place('too-many-findings', severity, span, message, { blocking, whole: true })];
  }

  /** After a keyword without its word keepalived says nothing any more: what we see there is a note. */
  #unlessTooLate({ finding, moment }: Kept): Diagnostic {
    if (this.#end === undefined || finding.aboutWhole || !isLater(moment, this.#end)) return finding;
    return { ...finding, severity: 'info' };
  }

  #place(code: DiagnosticCode, severity: Severity, span: Span, message: string, extra: Extra): Diagnostic {
    const { line } = span;
    const column = Math.max(1, Math.min(span.column, line.text.length + 1));
    const length = Math.min(span.length, line.text.length + 1 - column);
    const advice = typeof extra.hint === 'function' ? extra.hint() : extra.hint;
    const hint = span.note === undefined ? advice : [span.note, advice].filter(Boolean).join('; ');
    return {
      code,
      severity,
      blocking: extra.blocking ?? false,
      ...(extra.whole || this.completing ? { aboutWhole: true as const } : {}),
      message: stripControl(message),
      file: line.file,
      line: line.number,
      column,
      ...(length > 0 ? { length } : {}),
      lineText: this.#show(line),
      ...(hint === undefined ? {} : { hint: stripControl(hint) }),
    };
  }

  #show(line: SourceLine): string {
    const known = this.#shown.get(line);
    if (known !== undefined) return known;
    const shown = maskSecrets(line.text);
    this.#shown.set(line, shown);
    return shown;
  }
}

function isLater(one: Moment, other: Moment): boolean {
  return one.process === other.process ? one.place > other.place : one.process > other.process;
}

/** Keywords whose word is a secret, also when misspelled. */
const SECRET = /((?:^|[\s{])(?:(?:auth_?pa\w*|passw\w*|key)[ \t]+|\$\w*(?:pass|secret|key|auth)\w*=))(.+)/gi;

/** The line with the rest after such a keyword replaced by asterisks, so that columns stay right. */
function maskSecrets(text: string): string {
  return text.replace(SECRET, (_, keyword: string, secret: string) => keyword + secret.replace(/[^\s{}]/g, '*'));
}
