// FilePort on inotify: the directories on the way to each file are watched, so that the file, or any of them, may come,
// go and be replaced.
import { closeSync, constants, existsSync, fstatSync, openSync, readlinkSync, readSync, writeSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { FileContent, FilePort } from '../ports/file-port.ts';
import { done } from '../ports/result.ts';
import { createInotify, type Inotify } from './inotify.ts';
import type { Poller } from './poller.ts';

/** keepalived reads no more. */
const READ = 127;
const MOST_LINKS = 8;

export interface LinuxFilePort extends FilePort {
  close(): void;
}

/** Opens nothing before there is something to watch. */
export function createFilePort(poller: Poller): LinuxFilePort {
  const listeners: ((content: FileContent) => void)[] = [];
  /** Path → what it held when it was read last. */
  let held = new Map<string, string | undefined>();
  /** Names that matter, by directory. */
  let names = new Map<string, Set<string>>();
  let inotify: Inotify | undefined;
  let due = false;

  function changed(directory: string, name: string | undefined): void {
    if (due || (name !== undefined && names.get(directory)?.has(name) !== true)) return;
    due = true;
    poller.defer(() => {
      due = false;
      if (inotify === undefined) return;
      observe();
      for (const [path, before] of held) {
        const text = readStart(path);
        if (text === before) continue;
        held.set(path, text);
        for (const listener of listeners) listener({ path, text });
      }
    });
  }

  /** Watches what the paths lead through now. A directory that comes up meanwhile is found by the next round. */
  function observe(): void {
    for (let round = 0; round < 4; round++) {
      names = new Map();
      for (const path of held.keys()) for (const place of placesOf(path)) addName(names, place);
      const found = inotify!.watch(new Set(names.keys()));
      if ([...found.values()].every(Boolean)) return;
    }
  }

  return {
    watch(paths) {
      held = new Map(paths.map((path) => [path, undefined]));
      if (paths.length > 0) inotify ??= createInotify(poller, changed);
      // Before reading: what is written in between is told.
      if (inotify !== undefined) observe();
      return paths.map((path) => {
        const text = readStart(path);
        held.set(path, text);
        return { path, text };
      });
    },
    onChange: (listener) => void listeners.push(listener),
    initialise({ path, text, overwrite }) {
      // A FIFO in its place is refused, not waited for.
      const how = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      try {
        const fd = openSync(path, how | (overwrite ? constants.O_TRUNC : constants.O_EXCL), 0o644);
        try {
          writeSync(fd, text);
        } finally {
          closeSync(fd);
        }
      } catch (error) {
        const code = codeOf(error);
        if (code !== 'EEXIST') return { ok: false, code, message: `cannot write the track file ${path}: ${code}` };
      }
      return done;
    },
    close() {
      inotify?.close();
      inotify = undefined;
    },
  };
}

interface Place {
  readonly directory: string;
  readonly name: string;
}

/** Where something has to happen for the file to change: on the way to it, and on the way to what it links to. */
function placesOf(path: string): readonly Place[] {
  const places = wayTo(path);
  for (let at = path, hops = 0; hops < MOST_LINKS; hops++) {
    const target = linkTarget(at);
    if (target === undefined) break;
    at = resolve(dirname(at), target);
    places.push(...wayTo(at));
  }
  return places;
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Every directory above a file that is there, with the name in it that leads on. */
function wayTo(path: string): Place[] {
  const directory = dirname(path);
  if (directory === path) return [];
  const here = existsSync(directory) ? [{ directory, name: basename(path) }] : [];
  return [...wayTo(directory), ...here];
}

function addName(names: Map<string, Set<string>>, { directory, name }: Place): void {
  names.set(directory, (names.get(directory) ?? new Set()).add(name));
}

/** The first bytes of a regular file. Never waits, also where somebody put a FIFO. */
function readStart(path: string): string | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(fd).isFile()) return undefined;
      const bytes = new Uint8Array(READ);
      return new TextDecoder('latin1').decode(bytes.subarray(0, readSync(fd, bytes)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
}
