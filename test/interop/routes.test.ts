// virtual_routes and virtual_rules beside keepalived's: the kernels of both hosts have the same as MASTER, and nothing
// as BACKUP.
import { expect } from 'vitest';
import { until } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { report, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];
const VARIANT = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;

const ROUTES = [
  'src 10.0.0.100 to 192.168.1.0/24 via 10.0.0.200 dev eth0',
  '192.168.2.0/24 via 10.0.0.200',
  '192.168.3.0/24 dev eth0 no_track',
  '192.168.4.0/24 via 10.0.0.200 dev eth0 metric 7 mtu 1400 table 100 tos 16',
  'blackhole 192.168.5.0/24',
  '192.168.6.0/24 nexthop via 10.0.0.201 dev eth0 weight 2 nexthop via 10.0.0.202 dev eth0 weight 3',
  'fd09::/64 dev eth0 metric 9',
];
const RULES = [
  'from 192.168.28.0/24 to 10.8.0.0/16 table 100 preference 1000',
  'fwmark 5/255 iif eth0 table 103 preference 1001',
  'from 192.168.31.0/24 unreachable preference 1002',
  'from fd05::/64 table 106 preference 1007',
];
const LINES = ['virtual_routes {', ...ROUTES, '}', 'virtual_rules {', ...RULES, '}'];
const STATICS = `static_routes {
    192.168.200.0/24 via 10.0.0.254 dev eth0
    192.168.201.0/24 dev eth0 table 77 metric 5
}
static_rules {
    from 10.9.9.0/24 table 77 preference 900
}
static_ipaddress {
    10.0.2.9/24 dev eth0
}
`;

/** What the kernel of a host has of keepalived's protocol, both families, as `ip -j` tells it. */
async function policyOf(lab: Lab, host: number): Promise<readonly Record<string, unknown>[]> {
  const list = async (...args: string[]) => JSON.parse((await lab.ip(host, '-j', '-N', ...args)) || '[]') as object[];
  const lists = await Promise.all([
    list('-4', 'route', 'show', 'table', 'all'),
    list('-6', 'route', 'show', 'table', 'all'),
    list('-4', 'rule', 'show'),
    list('-6', 'rule', 'show'),
  ]);
  const entries = lists.flat() as Record<string, unknown>[];
  return entries.filter(
    ({ protocol, proto }) => [protocol, proto].includes('18') || [protocol, proto].includes('keepalived'),
  );
}

/** Waits until the host has so many of them. */
async function has(lab: Lab, host: number, entries: number): Promise<void> {
  let found: readonly object[] = [];
  const right = async () => {
    found = await policyOf(lab, host);
    return found.length === entries;
  };
  await until(`host ${host} has ${entries} routes and rules`, 2000, right).catch((error: Error) => {
    error.message += `\n${found.map((entry) => JSON.stringify(entry)).join('\n')}`;
    throw error;
  });
}

const ALL = ROUTES.length + RULES.length;
const STATIC = 3;

describeWithRoot('routes and rules beside keepalived', ['keepalived', 'tcpdump'], () => {
  labTest(
    `of a MASTER are the same in the kernels of ${UNDER_TEST} and keepalived, and gone from a BACKUP`,
    async (bench) => {
      const { lab, start } = bench;
      const router = start(UNDER_TEST, A, STATICS + routerConfig({ ...VARIANT, priority: 150, lines: LINES }));
      await lab.wire.firstAdvert({ from: A }, 8000);
      const peer = start('keepalived', B, STATICS + routerConfig({ ...VARIANT, priority: 100, lines: LINES }));
      await peer.logged(/Entering BACKUP STATE/);
      await has(lab, A, ALL + STATIC);
      await has(lab, B, STATIC);
      const ours = await policyOf(lab, A);
      await router.terminate();
      await has(lab, A, 0);
      await has(lab, B, ALL + STATIC);
      expect(ours).toEqual(await policyOf(lab, B));
      expect(await lab.addresses(A), 'static addresses are gone too').toEqual(['10.0.0.1', lab.host(A).linkLocal]);

      const restarted = Date.now();
      start(UNDER_TEST, A, STATICS + routerConfig({ ...VARIANT, priority: 150, lines: LINES }));
      await lab.wire.firstAdvert({ from: A, after: restarted }, 8000);
      await has(lab, A, ALL + STATIC);
      await has(lab, B, STATIC);
    },
  );

  labTest(`${UNDER_TEST} resigns when a tracked route is taken away, and restores static ones`, async (bench) => {
    const { lab, start } = bench;
    const own = { ...VARIANT, priority: 200 };
    const router = start(UNDER_TEST, A, STATICS + routerConfig({ ...own, lines: LINES }));
    await lab.wire.firstAdvert({ from: A }, 8000);
    const peer = start('keepalived', B, routerConfig({ ...VARIANT, priority: 100 }));
    await peer.logged(/Entering BACKUP STATE/);
    await has(lab, A, ALL + STATIC);

    await lab.ip(A, 'route', 'del', '192.168.3.0/24');
    await lab.ip(A, 'route', 'del', '192.168.200.0/24');
    await lab.ip(A, 'rule', 'del', 'preference', '900');
    await router.logged(/Restoring deleted static rule/);
    await has(lab, A, ALL + STATIC - 1);
    expect(lab.wire.adverts({ from: A, priority: 0 }).length, 'no_track and static entries cost nothing').toBe(0);

    await lab.ip(A, 'route', 'del', '192.168.1.0/24');
    const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 1000);
    const back = await lab.wire.firstAdvert({ from: A, after: resigned.at }, 3000);
    const took = back.at - resigned.at;
    report('back after a route was deleted:', `${Math.round(took)} ms, theory ${Math.round(skewMs(own))}`);
    expect(took, 'ms from priority 0 to the next advert').toBeLessThan(skewMs(own) + 150);
    await has(lab, A, ALL + STATIC);
  });

  labTest(`${UNDER_TEST} that crashed finds its routes and rules, and does not leave them behind`, async (bench) => {
    const { lab, start } = bench;
    const config = routerConfig({ ...VARIANT, priority: 150, lines: LINES });
    const router = start(UNDER_TEST, A, config);
    await lab.wire.firstAdvert({ from: A }, 8000);
    await has(lab, A, ALL);
    await router.crash();
    await has(lab, A, ALL);
    const peer = start('keepalived', B, routerConfig({ ...VARIANT, priority: 200 }));
    await peer.logged(/Entering MASTER STATE/);
    const next = start(UNDER_TEST, A, config);
    await next.logged(/Entering BACKUP STATE/);
    await has(lab, A, 0);
  });
});
