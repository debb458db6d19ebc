// `kavtui watch` beside a keepalived on the same host: what that knows is joined to what is seen on the wire.
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Host } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { openPty } from '../support/pty.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import { KAVTUI } from '../support/router-process.ts';

const [A, B] = [1, 2];
const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const NET_RAW = '0000000000002000';

describeWithRoot('kavtui watch beside keepalived', ['keepalived', 'tcpdump', 'setpriv'], () => {
  labTest(
    'names its instance, tells where file and wire differ, asks for dumps on a key, explains its log',
    async ({ lab, start }) => {
      const host = lab.host(B);
      const name = `${host.interface} v4 51`;
      const other = start('keepalived', A, routerConfig({ ...variant, priority: 150 }));
      const own = start('keepalived', B, routerConfig({ ...variant, priority: 100, interval: 0.4 }));
      await own.logged(/Entering BACKUP STATE/);
      const screen = watchIn(host, ['env', `PATH=${journalIn(host)}:${process.env.PATH}`]);
      try {
        await screen.waitFor(new RegExp(`seen +${name} .*${lab.host(A).address}.* VI_1`));
        await screen.waitFor(/here keepalived \(pid \d+\) has it as VI_1: not MASTER, priority 100 in its file/);
        await screen.waitFor(/D21 interval: 0\.4 s in the file of this host, 0\.2 s in the adverts of/);
        expect(rightsOf(screen.pid)).toEqual([NET_RAW]);

        // Nothing is asked before the operator says so.
        screen.send('7');
        await screen.waitFor(/no dump is there; :dump asks for one/);
        screen.send('D');
        await screen.waitFor(/gets signals and writes keepalived\.data/);
        expect(readdirSync(host.directory).filter((file) => /keepalived\.(?:data|stats|json)$/.test(file))).toEqual([]);
        await new Promise((resolve) => setTimeout(resolve, 600));
        screen.send('y');
        await screen.waitFor(/data dump: BACKUP, as the wire tells/);
        await screen.waitFor(/data .*keepalived\.data, \d/);
        await screen.waitFor(/state BACKUP +priority 100 effective 100 +0\/1 addresses set/);
        const written = statSync(join(host.directory, 'keepalived.data')).mtimeMs;

        await other.crash();
        await screen.waitFor(/: MASTER, priority 100 in its file/);
        await screen.waitFor(/! data dump: BACKUP, the wire: this host is MASTER/);
        screen.send('4');
        await screen.waitFor(/Entering MASTER STATE: This router sends the adverts/);
        expect(statSync(join(host.directory, 'keepalived.data')).mtimeMs).toBe(written);
        await own.terminate();
        screen.send('7');
        await screen.waitFor(/keepalived \(pid \d+\) has ended/);
      } finally {
        await screen.dispose();
      }
    },
  );

  labTest('says which right is missing to know what runs here, and watches all the same', async ({ lab, start }) => {
    const host = lab.host(A);
    const own = start('keepalived', A, routerConfig({ ...variant, priority: 150 }));
    await own.logged(/Entering MASTER STATE/);
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const screen = watchIn(host, ['setpriv', ...nobody, '--inh-caps', '+net_raw', '--ambient-caps', '+net_raw']);
    try {
      await screen.waitFor(new RegExp(`seen +${host.interface} v4 51 `));
      screen.send('7');
      await screen.waitFor(/keepalived \(pid \d+\) has rights that this watch has not: CAP_SYS_PTRACE \(sudo\)/);
    } finally {
      await screen.dispose();
    }
  });
});

function watchIn(host: Host, before: readonly string[] = []) {
  const enter = ['netns', 'exec', host.namespace, ...before];
  return openPty('ip', [...enter, process.execPath, KAVTUI, 'watch', '-i', host.interface], { columns: 120, rows: 40 });
}

/** A journal for a host of the lab: what its keepalived has printed, as journalctl would tell it. */
function journalIn(host: Host): string {
  const entry = '{"MESSAGE":"%s","_PID":"%s","__REALTIME_TIMESTAMP":"%s"}\\n';
  const script = `#!/bin/sh
tail -n +1 -F ${host.directory}/keepalived.log | sed -un 's/^.* [0-9]\\{4\\}: //p' | while read -r line; do
  printf '${entry}' "$line" "$(cat ${host.directory}/vrrp.pid)" "$(date +%s%6N)"
done`;
  writeFileSync(join(host.directory, 'journalctl'), `${script}\n`);
  chmodSync(join(host.directory, 'journalctl'), 0o755);
  return host.directory;
}

/** All that any thread may do. */
function rightsOf(pid: number): string[] {
  const found = readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return Array.from(status.matchAll(/^Cap(?:Prm|Eff|Bnd):\s*(\w+)$/gm), (match) => match[1]!);
  });
  return [...new Set(found)];
}
