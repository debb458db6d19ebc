// Which rights this process lacks to be a router, and the line to type to have them.
import { readFileSync } from 'node:fs';

/** Bits of linux/capability.h. */
export const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_NET_RAW: 13 } as const;

export type Capability = keyof typeof CAPABILITIES;

/** Of the capabilities that a router needs (by default all), those that are not effective here. */
export function missingCapabilities(
  needed: readonly Capability[] = ['CAP_NET_ADMIN', 'CAP_NET_RAW'],
  status: string = readFileSync('/proc/self/status', 'latin1'),
): Capability[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return needed.filter((name) => ((effective >> BigInt(CAPABILITIES[name])) & 1n) === 0n);
}

/** One line that says what this process lacks and what to type; undefined when it lacks nothing. */
export function missingPrivileges(needed?: readonly Capability[]): string | undefined {
  const missing = missingCapabilities(needed);
  if (missing.length === 0) return undefined;
  const [line] = privilegeAdvice(missing, startCommand(process.execPath, process.argv));
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing; type: ${line}`;
}

/** Lines that start `command` (its words) with these capabilities: as root, or as the present user with nothing more. */
export function privilegeAdvice(missing: readonly Capability[], command: readonly string[]): string[] {
  const words = command.map(shellWord).join(' ');
  const names = missing.map((name) => `+${name.slice('CAP_'.length).toLowerCase()}`).join(',');
  return [
    `sudo ${words}`,
    `sudo setpriv --reuid $(id -u) --regid $(id -g) --init-groups --inh-caps ${names} --ambient-caps ${names} ${words}`,
  ];
}

/** The words by which sudo finds this program again: `kavtui` where root's PATH has it, else node and the file. */
export function startCommand(node: string, [, script = 'kavtui', ...args]: readonly string[]): string[] {
  const known = /^(?:\/usr(?:\/local)?)?\/s?bin\/kavtui$/.test(script);
  return known ? ['kavtui', ...args] : [node, script, ...args];
}

/** A word as a POSIX shell reads it back. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
