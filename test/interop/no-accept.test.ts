// A MASTER that does not accept (no_accept, strict mode) is silent on its virtual addresses, but for ARP and NDP.
import { expect } from 'vitest';
import { expectHolds } from '../support/expectations.ts';
import { run, until } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, virtualAddresses } from '../support/router-config.ts';
import { type RouterKind, UNDER_TEST } from '../support/router-process.ts';

const [A, B] = [1, 2];
const v4 = { title: 'IPv4', version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const v6 = { ...v4, title: 'IPv6', family: 6 } as const;

/** What host B gets from an address on which nobody listens: a refusal, or nothing within a second. */
async function answer(lab: Lab, address: string): Promise<'refusal' | 'silence'> {
  const host = address.includes(':') ? `[${address}]` : address;
  const curl = `curl -s -g --interface eth0 --connect-timeout 1 'http://${host}:9/'; echo $?`;
  const code = (await run('ip', ['netns', 'exec', lab.host(B).namespace, 'sh', '-c', curl])).trim();
  if (code === '7') return 'refusal';
  expect(code, 'exit code of curl').toBe('28');
  return 'silence';
}

/** Addresses beside the virtual one, so that answers find their way. */
async function joinNetwork(lab: Lab): Promise<void> {
  for (const host of [A, B]) await lab.ip(host, 'address', 'add', `fd00::${host}/64`, 'dev', 'eth0', 'nodad');
}

async function neighbour(lab: Lab, address: string): Promise<string> {
  return lab.ip(B, 'neighbour', 'show', address);
}

async function tables(lab: Lab, host: number): Promise<string> {
  return run('ip', ['netns', 'exec', lab.host(host).namespace, 'nft', 'list', 'tables']);
}

describeWithRoot('a MASTER that does not accept', ['keepalived', 'tcpdump', 'nft'], () => {
  for (const variant of [v4, v6]) {
    // Link-local addresses need a scope in every program that speaks to them.
    const address = virtualAddresses(variant.family).at(-1)!;
    const both = new Set<RouterKind>([UNDER_TEST, 'keepalived']);
    for (const kind of both) {
      for (const vmac of [[], ['use_vmac']]) {
        const how = vmac.length === 0 ? '' : ' with use_vmac';
        labTest(
          `${variant.title}: ${kind}${how} tells where its address is, but does not answer on it`,
          async (bench) => {
            const { lab, start } = bench;
            await joinNetwork(lab);
            const lines = [...vmac, 'no_accept'];
            const own = start(kind, A, routerConfig({ ...variant, priority: 200, lines }));
            await lab.wire.firstAdvert({ from: A }, 8000);
            await expectHolds(lab, A, true, [address]);
            expect(await answer(lab, address)).toBe('silence');
            expect(await neighbour(lab, address)).toMatch(/lladdr (?:[0-9a-f]{2}:){5}[0-9a-f]{2}/);
            // Adverts go on, and the addresses of the host itself are as open as before.
            await lab.wire.firstAdvert({ from: A, after: Date.now() }, 1000);
            expect(await answer(lab, lab.host(A).address)).toBe('refusal');
            await own.terminate();
            if (kind === 'kavtui') expect(await tables(lab, A)).toBe('');
          },
        );
      }
    }

    labTest(`${variant.title}: with accept ${UNDER_TEST} answers, and has no packet filter`, async ({ lab, start }) => {
      await joinNetwork(lab);
      start(UNDER_TEST, A, routerConfig({ ...variant, priority: 200, lines: ['accept'] }));
      await lab.wire.firstAdvert({ from: A }, 8000);
      await expectHolds(lab, A, true, [address]);
      expect(await answer(lab, address)).toBe('refusal');
      expect(await tables(lab, A)).toBe('');
    });
  }

  for (const [lines, expected] of [
    [['strict_mode'], 'silence'],
    [['strict_mode', 'accept'], 'refusal'],
  ] as const) {
    for (const kind of new Set<RouterKind>([UNDER_TEST, 'keepalived'])) {
      labTest(`${kind} under ${lines.join(' and ')}: ${expected}`, async ({ lab, start }) => {
        start(kind, A, routerConfig({ ...v4, priority: 200, lines }));
        await lab.wire.firstAdvert({ from: A }, 8000);
        await expectHolds(lab, A, true);
        expect(await answer(lab, '10.0.0.100')).toBe(expected);
      });
    }
  }

  labTest(
    'the table has the name and the counters that are asked for, and goes when nothing needs it',
    async (bench) => {
      const { lab, start } = bench;
      const globals = 'nftables my_table\n    nftables_counters\n    nftables_priority -7';
      const config = routerConfig({ ...v4, priority: 200, lines: ['no_accept'] }).replace(
        'vrrp_version',
        `${globals}\n    vrrp_version`,
      );
      const own = start('kavtui', A, config);
      await lab.wire.firstAdvert({ from: A }, 8000);
      await answer(lab, '10.0.0.100');
      const text = await run('ip', ['netns', 'exec', lab.host(A).namespace, 'nft', 'list', 'table', 'ip', 'my_table']);
      expect(text).toMatch(/priority filter - 7;[\s\S]*ip daddr 10\.0\.0\.100 counter packets [1-9]\d* bytes \d+ drop/);
      await own.terminate();
      expect(await tables(lab, A)).toBe('');
    },
  );

  labTest(
    'what a crash leaves goes with the next start, also when the MASTER accepts by then',
    async ({ lab, start }) => {
      const own = start('kavtui', A, routerConfig({ ...v4, priority: 200, lines: ['no_accept'] }));
      await lab.wire.firstAdvert({ from: A }, 8000);
      await own.crash();
      expect(await tables(lab, A)).toContain('kavtui');
      start('kavtui', A, routerConfig({ ...v4, priority: 200 }));
      await until('the table is gone', 5000, async () => (await tables(lab, A)) === '');
    },
  );

  labTest('promote_secondaries is set while it is wanted', async ({ lab, start }) => {
    const setting = async () => {
      const name = 'net.ipv4.conf.eth0.promote_secondaries';
      return (await run('ip', ['netns', 'exec', lab.host(A).namespace, 'sysctl', '-n', name])).trim();
    };
    const before = await setting();
    const own = start('kavtui', A, routerConfig({ ...v4, priority: 200, lines: ['promote_secondaries'] }));
    await lab.wire.firstAdvert({ from: A }, 8000);
    expect([before, await setting()]).toEqual(['0', '1']);
    await own.terminate();
    expect(await setting()).toBe('0');
  });
});
