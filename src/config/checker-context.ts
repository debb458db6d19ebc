// What the judges of virtual servers and of their health checks share.
import { addressFamily } from '../wire/address.ts';
import type { HostFacts } from './host-facts.ts';
import type { Report } from './report.ts';
import { readHost } from './rules.ts';
import type { Statement, Word } from './statement.ts';
import { splitCommand } from './words.ts';

export interface CheckerContext {
  readonly report: Report;
  readonly host: HostFacts | undefined;
  /** Scripts that name no user have none to run as. */
  readonly noUser: boolean;
  /** enable_script_security. */
  readonly secure: boolean;
  /** Names of the track_file blocks with a file that stand above. */
  readonly trackFiles: ReadonlySet<string>;
  /** Names of the bfd_instance blocks of the whole file. */
  readonly sessions: ReadonlySet<string>;
}

/** The last statement of a block that has one of these names. */
export function find(block: Statement, ...names: readonly string[]): Statement | undefined {
  const { statements } = block;
  for (let index = statements.length - 1; index >= 0; index--) {
    if (names.includes(statements[index]!.known.name)) return statements[index];
  }
  return undefined;
}

/** The family of the address of a virtual or real server; undefined of a group or a firewall mark. */
export function familyOf(block: Statement): 4 | 6 | undefined {
  const address = readHost(block.words[0]?.text ?? '');
  return address === undefined ? undefined : addressFamily(address);
}

/** Says once of the whole file that nothing tells whether its scripts are safe. */
export function reportInsecure(command: Word, { secure, host, report }: CheckerContext): void {
  const program = splitCommand(command.text)?.[0];
  if (!secure && program !== undefined && host?.canRun(program)) report.insecureScripts();
}
