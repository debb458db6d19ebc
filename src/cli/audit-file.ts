// The audit log on disk: one JSON object a line, written at once, before what it tells of is done.
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Audit } from '../session/audit.ts';
import { stripControl } from '../wire/text.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where actions are written down unless --audit-log says otherwise. */
export function defaultAuditFile(env: Environment, uid: number): string {
  const systemd = env.STATE_DIRECTORY?.split(':')[0];
  if (systemd !== undefined && systemd !== '') return join(systemd, 'audit.log');
  if (uid === 0) return '/var/lib/kavtui/audit.log';
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'kavtui', 'audit.log');
}

/** Appends to `file`, which is made with its directory when the first entry comes. */
export function auditFile(file: string): Audit {
  const host = hostname();
  return (entry) => {
    const line = JSON.stringify({ time: new Date().toISOString(), host, pid: process.pid, ...entry });
    try {
      makeDirectory(dirname(file));
      appendFileSync(file, `${line}\n`, { mode: 0o640 });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}

/** With its parents, one by one: Node's own recursion never ends below /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeDirectory(dirname(path));
  mkdirSync(path, { mode: 0o750 });
}

/** Who sits at the screen: `root (sudo: alice, ssh: 192.0.2.7)`. */
export function operatorName(env: Environment): string {
  const from = [
    env.SUDO_USER ? `sudo: ${env.SUDO_USER}` : undefined,
    env.SSH_CONNECTION ? `ssh: ${env.SSH_CONNECTION.split(' ')[0]}` : undefined,
  ].filter((part) => part !== undefined);
  const text = from.length === 0 ? userName() : `${userName()} (${from.join(', ')})`;
  return stripControl(text).slice(0, 100);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // An id without a name.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
