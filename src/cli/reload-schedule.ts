// reload_time_file: a file that names the time of the next reload. It is watched, and deleted when its time has come.
import { type FSWatcher, readFileSync, unlinkSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

const DAY_MS = 86_400_000;
const LONGEST_TIMEOUT_MS = 0x7fffffff;

export interface ReloadSchedule {
  close(): void;
}

export interface ScheduleOptions {
  readonly path: string;
  /** reload_repeat: the file stays, and a time without a date comes again each day. */
  readonly repeat: boolean;
  readonly onDue: () => void;
  /** What is scheduled or cannot be, in one line. */
  readonly onNote: (text: string) => void;
}

/** Follows the file until it is closed. */
export function scheduleReloads({ path, repeat, onDue, onNote }: ScheduleOptions): ReloadSchedule {
  let timer: NodeJS.Timeout | undefined;
  let due: number | undefined;
  let watcher: FSWatcher | undefined;

  function read(): void {
    const text = firstLine(path);
    const at = text === undefined ? undefined : parseReloadTime(text, Date.now());
    if (at === due) return;
    if (at !== undefined) onNote(`A reload is due at ${new Date(at).toISOString()} (${path})`);
    else onNote(text === undefined ? `No reload is due any more (${path})` : `${path} holds no time to come`);
    plan(at);
  }

  function plan(at: number | undefined): void {
    clearTimeout(timer);
    due = at;
    if (at === undefined) return;
    const left = at - Date.now();
    timer = setTimeout(() => (Date.now() >= at ? fire() : plan(at)), Math.max(0, Math.min(left, LONGEST_TIMEOUT_MS)));
    timer.unref();
  }

  function fire(): void {
    due = undefined;
    if (!repeat) remove(path);
    onDue();
    if (repeat) read();
  }

  try {
    watcher = watch(dirname(path), (_, name) => {
      if (name === null || name === basename(path)) read();
    });
    watcher.on('error', () => watcher?.close());
    watcher.unref();
  } catch {
    // As in keepalived: without its folder nothing is scheduled until the next reload.
    onNote(`the folder of ${path} cannot be watched: no reload will be scheduled by it`);
  }
  read();
  return {
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

/**
 * The next time that `text` means after `now` (both ms since the Unix epoch): `HH:MM:SS` today or tomorrow, or with a date
 * before it (`YY-MM-DD` or `YYYY-MM-DD`), local unless `Z` follows. Undefined when it is none, or over.
 */
export function parseReloadTime(text: string, now: number): number | undefined {
  const [, date, time, zone = ''] = /^(?:((?:\d\d)?\d\d-\d\d-\d\d) )?(\d\d:\d\d:\d\d)(Z?)$/.exec(text) ?? [];
  if (time === undefined) return undefined;
  if (date !== undefined) {
    const at = Date.parse(`${date.length === 8 ? '20' : ''}${date}T${time}${zone}`);
    return at > now ? at : undefined;
  }
  const today = new Date(now);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = zone
    ? today.toISOString().slice(0, 10)
    : `${today.getFullYear()}-${pad(today.getMonth() + 1)}-${pad(today.getDate())}`;
  const at = Date.parse(`${day}T${time}${zone}`);
  if (Number.isNaN(at)) return undefined;
  return at > now ? at : at + DAY_MS;
}

function firstLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').split('\n', 1)[0];
  } catch {
    return undefined;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It has gone already.
  }
}
