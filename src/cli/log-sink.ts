// Where log lines go: standard output, a file, syslog. A sink that fails never disturbs the engine.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { EventRecord } from '../engine/record.ts';
import { createSyslog } from '../linux/syslog.ts';
import { type LogFormat, logLine, logText } from './log-line.ts';

export interface LogSink {
  write(record: EventRecord, wallTime: number): void;
  close(): void;
}

/** Lines on standard output; a reader that is gone is ignored. */
export function stdoutSink(format: LogFormat): LogSink {
  return {
    write: (record, wallTime) => void process.stdout.write(`${logLine(record, wallTime, format)}\n`),
    close: () => {},
  };
}

/** Appends to a file. Throws when it cannot be opened: that is known before the engine starts. */
export function fileSink(path: string, format: LogFormat): LogSink {
  const file = openSync(path, 'a', 0o640);
  return {
    write(record, wallTime) {
      try {
        writeSync(file, `${logLine(record, wallTime, format)}\n`);
      } catch {
        // A full disk must not stop a router.
      }
    },
    close: () => closeSync(file),
  };
}

/** syslog has its own time. */
export function syslogSink(onProblem: (message: string) => void): LogSink {
  const syslog = createSyslog({ onProblem });
  return { write: (record) => syslog.write(record.level, logText(record)), close: () => syslog.close() };
}
