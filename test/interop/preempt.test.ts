// A better router comes (back) while another is MASTER: preempt, nopreempt and preempt_delay.
import { expect } from 'vitest';
import { expectHolds, expectSilent } from '../support/expectations.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VARIANTS, virtualAddresses } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { expectTime, masterDownMs, report, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];
/** Who has the lower priority and is MASTER first, and who comes with the higher one. */
const PAIRS = [
  { low: { kind: 'keepalived', host: B }, high: { kind: UNDER_TEST, host: A } },
  { low: { kind: UNDER_TEST, host: A }, high: { kind: 'keepalived', host: B } },
] as const;

describeWithRoot('preemption with keepalived', ['keepalived', 'tcpdump'], () => {
  for (const variant of VARIANTS) {
    const addresses = virtualAddresses(variant.family);

    for (const { low, high } of PAIRS) {
      labTest(
        `${variant.title}: ${high.kind} with the higher priority preempts ${low.kind}, which yields at once`,
        async ({ lab, start }) => {
          start(low.kind, low.host, routerConfig({ ...variant, priority: 100, peers: [high.host] }));
          await lab.wire.firstAdvert({ from: low.host }, 8000);
          start(high.kind, high.host, routerConfig({ ...variant, priority: 150, peers: [low.host] }));
          const first = await lab.wire.firstAdvert({ from: high.host }, 8000);
          await expectHolds(lab, high.host, true, addresses);
          await expectHolds(lab, low.host, false, addresses);
          await expectSilent(lab, low.host, first.at + 150, masterDownMs({ ...variant, priority: 100 }) + 500);
          expect(lab.wire.adverts({ from: low.host, priority: 0 }).length, 'no priority 0 when yielding').toBe(0);
        },
      );

      labTest(
        `${variant.title}: ${high.kind} with nopreempt leaves ${low.kind} alone until it stops`,
        async ({ lab, start }) => {
          const master = start(low.kind, low.host, routerConfig({ ...variant, priority: 100, peers: [high.host] }));
          await lab.wire.firstAdvert({ from: low.host }, 8000);
          const joined = Date.now();
          const config = routerConfig({ ...variant, priority: 150, peers: [low.host], lines: ['nopreempt'] });
          const newcomer = start(high.kind, high.host, config);
          await newcomer.logged(/Entering BACKUP STATE/);
          await expectSilent(lab, high.host, joined, masterDownMs({ ...variant, priority: 150 }) + 500);
          await expectHolds(lab, high.host, false, addresses);
          await expectHolds(lab, low.host, true, addresses);
          await master.terminate();
          const resigned = await lab.wire.firstAdvert({ from: low.host, priority: 0 }, 1000);
          const first = await lab.wire.firstAdvert({ from: high.host, after: resigned.at }, 3000);
          expectTime(
            `${variant.title}, ${high.kind} with nopreempt after priority 0:`,
            first.at - resigned.at,
            skewMs({ ...variant, priority: 150 }),
          );
        },
      );
    }

    // keepalived's rule: while the delay runs, adverts of lower priority are accepted and restart master-down, so
    // the takeover comes a whole master-down after the last advert within the delay.
    labTest(
      `${variant.title}: preempt_delay of ${UNDER_TEST} runs from the first advert of lower priority`,
      async ({ lab, start }) => {
        // Half an interval away from any advert, so that the last one within the delay is no question of luck.
        const delayMs = 2500 * variant.interval;
        start('keepalived', B, routerConfig({ ...variant, priority: 100, peers: [A] }));
        await lab.wire.firstAdvert({ from: B }, 8000);
        const lines = [`preempt_delay ${delayMs / 1000}`];
        const own = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 150, peers: [B], lines }));
        await own.logged(/Entering BACKUP STATE/);
        const ready = Date.now();
        const first = await lab.wire.firstAdvert({ from: A }, 12_000);
        const heard = lab.wire.adverts({ from: B, before: first.at });
        const accepted = heard.findLast(
          (advert) => first.at - advert.at >= masterDownMs({ ...variant, priority: 150 }) - 5,
        )!;
        const started = heard[heard.indexOf(accepted) - 2]!;
        report(
          `${variant.title}, preempt_delay ${delayMs / 1000} s:`,
          `takeover ${(first.at - started.at).toFixed(0)} ms after it began`,
        );
        expectTime(
          `${variant.title}, after the last advert within preempt_delay:`,
          first.at - accepted.at,
          masterDownMs({ ...variant, priority: 150 }),
        );
        // The delay began with the first advert after the router was there: the log is read at most 100 ms late.
        expect(ready - started.at).toBeLessThan(100);
        expect(ready - started.at).toBeGreaterThan(-1000 * variant.interval - 100);
        await expectHolds(lab, A, true, addresses);
        await expectHolds(lab, B, false, addresses);
      },
    );
  }
});
