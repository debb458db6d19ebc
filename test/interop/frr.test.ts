// FRR's vrrpd as peer: version 3, virtual MAC on its side.
import { expect } from 'vitest';
import { expectAnnounced, expectHolds, expectSilent } from '../support/expectations.ts';
import { startFrr } from '../support/frr.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, virtualAddresses } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { expectTime, masterDownMs, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];

describeWithRoot('FRR vrrpd as peer', ['zebra', 'vrrpd', 'tcpdump'], () => {
  for (const family of [4, 6] as const) {
    const variant = { version: 3, mode: 'multicast', family, interval: 0.2 } as const;
    const frr = { family, interval: 0.2 };
    const addresses = virtualAddresses(family);
    // Over IPv6 FRR's first advert as MASTER never leaves: its macvlan has no address yet that is not tentative.
    const firstIsLost = family === 6 ? 200 : 0;

    labTest(
      `IPv${family}: ${UNDER_TEST} with the higher priority preempts FRR, and FRR takes over when it stops`,
      async ({ lab, start }) => {
        await startFrr(lab, B, { ...frr, priority: 100 });
        await lab.wire.firstAdvert({ from: B }, 8000);
        const own = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 150 }));
        const first = await lab.wire.firstAdvert({ from: A }, 8000);
        await expectSilent(lab, B, first.at + 150, masterDownMs({ ...variant, priority: 100 }) + 500);
        await expectHolds(lab, A, true, addresses);
        expect(await own.terminate()).toBe(0);
        const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 1000);
        const taken = await lab.wire.firstAdvert({ from: B, after: resigned.at }, 3000);
        // FRR computes its timers in whole centiseconds, downwards.
        const theory = skewMs({ ...variant, priority: 100 }) + 5;
        expectTime(
          `IPv${family}, FRR takes over after priority 0:`,
          taken.at - resigned.at + 10,
          theory,
          150 + firstIsLost,
        );
        await expectHolds(lab, A, false, addresses);
      },
    );

    labTest(
      `IPv${family}: ${UNDER_TEST} with the lower priority is BACKUP of FRR, and takes over when it crashes`,
      async ({ lab, start }) => {
        const peer = await startFrr(lab, B, { ...frr, priority: 200 });
        const elected = await lab.wire.firstAdvert({ from: B }, 8000);
        const own = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 100 }));
        await own.logged(/Entering BACKUP STATE/);
        await expectSilent(lab, A, elected.at, masterDownMs({ ...variant, priority: 100 }) + 500);
        await expectHolds(lab, A, false, addresses);
        await peer.crash();
        const first = await lab.wire.firstAdvert({ from: A }, 8000);
        const last = lab.wire.lastAdvert({ from: B });
        const theory = masterDownMs({ ...variant, priority: 100 });
        expectTime(`IPv${family}, takeover from FRR after a crash:`, first.at - last.at, theory);
        await expectHolds(lab, A, true, addresses);
        await expectAnnounced(lab, A, first.at, addresses);
      },
    );
  }
});
