// The log of a router that runs here, line by line: from the journal, else from a file of syslog. Only lines of its own
// processes count: several keepalived may run on one host.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createInterface } from 'node:readline';

export interface LoggedLine {
  /** µs since the Unix epoch. */
  readonly at: number;
  readonly pid: number;
  readonly text: string;
}

export interface LocalLog {
  /** What is read, or why nothing is. */
  source(): string;
  close(): void;
}

const JOURNAL = [
  '-f',
  '-n',
  '200',
  '-o',
  'json',
  '_COMM=keepalived',
  '+',
  '_COMM=kavtui',
  '+',
  'SYSLOG_IDENTIFIER=kavtui',
];
const FILES = ['/var/log/syslog', '/var/log/messages', '/var/log/daemon.log'];
const TAIL = ['-n', '200', '-F'];

/** Follows the log until it is closed. `wanted`: whether lines of that process count. `files`: for syslog, in order. */
export function followLog(
  wanted: (pid: number) => boolean,
  onLine: (line: LoggedLine) => void,
  files: readonly string[] = FILES,
): LocalLog {
  let source = 'the journal';
  let child: ChildProcess | undefined;
  let closed = false;

  follow('journalctl', JOURNAL, journalLine, (problem) => {
    const file = files.find(isReadable);
    if (file === undefined) {
      source = `none: ${problem}`;
      return;
    }
    source = file;
    follow(
      'tail',
      [...TAIL, file],
      (text) => syslogLine(text),
      (why) => {
        source = `none: ${why}`;
      },
    );
  });

  /** `instead`: called once when there is nothing to be had from it. */
  function follow(
    program: string,
    args: readonly string[],
    read: (line: string) => LoggedLine | undefined,
    instead: (why: string) => void,
  ): void {
    const started = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
    child = started;
    let over = false;
    const leave = (why: string): void => {
      if (over || closed) return;
      over = true;
      started.kill();
      instead(why);
    };
    started.on('error', () => leave(`there is no ${program}`));
    started.on('exit', (code) => leave(`${program} has ended (${code ?? 'killed'})`));
    createInterface({ input: started.stdout }).on('line', (text) => {
      const line = over || closed ? undefined : read(text);
      if (line !== undefined && wanted(line.pid)) onLine(line);
    });
    createInterface({ input: started.stderr }).on('line', (text) => {
      if (/insufficient permissions|not seeing messages/.test(text)) {
        leave('the journal may be read by root and the groups systemd-journal and adm only');
      } else if (/No journal files were/.test(text)) {
        leave('there is no journal');
      }
    });
  }

  return {
    source: () => source,
    close() {
      closed = true;
      child?.kill();
    },
  };
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** One object of `journalctl -o json`. */
export function journalLine(line: string): LoggedLine | undefined {
  let entry: Readonly<Record<string, unknown>>;
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch {
    return undefined;
  }
  const { MESSAGE: message, _PID: pid, __REALTIME_TIMESTAMP: time } = entry ?? {};
  // What is no text comes as a list of bytes.
  const text = Array.isArray(message) ? Buffer.from(message as number[]).toString('latin1') : message;
  if (typeof text !== 'string' || !/^\d+$/.test(String(pid)) || !/^\d{10,17}$/.test(String(time))) return undefined;
  return { at: Number(time), pid: Number(pid), text };
}

const SYSLOG = /^(\d{4}-\S+|[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d) \S+ (?:[Kk]eepalived|kavtui)\w*\[(\d+)\]: (.+)$/;

/** `Nov 22 13:04:44 lb1 Keepalived_vrrp[39]: text`, of this year; or with an ISO time. */
export function syslogLine(line: string, now: Date = new Date()): LoggedLine | undefined {
  const [, time, pid, text] = SYSLOG.exec(line) ?? [];
  if (time === undefined || pid === undefined || text === undefined) return undefined;
  let at = Date.parse(time.includes('T') ? time : `${time} ${now.getFullYear()}`);
  // In January the log still tells of December.
  if (!time.includes('T') && at > now.getTime() + 86_400_000) at = Date.parse(`${time} ${now.getFullYear() - 1}`);
  return Number.isNaN(at) ? undefined : { at: at * 1000, pid: Number(pid), text };
}
