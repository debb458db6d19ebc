// Lines about the process itself: what arrives, and what is refused as keepalived 2.2.7 refuses it.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';

const read = (lines: string, root = '') => parseConfig(`${root}\nglobal_defs {\n${lines}\n}\n`, 'f');

describe('a line about the process', () => {
  it.each([
    ['vrrp_process_name my_vrrp', { name: 'my_vrrp' }],
    ['vrrp_priority -5', { nice: -5 }],
    ['vrrp_rt_priority 50', { realTimePriority: 50 }],
    ['vrrp_cpu_affinity 0 2', { cpus: [0, 2] }],
    ['umask 022', { umask: 0o022 }],
    ['umask 18', { umask: 18 }],
    ['umask 0x12', { umask: 0x12 }],
    ['umask IWGRP | IROTH | IWOTH', { umask: 0o026 }],
    ['umask IRUSR|IXOTH', { umask: 0o401 }],
    [
      'startup_script_timeout 3\nscript_user u g\nstartup_script "/bin/x y"',
      { startup: { command: { argv: ['/bin/x', 'y'], user: 'u', group: 'g' }, timeoutUs: 3_000_000 } },
    ],
    ['shutdown_script /bin/x root', { shutdown: { command: { user: 'root' }, timeoutUs: 10_000_000 } }],
    ['reload_time_file /etc/t\nreload_repeat', { reloadTimeFile: '/etc/t', reloadRepeat: true }],
    ['reload_file /run/r', { reloadFile: '/run/r' }],
    ['reload_file', { reloadFile: '/run/keepalived.reload' }],
  ])('%j', (lines, expected) => {
    const { config, exitCode, diagnostics } = read(lines);
    expect(config.globals.process).toMatchObject(expected);
    expect(exitCode).toBe(0);
    expect(diagnostics.filter(({ blocking }) => blocking)).toEqual([]);
  });

  it('net_namespace and instance stand outside of all blocks', () => {
    const { config, diagnostics } = read('', 'net_namespace blue\ninstance one');
    expect(config.globals.process).toEqual({ netNamespace: 'blue', instanceName: 'one' });
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['data_use_instance', { useInstance: true }],
    ['data_use_instance off', { useInstance: false }],
    ['json_version 2', { jsonVersion: 2 }],
    ['state_dump_file /a\nstats_dump_file /b\njson_dump_file /c', { dataFile: '/a', statsFile: '/b', jsonFile: '/c' }],
  ])('about the dumps: %j', (lines, expected) => {
    expect(read(lines).config.globals.dumps).toEqual(expected);
  });
});

describe('keepalived complains, and so do we', () => {
  it.each([
    ['vrrp_priority 50', undefined],
    ['vrrp_rt_priority 200', { realTimePriority: 99 }],
    ['vrrp_process_name averyveryverylongname', { name: 'averyveryverylo' }],
    ['umask 0999', undefined],
    ['umask IRUSR|IWXX', undefined],
    ['umask IRWXO', undefined],
    ['umask 022 1', { umask: 0o022 }],
    ['startup_script /bin/x\nstartup_script /bin/y', { startup: { command: { argv: ['/bin/x'] } } }],
    ['startup_script_timeout 2000\nstartup_script /bin/x', { startup: { timeoutUs: 10_000_000 } }],
  ])('%j', (lines, left) => {
    const { config, exitCode } = read(lines);
    expect(exitCode).toBe(5);
    if (left === undefined) expect(config.globals.process).toBeUndefined();
    else expect(config.globals.process).toMatchObject(left);
  });

  it('startup scripts run, and nothing says that scripts are safe', () => {
    const host = { canRun: () => true, users: new Set(['root']), groups: new Set<string>() };
    const facts = { ...host, interfaces: new Set<string>(), namespaces: new Set<string>() };
    expect(parseConfig('global_defs {\nstartup_script /bin/x\n}\n', 'f', { host: facts }).exitCode).toBe(6);
  });
});
