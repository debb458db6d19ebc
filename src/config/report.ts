// Collects findings: their positions, the cap that keeps hostile files cheap, and the exit status they amount to.
import type { Diagnostic, DiagnosticCode, Severity } from './diagnostic.ts';
import type { Span } from './source.ts';

/** More findings than this are counted, not kept. */
const MAX_FINDINGS = 500;

interface Extra {
  readonly hint?: string | undefined;
  readonly blocking?: boolean;
}

export class Report {
  readonly #kept: Diagnostic[] = [];
  #dropped: { count: number; severity: Severity; blocking: boolean; last: Diagnostic } | undefined;
  /** `keepalived -t` would end like this: 2 a keyword lacks its word, 5 any error or warning. */
  exitCode: 0 | 2 | 5 = 0;
  /** keepalived's VRRP process would end rather than run this configuration. */
  fatal = false;

  /** No more findings are kept: costly hints are not worth working out. */
  get full(): boolean {
    return this.#kept.length >= MAX_FINDINGS;
  }

  error(code: DiagnosticCode, span: Span, message: string, extra?: Extra): void {
    this.add(code, 'error', span, message, extra);
  }

  warning(code: DiagnosticCode, span: Span, message: string, extra?: Extra): void {
    this.add(code, 'warning', span, message, extra);
  }

  info(code: DiagnosticCode, span: Span, message: string, extra?: Extra): void {
    this.add(code, 'info', span, message, extra);
  }

  /** An error with which an instance cannot run at all. */
  fatalError(code: DiagnosticCode, span: Span, message: string, extra?: Extra): void {
    this.fatal = true;
    this.add(code, 'error', span, message, extra);
  }

  add(code: DiagnosticCode, severity: Severity, span: Span, message: string, extra: Extra = {}): void {
    if (code === 'missing-word') this.exitCode = 2;
    else if (severity !== 'info' && this.exitCode === 0) this.exitCode = 5;
    const finding = place(code, severity, span, message, extra);
    if (this.#kept.length < MAX_FINDINGS) this.#kept.push(finding);
    else this.#count(finding);
  }

  #count(finding: Diagnostic): void {
    const before = this.#dropped;
    this.#dropped = {
      count: (before?.count ?? 0) + 1,
      severity: before !== undefined && finding.severity === 'info' ? before.severity : finding.severity,
      blocking: finding.blocking || (before?.blocking ?? false),
      last: finding,
    };
  }

  /** The findings in the order of the text, and a last one when some were only counted. */
  list(): readonly Diagnostic[] {
    const files = [...new Set(this.#kept.map((finding) => finding.file))];
    const list = this.#kept.toSorted(
      (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
    );
    if (this.#dropped === undefined) return list;
    const { count, severity, blocking } = this.#dropped;
    const { hint: _, ...last } = this.#dropped.last;
    const message = `${count} more findings, up to this line, are not listed`;
    return [...list, { ...last, code: 'too-many-findings', severity, blocking, message }];
  }
}

function place(code: DiagnosticCode, severity: Severity, span: Span, message: string, extra: Extra): Diagnostic {
  const { line } = span;
  const column = Math.max(1, Math.min(span.column, line.text.length + 1));
  const length = Math.min(span.length, line.text.length + 1 - column);
  return {
    code,
    severity,
    blocking: extra.blocking ?? false,
    message,
    file: line.file,
    line: line.number,
    column,
    ...(length > 0 ? { length } : {}),
    lineText: maskSecrets(line.text),
    ...(extra.hint === undefined ? {} : { hint: extra.hint }),
  };
}

/** Keywords whose word is a secret, also when misspelled; the rest of such a line up to a brace or comment is hidden. */
const SECRET = /((?:^|[\s{])(?:auth_?pa\w*|passw\w*|key)[ \t]+)([^#{}]+)/gi;

/** The line with secrets replaced by as many asterisks, so that columns stay right. */
function maskSecrets(text: string): string {
  return text.replace(SECRET, (_, keyword: string, secret: string) => keyword + secret.replace(/\S/g, '*'));
}
