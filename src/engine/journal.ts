// The event log: numbers the lines, and writes a line that repeats at most once in ten seconds, with a count.
import type { EventRecord } from './record.ts';

const QUIET_US = 10_000_000;
/** Bounds the memory that hostile packets can claim. */
const MAX_KEYS = 1_000;

export interface Journal {
  /** The line as a record; undefined while a line with the same `limit` key was written within ten seconds. */
  write(line: Omit<EventRecord, 'seq'>, limit?: string): EventRecord | undefined;
}

export function createJournal(): Journal {
  let seq = 0;
  const last = new Map<string, { at: number; suppressed: number }>();
  return {
    write(line, limit) {
      let { text } = line;
      if (limit !== undefined) {
        const key = `${line.instance ?? ''} ${limit}`;
        const entry = last.get(key);
        if (entry !== undefined && line.at - entry.at < QUIET_US) {
          entry.suppressed += 1;
          return undefined;
        }
        if (entry !== undefined && entry.suppressed > 0) text = `${text} (and ${entry.suppressed} more like it)`;
        if (last.size >= MAX_KEYS) last.clear();
        last.set(key, { at: line.at, suppressed: 0 });
      }
      seq += 1;
      return { ...line, text, seq };
    },
  };
}
