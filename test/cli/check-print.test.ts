import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPrint } from '../../src/cli/check-print.ts';
import { broken, MAIN_JOB } from '../config/main-job.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-print-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(text: string | undefined, redact = false) {
  const file = join(folder, 'a.conf');
  if (text !== undefined) writeFileSync(file, text);
  const [out, err]: [string[], string[]] = [[], []];
  const write = { out: (part: string) => void out.push(part), err: (part: string) => void err.push(part) };
  const exit = checkPrint(text === undefined ? `${file}.none` : file, { json: false, redact }, write);
  return { exit, out: out.join(''), err: err.join('').replaceAll(folder, '') };
}

describe('check --print', () => {
  it('writes the configuration to standard output, what it has to say to standard error', () => {
    const { exit, out, err } = run(MAIN_JOB);
    expect({ exit, err }).toEqual({ exit: 0, err: '/a.conf: 1 instance, 1 script, no findings\n' });
    expect(out).toMatch(/^# .*a\.conf, as kavtui read it: .*\n\nvrrp_script [\s\S]*\nvrrp_instance [\s\S]*\n}\n$/);
    expect(run(out).out).toBe(out);
  });

  it('exits as check does, and prints what is wrong too', () => {
    const { exit, out, err } = run(broken('state BACKUP', 'state X'));
    expect(exit).toBe(5);
    expect(err).toContain('/a.conf:');
    expect(out).toContain('    state X\n');
  });

  it('masks secrets only when asked to', () => {
    const text = broken('state BACKUP', 'state BACKUP\nauthentication {\nauth_type PASS\nauth_pass s3cret\n}');
    expect(run(text).out).toContain('auth_pass s3cret');
    expect(run(text, true).out).toContain('auth_pass ********');
  });

  it('says what cannot be read, and exits 4', () => {
    expect(run(undefined)).toEqual({ exit: 4, out: '', err: '/a.conf.none: no such file\n' });
  });
});
