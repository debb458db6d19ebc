// `kavtui check --print FILE`: the configuration in canonical form on standard output, the findings on standard error.
import { printConfig } from '../config/print.ts';
import { stripControl } from '../wire/text.ts';
import { type CheckOptions, loadOptions, renderResult, UNREADABLE, type Write } from './check.ts';
import { loadConfig } from './load-config.ts';

export interface PrintOptions extends CheckOptions {
  /** --redact: secrets as asterisks. */
  readonly redact: boolean;
}

/** Prints one file; returns the exit status that `check` has for it. */
export function checkPrint(file: string, options: PrintOptions, write: Write): number {
  const loading = loadOptions(options);
  const loaded = typeof loading === 'string' ? ({ ok: false, message: loading } as const) : loadConfig(file, loading);
  if (!loaded.ok) {
    write.err(`${stripControl(loaded.message)}\n`);
    return UNREADABLE;
  }
  write.err(renderResult(file, loaded.result));
  write.out(printConfig(loaded.result.statements, file, options));
  return loaded.result.exitCode;
}
