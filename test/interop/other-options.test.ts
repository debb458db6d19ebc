// Options that show on the wire, beside a real keepalived: announcements kept apart, links that come and go, source
// addresses, and unicast without an interface.
import { expect } from 'vitest';
import { expectHolds } from '../support/expectations.ts';
import { sleep } from '../support/host.ts';
import { type Bench, labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VIP, virtualAddresses } from '../support/router-config.ts';
import { type RouterKind, UNDER_TEST } from '../support/router-process.ts';

const A = 1;
const B = 2;
const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const VIPS = [VIP, '10.0.0.101', '10.0.0.102'];
/** A busy machine is late. */
const SLACK_MS = 150;

const withGlobal = (line: string, config: string) => config.replace('global_defs {', `global_defs {\n${line}`);

/** What a MASTER announces in its first seconds, and when: ms after the first one. */
async function announced({ lab, start }: Bench, kind: RouterKind): Promise<readonly (readonly [string, number])[]> {
  const config = routerConfig({ ...variant, priority: 200, addresses: VIPS });
  start(kind, A, withGlobal('vrrp_garp_interval 0.2', config));
  const first = await lab.wire.firstAdvert({ from: A }, 5000);
  await sleep(2300);
  const frames = lab.wire.announcements({ from: A, after: first.at - 1 });
  return frames.map(({ at, address }) => [address, at - frames[0]!.at]);
}

describeWithRoot('beside keepalived', ['keepalived', 'tcpdump'], () => {
  for (const kind of new Set<RouterKind>([UNDER_TEST, 'keepalived'])) {
    labTest(`vrrp_garp_interval: ${kind} announces one address after the other`, async (bench) => {
      const told = await announced(bench, kind);
      const burst = [VIP, ...VIPS];
      // And once more after vrrp_garp_master_delay 1.
      expect(told.map(([address]) => address)).toEqual([...burst, ...burst]);
      const late = told.map(([, at], i) => at - (i < 4 ? i * 200 : 1000 + (i - 4) * 200));
      console.log(`interop: ${kind} announces every 200 ms, late by ${late.map((ms) => ms.toFixed(1)).join(' ')} ms`);
      // Of keepalived only the order is a promise.
      if (kind === UNDER_TEST) for (const ms of late) expect(Math.abs(ms)).toBeLessThan(SLACK_MS);
    });
  }

  labTest(
    'interface_up_down_delays: a short loss of the link costs nothing, a long one the mastership',
    async (bench) => {
      const { lab, start } = bench;
      const delays = 'interface_up_down_delays {\neth0 0.3 0\n}\n';
      const own = start(UNDER_TEST, A, delays + routerConfig({ ...variant, priority: 200 }));
      start('keepalived', B, routerConfig({ ...variant, priority: 100 }));
      await lab.wire.firstAdvert({ from: A }, 5000);
      await sleep(1500);
      await lab.plug(A, 'down');
      await sleep(100);
      await lab.plug(A, 'up');
      await sleep(1500);
      expect(own.log()).not.toContain('Entering FAULT');
      await expectHolds(lab, A, true);
      const at = Date.now();
      await lab.plug(A, 'down');
      await own.logged(/Entering FAULT/);
      const ms = Date.now() - at;
      console.log(`interop: ${UNDER_TEST} believes that a link is down after ${ms} ms, of 300`);
      expect(ms).toBeGreaterThan(290);
      const next = await lab.wire.firstAdvert({ from: B, after: at }, 3000);
      expect(next.priority).toBe(100);
    },
  );

  labTest('track_src_ip: resigns when its source address goes, and comes back with it', async ({ lab, start }) => {
    const lines = ['mcast_src_ip 10.0.0.77', 'track_src_ip'];
    start(UNDER_TEST, A, routerConfig({ ...variant, priority: 200, lines }));
    start('keepalived', B, routerConfig({ ...variant, priority: 100 }));
    await lab.wire.firstAdvert({ from: B }, 5000);
    await lab.ip(A, 'address', 'add', '10.0.0.77/24', 'dev', 'eth0');
    const first = await lab.wire.firstAdvert({ from: A, priority: 200 }, 3000);
    expect(first.source).toBe('10.0.0.77');
    await sleep(500);
    const at = Date.now();
    await lab.ip(A, 'address', 'del', '10.0.0.77/24', 'dev', 'eth0');
    const resigned = await lab.wire.firstAdvert({ from: A, priority: 0, after: at }, 1000);
    const next = await lab.wire.firstAdvert({ from: B, after: at }, 2000);
    console.log(
      `interop: keepalived takes over ${(next.at - resigned.at).toFixed(0)} ms after the source address went`,
    );
    await expectHolds(lab, A, false);
  });

  for (const [a, b] of [
    [200, 100],
    [100, 200],
  ] as const) {
    labTest(`unicast without an interface: priority ${a} beside keepalived's ${b}`, async ({ lab, start }) => {
      const lines = ['unicast_src_ip 10.0.0.1'];
      const config = routerConfig({ ...variant, mode: 'unicast', priority: a, peers: [B], lines, addresses: [VIP] });
      const routed = config.replace('interface eth0\n', '').replace(VIP, `${VIP} dev eth0`);
      const own = start(UNDER_TEST, A, routed);
      const other = start('keepalived', B, routerConfig({ ...variant, mode: 'unicast', priority: b, peers: [A] }));
      const [best, worse, leader] = a > b ? [A, B, own] : [B, A, other];
      await lab.wire.firstAdvert({ from: best, priority: 200 }, 5000);
      await expectHolds(lab, best, true);
      await sleep(1200);
      await expectHolds(lab, worse, false);
      const at = Date.now();
      await leader.terminate();
      await lab.wire.firstAdvert({ from: worse, priority: 100, after: at }, 2000);
      await expectHolds(lab, worse, true);
    });
  }

  labTest('dynamic_interfaces: an interface that comes late, goes, and comes again as another', async (bench) => {
    const { lab, start } = bench;
    const config = (priority: number) =>
      withGlobal('dynamic_interfaces', routerConfig({ ...variant, priority, interface: 'late' }));
    const own = start(UNDER_TEST, A, config(200));
    const other = start('keepalived', B, config(100));
    const add = async (host: number): Promise<void> => {
      await lab.ip(host, 'link', 'add', 'late', 'link', 'eth0', 'type', 'macvlan', 'mode', 'bridge');
      await lab.ip(host, 'address', 'add', `10.0.0.1${host}/24`, 'dev', 'late');
      await lab.ip(host, 'link', 'set', 'late', 'up');
    };
    await other.logged(/FAULT/);
    await Promise.all([add(A), add(B)]);
    await lab.wire.firstAdvert({ from: A, priority: 200 }, 3000);
    await expectHolds(lab, A, true);
    const gone = Date.now();
    await lab.ip(A, 'link', 'del', 'late');
    await lab.wire.firstAdvert({ from: B, after: gone }, 3000);
    expect(own.log()).toMatch(/interface late (?:is gone|does not exist)|late deleted/);
    const back = Date.now();
    await add(A);
    const again = await lab.wire.firstAdvert({ from: A, priority: 200, after: back }, 3000);
    console.log(`interop: ${UNDER_TEST} is MASTER ${(again.at - back).toFixed(0)} ms after its interface came back`);
    await expectHolds(lab, A, true);
    await expectHolds(lab, B, false);
  });

  for (const family of [4, 6] as const) {
    labTest(`auth_hmac over IPv${family}: two kavtui elect, and count no advert as wrong`, async ({ lab, start }) => {
      const lines = ['auth_hmac {', `key 3 hex:${'5a'.repeat(32)}`, '}'];
      const config = (priority: number) => routerConfig({ ...variant, family, priority, lines });
      const [own, other] = [start('kavtui', A, config(200)), start('kavtui', B, config(100))];
      await lab.wire.firstAdvert({ from: A, priority: 200 }, 5000);
      await sleep(1500);
      await expectHolds(lab, B, false, virtualAddresses(family));
      const at = Date.now();
      await own.terminate();
      const next = await lab.wire.firstAdvert({ from: B, priority: 100, after: at }, 1000);
      console.log(`interop: a signed priority 0 is followed after ${(next.at - at).toFixed(0)} ms (IPv${family})`);
      expect(other.log()).not.toContain('rejected advert');
    });
  }
});
