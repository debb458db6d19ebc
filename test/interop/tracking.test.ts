// What makes a MASTER unfit: its track script, its link, somebody who takes the virtual address away.
import { expect } from 'vitest';
import { expectHolds, expectSilent } from '../support/expectations.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VARIANTS, virtualAddresses } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { controlledScript } from '../support/script.ts';
import { expectTime, masterDownMs, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];
const SCRIPT = { interval: 0.3, rise: 3, fall: 3 };

describeWithRoot('faults beside keepalived', ['keepalived', 'tcpdump'], () => {
  for (const variant of VARIANTS) {
    const addresses = virtualAddresses(variant.family);
    const own = { ...variant, priority: 200, peers: [B] };
    const peer = { ...variant, priority: 100, peers: [A] };

    for (const nopreempt of [false, true]) {
      const then = nopreempt ? 'only BACKUP under nopreempt' : 'MASTER again';
      labTest(
        `${variant.title}: a script that fails 3 times is a FAULT of ${UNDER_TEST}; after 3 passes it is ${then}`,
        async ({ lab, start }) => {
          const check = controlledScript(lab.host(A));
          const script = { ...SCRIPT, command: check.path };
          const router = start(UNDER_TEST, A, routerConfig({ ...own, script, lines: nopreempt ? ['nopreempt'] : [] }));
          await lab.wire.firstAdvert({ from: A }, 8000);
          const backup = start('keepalived', B, routerConfig(peer));
          await backup.logged(/Entering BACKUP STATE/);
          await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);

          const broken = Date.now();
          check.break();
          const third = await check.run('fail', 3, broken);
          const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 2000);
          expectTime(`${variant.title}, third failure to priority 0:`, resigned.at - third, 0);
          const taken = await lab.wire.firstAdvert({ from: B, after: resigned.at }, 3000);
          expectTime(`${variant.title}, priority 0 to takeover:`, taken.at - resigned.at, skewMs(peer));
          await router.logged(/Entering FAULT STATE/);
          await expectHolds(lab, A, false, addresses);
          await expectHolds(lab, B, true, addresses);

          const mended = Date.now();
          check.mend();
          const passed = await check.run('pass', 3, mended);
          await router.logged(/Entering FAULT STATE.*Entering BACKUP STATE/s, 1000);
          if (nopreempt) {
            await expectSilent(lab, A, passed, masterDownMs(own) + 500);
            await expectHolds(lab, B, true, addresses);
          } else {
            const back = await lab.wire.firstAdvert({ from: A, after: passed }, 8000);
            expectTime(`${variant.title}, third pass to MASTER:`, back.at - passed, masterDownMs(own));
            await expectHolds(lab, A, true, addresses);
            await expectHolds(lab, B, false, addresses);
          }
        },
      );
    }

    for (const how of ['interface set down', 'carrier lost'] as const) {
      labTest(
        `${variant.title}: ${how} is a FAULT of ${UNDER_TEST}; it returns over BACKUP to MASTER`,
        async ({ lab, start }) => {
          const set = (state: 'down' | 'up') =>
            how === 'carrier lost' ? lab.plug(A, state) : lab.ip(A, 'link', 'set', 'eth0', state).then(() => {});
          const router = start(UNDER_TEST, A, routerConfig(own));
          await lab.wire.firstAdvert({ from: A }, 8000);
          const backup = start('keepalived', B, routerConfig(peer));
          await backup.logged(/Entering BACKUP STATE/);
          await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);

          await set('down');
          const taken = await lab.wire.firstAdvert({ from: B }, 8000);
          const last = Math.max(...lab.wire.adverts({ from: A }).map((advert) => advert.at));
          expectTime(`${variant.title}, ${how}, takeover:`, taken.at - last, masterDownMs(peer));
          await router.logged(/Entering FAULT STATE/);
          await expectHolds(lab, A, false, addresses);

          const up = Date.now();
          await set('up');
          await router.logged(/Entering FAULT STATE.*Entering BACKUP STATE/s, 2000);
          const back = await lab.wire.firstAdvert({ from: A, after: up }, 8000);
          expectTime(`${variant.title}, ${how}, up to MASTER:`, back.at - up, masterDownMs(own), 300);
          await expectHolds(lab, A, true, addresses);
          await expectHolds(lab, B, false, addresses);
        },
      );
    }

    labTest(
      `${variant.title}: ${UNDER_TEST} resigns when its virtual address is taken away, and is back after skew`,
      async ({ lab, start }) => {
        start(UNDER_TEST, A, routerConfig(own));
        await lab.wire.firstAdvert({ from: A }, 8000);
        const backup = start('keepalived', B, routerConfig(peer));
        await backup.logged(/Entering BACKUP STATE/);
        await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);
        const address = addresses.at(-1)!;
        await lab.ip(A, 'address', 'del', `${address}/${variant.family === 4 ? 32 : 128}`, 'dev', 'eth0');
        const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 1000);
        const back = await lab.wire.firstAdvert({ from: A, after: resigned.at }, 3000);
        expectTime(`${variant.title}, back after the address was deleted:`, back.at - resigned.at, skewMs(own));
        await expectHolds(lab, A, true, addresses);
        await expectSilent(lab, B, back.at, masterDownMs(peer));
        await expectHolds(lab, B, false, addresses);
        expect(lab.wire.adverts({ from: B }).length).toBe(0);
      },
    );
  }

  labTest(
    `v3 multicast: a failing script of weight -60 lowers the priority of ${UNDER_TEST}, and keepalived preempts`,
    async ({ lab, start }) => {
      const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
      const check = controlledScript(lab.host(A));
      const script = { interval: 0.3, rise: 2, fall: 2, weight: -60, command: check.path };
      const router = start(UNDER_TEST, A, routerConfig({ ...variant, priority: 150, script }));
      await lab.wire.firstAdvert({ from: A, priority: 150 }, 8000);
      const backup = start('keepalived', B, routerConfig({ ...variant, priority: 100 }));
      await backup.logged(/Entering BACKUP STATE/);
      const broken = Date.now();
      check.break();
      const failed = await check.run('fail', 2, broken);
      const lowered = await lab.wire.firstAdvert({ from: A, priority: 90 }, 2000);
      expect(lowered.at - failed, 'ms from the second failure to the lowered advert').toBeLessThan(200 + 150);
      const taken = await lab.wire.firstAdvert({ from: B, after: lowered.at }, 3000);
      await expectSilent(lab, A, taken.at + 50, 800);
      await expectHolds(lab, A, false);
      await router.logged(/Changing effective priority from 150 to 90/);
      const mended = Date.now();
      check.mend();
      await check.run('pass', 2, mended);
      await lab.wire.firstAdvert({ from: A, priority: 150, after: mended }, 3000);
      await expectHolds(lab, A, true);
      await expectHolds(lab, B, false);
      expect(lab.wire.adverts({ priority: 0 }).length, 'nobody resigns').toBe(0);
    },
  );
});
