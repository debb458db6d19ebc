import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AF_UNIX, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK } from '../../src/linux/abi.ts';
import { libc } from '../../src/linux/libc.ts';
import { sockaddrUn } from '../../src/linux/socket-address.ts';
import { createSyslog } from '../../src/linux/syslog.ts';

let folder = '';
let path = '';
let daemon = -1;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-syslog-'));
  path = join(folder, 'log');
});
afterEach(() => {
  if (daemon >= 0) libc().close(daemon);
  daemon = -1;
  rmSync(folder, { recursive: true, force: true });
});

function startDaemon(): void {
  daemon = libc().socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  expect(libc().bind(daemon, sockaddrUn(path))).toBe(0);
}

function received(): string[] {
  const lines: string[] = [];
  const buffer = new Uint8Array(65536);
  for (let n = libc().recv(daemon, buffer, 0); n >= 0; n = libc().recv(daemon, buffer, 0)) {
    lines.push(new TextDecoder().decode(buffer.subarray(0, n)));
  }
  return lines;
}

describe('syslog', () => {
  it.each([
    ['error', 27],
    ['warning', 28],
    ['notice', 29],
    ['info', 30],
    ['debug', 31],
  ] as const)('writes a line of level %s with facility daemon, time, tag and pid', (level, priority) => {
    startDaemon();
    createSyslog({ path }).write(level, '(VI_1) Entering MASTER STATE');
    const [line] = received();
    expect(line).toMatch(
      /^<\d+>[A-Z][a-z]{2} [ 123]\d \d\d:\d\d:\d\d Kavtui_vrrp\[\d+\]: \(VI_1\) Entering MASTER STATE$/,
    );
    expect(line).toContain(`<${priority}>`);
    expect(line).toContain(`[${process.pid}]`);
  });

  it('makes hostile text harmless and keeps a line one line', () => {
    startDaemon();
    createSyslog({ path, tag: 't' }).write('info', 'a\n<0>forged\u001b[2Jb');
    expect(received()[0]?.split(': ')[1]).toBe('a <0>forgedb');
  });

  it('tells of a missing log once, goes on without it, and writes when it is there', () => {
    const problems: string[] = [];
    const syslog = createSyslog({ path, onProblem: (message) => problems.push(message) });
    syslog.write('info', 'one');
    syslog.write('info', 'two');
    expect(problems).toEqual([`cannot write to the system log ${path}: ENOENT`]);
    startDaemon();
    syslog.write('info', 'three');
    expect(received().map((line) => line.split(': ')[1])).toEqual(['three']);
  });

  it('never waits for a log that does not read', () => {
    startDaemon();
    const problems: string[] = [];
    const syslog = createSyslog({ path, onProblem: (message) => problems.push(message) });
    const start = process.hrtime.bigint();
    for (let i = 0; i < 2000; i++) syslog.write('info', 'x'.repeat(500));
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(2000);
    expect(problems).toEqual([]);
    expect(received().length).toBeGreaterThan(0);
  });
});
