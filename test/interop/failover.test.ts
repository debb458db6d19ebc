// The MASTER goes, by crash or by will: who takes over, when, and what is left behind. Measured on the wire.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectAnnounced, expectHolds, expectSilent } from '../support/expectations.ts';
import { kill, processTree, sleep, until } from '../support/host.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VARIANTS, virtualAddresses } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { expectTime, masterDownMs, skewMs } from '../support/timing.ts';

/** Host 1 is the router under test, host 2 is keepalived. */
const [A, B] = [1, 2];

describeWithRoot('failover with keepalived', ['keepalived', 'tcpdump'], () => {
  for (const variant of VARIANTS) {
    const addresses = virtualAddresses(variant.family);

    labTest(
      `${variant.title}: keepalived crashes, ${UNDER_TEST} takes over after master-down`,
      async ({ lab, start }) => {
        const peer = start('keepalived', B, routerConfig({ ...variant, priority: 200, peers: [A] }));
        await lab.wire.firstAdvert({ from: B }, 8000);
        const own = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 100, peers: [B] }));
        await own.logged(/Entering BACKUP STATE/);
        await lab.wire.firstAdvert({ from: B, after: Date.now() }, 3000);
        await peer.crash();
        const first = await lab.wire.firstAdvert({ from: A }, 8000);
        const last = lab.wire.lastAdvert({ from: B });
        expectTime(
          `${variant.title}, takeover after a crash:`,
          first.at - last.at,
          masterDownMs({ ...variant, priority: 100 }),
        );
        expect(first.priority).toBe(100);
        await expectHolds(lab, A, true, addresses);
        await expectAnnounced(lab, A, first.at, addresses);
      },
    );

    labTest(
      `${variant.title}: ${UNDER_TEST} stops on SIGTERM, keepalived takes over after skew`,
      async ({ lab, start }) => {
        const stopped = join(lab.host(A).directory, 'stopped');
        const lines = [`notify_stop "/usr/bin/touch ${stopped}"`];
        const own = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 200, peers: [B], lines }));
        await lab.wire.firstAdvert({ from: A }, 8000);
        const peer = start('keepalived', B, routerConfig({ ...variant, priority: 100, peers: [A] }));
        await peer.logged(/Entering BACKUP STATE/);
        await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);
        expect(await own.terminate()).toBe(0);
        const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 1000);
        const first = await lab.wire.firstAdvert({ from: B, after: resigned.at }, 3000);
        expectTime(
          `${variant.title}, takeover after SIGTERM:`,
          first.at - resigned.at,
          skewMs({ ...variant, priority: 100 }),
        );
        expect(lab.wire.adverts({ from: A, after: resigned.at }).length).toBe(0);
        await expectHolds(lab, A, false, addresses);
        await expectHolds(lab, B, true, addresses);
        expect(existsSync(stopped), 'notify_stop ran').toBe(true);
      },
    );

    labTest(
      `${variant.title}: ${UNDER_TEST} crashes and returns without leaving a second MASTER`,
      async ({ lab, start }) => {
        const config = routerConfig({ ...variant, priority: 200, peers: [B], lines: ['nopreempt'] });
        const own = start(UNDER_TEST, A, config);
        await lab.wire.firstAdvert({ from: A }, 8000);
        await expectHolds(lab, A, true, addresses);
        const peer = start('keepalived', B, routerConfig({ ...variant, priority: 100, peers: [A] }));
        await peer.logged(/Entering BACKUP STATE/);
        await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);
        await own.crash();
        const first = await lab.wire.firstAdvert({ from: B }, 8000);
        const last = lab.wire.lastAdvert({ from: A });
        expectTime(
          `${variant.title}, takeover by keepalived:`,
          first.at - last.at,
          masterDownMs({ ...variant, priority: 100 }),
        );
        await expectHolds(lab, A, true, addresses);
        const again = Date.now();
        const returned = start(UNDER_TEST, A, config);
        await until('the return', 5000, () => returned.log().split('Entering BACKUP STATE').length > 2);
        await expectSilent(lab, A, again, masterDownMs({ ...variant, priority: 200 }) + 500);
        await expectHolds(lab, A, false, addresses);
        await expectHolds(lab, B, true, addresses);
      },
    );
  }

  const quick = { version: 3, mode: 'multicast', family: 4 } as const;

  // RFC 9568 §6.4.2: a BACKUP of version 3 learns the interval of its MASTER, and all its timers follow.
  for (const [backup, master] of [
    [A, B],
    [B, A],
  ] as const) {
    const kind = (host: number) => (host === A ? UNDER_TEST : 'keepalived');
    labTest(
      `v3: ${kind(backup)} learns the longer interval of ${kind(master)}, and takes over by it`,
      async ({ lab, start }) => {
        const better = start(kind(master), master, routerConfig({ ...quick, interval: 0.5, priority: 200 }));
        await lab.wire.firstAdvert({ from: master }, 8000);
        const other = start(kind(backup), backup, routerConfig({ ...quick, interval: 0.2, priority: 100 }));
        await other.logged(/Entering BACKUP STATE/);
        await lab.wire.firstAdvert({ from: master, after: Date.now() }, 3000);
        expect(lab.wire.adverts({ from: backup }).length).toBe(0);
        await better.crash();
        const first = await lab.wire.firstAdvert({ from: backup }, 8000);
        const last = lab.wire.lastAdvert({ from: master });
        const theory = masterDownMs({ version: 3, interval: 0.5, priority: 100 });
        expectTime(`v3, ${kind(backup)} by the learnt interval:`, first.at - last.at, theory);
        const second = await lab.wire.firstAdvert({ from: backup, after: first.at }, 1000);
        expectTime(`v3, ${kind(backup)} as MASTER by its own interval:`, second.at - first.at, 200);
      },
    );
  }

  labTest(
    `v3: ${UNDER_TEST} stalls for 2 s; keepalived takes over, and gives back when it goes on`,
    async ({ lab, start }) => {
      const own = start(UNDER_TEST, A, routerConfig({ ...quick, interval: 0.2, priority: 200 }));
      await lab.wire.firstAdvert({ from: A }, 8000);
      const peer = start('keepalived', B, routerConfig({ ...quick, interval: 0.2, priority: 100 }));
      await peer.logged(/Entering BACKUP STATE/);
      await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);
      for (const pid of processTree(own.pid)) kill(pid, 'SIGSTOP');
      await lab.wire.firstAdvert({ from: B }, 3000);
      await sleep(1200);
      const resumed = Date.now();
      for (const pid of processTree(own.pid)) kill(pid, 'SIGCONT');
      const first = await lab.wire.firstAdvert({ from: A, after: resumed }, 1000);
      expectTime('v3, stall over to advert:', first.at - resumed, 0);
      await expectSilent(lab, B, first.at + 50, masterDownMs({ version: 3, interval: 0.2, priority: 100 }) + 300);
      expect(lab.wire.adverts({ from: A, priority: 0 }).length, 'no resignation').toBe(0);
      await expectHolds(lab, A, true);
      await expectHolds(lab, B, false);
    },
  );
});
