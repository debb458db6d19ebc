// `kavtui run` on a host: beside another router, without rights, without its interface, with what it cannot do.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectHolds } from '../support/expectations.ts';
import { sleep, until } from '../support/host.ts';
import type { Host } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VIP } from '../support/router-config.ts';
import { kavtuiCommand, loggedState, startInHost } from '../support/router-process.ts';

const A = 1;
const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2, priority: 100 } as const;
const CONFIG = routerConfig(variant);
const BFD = routerConfig({ ...variant, lines: ['track_bfd {', '}'] });

describeWithRoot('kavtui run', ['keepalived', 'tcpdump', 'setpriv'], () => {
  for (const other of ['keepalived', 'kavtui'] as const) {
    labTest(
      `refuses to start beside a running ${other} and names its pid; --take-over starts`,
      async ({ lab, start }) => {
        const running = start(other, A, CONFIG);
        await running.logged(/Entering BACKUP STATE/);
        await lab.wire.firstAdvert({ from: A }, 3000);
        const refused = startInHost(
          lab,
          'kavtui',
          lab.host(A),
          kavtuiCommand(config(lab.host(A), 'second', CONFIG)),
          'second',
        );
        expect(await refused.exited).toBe(1);
        expect(lines(refused.log())).toHaveLength(1);
        expect(refused.log()).toMatch(new RegExp(`${other}.*\\b${running.pid}\\b`));
        await expectHolds(lab, A, true);

        const command = [...kavtuiCommand(config(lab.host(A), 'third', CONFIG)), '--take-over'];
        const taking = startInHost(lab, 'kavtui', lab.host(A), command, 'third');
        await taking.logged(/Entering BACKUP STATE/);
        expect(await taking.terminate()).toBe(0);
      },
    );
  }

  labTest('starts where a keepalived runs in another network namespace', async ({ lab, start }) => {
    const other = start('keepalived', 2, CONFIG);
    await other.logged(/Entering BACKUP STATE/);
    const own = start('kavtui', A, routerConfig({ ...variant, priority: 200 }));
    await lab.wire.firstAdvert({ from: A }, 5000);
    expect(await own.terminate()).toBe(0);
  });

  labTest(
    'without CAP_NET_ADMIN and CAP_NET_RAW it exits 4 with one line that says how to get them',
    async ({ lab }) => {
      const bare = ['setpriv', '--bounding-set', '-net_admin,-net_raw', '--inh-caps', '-net_admin,-net_raw'];
      const command = [...bare, ...kavtuiCommand(config(lab.host(A), 'own', CONFIG))];
      const router = startInHost(lab, 'kavtui', lab.host(A), command);
      expect(await router.exited).toBe(4);
      expect(lines(router.log())).toHaveLength(1);
      expect(router.log()).toMatch(/cap_net_admin.*cap_net_raw|cap_net_raw.*cap_net_admin/i);
      expect(router.log()).toMatch(/sudo|setpriv/);
    },
  );

  labTest(
    'an interface that is missing is a FAULT with its name, and cleared when the interface appears',
    async ({ lab, start }) => {
      const router = start('kavtui', A, routerConfig({ ...variant, interface: 'late0' }));
      await router.logged(/Entering FAULT STATE[^\n]*late0/);
      await sleep(1000);
      expect(loggedState(router)).toBe('FAULT');
      await lab.ip(A, 'link', 'add', 'late0', 'type', 'veth', 'peer', 'name', 'late1');
      await lab.ip(A, 'address', 'add', '10.1.0.1/24', 'dev', 'late0');
      await lab.ip(A, 'link', 'set', 'late1', 'up');
      await lab.ip(A, 'link', 'set', 'late0', 'up');
      await router.logged(/Entering FAULT STATE.*Entering BACKUP STATE.*Entering MASTER STATE/s, 4000);
      await expectHolds(lab, A, true);
      await lab.ip(A, 'link', 'del', 'late0');
      await until('FAULT again', 2000, () => loggedState(router) === 'FAULT');
      expect(await router.terminate()).toBe(0);
    },
  );

  labTest(
    'a configuration with track_bfd is refused with exit code 5, file and line; --ignore-unsupported runs it',
    async ({ lab, start }) => {
      const refused = start('kavtui', A, BFD);
      expect(await refused.exited).toBe(5);
      const line = BFD.split('\n').findIndex((text) => text.includes('track_bfd')) + 1;
      expect(refused.log()).toMatch(new RegExp(`kavtui\\.conf:${line}\\b.*track_bfd`));
      const command = [...kavtuiCommand(config(lab.host(A), 'ignoring', BFD)), '--ignore-unsupported'];
      const ignoring = startInHost(lab, 'kavtui', lab.host(A), command, 'ignoring');
      await lab.wire.firstAdvert({ from: A }, 5000);
      await expectHolds(lab, A, true, [VIP]);
      expect(await ignoring.terminate()).toBe(0);
      await expectHolds(lab, A, false, [VIP]);
    },
  );

  labTest('a file that cannot be read ends it with one line and an exit code', async ({ lab }) => {
    const router = startInHost(lab, 'kavtui', lab.host(A), kavtuiCommand(join(lab.host(A).directory, 'nowhere.conf')));
    expect(await router.exited).not.toBe(0);
    expect(lines(router.log())).toHaveLength(1);
    expect(router.log()).toMatch(/nowhere\.conf/);
  });
});

function config(host: Host, name: string, text: string): string {
  const file = join(host.directory, `${name}.conf`);
  writeFileSync(file, text);
  return file;
}

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean);
}
