// What an operator may ask of a running engine. Every override expires by itself.

/** Default life of an override: 120 s, in µs. */
export const DEFAULT_OVERRIDE_US = 120_000_000;

/** What every override carries: how long it lasts (µs), who set it, and why. */
interface OverrideTerms {
  readonly lastsUs?: number;
  readonly who?: string;
  readonly why?: string;
}

export type OperatorCommand =
  | ({ readonly kind: 'force-fault'; readonly instance: string } & OverrideTerms)
  | ({ readonly kind: 'set-priority'; readonly instance: string; readonly priority: number } & OverrideTerms)
  | ({ readonly kind: 'add-priority'; readonly instance: string; readonly delta: number } & OverrideTerms)
  | ({ readonly kind: 'toggle-nopreempt'; readonly instance: string } & OverrideTerms)
  /** Takes back one override of this instance (`id`), or the one set last. */
  | { readonly kind: 'undo'; readonly id?: number }
  | { readonly kind: 'undo-all' };

/** Answer to a command: done, or why not, in one line for the operator. */
export type CommandResult =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly message: string };
