// Troubles made for real beside keepalived, and what the screen of `kavtui run` and a watch on one of the routers find, until
// they are mended.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run, until } from '../support/host.ts';
import { labTest } from '../support/lab-test.ts';
import { openPty } from '../support/pty.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VIP } from '../support/router-config.ts';
import { KAVTUI, startInHost } from '../support/router-process.ts';

const [A, B] = [1, 2];
const V3 = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const DROP =
  'add table ip f; add chain ip f i { type filter hook input priority 0; }; add rule ip f i ip protocol 112 drop';

const inside = (namespace: string, ...command: string[]): Promise<string> =>
  run('ip', ['netns', 'exec', namespace, ...command]);

describeWithRoot('what is wrong where a router runs', ['keepalived', 'tcpdump', 'nft'], () => {
  labTest('a network that carries broadcasts and no multicast: D03, gone when it does', async ({ lab, start }) => {
    const host = lab.host(A);
    const command = [process.execPath, KAVTUI, 'watch', '-i', 'eth0', '--json'];
    const watch = startInHost(lab, 'kavtui', host, command, 'watch');
    start('keepalived', A, routerConfig({ ...V3, priority: 150 }));
    await watch.logged(/"type":"master"/, 15_000);
    const rules =
      'add chain bridge f c { type filter hook forward priority 0; }; add rule bridge f c ip daddr 224.0.0.18 drop';
    await inside(lab.switchNamespace, 'nft', `add table bridge f; ${rules}`);
    const b = start('keepalived', B, routerConfig({ ...V3, priority: 100 }));
    await b.logged(/Entering MASTER STATE/, 15_000);
    await watch.logged(/"id":"D03","severity":"error","confidence":"likely".*"resolved":null/, 15_000);
    const told = watch
      .log()
      .split('\n')
      .find((line) => line.includes('"id":"D03"'));
    for (const text of [VIP, '02:00:00:00:00:02', host.address, 'single-sided view']) expect(told).toContain(text);
    await inside(lab.switchNamespace, 'nft', 'delete table bridge f');
    await b.logged(/MASTER STATE.*Entering BACKUP STATE/s);
    await watch.logged(/"id":"D03".*"resolved":[1-9]/, 20_000);
  });

  labTest(
    'a firewall, a script that lies, an address taken away: all on the screen of run, with their ends',
    async ({ lab, start }) => {
      const { namespace, directory } = lab.host(A);
      const file = join(directory, 'run.conf');
      const script = { command: `/bin/sh -c 'echo 1'`, interval: 1, rise: 1, fall: 1 };
      writeFileSync(file, routerConfig({ ...V3, priority: 150, script }));
      const command = [process.execPath, KAVTUI, 'run', '-f', file];
      const size = { columns: 160, rows: 36 };
      const env = { TMPDIR: directory, XDG_RUNTIME_DIR: directory };
      const session = openPty('ip', ['netns', 'exec', namespace, ...command], { ...size, env });
      try {
        await session.waitFor(/MASTER +VI_1 /, 20_000);
        session.send('9');
        await session.waitFor(/warning +D14 +hint +\S+ +script chk +chk prints a number and ends with 0/, 15_000);
        await inside(namespace, 'nft', DROP);
        await inside(lab.host(B).namespace, 'nft', DROP);
        start('keepalived', B, routerConfig({ ...V3, priority: 100 }));
        await session.waitFor(
          /error +D02 +proven +\S+ +VI_1 +adverts of 10\.0\.0\.2 reach this host and not its router/,
          15_000,
        );
        await session.waitFor(/error +D01 +proven +\S+ +VI_1 /, 15_000);
        for (const number of [A, B]) await inside(lab.host(number).namespace, 'nft', 'flush ruleset');
        await session.waitFor(/D02 +proven +over +VI_1/, 15_000);
        await session.waitFor(/D01 +proven +over +VI_1/, 15_000);
        await lab.ip(A, 'address', 'del', `${VIP}/32`, 'dev', 'eth0');
        await session.waitFor(/warning +D15 +proven +\S+ +VI_1 +10\.0\.0\.100 was taken away/, 15_000);
        await lab.ip(A, 'link', 'set', 'eth0', 'down');
        await session.waitFor(/error +D17 +proven +\S+ +VI_1 /, 15_000);
        expect(session.screen()).toContain('VI_1 is in FAULT: interface eth0 is down');
        await lab.ip(A, 'link', 'set', 'eth0', 'up');
        await session.waitFor(/D17 +proven +over +VI_1/, 15_000);
      } finally {
        await session.dispose();
      }
    },
  );

  labTest('nothing is wrong beside a healthy keepalived, with and without use_vmac', async ({ lab, start }) => {
    const { namespace, directory } = lab.host(A);
    const file = join(directory, 'run.conf');
    writeFileSync(file, routerConfig({ ...V3, priority: 150, lines: ['use_vmac vrrp.51'] }));
    const b = start('keepalived', B, routerConfig({ ...V3, priority: 100 }));
    await b.logged(/Entering MASTER STATE/, 15_000);
    const env = { TMPDIR: directory, XDG_RUNTIME_DIR: directory };
    const command = [process.execPath, KAVTUI, 'run', '-f', file];
    const session = openPty('ip', ['netns', 'exec', namespace, ...command], { columns: 160, rows: 36, env });
    try {
      await session.waitFor(/MASTER +VI_1 /, 20_000);
      session.send('9');
      await session.waitFor('[9 Find]');
      const quiet = Date.now() + 4000;
      await until('four quiet seconds', 6000, () => Date.now() > quiet);
      expect(session.lines().filter((line) => /^.? *error /.test(line))).toEqual([]);
      expect(session.lines().filter((line) => /D02|D03|D15|D27|D42/.test(line))).toEqual([]);
    } finally {
      await session.dispose();
    }
  });
});
