// What the configuration reader has to say: one closed union of codes, positions, and the two questions asked of a list.

/** Every kind of finding. Text, braces, keywords, values, meaning: in the order in which they are found. */
export type DiagnosticCode =
  | 'nul-byte'
  | 'line-too-long'
  | 'no-line-end'
  | 'unmatched-quote'
  | 'missing-open-brace'
  | 'unexpected-open-brace'
  | 'extra-close-brace'
  | 'missing-close-brace'
  | 'unknown-keyword'
  | 'newer-keyword'
  | 'not-read'
  | 'undefined-name'
  | 'definition-too-long'
  | 'invalid-sequence'
  | 'missing-file'
  | 'unreadable-file'
  | 'include-too-deep'
  | 'missing-word'
  | 'missing-value'
  | 'extra-words'
  | 'deprecated'
  | 'not-yet-supported'
  | 'invalid-number'
  | 'out-of-range'
  | 'invalid-value'
  | 'invalid-address'
  | 'unknown-option'
  | 'cut-short'
  | 'no-effect'
  | 'duplicate'
  | 'undefined-script'
  | 'missing-script'
  | 'no-such-interface'
  | 'no-such-user'
  | 'no-such-script'
  | 'no-such-namespace'
  | 'script-security'
  | 'accepted-without-effect'
  | 'missing-vrid'
  | 'missing-interface'
  | 'missing-address'
  | 'duplicate-vrid'
  | 'too-many-addresses'
  | 'too-many-findings';

/** Only errors and warnings change the exit status, as they would with `keepalived -t`. */
export type Severity = 'error' | 'warning' | 'info';

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** The configuration says something about the wire, the election or the addresses that would be left undone. */
  readonly blocking: boolean;
  /** About a block or the file as a whole: keepalived says it without a line. */
  readonly aboutWhole?: true;
  readonly message: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units of `lineText`. */
  readonly column: number;
  /** Units under the caret; absent: one. */
  readonly length?: number;
  /** The line as written, not yet made safe for a terminal. */
  readonly lineText: string;
  readonly hint?: string;
}

/** The findings for which `run` refuses to start unless told to ignore what is not supported. */
export function blockers(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.blocking);
}

/** The worst of some exit statuses, in keepalived's order: 6 and 2 end it at once, 5 is any error or warning. */
export function worstExit<Code extends number>(codes: readonly Code[], order: readonly Code[]): Code {
  return order.find((code) => codes.includes(code)) ?? order[order.length - 1]!;
}
