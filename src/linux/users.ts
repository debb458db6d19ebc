// Names of users and groups → numbers, from /etc/passwd and /etc/group, else from getent (directories, sssd).
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** The numbers of a user and a group (default: the user's own), or one line that says which of them is unknown. */
export function resolveIdentity(user: string | undefined, group: string | undefined): Identity | string {
  const account = user === undefined ? undefined : lookUp('passwd', user);
  if (user !== undefined && account === undefined) return `user ${user} does not exist`;
  const entry = group === undefined ? undefined : lookUp('group', group);
  if (group !== undefined && entry === undefined) return `group ${group} does not exist`;
  return {
    uid: account === undefined ? (process.getuid?.() ?? 0) : Number(account[2]),
    gid: entry === undefined ? Number(account?.[3] ?? process.getgid?.()) : Number(entry[2]),
  };
}

function lookUp(database: 'passwd' | 'group', name: string): string[] | undefined {
  return entryOf(fileText(`/etc/${database}`), name) ?? entryOf(getent(database, name), name);
}

/** The fields of the line of `name` in the text of a passwd or group file. */
export function entryOf(text: string, name: string): string[] | undefined {
  for (const line of text.split('\n')) {
    const fields = line.split(':');
    if (fields[0] === name && /^\d+$/.test(fields[2] ?? '')) return fields;
  }
  return undefined;
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const asked = new Map<string, string>();

/** Asked once for each name: it costs a process, and a script may run every second. */
function getent(database: string, name: string): string {
  const key = `${database} ${name}`;
  const known = asked.get(key);
  if (known !== undefined) return known;
  const { stdout } = spawnSync('getent', [database, '--', name], {
    encoding: 'utf8',
    timeout: 2000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  asked.set(key, stdout ?? '');
  return stdout ?? '';
}
