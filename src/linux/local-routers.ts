// Routers that run here, as `watch` may know them: found while it still has all rights, because it gives them up. What can
// be read later without them is kept as an open directory.
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { readRouters } from './host-processes.ts';
import { textOf } from './host-read.ts';
import { libc } from './libc.ts';

/** keepalived's dump files, by their ends. */
export type DumpKind = 'data' | 'stats' | 'json';

/** Plain data: it is handed over to the program that this process becomes. */
export interface LocalRouter {
  readonly pid: number;
  readonly name: 'keepalived' | 'kavtui';
  readonly argv: readonly string[];
  readonly uid: number;
  /** Ticks since the boot at which it was started: a pid is used again. */
  readonly started: string;
  /** Absolute, as the router sees it. */
  readonly configFile: string | undefined;
  /** Its directory for dumps, as it sees it. */
  readonly temporary: string;
  /** In front of its paths, where it sees another file system than we do (PrivateTmp, a container). */
  readonly root: string;
  /** False: another user's; it may run in another network namespace. */
  readonly certain: boolean;
}

const HANDED = 'KAVTUI_LOCAL_ROUTERS';
const LARGEST_DUMP = 8 << 20;

/** Signals of keepalived, by what they ask for. SIGRTMIN + 2 is the same number wherever keepalived is built with glibc. */
const SIGNALS: Readonly<Record<DumpKind, number>> = { data: 10, stats: 12, json: 36 };

/** The routers of this network namespace. Needs the rights of root for those of root; else less is known of them. */
export function findLocalRouters(): LocalRouter[] {
  return readRouters().map(({ pid, name, argv, configFile, certain }) => {
    const temporary = temporaryOf(pid);
    return {
      ...{ pid, name, argv, configFile, certain, temporary },
      uid: uidOf(pid) ?? -1,
      started: startOf(pid) ?? '',
      root: rootOf(pid, temporary),
    };
  });
}

/** Puts what was found where the program finds it that this process is about to become. */
export function handOver(routers: readonly LocalRouter[]): void {
  keepFolders(routers, false);
  process.env[HANDED] = JSON.stringify(routers);
}

/** What was handed over; undefined when nothing was, or nothing that we would have written. Nobody else inherits it. */
export function takeOver(): LocalRouter[] | undefined {
  const text = process.env[HANDED];
  delete process.env[HANDED];
  try {
    const routers: unknown = text === undefined ? undefined : JSON.parse(text);
    if (!Array.isArray(routers)) return undefined;
    keepFolders(routers, true);
    return routers;
  } catch {
    return undefined;
  }
}

/** Of the open directories: whether they are closed for a program that is begun. */
function keepFolders(routers: readonly LocalRouter[], close: boolean): void {
  for (const { root } of routers) if (root !== '') libc().closeOnExec(Number(root.split('/').at(-1)), close);
}

/** It is there, and not another one with its pid. */
export function isAlive({ pid, started }: Pick<LocalRouter, 'pid' | 'started'>): boolean {
  return startOf(pid) === started;
}

/** The process and its children. */
export function isOfTree(router: Pick<LocalRouter, 'pid'>, pid: number): boolean {
  return pid === router.pid || statFields(pid)?.[1] === String(router.pid);
}

/** A word behind `-i`, `--config-id` and the like; undefined when it is not there. */
export function optionOf(argv: readonly string[], letter: string, ...names: readonly string[]): string | undefined {
  // Letters that take no word of their own may stand in front: `-nDi ID`.
  const short = new RegExp(`^-[lnDdPCBVIXRaGetmx]*${letter}(.*)$`);
  for (const [i, word] of argv.entries()) {
    const long = names.find((name) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (long !== undefined) return word === `--${long}` ? argv[i + 1] : word.slice(long.length + 3);
    const match = short.exec(word);
    if (match !== null) return match[1] === '' ? argv[i + 1] : match[1];
  }
  return undefined;
}

export type DumpFile =
  /** `text` is undefined when it is known already. */
  | { readonly file: string; readonly writtenAt: number; readonly text: string | undefined }
  /** It is there and must not, or may not, be read. */
  | { readonly file: string; readonly why: string };

/** The newest of these files in the directory for dumps; undefined when none is there. `known`: times of what is known. */
export function readDumpFile(
  router: LocalRouter,
  names: readonly string[],
  known: readonly number[] = [],
): DumpFile | undefined {
  const found = names.flatMap(
    (name) => readOne(router, name.startsWith('/') ? name : `${router.temporary}/${name}`, known) ?? [],
  );
  const readable = found.filter((one) => 'text' in one).sort((a, b) => b.writtenAt - a.writtenAt);
  return readable[0] ?? found[0];
}

/** Everybody may write to /tmp: a link, or a file of somebody else, is no dump of this router. */
function readOne({ root, uid }: LocalRouter, file: string, known: readonly number[]): DumpFile | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(`${root}${file}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { file, why: 'it is no file' };
    if (stat.uid !== uid && stat.uid !== 0) return { file, why: `it belongs to user ${stat.uid}, not to the router` };
    if (stat.size > LARGEST_DUMP) return { file, why: 'it is too large' };
    const writtenAt = Math.floor(stat.mtimeMs * 1000);
    return { file, writtenAt, text: known.includes(writtenAt) ? undefined : readFileSync(fd, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') return { file, why: 'it is a link' };
    return { file, why: code === 'EACCES' ? `only user ${uid} (or CAP_DAC_OVERRIDE) may read it` : String(code) };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Sends the signal; returns why not. A signal that the process does not take would end it, so it is looked at first. */
export function askForDump({ pid, name, started, uid }: LocalRouter, kind: DumpKind): string | undefined {
  const status = textOf(`/proc/${pid}/status`);
  if (status === undefined || startOf(pid) !== started) return `${name} (pid ${pid}) has ended`;
  const signal = SIGNALS[kind];
  if (!takes(status, signal)) return `${name} (pid ${pid}) takes no signal for ${kind}: built without it?`;
  try {
    process.kill(pid, signal);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM') return `${name} (pid ${pid}) cannot be asked: ${code}`;
    return `CAP_KILL is missing for a process of user ${uid}; type: sudo kill -${signal} ${pid}`;
  }
}

/** Blocked (read by a signalfd) or caught. What is ignored does no harm, and gives no dump. */
export function takes(status: string, signal: number): boolean {
  const bit = 1n << BigInt(signal - 1);
  return ['SigBlk', 'SigCgt'].some((name) => {
    const mask = new RegExp(`^${name}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & bit) !== 0n;
  });
}

/** Of /proc/PID/stat, behind the name: state, parent, ... */
function statFields(pid: number): string[] | undefined {
  return textOf(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
}

const START_TIME = 19;

function startOf(pid: number): string | undefined {
  const fields = statFields(pid);
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[START_TIME];
}

function uidOf(pid: number): number | undefined {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1];
  return uid === undefined ? undefined : Number(uid);
}

function temporaryOf(pid: number): string {
  const environment = (textOf(`/proc/${pid}/environ`) ?? '').split('\0');
  const named = environment.find((word) => word.startsWith('TMPDIR='))?.slice('TMPDIR='.length) ?? '';
  return named.startsWith('/') ? named.replace(/\/+$/, '') : '/tmp';
}

/** Empty where the router's directory for dumps and /etc are ours, or where its root may not be looked at. */
function rootOf(pid: number, temporary: string): string {
  const root = `/proc/${pid}/root`;
  try {
    if ([temporary, '/etc'].every((folder) => isSameFolder(folder, `${root}${folder}`))) return '';
    return `/proc/self/fd/${openSync(root, constants.O_RDONLY | constants.O_DIRECTORY)}`;
  } catch {
    return '';
  }
}

function isSameFolder(a: string, b: string): boolean {
  const [ours, theirs] = [statSync(a), statSync(b)];
  return ours.dev === theirs.dev && ours.ino === theirs.ino;
}
