// Commands to run: `script` and `notify*` lines with their optional user and group.
import type { Command } from '../vrrp/config.ts';
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { splitCommand } from './words.ts';

/** Whom scripts run as when their own line does not say. */
export interface ScriptUser {
  readonly user: string;
  readonly group?: string;
}

/**
 * The command of a line `notify COMMAND [USER [GROUP]]` or `script COMMAND`; undefined (and reported) when there is none.
 * After `script` keepalived 2.2.7 ignores further words: its user comes from the keyword `user`.
 */
export function readCommand(
  statement: Statement,
  fallback: ScriptUser | undefined,
  report: Report,
): Command | undefined {
  const [command, user, group] = statement.known.name === 'script' ? statement.words.slice(0, 1) : statement.words;
  if (command === undefined) return undefined;
  const argv = splitCommand(command.text);
  if (argv === undefined) {
    report.error('unmatched-quote', command, 'a quote inside the command is not closed');
    return undefined;
  }
  if (argv.length === 0 || argv[0] === '') return undefined;
  const runAs =
    user === undefined ? fallback : { user: user.text, ...(group === undefined ? {} : { group: group.text }) };
  return { argv, text: command.text, ...runAs };
}
