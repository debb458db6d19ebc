// What only IPv6 has: unicast between global addresses, and an interface that has no link-local address (yet).
import { expect } from 'vitest';
import { expectAnnounced, expectHolds, expectSilent } from '../support/expectations.ts';
import { run, until } from '../support/host.ts';
import type { Host, Lab } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VIP6 } from '../support/router-config.ts';
import { loggedState, type RouterKind, UNDER_TEST } from '../support/router-process.ts';
import { expectTime, masterDownMs, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];
const facts = { version: 3, family: 6, interval: 0.2 } as const;
const kind = (host: number): RouterKind => (host === A ? UNDER_TEST : 'keepalived');
const globalAddress = (host: number): string => `fd00:9::${host}`;

describeWithRoot('IPv6 with keepalived', ['keepalived', 'tcpdump'], () => {
  for (const [master, backup] of [
    [A, B],
    [B, A],
  ] as const) {
    labTest(
      `unicast between global addresses: ${kind(backup)} follows ${kind(master)}, and takes over when it stops`,
      async ({ lab, start }) => {
        await lab.ip(A, 'address', 'add', `${globalAddress(A)}/64`, 'dev', 'eth0', 'nodad');
        await lab.ip(B, 'address', 'add', `${globalAddress(B)}/64`, 'dev', 'eth0', 'nodad');
        const better = start(kind(master), master, unicastConfig(master, backup, 200));
        await lab.wire.firstAdvert({ from: master }, 8000);
        const other = start(kind(backup), backup, unicastConfig(backup, master, 100));
        await other.logged(/Entering BACKUP STATE/);
        const heard = await lab.wire.firstAdvert({ from: master, after: Date.now() }, 3000);
        expect(heard).toMatchObject({ source: globalAddress(master), destination: globalAddress(backup) });
        await expectSilent(lab, backup, 0, masterDownMs({ ...facts, priority: 100 }) + 300);
        await better.terminate();
        const resigned = await lab.wire.firstAdvert({ from: master, priority: 0 }, 1000);
        const taken = await lab.wire.firstAdvert({ from: backup, after: resigned.at }, 3000);
        const theory = skewMs({ ...facts, priority: 100 });
        expectTime(`IPv6 unicast, ${kind(backup)} after priority 0:`, taken.at - resigned.at, theory);
        await expectHolds(lab, backup, true, VIP6);
        await expectAnnounced(lab, backup, taken.at, VIP6);
      },
    );
  }

  labTest(
    `${UNDER_TEST} is in FAULT without a link-local address, and speaks once it has one that is not tentative`,
    async ({ lab, start }) => {
      const host = lab.host(A);
      await lab.ip(A, '-6', 'address', 'flush', 'dev', 'eth0', 'scope', 'link');
      const own = start(UNDER_TEST, A, routerConfig({ ...facts, mode: 'multicast', priority: 200 }));
      await own.logged(/Entering FAULT STATE/);
      await detectDuplicates(host);
      await lab.ip(A, 'address', 'add', `${host.linkLocal}/64`, 'dev', 'eth0');
      expect(await tentative(lab), 'the kernel looks for duplicates').toBe(true);
      await expectSilent(lab, A, 0, 300);
      expect(await tentative(lab), 'it still does').toBe(true);
      expect(loggedState(own)).toBe('FAULT');
      await until('the address is good', 5000, async () => !(await tentative(lab)));
      const usable = Date.now();
      const first = await lab.wire.firstAdvert({ from: A }, 3000);
      expect(first.source).toBe(host.linkLocal);
      // Looked for every 20 ms, so it may have been good a little before.
      expectTime(
        'IPv6, good address to first advert:',
        first.at - usable + 40,
        masterDownMs({ ...facts, priority: 200 }),
      );
      await expectHolds(lab, A, true, VIP6);
    },
  );

  labTest(
    `${UNDER_TEST} as MASTER loses its link-local address: FAULT, keepalived takes over; and back when it returns`,
    async ({ lab, start }) => {
      const host = lab.host(A);
      const own = start(UNDER_TEST, A, routerConfig({ ...facts, mode: 'multicast', priority: 200 }));
      await lab.wire.firstAdvert({ from: A }, 8000);
      const peer = start('keepalived', B, routerConfig({ ...facts, mode: 'multicast', priority: 100 }));
      await peer.logged(/Entering BACKUP STATE/);
      const seen = await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);
      await lab.ip(A, 'address', 'del', `${host.linkLocal}/64`, 'dev', 'eth0');
      await own.logged(/Entering FAULT STATE/);
      const taken = await lab.wire.firstAdvert({ from: B, after: seen.at }, 3000);
      const last = lab.wire.lastAdvert({ from: A, before: taken.at });
      expectTime(
        'IPv6, takeover after the loss of the source:',
        taken.at - last.at,
        masterDownMs({ ...facts, priority: 100 }),
      );
      await expectHolds(lab, A, false, VIP6);
      await lab.ip(A, 'address', 'add', `${host.linkLocal}/64`, 'dev', 'eth0', 'nodad');
      await lab.wire.firstAdvert({ from: A, after: taken.at }, 3000);
      await expectHolds(lab, A, true, VIP6);
      await expectHolds(lab, B, false, VIP6);
    },
  );
});

function unicastConfig(own: number, peer: number, priority: number): string {
  const lines = [`unicast_src_ip ${globalAddress(own)}`, 'unicast_peer {', globalAddress(peer), '}'];
  return routerConfig({ ...facts, mode: 'multicast', priority, lines });
}

/** Labs switch duplicate address detection off: here it runs, for about a second. */
async function detectDuplicates({ namespace }: Host): Promise<void> {
  const settings = ['accept_dad=1', 'dad_transmits=1'].map((each) => `net.ipv6.conf.eth0.${each}`);
  await run('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', ...settings]);
}

async function tentative(lab: Lab): Promise<boolean> {
  return (await lab.ip(A, '-6', '-o', 'address', 'show', 'dev', 'eth0', 'tentative')).includes(lab.host(A).linkLocal);
}
