// keepalived's dump files on its signals, for the exporters and monitors that ask for them.
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeConfig } from '../engine/config.ts';
import { dumpData } from '../engine/dump-data.ts';
import { dumpJson } from '../engine/dump-json.ts';
import { dumpStats } from '../engine/dump-stats.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { resolveIdentity } from '../linux/users.ts';
import type { Link } from '../ports/network-port.ts';
import type { SignalName } from './signals.ts';

/** Which file each signal asks for. */
const FILES = {
  SIGUSR1: 'keepalived.data',
  SIGUSR2: 'keepalived.stats',
  SIGSTATSCLEAR: 'keepalived.stats',
  SIGJSON: 'keepalived.json',
} as const;

/** keepalived's umask for its files is 0177. */
const OWNER_ONLY = 0o600;

export type DumpSignal = keyof typeof FILES;

export interface DumpSource {
  readonly config: NodeConfig;
  readonly snapshot: Snapshot;
  readonly links: readonly Link[];
}

export function isDumpSignal(signal: SignalName): signal is DumpSignal {
  return signal in FILES;
}

/**
 * Writes the file of a signal, into TMPDIR (/tmp) unless the configuration names it. Returns what went wrong, in one
 * line; undefined when all is well.
 */
export function writeDump(signal: DumpSignal, source: DumpSource): string | undefined {
  const { globals } = source.config;
  const path = dumpPath(signal, globals);
  const { umask } = globals.process ?? {};
  try {
    replaceFile(path, text(signal, source), umask === undefined ? OWNER_ONLY : 0o666 & ~umask);
    return undefined;
  } catch (error) {
    return `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** As keepalived has it, data_use_instance counts for keepalived.data alone. */
export function dumpPath(signal: DumpSignal, { dumps = {}, process: settings = {} }: NodeConfig['globals']): string {
  const { dataFile, statsFile, jsonFile } = dumps;
  const named = { SIGUSR1: dataFile, SIGUSR2: statsFile, SIGSTATSCLEAR: statsFile, SIGJSON: jsonFile }[signal];
  if (named !== undefined) return named;
  const file = FILES[signal];
  const own = [settings.netNamespace, settings.instanceName].filter((part) => part !== undefined).join('_');
  const useInstance = dumps.useInstance && signal === 'SIGUSR1' && own !== '';
  return join(process.env.TMPDIR || '/tmp', useInstance ? file.replace('.', `.${own}.`) : file);
}

function text(signal: DumpSignal, { config, snapshot, links }: DumpSource): string {
  if (signal === 'SIGJSON') return dumpJson(config, snapshot);
  if (signal !== 'SIGUSR1') return dumpStats(snapshot);
  const { scriptUser } = config.globals;
  return dumpData(config, snapshot, {
    links,
    localTime,
    identity(command) {
      const { user, group } = command.user === undefined ? (scriptUser ?? {}) : command;
      const found = resolveIdentity(user, group);
      return typeof found === 'string' ? '(unknown)' : `${found.uid}:${found.gid}`;
    },
  });
}

/**
 * A new file under a name nobody can guess, then put in the place of the old one: a reader never sees half
 * of it, and a link that somebody else planted is replaced, not followed.
 */
export function replaceFile(path: string, content: string, mode = OWNER_ONLY): void {
  const temporary = `${path}.${randomBytes(8).toString('hex')}`;
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    try {
      fchmodSync(file, mode);
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

/** ctime(3) with microseconds, in the zone of this host. */
function localTime(microseconds: number): string {
  const date = new Date(Math.floor(microseconds / 1000));
  const [weekday, month, , year] = date.toDateString().split(' ');
  const day = String(date.getDate()).padStart(2);
  const fraction = String(microseconds % 1_000_000).padStart(6, '0');
  return `${weekday} ${month} ${day} ${date.toTimeString().slice(0, 8)}.${fraction} ${year}`;
}
