// What a router that dies of an error of its own leaves behind: nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectHolds } from '../support/expectations.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import { KAVTUI, startInHost } from '../support/router-process.ts';

const A = 1;
const CONFIG = routerConfig({ version: 3, mode: 'multicast', family: 4, interval: 0.2, priority: 100 });

describeWithRoot('a crash of kavtui', ['tcpdump'], () => {
  for (const how of ['throw new Error("planted")', 'void Promise.reject(new Error("planted"))']) {
    labTest(`(${how}) sends priority 0, removes the address and exits 1`, async ({ lab }) => {
      const { directory } = lab.host(A);
      writeFileSync(join(directory, 'own.conf'), CONFIG);
      // Loaded before the program, by Node itself: an error in any callback of the process.
      writeFileSync(join(directory, 'crash.mjs'), `setTimeout(() => { ${how}; }, 3000);`);
      const command = ['--import', join(directory, 'crash.mjs'), KAVTUI, 'run', '-f', join(directory, 'own.conf')];
      const router = startInHost(lab, 'kavtui', lab.host(A), [process.execPath, ...command, '--headless']);
      const advert = await lab.wire.firstAdvert({ from: A }, 5000);
      await expectHolds(lab, A, true);
      expect(await router.exited).toBe(1);
      await lab.wire.firstAdvert({ from: A, priority: 0, after: advert.at }, 1000);
      await expectHolds(lab, A, false);
      expect(router.log()).toContain('internal error, addresses are released: Error: planted');
    });
  }
});
