// What one host makes of a configuration: interfaces, users and scripts that are not there (only when facts are given).
import type { NodeConfig } from '../engine/config.ts';
import type { Command } from '../vrrp/config.ts';
import type { ScriptUser } from './commands.ts';
import type { HostFacts } from './host-facts.ts';
import type { Report } from './report.ts';
import type { Span } from './source.ts';
import type { Statement, Word } from './statement.ts';

/** True when the interface is there or is not to be judged; keepalived's VRRP process ends without it. */
export function judgeInterface(word: Word, host: HostFacts | undefined, report: Report): boolean {
  if (host === undefined || host.dynamicInterfaces || host.interfaces.has(word.text)) return true;
  report.noInterface(word, `there is no interface ${word.text.slice(0, 64)} on this host`);
  return true;
}

/** True when this host has the user and, where one is named, the group. */
export function knowsUser(user: string, group: string | undefined, host: HostFacts): boolean {
  return host.users.has(user) && (group === undefined || host.groups.has(group));
}

/** True when the user and the group are there or are not to be judged. */
export function judgeUser(
  words: readonly Word[],
  host: HostFacts | undefined,
  report: Report,
  at: Span | undefined = words[0],
): boolean {
  const [user, group] = words;
  if (host === undefined || user === undefined) return true;
  if (knowsUser(user.text, group?.text, host)) return true;
  report.error('no-such-user', at ?? user, 'there is no such user or group on this host; the line is ignored');
  return false;
}

/** A script may run only as a user that is known: `enable_script_security`, or a script_user that is none, leave none. */
export function lacksUser(own: ScriptUser | undefined, security: boolean, host: HostFacts | undefined): boolean {
  return host !== undefined && security && own === undefined && !host.users.has('keepalived_script');
}

/** `net_namespace` that is not there: `keepalived -t` stops before it looks at anything but global_defs, and exits 0. */
export function judgeNamespace(statements: readonly Statement[], host: HostFacts | undefined, report: Report): void {
  if (host === undefined) return;
  const statement = statements.findLast(({ known }) => known.name === 'net_namespace');
  const name = statement?.words[0];
  if (statement === undefined || name === undefined || host.namespaces.has(name.text)) return;
  report.stopAt(name, `there is no network namespace ${name.text.slice(0, 64)}: keepalived -t stops here and exits 0`);
}

/** Scripts that are not there, and those that run although nothing says that they are safe. */
export function judgeScripts(
  config: NodeConfig,
  statements: readonly Statement[],
  host: HostFacts | undefined,
  report: Report,
): void {
  if (host === undefined || report.lacksInterface) return;
  const canRun = ({ argv, user, group }: Command) =>
    host.canRun(argv[0] ?? '') && (user === undefined || knowsUser(user, group, host));
  const names = new Map<string, Word>();
  for (const { known, words } of statements.toReversed()) {
    const name = known.name === 'vrrp_script' ? words[0] : undefined;
    if (name !== undefined) names.set(name.text, name);
  }
  let found = false;
  // Without an instance keepalived does not look at them.
  const isLookedAt = statements.some(({ known }) => known.name === 'vrrp_instance');
  for (const script of isLookedAt ? config.scripts : []) {
    if (canRun(script.command)) {
      found = true;
      continue;
    }
    const name = names.get(script.name);
    const message = `${script.command.argv[0]} cannot be run on this host: vrrp_script ${script.name} is not tracked`;
    if (name !== undefined) report.error('no-such-script', name, message, { whole: true });
  }
  const owners = [...config.instances, ...(config.syncGroups ?? [])];
  found ||= owners.some(({ notify }) => Object.values(notify).some(canRun));
  const { startup, shutdown } = config.globals.process ?? {};
  found ||= [startup, shutdown].some((script) => script !== undefined && canRun(script.command));
  if (found && !config.globals.enableScriptSecurity) report.insecureScripts();
}
