// Where log lines go: standard output, a file, syslog. A sink that fails never disturbs the engine.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { EventRecord } from '../engine/record.ts';
import { createSyslog } from '../linux/syslog.ts';
import { createTtyWriter } from '../ui/tty-writer.ts';
import { type LogFormat, logLine, logText } from './log-line.ts';

export interface LogSink {
  write(record: EventRecord, wallTime: number): void;
  close(): void;
}

/** What may wait for a reader that does not read, bytes. */
const MAX_WAITING = 256 * 1024;

/**
 * Lines on standard output. A reader that is gone is ignored; for one that stands still (Ctrl-S, a stopped pager) lines
 * wait, then are left out and counted: Node's own standard output would block the engine.
 */
export function stdoutSink(format: LogFormat): LogSink {
  const line = (record: EventRecord, wallTime: number): string => `${logLine(record, wallTime, format)}\n`;
  if (fstatSync(process.stdout.fd).isFile()) {
    return { write: (record, wallTime) => void process.stdout.write(line(record, wallTime)), close: () => {} };
  }
  const writer = createTtyWriter(process.stdout, () => {});
  let waiting = 0;
  let lost = 0;
  function send(text: string): void {
    waiting += text.length;
    writer.write(text, () => {
      waiting -= text.length;
    });
  }
  return {
    write(record, wallTime) {
      if (waiting > MAX_WAITING) {
        lost += 1;
        return;
      }
      if (lost > 0)
        send(
          line({ seq: 0, at: record.at, level: 'warning', kind: 'node', text: `${lost} lines were lost` }, wallTime),
        );
      lost = 0;
      send(line(record, wallTime));
    },
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
