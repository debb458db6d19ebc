// Routers that run in this network namespace, the load of the host, who else sets addresses, and the paths of scripts.
import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { AddressManager, HostState, RunningRouter, ScriptProblem } from '../ports/host-state.ts';
import { namesIn, textOf } from './host-read.ts';
import { findOtherRouters, routerName } from './namespace-lock.ts';
import { missingCapabilities } from './privileges.ts';

const DEFAULT_CONFIGS = ['/etc/keepalived/keepalived.conf', '/usr/local/etc/keepalived/keepalived.conf'];

/** One for each tree: keepalived's children do its work. */
export function readRouters(): RunningRouter[] {
  const all = findOtherRouters();
  const pids = new Set(all.map(({ pid }) => pid));
  return all
    .filter(({ pid }) => !pids.has(parentOf(pid)))
    .map(({ pid, name }) => {
      const argv = (textOf(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((word) => word !== '');
      const status = textOf(`/proc/${pid}/status`);
      const missingRights = status === undefined ? undefined : missingCapabilities(undefined, status);
      return { pid, name, argv, configFile: configOf(pid, name, argv), certain: isReadable(pid), missingRights };
    });
}

/** Routers in network namespaces that `ip netns` knows, one for each. */
export function readRoutersElsewhere(): { pid: number; name: string; namespace: string }[] {
  const byInode = new Map(
    namesIn('/run/netns').flatMap((name): [number, string][] => {
      try {
        return [[statSync(join('/run/netns', name)).ino, name]];
      } catch {
        return [];
      }
    }),
  );
  const found = new Map<string, { pid: number; name: string; namespace: string }>();
  for (const entry of namesIn('/proc').filter((name) => /^\d+$/.test(name))) {
    const argv = (textOf(`/proc/${entry}/cmdline`) ?? '').split('\0');
    const name = routerName((textOf(`/proc/${entry}/comm`) ?? '').trim(), argv);
    const namespace = name === undefined ? undefined : byInode.get(namespaceInode(entry));
    if (namespace === undefined || found.has(namespace)) continue;
    found.set(namespace, { pid: Number(entry), name: name!, namespace });
  }
  return [...found.values()];
}

function namespaceInode(pid: string): number {
  try {
    return statSync(`/proc/${pid}/ns/net`).ino;
  } catch {
    return 0;
  }
}

/** A process of which not even the namespace may be read is taken for one of ours. */
function isReadable(pid: number): boolean {
  try {
    readlinkSync(`/proc/${pid}/ns/net`);
    return true;
  } catch {
    return false;
  }
}

function parentOf(pid: number): number {
  const fields = (textOf(`/proc/${pid}/stat`) ?? '').split(') ').at(-1)!.split(' ');
  return Number(fields[1] ?? 0);
}

/** The file that `-f` names, from where the process stands. */
export function configOf(pid: number, name: string, argv: readonly string[]): string | undefined {
  let file: string | undefined;
  for (const [i, word] of argv.entries()) {
    if (word === '-f' || word === '--use-file' || word === '--file') file = argv[i + 1] ?? file;
    else file = /^(?:-f|--use-file=|--file=)(.+)$/.exec(word)?.[1] ?? file;
  }
  if (file === undefined) return name === 'keepalived' ? DEFAULT_CONFIGS.find((path) => textOf(path)) : undefined;
  if (isAbsolute(file)) return file;
  try {
    return join(readlinkSync(`/proc/${pid}/cwd`), file);
  } catch {
    return file;
  }
}

/** `some avg10` of /proc/pressure, percent. */
export function readPressure(): HostState['pressure'] {
  const found: Partial<Record<'cpu' | 'io' | 'memory', number>> = {};
  for (const name of ['cpu', 'io', 'memory'] as const) {
    const value = /^some avg10=([\d.]+)/m.exec(textOf(`/proc/pressure/${name}`) ?? '')?.[1];
    if (value !== undefined) found[name] = Number(value);
  }
  return found;
}

/** Ticks of all processors since the boot, and those that the hypervisor took. */
export function readProcessorTicks(): { readonly all: number; readonly stolen: number } | undefined {
  const fields = /^cpu +(.+)$/m
    .exec(textOf('/proc/stat') ?? '')?.[1]
    ?.split(' ')
    .map(Number);
  if (fields === undefined) return undefined;
  // user nice system idle iowait irq softirq steal; guest time is in user already.
  return { all: fields.slice(0, 8).reduce((sum, each) => sum + each, 0), stolen: fields[7] ?? 0 };
}

const NETWORK_FILES = ['/etc/systemd/network', '/run/systemd/network', '/usr/lib/systemd/network'];
const NM_FILES = ['/etc/NetworkManager', '/etc/NetworkManager/conf.d', '/run/NetworkManager/conf.d'];

/** Who sets addresses on these interfaces, and does not leave foreign ones alone. Only daemons that run. */
export function readManagers(
  interfaces: readonly string[],
  running: ReadonlySet<string> = programs(),
): AddressManager[] {
  return [
    ...(running.has('systemd-networkd') ? interfaces.flatMap(networkdOf) : []),
    ...(running.has('NetworkManager') ? interfaces.flatMap(networkManagerOf) : []),
  ];
}

function programs(): Set<string> {
  const pids = namesIn('/proc').filter((name) => /^\d+$/.test(name));
  // The kernel keeps 15 characters of a name.
  return new Set(
    pids.map((pid) => (textOf(`/proc/${pid}/comm`) ?? '').trim().replace(/^systemd-network$/, 'systemd-networkd')),
  );
}

function networkdOf(name: string): AddressManager[] {
  const files = NETWORK_FILES.flatMap((folder) =>
    namesIn(folder)
      .filter((file) => file.endsWith('.network'))
      .sort()
      .map((file) => join(folder, file)),
  );
  const file = files.find((path) => matchesName(/^Name=(.+)$/m.exec(textOf(path) ?? '')?.[1] ?? '', name));
  if (file === undefined) return [];
  const text = textOf(file) ?? '';
  const kept = /^KeepConfiguration=(?:yes|static)/m.test(text) || /^CriticalConnection=yes/m.test(text);
  return kept ? [] : [{ kind: 'systemd-networkd', interface: name, file, text: 'no KeepConfiguration=' }];
}

function matchesName(patterns: string, name: string): boolean {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    ).test(name);
  return patterns.split(/\s+/).some((pattern) => pattern !== '' && matches(pattern));
}

function networkManagerOf(name: string): AddressManager[] {
  const files = NM_FILES.flatMap((folder) =>
    namesIn(folder)
      .filter((file) => file.endsWith('.conf'))
      .map((file) => join(folder, file)),
  );
  const lists = files.map((file) => /^unmanaged-devices=(.+)$/m.exec(textOf(file) ?? '')?.[1] ?? '');
  const spared = lists.some((list) =>
    list.split(/[;,]/).some((entry) => matchesName(entry.trim().replace(/^interface-name:=?/, ''), name)),
  );
  const file = files[0] ?? NM_FILES[0]!;
  return spared ? [] : [{ kind: 'NetworkManager', interface: name, file, text: 'not among unmanaged-devices' }];
}

/** The first part of a script's path that somebody other than root could change, or that is not there (keepalived's check). */
export function scriptProblem(script: string): ScriptProblem | undefined {
  let real: string;
  try {
    real = realpathSync(script);
  } catch (error) {
    const denied = (error as NodeJS.ErrnoException).code === 'EACCES';
    return {
      script,
      part: script,
      problem: denied ? 'unreadable' : 'missing',
      text: denied ? 'may not be read' : 'is not there',
    };
  }
  const parts = [real];
  for (let at = dirname(real); !parts.includes(at); at = dirname(at)) parts.push(at);
  for (const part of parts.reverse()) {
    const { uid, mode } = statSync(part);
    const sticky = (mode & 0o1000) !== 0 && part !== real;
    const text = `owner ${uid}, mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`;
    if (uid !== 0 || ((mode & 0o022) !== 0 && !sticky)) return { script, part, problem: 'unsafe', text };
    if (part === real && (mode & 0o111) === 0) return { script, part, problem: 'not-executable', text };
  }
  return undefined;
}
