// What is written down before an operator's action is carried out.

/** One line of the audit log. */
export interface AuditEntry {
  /** Who acts, as the process was started: `root (sudo from alice, ssh from 192.0.2.7)`. */
  readonly who: string;
  /** The router that is acted on; absent for the session itself. */
  readonly router?: string;
  readonly action: string;
  readonly instance?: string;
  /** The vrrp_script that is run. */
  readonly script?: string;
  /** The order itself, plain data. */
  readonly order?: unknown;
  readonly why?: string;
  /** What the screen said would happen, and what had to be typed; absent when nothing was asked. */
  readonly forecast?: string;
  readonly confirmed?: string;
  /** Only in the line that follows an action: what came of it. */
  readonly result?: string;
}

/** Writes an entry, at once and for good. Returns why it could not be written. */
export type Audit = (entry: AuditEntry) => string | undefined;
