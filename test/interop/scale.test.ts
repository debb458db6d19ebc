// A thousand virtual routers on four interfaces in one process: elected, and failed over both ways.
import { expect } from 'vitest';
import { sleep, until } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { type ManyInstance, manyConfig, manyInstances } from '../support/many-instances.ts';
import { describeWithRoot } from '../support/require-root.ts';
import type { RouterKind } from '../support/router-process.ts';
import { masterDownMs, report } from '../support/timing.ts';

const [A, B] = [1, 2];
const COUNT = 1000;
const SEGMENTS = 4;
const options = { count: COUNT, interval: 1, version: 'mixed', segments: SEGMENTS } as const;
const instances = manyInstances({ ...options, priority: 100 });
/** Theory plus this, for a machine that runs many labs at once. */
const LATE_MS = 3000;

describeWithRoot(`${COUNT} instances on ${SEGMENTS} interfaces`, ['keepalived', 'tcpdump'], () => {
  const pairs: [RouterKind, RouterKind][] = [
    ['kavtui', 'keepalived'],
    ['keepalived', 'kavtui'],
    ['kavtui', 'kavtui'],
  ];
  for (const [master, backup] of pairs) {
    labTest(
      `${master} is MASTER of all; when it is killed ${backup} takes over all`,
      async ({ lab, start }) => {
        const better = start(master, A, manyConfig({ ...options, priority: 255, state: 'MASTER' }));
        await holdsAll(lab, A, 15_000);
        const other = start(backup, B, manyConfig({ ...options, priority: 200 }));
        await other.logged(new RegExp(`\\(${instances.at(-1)!.name}\\) Entering BACKUP STATE`), 15_000);
        const settled = Date.now();
        await sleep(1500);
        expect(await held(lab, B), `${backup} holds nothing yet`).toBe(0);
        await better.crash();
        const killed = Date.now();
        const theory = masterDownMs({ version: 3, priority: 200, interval: 1 });
        await holdsAll(lab, B, theory + LATE_MS);
        const adverts = lab.wire.adverts();
        const before = adverts.filter(({ from, at }) => from === A && at < killed + 50);
        const after = adverts.filter(({ from, at }) => from === B && at > settled);
        const excess = instances.map((instance) => {
          const last = before.findLast(of(instance));
          const first = after.find(of(instance));
          expect(last, `${instance.name}: an advert of the MASTER`).toBeDefined();
          expect(first, `${instance.name}: an advert of the new MASTER`).toMatchObject({ priority: 200 });
          return first!.at - last!.at - theory;
        });
        excess.sort((a, b) => a - b);
        const at = (share: number) => excess[Math.min(COUNT - 1, Math.floor(share * COUNT))]!.toFixed(1);
        report(
          `${COUNT} instances, ${master} to ${backup}:`,
          `later than master-down ${at(0.5)} ms (median), ${at(0.99)} ms (p99), ${at(1)} ms (most)`,
        );
        expect(excess[0], 'none before its time').toBeGreaterThan(-5);
        expect(excess.at(-1), 'the last one').toBeLessThan(LATE_MS);
        // Versions 2 and 3 speak side by side.
        expect(new Set(after.map(({ version }) => version))).toEqual(new Set([2, 3]));
      },
      { segments: SEGMENTS },
    );
  }
});

function of({ address }: ManyInstance): (advert: { readonly addresses: readonly string[] }) => boolean {
  return ({ addresses }) => addresses[0] === address;
}

async function held(lab: Lab, host: number): Promise<number> {
  return (await lab.addresses(host)).filter((address) => /^10\.\d\.1\./.test(address)).length;
}

async function holdsAll(lab: Lab, host: number, milliseconds: number): Promise<void> {
  await until(`host ${host} holds all addresses`, milliseconds, async () => (await held(lab, host)) === COUNT);
}
