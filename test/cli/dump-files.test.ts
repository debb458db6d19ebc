import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dumpPath, replaceFile } from '../../src/cli/dump-files.ts';

describe('where a dump goes', () => {
  const globals = { enableScriptSecurity: false, defaultInterface: '', checkerLogAllFailures: false } as const;
  const where = (signal: Parameters<typeof dumpPath>[0], change: object) =>
    dumpPath(signal, { ...globals, vrrpVersion: 2, ...change });
  const name = { process: { netNamespace: 'blue', instanceName: 'one' }, dumps: { useInstance: true } };

  it.each([
    ['SIGUSR1', {}, /\/keepalived\.data$/],
    ['SIGUSR1', { process: name.process }, /\/keepalived\.data$/],
    ['SIGUSR1', name, /\/keepalived\.blue_one\.data$/],
    ['SIGUSR1', { ...name, process: { instanceName: 'one' } }, /\/keepalived\.one\.data$/],
    ['SIGUSR2', name, /\/keepalived\.stats$/],
    ['SIGUSR1', { dumps: { dataFile: '/a' } }, /^\/a$/],
    ['SIGSTATSCLEAR', { dumps: { statsFile: '/b' } }, /^\/b$/],
    ['SIGJSON', { dumps: { jsonFile: '/c' } }, /^\/c$/],
  ] as const)('%s with %j', (signal, change, expected) => expect(where(signal, change)).toMatch(expected));
});

describe('replacing a dump', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kavtui-dump-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes a file for its owner alone, whatever was there and whatever the umask is', () => {
    const path = join(folder, 'keepalived.json');
    writeFileSync(path, 'old', { mode: 0o666 });
    const before = process.umask(0o777);
    replaceFile(path, 'new');
    process.umask(before);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o7777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['keepalived.json']);
  });

  it('does not write through a planted link', () => {
    const [path, victim] = [join(folder, 'keepalived.json'), join(folder, 'victim')];
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, path);
    replaceFile(path, 'new');
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('leaves nothing behind when it fails', () => {
    const path = join(folder, 'keepalived.json');
    mkdirSync(path);
    expect(() => replaceFile(path, 'new')).toThrow();
    expect(readdirSync(folder)).toEqual(['keepalived.json']);
  });
});
