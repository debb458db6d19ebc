import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditFile, defaultAuditFile, operatorName } from '../../src/cli/audit-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kavtui-audit-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the audit log', () => {
  it('has one JSON object a line, in a directory that is made when needed, for others not to read', () => {
    const file = join(directory, 'state', 'audit.log');
    const audit = auditFile(file);
    expect(audit({ who: 'root', action: 'unlock' })).toBeUndefined();
    expect(audit({ who: 'root', action: 'force-fault', instance: 'VI_1', why: 'line\nbreak' })).toBeUndefined();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { action: 'unlock', pid: process.pid },
      { action: 'force-fault', why: 'line\nbreak' },
    ]);
    expect(statSync(file).mode & 0o007).toBe(0);
  });

  it('says why it cannot be written', () => {
    expect(auditFile('/proc/nowhere/audit.log')({ who: 'root', action: 'lock' })).toMatch(/ENOENT|EACCES|EPERM/);
  });

  it.each([
    [{ STATE_DIRECTORY: '/var/lib/x:/var/lib/y' }, 0, '/var/lib/x/audit.log'],
    [{}, 0, '/var/lib/kavtui/audit.log'],
    [{ XDG_STATE_HOME: '/home/a/state' }, 1000, '/home/a/state/kavtui/audit.log'],
  ])('with %j as user %i is %s', (env, uid, expected) => {
    expect(defaultAuditFile(env, uid)).toBe(expected);
  });
});

describe('the operator', () => {
  it('is the user, who came by sudo, and from where', () => {
    const text = operatorName({ SUDO_USER: 'alice', SSH_CONNECTION: '192.0.2.7 50000 192.0.2.1 22' });
    expect(text).toMatch(/^\S+ \(sudo: alice, ssh: 192\.0\.2\.7\)$/);
    expect(operatorName({})).not.toContain('(');
  });

  it('cannot bring control characters in by the environment', () => {
    expect(operatorName({ SUDO_USER: 'a\x1b]0;x\x07' })).not.toMatch(/[\x00-\x1f]/);
  });
});
