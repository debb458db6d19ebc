// What a file says about the process: its network namespace, the scripts of its beginning and end, its name and priority.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectHolds } from '../support/expectations.ts';
import { kill, until } from '../support/host.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import { kavtuiCommand } from '../support/router-process.ts';

const A = 1;
const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;

describeWithRoot('kavtui run', ['tcpdump'], () => {
  labTest('moves into its net_namespace, and does what its file says at its beginning and its end', async ({ lab }) => {
    const { namespace, directory } = lab.host(A);
    const path = (name: string) => join(directory, name);
    const shell = (name: string) =>
      `"/bin/sh -c 'sleep 0.3; ip -o address show eth0 > ${path(name)}; nice >> ${path(name)}'"`;
    const globals = [
      `startup_script ${shell('startup')}`,
      `shutdown_script ${shell('shutdown')}`,
      'vrrp_process_name io_vrrp',
      'vrrp_priority -7',
      'umask 022',
      'data_use_instance',
    ];
    const config = routerConfig({ ...variant, priority: 200 }).replace(
      'global_defs {',
      `global_defs {\n${globals.join('\n')}`,
    );
    writeFileSync(path('c.conf'), `net_namespace ${namespace}\ninstance io\n${config}`);
    const [program, ...words] = kavtuiCommand(path('c.conf'));
    const child = spawn(program!, words, { stdio: 'ignore', env: { ...process.env, TMPDIR: directory } });
    const pid = child.pid!;
    lab.spawned.add(pid);
    const exited = new Promise((resolve) => child.once('exit', resolve));

    const first = await lab.wire.firstAdvert({ from: A }, 5000);
    expect(statSync(path('startup')).mtimeMs).toBeLessThan(first.at);
    // What it was given is not for its scripts.
    expect(readFileSync(path('startup'), 'utf8')).toMatch(/10\.0\.0\.1\/24(?!.*10\.0\.0\.100)[\s\S]*\n0\n$/);
    await expectHolds(lab, A, true);
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('io_vrrp\n');
    expect(getPriority(pid)).toBe(-7);

    kill(pid, 'SIGUSR1');
    const dump = path(`keepalived.${namespace}_io.data`);
    await until('the dump', 3000, () => existsSync(dump));
    expect(statSync(dump).mode & 0o777).toBe(0o644);

    kill(pid, 'SIGTERM');
    expect(await exited).toBe(0);
    expect(readFileSync(path('shutdown'), 'utf8')).toContain('10.0.0.1/24');
    await expectHolds(lab, A, false);
  });
});
