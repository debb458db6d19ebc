// Who becomes MASTER: priority first, and the address only between two that are MASTER already.
import { expect } from 'vitest';
import type { Family } from '../../src/wire/address.ts';
import { expectHolds, expectSilent } from '../support/expectations.ts';
import type { Advert } from '../support/frames.ts';
import type { Host } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VARIANTS, type Variant, virtualAddresses } from '../support/router-config.ts';
import { type RouterKind, UNDER_TEST } from '../support/router-process.ts';
import { masterDownMs, report } from '../support/timing.ts';

describeWithRoot('election with keepalived', ['keepalived', 'tcpdump'], () => {
  for (const variant of VARIANTS) {
    const addresses = virtualAddresses(variant.family);

    for (const [winner, loser] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const kind = (host: number): RouterKind => (host === 1 ? UNDER_TEST : 'keepalived');
      labTest(
        `${variant.title}: ${kind(winner)} with the higher priority is MASTER, ${kind(loser)} BACKUP`,
        async ({ lab, start }) => {
          start(kind(winner), winner, routerConfig({ ...variant, priority: 150, peers: [loser] }));
          start(kind(loser), loser, routerConfig({ ...variant, priority: 100, peers: [winner] }));
          const first = await lab.wire.firstAdvert({ from: winner }, 8000);
          // A loser that was started quicker may have been MASTER before; from now on it must be silent.
          await expectSilent(lab, loser, first.at + 150, masterDownMs({ ...variant, priority: 100 }) + 500);
          await expectHolds(lab, winner, true, addresses);
          await expectHolds(lab, loser, false, addresses);
          const adverts = lab.wire.adverts({ from: winner });
          expect(adverts[0]).toMatchObject({
            ...wireForm(variant, kind(winner)),
            source: sourceOf(lab.host(winner), variant.family),
          });
          const intervals = adverts.length - 1;
          const elapsed = adverts.at(-1)!.at - adverts[0]!.at;
          const theory = 1000 * variant.interval * intervals;
          report(
            `${variant.title}, ${intervals} intervals of ${kind(winner)}:`,
            `${elapsed.toFixed(0)} ms, theory ${theory.toFixed(0)} ms`,
          );
          // keepalived drifts: each of its intervals begins when the last advert was handled.
          if (kind(winner) === 'kavtui') expect(Math.abs(elapsed - theory)).toBeLessThan(150);
        },
      );
    }

    // Equal priority: the one that was there first stays, although the newcomer's address is higher. After a
    // partition both are MASTER, and then the higher address wins (RFC 9568 §6.4.3).
    for (const [first, newcomer] of [
      [UNDER_TEST, 'keepalived'],
      ['keepalived', UNDER_TEST],
    ] as const) {
      labTest(
        `${variant.title}: equal priority, ${first} stays until a partition heals, then ${newcomer} wins by address`,
        async ({ lab, start }) => {
          const [low, high] = [1, 2];
          const settleMs = masterDownMs({ ...variant, priority: 100 }) + 500;
          start(first, low, routerConfig({ ...variant, priority: 100, peers: [high] }));
          await lab.wire.firstAdvert({ from: low }, 8000);
          const joined = Date.now();
          const other = start(newcomer, high, routerConfig({ ...variant, priority: 100, peers: [low] }));
          await other.logged(/Entering BACKUP STATE/);
          await expectSilent(lab, high, joined, settleMs);
          await lab.partition();
          await lab.wire.firstAdvert({ from: high }, 8000);
          await expectHolds(lab, low, true, addresses);
          await expectHolds(lab, high, true, addresses);
          const healed = Date.now();
          await lab.heal();
          await expectSilent(lab, low, healed + 1000 * variant.interval + 150, settleMs);
          const last = lab.wire.lastAdvert({ from: low });
          report(
            `${variant.title}, heal to the last advert of the lower address (${first}):`,
            `${(last.at - healed).toFixed(0)} ms`,
          );
          expect(lab.wire.adverts({ from: low, priority: 0 }).length, 'no priority 0 when losing an election').toBe(0);
          await expectHolds(lab, low, false, addresses);
          await expectHolds(lab, high, true, addresses);
        },
      );
    }
  }
});

/** What every advert on the wire must be (RFC 9568 §5.1, RFC 3768 §5.2). */
function wireForm({ version, family, mode }: Variant, kind: RouterKind): Partial<Advert> {
  const group = family === 4 ? '224.0.0.18' : 'ff02::12';
  return {
    version,
    // keepalived leaves IPv6 unicast to the kernel's hop limit.
    ttl: kind === 'keepalived' && family === 6 && mode === 'unicast' ? 64 : 255,
    addresses: virtualAddresses(family),
    ...(mode === 'multicast' ? { destination: group } : {}),
  };
}

function sourceOf(host: Host, family: Family): string {
  return family === 4 ? host.address : host.linkLocal;
}
