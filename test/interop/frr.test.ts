// FRR's vrrpd as peer: version 3, IPv4, virtual MAC on its side.
import { expect } from 'vitest';
import { expectAnnounced, expectHolds, expectSilent } from '../support/expectations.ts';
import { startFrr } from '../support/frr.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { expectTime, masterDownMs, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];
const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;

describeWithRoot('FRR vrrpd as peer', ['zebra', 'vrrpd', 'tcpdump'], () => {
  labTest(
    `${UNDER_TEST} with the higher priority preempts FRR, and FRR takes over when it stops`,
    async ({ lab, start }) => {
      await startFrr(lab, B, { priority: 100, interval: 0.2 });
      await lab.wire.firstAdvert({ from: B }, 8000);
      const own = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 150 }));
      const first = await lab.wire.firstAdvert({ from: A }, 8000);
      await expectSilent(lab, B, first.at + 150, masterDownMs({ ...variant, priority: 100 }) + 500);
      await expectHolds(lab, A, true);
      expect(await own.terminate()).toBe(0);
      const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 1000);
      const taken = await lab.wire.firstAdvert({ from: B, after: resigned.at }, 3000);
      // FRR computes its timers in whole centiseconds, downwards.
      expectTime(
        'FRR takes over after priority 0:',
        taken.at - resigned.at + 10,
        skewMs({ ...variant, priority: 100 }) + 5,
      );
      await expectHolds(lab, A, false);
    },
  );

  labTest(
    `${UNDER_TEST} with the lower priority is BACKUP of FRR, and takes over when it crashes`,
    async ({ lab, start }) => {
      const peer = await startFrr(lab, B, { priority: 200, interval: 0.2 });
      const elected = await lab.wire.firstAdvert({ from: B }, 8000);
      const own = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 100 }));
      await own.logged(/Entering BACKUP STATE/);
      await expectSilent(lab, A, elected.at, masterDownMs({ ...variant, priority: 100 }) + 500);
      await expectHolds(lab, A, false);
      await peer.crash();
      const first = await lab.wire.firstAdvert({ from: A }, 8000);
      const last = lab.wire.lastAdvert({ from: B });
      expectTime('takeover from FRR after a crash:', first.at - last.at, masterDownMs({ ...variant, priority: 100 }));
      await expectHolds(lab, A, true);
      await expectAnnounced(lab, A, first.at);
    },
  );
});
