// keepalived and kavtui with one configuration go through the same day, each alone on its LAN: what they tell their
// notify scripts, and which addresses they hold, must be the same at every step.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sleep, until } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, type Variant, virtualAddresses } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { type ControlledScript, controlledScript } from '../support/script.ts';

const HOSTS = [1, 2] as const;
/** Longer than master-down; two runs of the script (keepalived 2.2.7 knows whole seconds only) take longer. */
const SETTLE_MS = 1500;
const SCRIPT_MS = 4000;

interface Step {
  readonly name: string;
  act(lab: Lab, host: number, check: ControlledScript): unknown;
}

function steps(family: 4 | 6): readonly Step[] {
  const vip = virtualAddresses(family).at(-1)!;
  const link = (state: string) => (lab: Lab, host: number) => lab.ip(host, 'link', 'set', 'eth0', state);
  const own = (lab: Lab, host: number) =>
    family === 4 ? `${lab.host(host).address}/24` : `${lab.host(host).linkLocal}/64`;
  const address = (what: 'add' | 'del') => (lab: Lab, host: number) =>
    lab.ip(host, 'address', what, own(lab, host), 'dev', 'eth0');
  return [
    { name: 'start', act: () => {} },
    {
      name: 'virtual address deleted',
      act: (lab, host) => lab.ip(host, 'address', 'del', `${vip}/${family === 4 ? 32 : 128}`, 'dev', 'eth0'),
    },
    { name: 'link down', act: link('down') },
    { name: 'link up', act: link('up') },
    { name: 'carrier lost', act: (lab, host) => lab.plug(host, 'down') },
    { name: 'carrier back', act: (lab, host) => lab.plug(host, 'up') },
    { name: 'script fails', act: (_lab, _host, check) => check.break() },
    { name: 'script passes', act: (_lab, _host, check) => check.mend() },
    { name: 'own address deleted', act: address('del') },
    { name: 'own address added', act: address('add') },
  ];
}

describeWithRoot('side by side with keepalived', ['keepalived', 'tcpdump'], () => {
  for (const variant of [
    { title: 'v3 multicast', version: 3, mode: 'multicast', family: 4, interval: 0.2 },
    { title: 'v3 IPv6 multicast', version: 3, mode: 'multicast', family: 6, interval: 0.2 },
    { title: 'v3 unicast', version: 3, mode: 'unicast', family: 4, interval: 0.2 },
  ] as const) {
    labTest(
      `${variant.title}: ${UNDER_TEST} notifies and holds addresses exactly as keepalived does`,
      async ({ lab, start }) => {
        await lab.partition();
        const checks = new Map(HOSTS.map((host) => [host, controlledScript(lab.host(host))]));
        const routers = [
          start(UNDER_TEST, 1, config(lab, 1, variant, checks.get(1)!)),
          start('keepalived', 2, config(lab, 2, variant, checks.get(2)!)),
        ];
        const seen = new Map(HOSTS.map((host) => [host, 0]));
        const after = async (name: string, host: number) => {
          const lines = notified(lab, host);
          const news = lines.slice(seen.get(host as 1 | 2));
          seen.set(host as 1 | 2, lines.length);
          const held = (await lab.addresses(host)).filter((each) => virtualAddresses(variant.family).includes(each));
          return { step: name, notified: news, held };
        };
        const story: unknown[][] = [[], []];
        for (const { name, act } of steps(variant.family)) {
          await Promise.all(HOSTS.map((host) => act(lab, host, checks.get(host)!)));
          if (name === 'start') {
            await Promise.all(HOSTS.map((host) => until('MASTER', 8000, () => notified(lab, host).length >= 2)));
            await sleep(500);
          } else await sleep(name.startsWith('script') ? SCRIPT_MS : SETTLE_MS);
          for (const [i, host] of HOSTS.entries()) story[i]!.push(await after(name, host));
        }
        await Promise.all(routers.map((router) => router.terminate()));
        for (const [i, host] of HOSTS.entries()) story[i]!.push(await after('stop', host));
        expect(story[0]).toEqual(story[1]);
      },
    );
  }
});

function config(lab: Lab, number: number, variant: Variant, check: ControlledScript): string {
  const { directory } = lab.host(number);
  const notify = join(directory, 'notify.sh');
  writeFileSync(notify, `#!/bin/sh\necho "$@" >> ${directory}/notified\n`, { mode: 0o755 });
  writeFileSync(join(directory, 'notified'), '');
  const script = { command: check.path, interval: 1, rise: 2, fall: 2 };
  return routerConfig({
    ...variant,
    priority: 150,
    peers: HOSTS.filter((host) => host !== number),
    script,
    lines: [`notify ${notify}`],
  });
}

function notified(lab: Lab, host: number): string[] {
  const text = readFileSync(join(lab.host(host).directory, 'notified'), 'utf8');
  return text.split('\n').filter(Boolean);
}
