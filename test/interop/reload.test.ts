// SIGHUP: the new configuration on the wire, beside a keepalived that must not notice more than it has to.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectHolds } from '../support/expectations.ts';
import { kill, processTree, sleep } from '../support/host.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import type { RouterProcess } from '../support/router-process.ts';

const A = 1;
const B = 2;
const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const CONFIG = routerConfig({ ...variant, priority: 150 });

/** Writes another file in place of the router's and sends SIGHUP to the program itself (`ip` has become it). */
function reload(router: RouterProcess, config: string): number {
  writeFileSync(join(router.host.directory, `${router.kind}.conf`), config);
  const at = Date.now();
  for (const pid of processTree(router.pid).slice(0, 1)) kill(pid, 'SIGHUP');
  return at;
}

describeWithRoot('a reload of kavtui', ['keepalived', 'tcpdump'], () => {
  labTest('puts a lower priority on the wire, and keepalived takes over', async ({ lab, start }) => {
    const own = start('kavtui', A, CONFIG);
    start('keepalived', B, routerConfig({ ...variant, priority: 100 }));
    await lab.wire.firstAdvert({ from: A, priority: 150 }, 5000);
    await sleep(1000);
    const at = reload(own, routerConfig({ ...variant, priority: 50 }));
    const advert = await lab.wire.firstAdvert({ from: A, priority: 50, after: at }, 1000);
    console.log(`interop: SIGHUP to the new priority on the wire: ${(advert.at - at).toFixed(0)} ms`);
    await lab.wire.firstAdvert({ from: B, after: advert.at }, 3000);
    await expectHolds(lab, A, false);
    expect(await own.terminate()).toBe(0);
  });

  labTest('renames an instance without a change of state or a gap', async ({ lab, start }) => {
    const own = start('kavtui', A, CONFIG);
    await lab.wire.firstAdvert({ from: A }, 5000);
    const at = reload(own, CONFIG.replace('VI_1', 'WEB'));
    await own.logged(/Reloaded: 0 unchanged, 1 changed/);
    await sleep(1000);
    const adverts = lab.wire.adverts({ from: A, after: at });
    expect(adverts.length).toBeGreaterThanOrEqual(4);
    expect(own.log()).not.toContain('(WEB) Entering');
    await expectHolds(lab, A, true);
    await own.terminate();
    expect(own.log()).toContain('(WEB) Stopped');
  });

  labTest('refuses a bad file as a whole and goes on (keepalived dies there)', async ({ lab, start }) => {
    const own = start('kavtui', A, CONFIG);
    await lab.wire.firstAdvert({ from: A }, 5000);
    const at = reload(own, CONFIG.replace(/virtual_router_id \d+/, 'virtual_router_id 999'));
    await own.logged(/Reload refused, nothing changes/);
    await sleep(1000);
    expect(lab.wire.adverts({ from: A, priority: 150, after: at }).length).toBeGreaterThanOrEqual(4);
    await expectHolds(lab, A, true);
  });
});
