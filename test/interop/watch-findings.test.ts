// Troubles made for real between keepalived routers, and what `kavtui watch` finds, until they are mended.
import { expect } from 'vitest';
import { run, sleep, until } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { type Bench, labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { type InstanceOptions, routerConfig, VIP } from '../support/router-config.ts';
import { KAVTUI, type RouterProcess, startInHost } from '../support/router-process.ts';

const [A, B, W] = [1, 2, 3];
const V2 = { version: 2, mode: 'multicast', family: 4, interval: 1 } as const;
const V3 = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;

interface Told {
  readonly id: string;
  readonly severity: string;
  readonly confidence: string;
  readonly evidence: readonly { readonly text: string }[];
  readonly resolved: number | null;
}

function startWatch(lab: Lab): RouterProcess {
  const host = lab.host(W);
  return startInHost(lab, 'kavtui', host, [process.execPath, KAVTUI, 'watch', '-i', 'eth0', '--json'], 'watch');
}

function findings({ log }: RouterProcess): Told[] {
  const lines = log().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Told & { type: string }).filter(({ type }) => type === 'finding');
}

/** The last that was told of each id: `D01 error proven`, or `D01 resolved`. */
function standing(watch: RouterProcess): string[] {
  const last = new Map(findings(watch).map((told) => [told.id, told]));
  return [...last.values()]
    .map(({ id, severity, confidence, resolved }) =>
      resolved === null ? `${id} ${severity} ${confidence}` : `${id} resolved`,
    )
    .sort();
}

async function untilStands(watch: RouterProcess, lines: readonly string[], milliseconds = 15_000): Promise<void> {
  const there = () => lines.every((line) => standing(watch).includes(line));
  await until(lines.join(', '), milliseconds, there).catch((error: unknown) => {
    throw new Error(`${String(error)}\n--- watch:\n${watch.log().split('\n').slice(-12).join('\n')}`);
  });
}

function nft({ host }: Lab, number: number, rules: string): Promise<string> {
  return run('ip', ['netns', 'exec', host(number).namespace, 'nft', rules]);
}

/** A pair that disagrees: the difference is found beside the two MASTERs, with both as evidence, and goes when mended. */
function disagreement(title: string, id: string, common: typeof V2 | typeof V3, other: Partial<InstanceOptions>): void {
  labTest(
    `${title}: ${id}`,
    async ({ lab, start }: Bench) => {
      const watch = startWatch(lab);
      start('keepalived', A, routerConfig({ ...common, priority: 150 }));
      await watch.logged(/"type":"master"/, 15_000);
      const wrong = start('keepalived', B, routerConfig({ ...common, priority: 100, ...other }));
      // keepalived starts its timer anew with each advert of the other, so one of them may be silent most of the time.
      const found = (line: string): boolean => /error proven|warning likely/.test(line);
      await until(`D01 and ${id}`, 15_000, () =>
        ['D01', id].every((each) => standing(watch).some((line) => line.startsWith(each) && found(line))),
      );
      const told = findings(watch).findLast((finding) => finding.id === id)!;
      const evidence = told.evidence.map(({ text }) => text).join('\n');
      for (const number of [A, B]) expect(evidence).toContain(lab.host(number).address);
      await wrong.terminate();
      const right = start('keepalived', B, routerConfig({ ...common, priority: 200 }));
      await right.logged(/Entering MASTER STATE/, 15_000);
      await untilStands(watch, [`${id} resolved`]);
      expect(watch.log()).not.toMatch(/1111|2222/);
    },
    { hosts: [A, B, W] },
  );
}

describeWithRoot('kavtui watch finds', ['keepalived', 'tcpdump', 'nft'], () => {
  disagreement('passwords that differ', 'D20', V2, { password: '2222' });
  disagreement('intervals that differ', 'D21', V2, { interval: 2 });
  disagreement('versions that differ', 'D22', V2, { version: 3 });
  disagreement('lists of addresses that have drifted apart', 'D07', V3, { addresses: [VIP, '10.0.0.101'] });
  disagreement('a VRID that strangers use too', 'D06', V3, { addresses: ['10.0.0.102'] });

  labTest(
    'a firewall that eats the adverts of the MASTER: D01, gone when it lets them through',
    async ({ lab, start }) => {
      const watch = startWatch(lab);
      start('keepalived', A, routerConfig({ ...V3, priority: 150 }));
      await watch.logged(/"type":"master"/, 10_000);
      await nft(
        lab,
        B,
        'add table ip f; add chain ip f i { type filter hook input priority 0; }; add rule ip f i ip protocol 112 drop',
      );
      const b = start('keepalived', B, routerConfig({ ...V3, priority: 100 }));
      await untilStands(watch, ['D01 error proven']);
      await nft(lab, B, 'flush ruleset');
      await b.logged(/MASTER STATE.*Entering BACKUP STATE/s);
      await untilStands(watch, ['D01 resolved']);
      expect(standing(watch)).toEqual(['D01 resolved']);
    },
    { hosts: [A, B, W] },
  );

  labTest(
    'an address that a stranger has too: D42, gone when the MASTER announces it anew',
    async ({ lab, start }) => {
      const watch = startWatch(lab);
      const a = start('keepalived', A, routerConfig({ ...V3, priority: 150 }));
      await watch.logged(/"type":"master"/, 10_000);
      await run('ip', ['netns', 'exec', lab.host(B).namespace, 'sysctl', '-qw', 'net.ipv4.conf.eth0.arp_notify=1']);
      await lab.ip(B, 'address', 'add', `${VIP}/32`, 'dev', 'eth0');
      // The second burst of the MASTER (vrrp_garp_master_delay) is over.
      await sleep(2000);
      // A new hardware address is announced.
      await lab.ip(B, 'link', 'set', 'eth0', 'address', '02:00:00:00:00:66');
      await untilStands(watch, ['D42 error likely']);
      expect(
        findings(watch)[0]!
          .evidence.map(({ text }) => text)
          .join('\n'),
      ).toContain(VIP);
      await lab.ip(B, 'address', 'del', `${VIP}/32`, 'dev', 'eth0');
      await a.terminate();
      start('keepalived', A, routerConfig({ ...V3, priority: 150 }));
      await untilStands(watch, ['D42 resolved']);
    },
    { hosts: [A, B, W] },
  );

  labTest(
    'nothing wrong in a healthy pair: start, orderly stop, return, crash',
    async ({ lab, start }) => {
      const watch = startWatch(lab);
      const a = start('keepalived', A, routerConfig({ ...V3, priority: 150 }));
      await watch.logged(/"type":"master"/, 10_000);
      const b = start('keepalived', B, routerConfig({ ...V3, priority: 100 }));
      await b.logged(/Entering BACKUP STATE/);
      await a.terminate();
      const second = await lab.wire.firstAdvert({ from: B }, 5000);
      const again = start('keepalived', A, routerConfig({ ...V3, priority: 150 }));
      const back = await lab.wire.firstAdvert({ from: A, after: second.at }, 5000);
      await sleep(1500);
      await again.crash();
      await lab.wire.firstAdvert({ from: B, after: back.at + 700 }, 5000);
      await sleep(2500);
      await b.terminate();
      expect(findings(watch).filter(({ severity }) => severity === 'error')).toEqual([]);
    },
    { hosts: [A, B, W] },
  );
});
