// The event log: numbers the lines, and writes a line that repeats at most once in ten seconds, with a count.
import type { EventRecord } from './record.ts';

const QUIET_US = 10_000_000;
/** Bounds the memory and the lines that hostile packets can claim; what is beyond shares one line for each kind. */
const MAX_KEYS = 1_000;

export interface Journal {
  /** The line as a record; undefined while a line with the same `limit` key was written within ten seconds. */
  write(line: Omit<EventRecord, 'seq'>, limit?: string): EventRecord | undefined;
}

interface Written {
  readonly at: number;
  suppressed: number;
}

export function createJournal(): Journal {
  let seq = 0;
  /** In order of time. */
  const last = new Map<string, Written>();
  const beyond = new Map<string, Written>();

  /** Only when it is full: till then a count of what was left out waits for the next line like it. */
  function forgetOld(now: number): void {
    if (last.size < MAX_KEYS) return;
    for (const [key, { at }] of last) {
      if (now - at < QUIET_US) return;
      last.delete(key);
    }
  }

  return {
    write(line, limit) {
      let { text } = line;
      if (limit !== undefined) {
        forgetOld(line.at);
        const own = `${line.instance ?? ''} ${limit}`;
        const [written, key] = last.has(own) || last.size < MAX_KEYS ? [last, own] : [beyond, line.kind];
        const entry = written.get(key);
        if (entry !== undefined && line.at - entry.at < QUIET_US) {
          entry.suppressed += 1;
          return undefined;
        }
        if (entry !== undefined && entry.suppressed > 0) text = `${text} (and ${entry.suppressed} more like it)`;
        written.delete(key);
        written.set(key, { at: line.at, suppressed: 0 });
      }
      seq += 1;
      return { ...line, text, seq };
    },
  };
}
