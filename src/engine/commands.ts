// What an operator may ask of a running engine: overrides, which expire by themselves, and acts, which leave nothing behind.

/** Default life of an override: 120 s, in µs. */
export const DEFAULT_OVERRIDE_US = 120_000_000;

/** What every override carries: how long it lasts (µs), who set it, and why. */
interface OverrideTerms {
  readonly lastsUs?: number;
  readonly who?: string;
  readonly why?: string;
}

/** Who asks for something that is done at once and leaves nothing to take back. */
interface Asked {
  readonly who?: string;
}

export type OperatorCommand =
  | ({ readonly kind: 'force-fault'; readonly instance: string } & OverrideTerms)
  | ({ readonly kind: 'set-priority'; readonly instance: string; readonly priority: number } & OverrideTerms)
  | ({ readonly kind: 'add-priority'; readonly instance: string; readonly delta: number } & OverrideTerms)
  | ({ readonly kind: 'toggle-nopreempt'; readonly instance: string } & OverrideTerms)
  /** Announces the addresses of a MASTER once more, as on becoming MASTER. */
  | ({ readonly kind: 'announce'; readonly instance: string } & Asked)
  /** Runs a vrrp_script now; the result counts as that of any other run. */
  | ({ readonly kind: 'run-script'; readonly script: string } & Asked)
  /** Takes back one override of this instance (`id`), or the one set last. */
  | { readonly kind: 'undo'; readonly id?: number }
  | { readonly kind: 'undo-all' };

/** Answer to a command: done, or why not, in one line for the operator. */
export type CommandResult =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly message: string };

type SetKind = 'force-fault' | 'set-priority' | 'add-priority' | 'toggle-nopreempt';

/** A command that makes an override. */
export type SetCommand = Extract<OperatorCommand, { kind: SetKind }>;

const SETS: readonly string[] = ['force-fault', 'set-priority', 'add-priority', 'toggle-nopreempt'] satisfies SetKind[];

export const isSetCommand = (command: OperatorCommand): command is SetCommand => SETS.includes(command.kind);
