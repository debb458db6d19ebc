// One router in a network namespace: a lock that vanishes with its process, and a look for others that take no lock.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { AF_UNIX, EADDRINUSE, SO_PEERCRED, SOCK_CLOEXEC, SOCK_STREAM, SOL_SOCKET } from './abi.ts';
import { errnoName, libc } from './libc.ts';
import { sockaddrUn } from './socket-address.ts';

/** Abstract names belong to the network namespace, like the addresses that the lock protects. */
const LOCK = sockaddrUn('\0kavtui');

const HIDDEN = 'hidden';

export interface OtherRouter {
  readonly pid: number;
  readonly name: 'keepalived' | 'kavtui';
}

export type NamespaceClaim =
  | { readonly ok: true; release(): void }
  | { readonly ok: false; readonly pid: number | undefined; readonly message: string };

/**
 * Claims this network namespace for this process. Refused where keepalived or another kavtui runs: two routers on one
 * host take each other's addresses away. The message is one line that names the pid. `takeOver` claims all the same,
 * without the lock where another kavtui has it.
 */
export function claimNamespace(takeOver = false): NamespaceClaim {
  const lock = takeLock();
  if (!lock.ok) return takeOver && lock.pid !== undefined ? { ok: true, release: () => {} } : lock;
  const other = takeOver ? undefined : findOtherRouters()[0];
  if (other === undefined) return lock;
  lock.release();
  return {
    ok: false,
    pid: other.pid,
    message: `${other.name} runs in this network namespace already (pid ${other.pid}): stop it first, or use --take-over`,
  };
}

function takeLock(): NamespaceClaim {
  const c = libc();
  const fd = c.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return { ok: false, pid: undefined, message: `cannot take the lock of this namespace: ${errnoName(fd)}` };
  const bound = c.bind(fd, LOCK);
  if (bound >= 0) {
    // Who listens tells its pid to who connects.
    c.listen(fd, 1);
    return { ok: true, release: () => void c.close(fd) };
  }
  const pid = bound === EADDRINUSE ? holder() : undefined;
  c.close(fd);
  if (bound !== EADDRINUSE) {
    return { ok: false, pid, message: `cannot take the lock of this namespace: ${errnoName(bound)}` };
  }
  const who = pid === undefined ? 'another kavtui' : `another kavtui (pid ${pid})`;
  return { ok: false, pid, message: `${who} holds this network namespace` };
}

/** The process that listens on the lock. */
function holder(): number | undefined {
  const c = libc();
  const fd = c.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const credentials = new Uint8Array(12);
  const known = c.connect(fd, LOCK) >= 0 && c.getOption(fd, SOL_SOCKET, SO_PEERCRED, credentials) === 12;
  c.close(fd);
  // 0: the process is in a pid namespace that is not ours.
  const pid = known ? new DataView(credentials.buffer).getInt32(0, true) : 0;
  return pid > 0 ? pid : undefined;
}

/**
 * Running keepalived and `kavtui run` processes in our network namespace, parents first, without this process. A process
 * whose namespace may not be read (another user's) counts as being in ours: better one question too many.
 */
export function findOtherRouters(): OtherRouter[] {
  const ours = namespaceOf('self');
  const found: OtherRouter[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const name = routerName(procFile(entry, 'comm').trim(), procFile(entry, 'cmdline').split('\0'));
    if (name === undefined || isZombie(entry)) continue;
    const theirs = namespaceOf(entry);
    if (theirs === HIDDEN || theirs === ours) found.push({ pid, name });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** What a process is, by its short name and its arguments. */
export function routerName(comm: string, argv: readonly string[]): OtherRouter['name'] | undefined {
  if (comm === 'keepalived' || comm.startsWith('keepalived_')) return 'keepalived';
  const program = argv.findIndex((word) => /(?:^|\/)kavtui(?:\.js)?$/.test(word));
  // `kavtui` itself or as the program of node; not an editor that has the file open.
  const isProgram = program === 0 || (program > 0 && /(?:^|\/)node$/.test(argv[0] ?? ''));
  return isProgram && argv[program + 1] === 'run' ? 'kavtui' : undefined;
}

function isZombie(pid: string): boolean {
  // The state follows the name, which stands in parentheses and may hold any character.
  return procFile(pid, 'stat').split(') ').at(-1)?.startsWith('Z') ?? true;
}

/** Undefined: the process is ending, and in no namespace any more. */
function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? HIDDEN : undefined;
  }
}

function procFile(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}
