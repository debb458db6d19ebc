// Adverts that must not count: wrong password, another list of addresses.
import { expect } from 'vitest';
import { expectHolds } from '../support/expectations.ts';
import { sleep } from '../support/host.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VARIANTS } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { masterDownMs } from '../support/timing.ts';

const [A, B] = [1, 2];
/** What each program logs about a password that differs. */
const COMPLAINT = {
  kavtui: /auth-failure[^\n]*10\.0\.0\.2|10\.0\.0\.2[^\n]*auth-failure/,
  keepalived: /received an invalid passwd/,
};

describeWithRoot('adverts of keepalived that are rejected', ['keepalived', 'tcpdump'], () => {
  for (const variant of VARIANTS.filter(({ version }) => version === 2)) {
    labTest(
      `${variant.title}: adverts with a wrong password change nothing, and the log of ${UNDER_TEST} says whose`,
      async ({ lab, start }) => {
        start('keepalived', B, routerConfig({ ...variant, priority: 200, peers: [A], password: '2222' }));
        await lab.wire.firstAdvert({ from: B }, 8000);
        const own = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 100, peers: [B] }));
        await own.logged(/Entering BACKUP STATE/);
        const facts = { ...variant, priority: 100 };
        await lab.wire.firstAdvert({ from: A }, masterDownMs(facts) + 500);
        await own.logged(COMPLAINT[UNDER_TEST]);
        // keepalived 2.2.7 puts its next advert off at every packet that it rejects, so that either falls silent; what
        // counts is that neither gives up.
        await sleep(masterDownMs(facts));
        await expectHolds(lab, A, true);
        await expectHolds(lab, B, true);
        expect(lab.wire.adverts({ priority: 0 })).toEqual([]);
        if (UNDER_TEST === 'kavtui') {
          const adverts = lab.wire.adverts({ from: A });
          const gaps = adverts.slice(1).map((advert, i) => advert.at - adverts[i]!.at);
          expect(Math.max(...gaps), 'rejected adverts do not put ours off').toBeLessThan(1200);
        }
      },
    );
  }
});
