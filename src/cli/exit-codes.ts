// Exit codes of every command but `check` (which exits as keepalived -t does).

export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;
export const MISSING_PERMISSION = 4;
export const REFUSED = 5;

/** One line on standard error, then the end of the process. */
export function fail(code: number, message: string): never {
  process.stderr.write(`kavtui: ${message}\n`);
  process.exit(code);
}
