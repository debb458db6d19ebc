// auth_type AH between kavtui and keepalived: both must take each other's Authentication Headers for genuine and new.
import { expect } from 'vitest';
import { expectHolds, expectSilent } from '../support/expectations.ts';
import { sleep, until } from '../support/host.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VARIANTS, VIP } from '../support/router-config.ts';
import { type RouterKind, type RouterProcess, UNDER_TEST } from '../support/router-process.ts';
import { expectTime, masterDownMs, report, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];
const ROLES: readonly (readonly [better: RouterKind, other: RouterKind])[] = [
  [UNDER_TEST, 'keepalived'],
  ['keepalived', UNDER_TEST],
];
/** What each program logs about a header that it does not believe. */
const COMPLAINT = { kavtui: /rejected advert from [\d.]+: auth/, keepalived: /IPSEC.AH : / };

function expectNoComplaint(...routers: readonly RouterProcess[]): void {
  for (const router of routers) expect(router.log()).not.toMatch(COMPLAINT[router.kind]);
}

describeWithRoot('auth_type AH with keepalived', ['keepalived', 'tcpdump'], () => {
  for (const variant of VARIANTS.filter(({ version }) => version === 2)) {
    const config = (priority: number, peer: number, password = 'secret99') =>
      routerConfig({ ...variant, authType: 'AH', priority, peers: [peer], password });

    for (const [better, other] of ROLES) {
      labTest(`${variant.title}: ${better} preempts ${other}, and hands over by SIGTERM after skew`, async (bench) => {
        const { lab, start } = bench;
        const low = start(other, B, config(100, A));
        await lab.wire.firstAdvert({ from: B }, 8000);
        await expectHolds(lab, B, true);
        const high = start(better, A, config(200, B));
        const taken = await lab.wire.firstAdvert({ from: A }, 8000);
        expect(taken.packet.authType).toBe(2);
        await expectHolds(lab, B, false);
        await expectHolds(lab, A, true);
        await expectSilent(lab, B, taken.at + 200, masterDownMs({ ...variant, priority: 100 }) + 500);
        expectNoComplaint(low, high);
        expect(await high.terminate()).toBe(0);
        const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 1000);
        const first = await lab.wire.firstAdvert({ from: B, after: resigned.at }, 3000);
        const theory = skewMs({ ...variant, priority: 100 });
        expectTime(`${variant.title} AH, ${other} after SIGTERM of ${better}:`, first.at - resigned.at, theory);
        await expectHolds(lab, A, false);
        await expectHolds(lab, B, true);
        expectNoComplaint(low, high);
      });
    }

    labTest(`${variant.title}: headers made with another password are refused by both`, async ({ lab, start }) => {
      const peer = start('keepalived', B, config(200, A, 'secret98'));
      await lab.wire.firstAdvert({ from: B }, 8000);
      const own = start(UNDER_TEST, A, config(100, B));
      const facts = { ...variant, priority: 100 };
      await lab.wire.firstAdvert({ from: A }, masterDownMs(facts) + 2000);
      await own.logged(
        UNDER_TEST === 'kavtui' ? /rejected advert from 10\.0\.0\.2: auth-failure/ : /invalid IPSEC HMAC-MD5/,
      );
      await peer.logged(/invalid IPSEC HMAC-MD5/);
      await sleep(masterDownMs(facts));
      await expectHolds(lab, A, true);
      await expectHolds(lab, B, true);
      expect(lab.wire.adverts({ priority: 0 })).toEqual([]);
    });
  }

  for (const [better, other] of ROLES) {
    labTest(
      `${better} wins again over ${other} after a partition, whoever has counted further`,
      async ({ lab, start }) => {
        const multicast = { version: 2, mode: 'multicast', family: 4, interval: 1 } as const;
        const config = (priority: number) => routerConfig({ ...multicast, authType: 'AH', priority });
        start(better, A, config(200));
        await lab.wire.firstAdvert({ from: A }, 8000);
        const low = start(other, B, config(100));
        await low.logged(/Entering BACKUP STATE/);
        await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);
        await lab.partition();
        await lab.wire.firstAdvert({ from: B }, 8000);
        await sleep(2500);
        await lab.heal();
        const healed = Date.now();
        // keepalived 2.2.7 puts its advert off at each one that it refuses, until the other has counted as far.
        await until('the end of the second MASTER', 8000, async () => !(await lab.addresses(B)).includes(VIP));
        report(`${better} leads again after a partition (AH)`, `${(Date.now() - healed) / 1000} s`);
        await sleep(2500);
        await expectHolds(lab, A, true);
        expect(lab.wire.adverts({ from: A, after: healed }).length).toBeGreaterThanOrEqual(2);
        await expectSilent(lab, B, Date.now(), masterDownMs({ ...multicast, priority: 100 }));
      },
    );
  }
});
