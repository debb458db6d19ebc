import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diff } from '../../src/cli/diff.ts';

const instance = (name: string, vrid: number, more: readonly string[] = ['priority 100']): string =>
  [
    `vrrp_instance ${name} {`,
    'state BACKUP',
    'interface eth0',
    `virtual_router_id ${vrid}`,
    ...more,
    ...(more.some((line) => line.startsWith('virtual_ipaddress')) ? [] : [`virtual_ipaddress { 10.0.0.${vrid} }`]),
    '}',
    '',
  ].join('\n');

function run(before: string, after: string): { code: number; lines: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'kavtui-diff-'));
  writeFileSync(join(folder, 'old.conf'), before);
  writeFileSync(join(folder, 'new.conf'), after);
  let out = '';
  const take = (text: string): void => {
    out += text.replaceAll(`${folder}/`, '');
  };
  const code = diff(join(folder, 'old.conf'), join(folder, 'new.conf'), { out: take, err: take });
  rmSync(folder, { recursive: true });
  return { code, lines: out.trimEnd().split('\n') };
}

describe('check --diff', () => {
  it('of equal files says that nothing would happen', () => {
    expect(run(instance('VI_1', 51), instance('VI_1', 51))).toEqual({
      code: 0,
      lines: ['1 unchanged, 0 changed, 0 new, 0 removed'],
    });
  });

  it('tells what changes, what begins and what ends', () => {
    const before = instance('VI_1', 51) + instance('VI_2', 52) + instance('VI_3', 53);
    const after =
      instance('WEB', 51, ['priority 90', 'nopreempt', 'virtual_ipaddress { 10.0.0.51', '10.0.0.61/24 }']) +
      instance('VI_2', 52) +
      instance('VI_4', 54);
    expect(run(before, after)).toEqual({
      code: 0,
      lines: [
        '~ VI_1 -> WEB: renamed; priority 100 -> 90; preempt true -> false; adds 10.0.0.61/24 on eth0',
        '  (a MASTER stays MASTER and says it at once; a BACKUP starts its full timer anew; no notify)',
        '+ VI_4: new, starts as BACKUP (eth0, vrid 54, IPv4, multicast)',
        '- VI_3: removed (eth0, vrid 53, IPv4, multicast); a MASTER sends priority 0 and removes 10.0.0.53',
        '1 unchanged, 1 changed, 1 new, 1 removed',
      ],
    });
  });

  it('says that a bad file would be refused as a whole', () => {
    const { code, lines } = run(instance('VI_1', 51), instance('VI_1', 999));
    expect(code).toBe(5);
    expect(lines.at(-1)).toMatch(/^a reload would refuse the new file and change nothing: /);
  });

  it('never prints a key', () => {
    const secret = ['priority 100', `auth_hmac { key 1 ${'hunter22'.repeat(4)} }`];
    const { lines } = run(instance('VI_1', 51), instance('VI_1', 51, secret));
    expect(lines[0]).toBe('~ VI_1: another auth_hmac');
    expect(lines.join()).not.toMatch(/hunter|68756e/);
  });

  it('never prints a password', () => {
    const secret = ['priority 100', 'authentication { auth_type PASS', 'auth_pass hunter22 }'];
    const { lines } = run(instance('VI_1', 51), instance('VI_1', 51, secret));
    expect(lines[0]).toBe('~ VI_1: another password');
  });
});
