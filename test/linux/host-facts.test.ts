// What is read from /proc and from paths, on texts as kernels write them.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGroups, readSourceFilters } from '../../src/linux/host-network.ts';
import { configOf, scriptProblem } from '../../src/linux/host-processes.ts';
import { output } from '../../src/linux/host-read.ts';

const IGMP = `Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter
1\tlo        :     1      V3
\t\t\t\t010000E0     1 0:00000000\t\t0
2\teth0      :     2      V3
\t\t\t\t120000E0     1 0:00000000\t\t0
\t\t\t\t010000E0     1 0:00000000\t\t0
`;
const IGMP6 = `2    eth0            ff020000000000000000000000000012     1 00000004 0
`;

it('memberships, whose IPv4 groups are written in the byte order of the host', () => {
  expect(readGroups(IGMP, IGMP6)).toEqual([
    { interface: 'lo', group: '224.0.0.1' },
    { interface: 'eth0', group: '224.0.0.18' },
    { interface: 'eth0', group: '224.0.0.1' },
    { interface: 'eth0', group: 'ff02::12' },
  ]);
  expect(readGroups('', 'rubbish')).toEqual([]);
});

it('senders that a membership leaves out', () => {
  const text = `Idx Device        MCA        SRC    INC    EXC
  2   eth0 0xe0000012 0x0a000001      0      1
`;
  expect(readSourceFilters(text)).toEqual([
    { interface: 'eth0', group: '224.0.0.18', source: '10.0.0.1', included: 0, excluded: 1 },
  ]);
});

it.each([
  [['keepalived', '-n', '-f', '/etc/k.conf'], '/etc/k.conf'],
  [['keepalived', '-f/etc/k.conf'], '/etc/k.conf'],
  [['keepalived', '--use-file=/etc/k.conf'], '/etc/k.conf'],
  [['keepalived', '-f', '/a.conf', '-f', '/b.conf'], '/b.conf'],
  [['node', 'kavtui', 'run', '--file', '/c.conf'], '/c.conf'],
])('the configuration of the command line %j is %s', (argv, file) => {
  expect(configOf(process.pid, argv[0]!, argv)).toBe(file);
});

it('a relative one counts from where the process stands', () => {
  expect(configOf(process.pid, 'keepalived', ['keepalived', '-f', 'k.conf'])).toBe(join(process.cwd(), 'k.conf'));
});

it('a program that is not there is a reason, not an exception', () => {
  expect(output('/nonexistent/program', [])).toEqual({ why: 'the program /nonexistent/program is not installed' });
  expect(output('false', [])).toEqual({ why: 'false ended with 1' });
});

describe.skipIf(process.getuid?.() !== 0)(
  'the path of a script (skipped without root, whom files have to belong to)',
  () => {
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'kavtui-path-'));
      chmodSync(folder, 0o755);
      mkdirSync(join(folder, 'open'));
      chmodSync(join(folder, 'open'), 0o777);
      for (const [name, mode] of [
        ['good', 0o755],
        ['writable', 0o775],
        ['plain', 0o644],
        ['open/good', 0o755],
      ] as const) {
        writeFileSync(join(folder, name), '#!/bin/sh\n');
        chmodSync(join(folder, name), mode);
      }
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each([
      ['good', undefined, undefined],
      ['writable', 'unsafe', 'writable'],
      ['plain', 'not-executable', 'plain'],
      ['open/good', 'unsafe', 'open'],
      ['gone', 'missing', 'gone'],
    ])('%s: %s', (name, problem, part) => {
      const found = scriptProblem(join(folder, name));
      expect(found?.problem).toBe(problem);
      expect(found?.part).toBe(part === undefined ? undefined : join(folder, part));
    });
  },
);
