import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followLog, journalLine, type LoggedLine, syslogLine } from '../../src/linux/local-log.ts';
import {
  askForDump,
  findLocalRouters,
  handOver,
  isAlive,
  isOfTree,
  type LocalRouter,
  optionOf,
  readDumpFile,
  takeOver,
  takes,
} from '../../src/linux/local-routers.ts';
import { until } from '../support/host.ts';

let folder: string;
const path = process.env.PATH;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-local-'));
});

afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

const router = (change: Partial<LocalRouter> = {}): LocalRouter => ({
  ...{ pid: process.pid, name: 'keepalived', argv: [], uid: process.getuid!(), started: '', configFile: undefined },
  ...{ temporary: folder, root: '', certain: true, ...change },
});

describe('the command line of a router', () => {
  it.each([
    [['keepalived', '-n', '-i', 'lb1'], 'lb1'],
    [['keepalived', '-nDilb1'], 'lb1'],
    [['keepalived', '-nDi', 'lb1'], 'lb1'],
    [['keepalived', '--config-id=lb1'], 'lb1'],
    [['keepalived', '--config-id', 'lb1'], 'lb1'],
    [['keepalived', '-f', '/etc/i', '-p', '/run/pid'], undefined],
  ])('%j names %s', (argv, id) => {
    expect(optionOf(argv, 'i', 'config-id')).toBe(id);
  });
});

describe('a dump file', () => {
  it('is read with the time at which it was written; the newest of several', () => {
    writeFileSync(join(folder, 'keepalived.data'), 'old');
    utimesSync(join(folder, 'keepalived.data'), 1000, 1000);
    expect(readDumpFile(router(), ['keepalived.data'])).toEqual({
      file: join(folder, 'keepalived.data'),
      writtenAt: 1000e6,
      text: 'old',
    });
    writeFileSync(join(folder, 'named.data'), 'new');
    expect(readDumpFile(router(), ['keepalived.data', join(folder, 'named.data')])).toMatchObject({ text: 'new' });
    expect(readDumpFile(router(), ['nothing'])).toBeUndefined();
  });

  it('that somebody else may have planted is not read', () => {
    writeFileSync(join(folder, 'a'), 'x');
    symlinkSync(join(folder, 'a'), join(folder, 'keepalived.data'));
    expect(readDumpFile(router(), ['keepalived.data'])).toMatchObject({ why: 'it is a link' });
    expect(readDumpFile(router(), ['.'])).toMatchObject({ why: 'it is no file' });
  });

  it('of another user than the router or root is not read', () => {
    writeFileSync(join(folder, 'keepalived.data'), 'x');
    const uid = process.getuid!();
    const found = readDumpFile(router({ uid: uid + 1 }), ['keepalived.data']);
    expect('text' in (found ?? {})).toBe(uid === 0);
  });
});

describe('what is handed to the program that this one becomes', () => {
  it('is taken once, and its open directories go no further', () => {
    const fd = openSync(folder, 'r');
    const isKept = (): boolean => (Number.parseInt(/^flags:\s*(\d+)/m.exec(fdInfo(fd))![1]!, 8) & 0o2000000) === 0;
    const routers = [router(), router({ root: `/proc/self/fd/${fd}`, configFile: '/etc/a.conf' })];
    handOver(routers);
    expect(isKept()).toBe(true);
    expect(takeOver()).toEqual(JSON.parse(JSON.stringify(routers)));
    expect(isKept()).toBe(false);
    expect(takeOver()).toBeUndefined();
    closeSync(fd);
  });

  it.each(['', '{', '7', 'null', '{"pid":1}', '[null]'])('is nothing where somebody has put %j there', (text) => {
    process.env.KAVTUI_LOCAL_ROUTERS = text;
    expect(takeOver()).toBeUndefined();
  });
});

const fdInfo = (fd: number): string => readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1');

describe('asking for a dump', () => {
  it('is done only where the process takes the signal: any other would end it', () => {
    const status = 'SigBlk:\t4000000800014a03\nSigIgn:\tbffffff67ffab034\nSigCgt:\t0000000000000000\n';
    expect([10, 12, 36].map((signal) => takes(status, signal))).toEqual([true, true, true]);
    expect([14, 40].map((signal) => takes(status, signal))).toEqual([false, false]);
    expect(askForDump(router({ started: startOfSelf() }), 'json')).toMatch(/takes no signal for json/);
  });

  it('of a process that is another one now is refused', () => {
    expect(isAlive(router({ started: '1' }))).toBe(false);
    expect(askForDump(router({ started: '1' }), 'data')).toMatch(/has ended/);
    expect(isOfTree(router({ pid: process.ppid }), process.pid)).toBe(true);
    expect(isOfTree(router({ pid: 1 }), process.pid)).toBe(false);
  });

  it('begins with those that run in this network namespace', () => {
    expect(findLocalRouters().every(({ pid, started }) => pid > 0 && started !== '')).toBe(true);
  });
});

/** Field 22 of /proc/PID/stat. */
function startOfSelf(): string {
  return /\) (?:\S+ ){19}(\d+) /.exec(readFileSync('/proc/self/stat', 'latin1'))?.[1] ?? '';
}

describe('lines of a log', () => {
  it('come from the journal as JSON', () => {
    const line = '{"MESSAGE":"(VI_1) Entering MASTER STATE","_PID":"39","__REALTIME_TIMESTAMP":"1795384449445313"}';
    expect(journalLine(line)).toEqual({ at: 1795384449445313, pid: 39, text: '(VI_1) Entering MASTER STATE' });
    expect(journalLine('{"MESSAGE":[104,105],"_PID":"1","__REALTIME_TIMESTAMP":"1795384449445313"}')?.text).toBe('hi');
    for (const odd of ['', '{', 'null', '[]', '{"MESSAGE":7}', '{"MESSAGE":"x","_PID":"a"}']) {
      expect(journalLine(odd)).toBeUndefined();
    }
  });

  it('come from syslog with and without a year', () => {
    const now = new Date('2026-01-02T00:00:00');
    const at = (text: string): number => new Date(text).getTime() * 1000;
    const line = 'Dec 31 23:59:58 lb1 Keepalived_vrrp[39]: (VI_1) Entering MASTER STATE';
    expect(syslogLine(line, now)).toEqual({
      at: at('2025-12-31T23:59:58'),
      pid: 39,
      text: '(VI_1) Entering MASTER STATE',
    });
    const iso = '2026-01-01T10:00:00.5+00:00 lb1 Keepalived[7]: Stopping';
    expect(syslogLine(iso, now)).toEqual({ at: Date.UTC(2026, 0, 1, 10, 0, 0, 500) * 1000, pid: 7, text: 'Stopping' });
    expect(syslogLine('Dec 31 23:59:58 lb1 sshd[39]: x', now)).toBeUndefined();
  });
});

describe('a log that is followed', () => {
  const program = (name: string, text: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
    process.env.PATH = `${folder}:${path}`;
  };

  it('is the journal, and only what the wanted processes wrote', async () => {
    const entry = (pid: number): string =>
      JSON.stringify({ MESSAGE: `of ${pid}`, _PID: String(pid), __REALTIME_TIMESTAMP: '1795384449445313' });
    program('journalctl', `echo '${entry(1)}'\necho '${entry(2)}'\nexec sleep 30`);
    const lines: LoggedLine[] = [];
    const log = followLog(
      (pid) => pid === 2,
      (line) => lines.push(line),
    );
    await until('a line', 5000, () => lines.length > 0);
    expect(lines.map(({ text }) => text)).toEqual(['of 2']);
    expect(log.source()).toBe('the journal');
    log.close();
  });

  it('is a file of syslog where there is no journal', async () => {
    program('journalctl', 'echo "No journal files were found." >&2\nexec sleep 30');
    const file = join(folder, 'syslog');
    writeFileSync(file, 'Nov 22 13:04:44 lb1 Keepalived_vrrp[2]: Stopping\n');
    const lines: LoggedLine[] = [];
    const log = followLog(
      () => true,
      (line) => lines.push(line),
      [file],
    );
    await until('a line', 5000, () => lines.length > 0);
    expect([lines[0]?.text, log.source()]).toEqual(['Stopping', file]);
    log.close();
  });

  it('that nobody lets us read is none, and says which right is missing', async () => {
    program('journalctl', 'echo "No journal files were opened due to insufficient permissions." >&2\nexec sleep 30');
    const log = followLog(() => true, () => {}, []);
    await until('an answer', 5000, () => log.source().startsWith('none'));
    expect(log.source()).toBe('none: the journal may be read by root and the groups systemd-journal and adm only');
    log.close();
  });
});
