import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/cli/check.ts';
import { loadConfig } from '../../src/cli/load-config.ts';
import { broken, MAIN_JOB } from '../config/main-job.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-check-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function run(files: readonly string[], json = false) {
  let out = '';
  let err = '';
  const exit = check(
    files,
    { json },
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    },
  );
  const shown = (text: string) => text.replaceAll(`${folder}/`, '');
  return { exit, out: shown(out), err: shown(err) };
}

describe('check', () => {
  it('says in one line that there is nothing to say', () => {
    const good = file('good.conf', MAIN_JOB);
    expect(run([good])).toEqual({ exit: 0, out: 'good.conf: 1 instance, 1 script, no findings\n', err: '' });
  });

  it('says what cannot be read and why, checks the other files, and exits 4', () => {
    const good = file('good.conf', MAIN_JOB);
    const missing = join(folder, 'missing.conf');
    mkdirSync(join(folder, 'folder'), { recursive: true });
    expect(run([missing, good, join(folder, 'folder')])).toEqual({
      exit: 4,
      out: 'good.conf: 1 instance, 1 script, no findings\n',
      err: 'missing.conf: no such file\nfolder: is a directory, not a configuration file\n',
    });
  });

  it('exits as the worst of several files does', () => {
    const good = file('good.conf', MAIN_JOB);
    const bad = file('bad.conf', broken('state BACKUP', 'state X'));
    const ended = file('ended.conf', broken('interface ens160', 'interface'));
    expect(run([good, bad]).exit).toBe(5);
    expect(run([bad, ended, good]).exit).toBe(2);
  });

  it('says when run would refuse, and that the exit status is not meant', () => {
    const unsupported = file('bfd.conf', broken('nopreempt', 'track_bfd {\n    }\n    nopreempt\n    smtp_alert'));
    const { exit, out } = run([unsupported]);
    expect(exit).toBe(0);
    expect(out).toContain('bfd.conf:11:5: info: track_bfd is not yet supported: ');
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      'bfd.conf: 1 instance, 1 script, 2 notes; kavtui run refuses it without --ignore-unsupported (1 blocking finding)',
    );
  });

  it('sees NUL bytes and bytes that are no UTF-8', () => {
    const odd = file('odd.conf', new Uint8Array([...Buffer.from(MAIN_JOB), 0xff, 0x20, 0x61, 0x00, 0x0a]));
    const { exit, out } = run([odd]);
    expect(exit).toBe(5);
    expect(out).toContain('odd.conf:23:4: error: NUL byte');
  });

  it('explains a byte order mark', () => {
    expect(run([file('bom.conf', `\ufeff${MAIN_JOB}`)]).out).toContain('hint: the file begins with a byte order mark');
  });

  it.runIf(process.getuid?.() !== 0)('says that permission is denied', () => {
    const secret = file('secret.conf', MAIN_JOB);
    chmodSync(secret, 0);
    expect(run([secret]).err).toBe('secret.conf: permission denied\n');
  });
});

describe('check --json', () => {
  it('prints one object: files, findings, resolved values with their units, exit', () => {
    const good = file('good.conf', MAIN_JOB);
    const { exit, out } = run([good], true);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual({
      files: ['good.conf'],
      diagnostics: [],
      instances: [
        expect.objectContaining({
          name: 'VI_1',
          vrid: 249,
          advertIntervalUs: 1_000_000,
          preemptDelayUs: 0,
          unicastPeers: ['3.1.5.242', '3.1.5.243'],
          authentication: 'PASS',
        }),
      ],
      syncGroups: [],
      scripts: [expect.objectContaining({ name: 'health_check', intervalUs: 1_000_000, timeoutUs: 5_000_000 })],
      virtualServers: [],
      exit: 0,
    });
  });

  it('never prints a password, not even in a finding', () => {
    const { out } = run([file('secret.conf', broken('auth_pass 1111', 'auth_pass s3cr3tpwd'))], true);
    expect(JSON.parse(out)).toMatchObject({
      exit: 5,
      diagnostics: [{ code: 'cut-short', severity: 'warning', line: 17, column: 19 }],
    });
    expect(out).not.toContain('s3cr3t');
  });

  it('is one object also when a file cannot be read', () => {
    const { exit, out, err } = run([join(folder, 'missing.conf')], true);
    expect(exit).toBe(4);
    expect(err).toBe('missing.conf: no such file\n');
    expect(JSON.parse(out)).toMatchObject({
      exit: 4,
      diagnostics: [{ code: 'unreadable-file', message: 'missing.conf: no such file' }],
    });
  });
});

describe('loadConfig', () => {
  it('gives the parse result, or a message', () => {
    expect(loadConfig(file('good.conf', MAIN_JOB))).toMatchObject({ ok: true, result: { exitCode: 0, fatal: false } });
    expect(loadConfig(join(folder, 'none'))).toMatchObject({
      ok: false,
      message: expect.stringContaining('no such file'),
    });
  });
});
