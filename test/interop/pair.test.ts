// Two routers of ours: kavtui ↔ kavtui.
import { expect } from 'vitest';
import { expectAnnounced, expectHolds, expectSilent } from '../support/expectations.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VARIANTS, virtualAddresses } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { expectTime, masterDownMs, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];

describeWithRoot(`a pair of ${UNDER_TEST}`, ['tcpdump'], () => {
  for (const variant of VARIANTS) {
    const addresses = virtualAddresses(variant.family);
    const backup = { ...variant, priority: 100, peers: [A] };

    labTest(
      `${variant.title}: the BACKUP takes over from a crash and from a stop, and gives back to the better one`,
      async ({ lab, start }) => {
        const config = routerConfig({ ...variant, priority: 200, peers: [B] });
        const better = start(UNDER_TEST, A, config);
        await lab.wire.firstAdvert({ from: A }, 8000);
        const other = start(UNDER_TEST, B, routerConfig(backup));
        await other.logged(/Entering BACKUP STATE/);
        await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);

        await better.crash();
        const taken = await lab.wire.firstAdvert({ from: B }, 8000);
        const last = lab.wire.lastAdvert({ from: A });
        expectTime(`${variant.title}, pair, takeover after a crash:`, taken.at - last.at, masterDownMs(backup));
        await expectHolds(lab, B, true, addresses);
        await expectAnnounced(lab, B, taken.at, addresses);

        const again = start(UNDER_TEST, A, config);
        const back = await lab.wire.firstAdvert({ from: A, after: taken.at }, 8000);
        await expectSilent(lab, B, back.at + 150, masterDownMs(backup));
        await expectHolds(lab, A, true, addresses);
        await expectHolds(lab, B, false, addresses);

        expect(await again.terminate()).toBe(0);
        const resigned = await lab.wire.firstAdvert({ from: A, priority: 0, after: back.at }, 1000);
        const planned = await lab.wire.firstAdvert({ from: B, after: resigned.at }, 3000);
        expectTime(`${variant.title}, pair, takeover after SIGTERM:`, planned.at - resigned.at, skewMs(backup));
        await expectHolds(lab, A, false, addresses);
        await expectHolds(lab, B, true, addresses);
      },
    );
  }
});
