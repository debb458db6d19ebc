// Troubles of a host made for real, and what `kavtui doctor` says of them: there while they last, gone when they are mended.
import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run, until } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { type Bench, labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { type InstanceOptions, routerConfig, VIP } from '../support/router-config.ts';
import { KAVTUI } from '../support/router-process.ts';

const [A, B] = [1, 2];
const V3 = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const V6 = { ...V3, family: 6 } as const;

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly confidence: string;
  readonly title: string;
  readonly evidence: readonly Readonly<Record<string, unknown>>[];
  readonly fix: string;
}

interface Report {
  readonly configuration: string | null;
  readonly routers: readonly { readonly name: string }[];
  readonly listened: { readonly adverts: readonly { readonly seen: number; readonly delivered?: number }[] } | null;
  readonly findings: readonly Found[];
  readonly unseen: readonly { readonly what: string; readonly why: string }[];
  readonly exit: number;
}

/** Runs it inside a host; `before`: words in front of it. */
async function doctor(lab: Lab, number: number, before: readonly string[] = [], ...args: string[]): Promise<Report> {
  const { namespace } = lab.host(number);
  const words = [...before, process.execPath, KAVTUI, 'doctor', '--json', '--seconds', '1.2', ...args];
  const child = spawn('ip', ['netns', 'exec', namespace, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (out === '') throw new Error(`doctor printed nothing: ${err}`);
  const report = JSON.parse(out) as Report;
  expect(report.exit).toBe(code);
  return report;
}

/** The load of the machine that runs the tests is no subject of these. */
function ids({ findings }: Report): string[] {
  return findings
    .filter(({ id }) => id !== 'D10')
    .map(({ id, severity, confidence }) => `${id} ${severity} ${confidence}`);
}

function evidenceOf(report: Report, id: string): string {
  return JSON.stringify(report.findings.filter((finding) => finding.id === id).map(({ evidence }) => evidence));
}

function inHost({ host }: Lab, number: number, ...command: string[]): Promise<string> {
  return run('ip', ['netns', 'exec', host(number).namespace, ...command]);
}

/** A is MASTER, B listens to it. */
async function pair({ lab, start }: Bench, common: Partial<InstanceOptions> = {}, b: Partial<InstanceOptions> = {}) {
  const routerA = start('keepalived', A, routerConfig({ ...V3, priority: 150, ...common }));
  await lab.wire.firstAdvert({ from: A }, 8000);
  const routerB = start('keepalived', B, routerConfig({ ...V3, priority: 100, ...common, ...b }));
  await routerB.logged(/Entering BACKUP STATE/, 8000);
  return { routerA, routerB };
}

describeWithRoot('kavtui doctor finds', ['keepalived', 'tcpdump', 'nft', 'setpriv', 'python3'], () => {
  labTest('nothing on a healthy BACKUP and on its MASTER, whose file it finds by the command line', async (bench) => {
    const { lab } = bench;
    await pair(bench);
    const [a, b] = await Promise.all([doctor(lab, A), doctor(lab, B)]);
    expect(ids(a)).toEqual([]);
    expect(ids(b)).toEqual([]);
    expect(b.configuration).toBe(join(lab.host(B).directory, 'keepalived.conf'));
    expect(b.routers.map(({ name }) => name)).toEqual(['keepalived']);
    expect(b.listened?.adverts[0]).toMatchObject({ source: lab.host(A).address, vrid: 51, direction: 'received' });
    expect(b.listened!.adverts[0]!.delivered).toBeGreaterThan(2);
    expect(b.unseen).toEqual([]);
  });

  labTest(
    'a rule that drops the adverts: D02, with the rule and its counter, and the line that mends it',
    async (bench) => {
      const { lab } = bench;
      await pair(bench);
      const rules =
        'table inet fw { chain in { type filter hook input priority 0; tcp dport 22 accept; meta l4proto 112 counter drop; }; }';
      await inHost(lab, B, 'nft', rules.replace('table', 'add table'));
      const report = await doctor(lab, B);
      expect(ids(report)).toEqual(['D02 error proven']);
      expect(evidenceOf(report, 'D02')).toMatch(
        /rule \d+ of chain inet fw in: meta l4proto vrrp drop \(its counter: [1-9]/,
      );
      expect(evidenceOf(report, 'D02')).toContain(lab.host(A).address);
      // The line to copy does mend it.
      const [, ...words] = report.findings[0]!.fix.split(' ');
      await inHost(lab, B, 'nft', ...words);
      expect(ids(await doctor(lab, B))).toEqual([]);
    },
  );

  labTest('a closed input chain that forgets VRRP, over IPv6: D02', async (bench) => {
    const { lab } = bench;
    await pair(bench, V6);
    await inHost(
      lab,
      B,
      'nft',
      'add table ip6 fw; add chain ip6 fw in { type filter hook input priority 0; policy drop; }; add rule ip6 fw in meta l4proto ipv6-icmp accept',
    );
    const report = await doctor(lab, B);
    expect(ids(report)).toContain('D02 error proven');
    expect(evidenceOf(report, 'D02')).toContain('the policy of chain ip6 fw in: drop');
    await inHost(lab, B, 'nft', 'flush ruleset');
    await until('B hears again', 5000, async () => !ids(await doctor(lab, B)).some((line) => line.startsWith('D02')));
  });

  labTest('a rule at the ingress, behind the packet socket: D02', async (bench) => {
    const { lab } = bench;
    await pair(bench);
    const chain = 'add chain netdev x c { type filter hook ingress device eth0 priority 0; }';
    await inHost(lab, B, 'nft', `add table netdev x; ${chain}; add rule netdev x c meta l4proto vrrp drop`);
    const report = await doctor(lab, B);
    // nft 1.0.6 does not tell the interface of the chain.
    expect(ids(report)).toHaveLength(1);
    expect(ids(report)[0]).toMatch(/^D02 error (likely|proven)$/);
    expect(evidenceOf(report, 'D02')).toContain('of chain netdev x c: meta l4proto vrrp drop');
    await inHost(lab, B, 'nft', 'flush ruleset');
    expect(ids(await doctor(lab, B))).toEqual([]);
  });

  labTest('a rule on the way out: D02, before anybody else notices', async (bench) => {
    const { lab } = bench;
    await pair(bench);
    await inHost(
      lab,
      B,
      'nft',
      'add table ip fw; add chain ip fw out { type filter hook output priority 0; }; add rule ip fw out ip daddr 224.0.0.0/24 drop',
    );
    const report = await doctor(lab, B);
    expect(ids(report)).toEqual(['D02 error likely']);
    expect(report.findings[0]!.title).toContain('go out');
    await inHost(lab, B, 'nft', 'flush ruleset');
    expect(ids(await doctor(lab, B))).toEqual([]);
  });

  labTest('a reverse path filter: D02, with setting, route and counter', async (bench) => {
    const { lab } = bench;
    await pair(bench, { interface: 'eth0' });
    // The way back to A is another interface now.
    await lab.ip(B, 'link', 'add', 'other', 'type', 'veth', 'peer', 'name', 'end');
    await lab.ip(B, 'link', 'set', 'other', 'up');
    await lab.ip(B, 'route', 'add', `${lab.host(A).address}/32`, 'dev', 'other');
    await inHost(lab, B, 'sysctl', '-qw', 'net.ipv4.conf.eth0.rp_filter=1');
    const report = await doctor(lab, B);
    expect(ids(report)).toEqual(['D02 error proven']);
    expect(report.findings[0]!.title).toContain('reverse path filter');
    for (const piece of ['net.ipv4.conf.eth0.rp_filter', 'dev other', 'IPReversePathFilter grew by']) {
      expect(evidenceOf(report, 'D02')).toContain(piece);
    }
    await inHost(lab, B, 'sysctl', '-qw', 'net.ipv4.conf.eth0.rp_filter=0');
    expect(ids(await doctor(lab, B))).toEqual([]);
  });

  labTest(
    'a router in another group than the one that is spoken to: D03, gone with the right group',
    async ({ lab, start }) => {
      start('keepalived', A, routerConfig({ ...V3, priority: 150 }));
      await lab.wire.firstAdvert({ from: A }, 8000);
      const config = routerConfig({ ...V3, priority: 100 });
      const wrong = start(
        'keepalived',
        B,
        config.replace('global_defs {', 'global_defs {\n vrrp_mcast_group4 224.0.0.99'),
      );
      await wrong.logged(/Entering (BACKUP|MASTER) STATE/, 8000);
      const report = await doctor(lab, B);
      expect(ids(report)).toEqual(['D03 error proven']);
      expect(evidenceOf(report, 'D03')).toContain('224.0.0.99');
      await wrong.terminate();
      const right = start('keepalived', B, config);
      await right.logged(/Entering BACKUP STATE/, 8000);
      expect(ids(await doctor(lab, B))).toEqual([]);
    },
  );

  labTest(
    'an address that a crash left behind: D37, and nothing claimed of adverts that nobody here has joined',
    async (bench) => {
      const { lab } = bench;
      const { routerA, routerB } = await pair(bench);
      const file = join(lab.host(A).directory, 'keepalived.conf');
      await routerA.crash();
      await routerB.logged(/Entering MASTER STATE/, 8000);
      const report = await doctor(lab, A, [], '-f', file);
      expect(ids(report)).toEqual(['D37 error proven']);
      expect(evidenceOf(report, 'D37')).toContain(`${VIP}/32`);
      expect(report.listened!.adverts.map(({ delivered }) => delivered)).toEqual([0]);
      await lab.ip(A, ...report.findings[0]!.fix.split(' ').slice(1));
      expect(ids(await doctor(lab, A, [], '-f', file))).toEqual([]);
    },
  );

  labTest('a unicast peer that is not there, and one that is mended', async ({ lab, start }) => {
    const unicast = { ...V3, mode: 'unicast' } as const;
    start('keepalived', A, routerConfig({ ...unicast, priority: 150, peers: [B, 77] }));
    await lab.wire.firstAdvert({ from: A }, 8000);
    start('keepalived', B, routerConfig({ ...unicast, priority: 100, peers: [A] }));
    await until('the kernel gives up on the peer', 10_000, async () =>
      ids(await doctor(lab, A)).includes('D35 warning likely'),
    );
    expect(evidenceOf(await doctor(lab, A), 'D35')).toContain('10.0.0.77');
    expect(ids(await doctor(lab, B))).toEqual([]);
    await lab.ip(B, 'address', 'add', '10.0.0.77/24', 'dev', 'eth0');
    await until('the peer answers', 10_000, async () => ids(await doctor(lab, A)).length === 0);
  });

  labTest('a script that others can change, and settings that do not go with a virtual MAC', async ({ lab, start }) => {
    const script = join(lab.host(A).directory, 'check.sh');
    writeFileSync(script, '#!/bin/sh\nexit 0\n');
    chmodSync(script, 0o777);
    const options = { command: script, interval: 1, rise: 1, fall: 1 };
    start('keepalived', A, routerConfig({ ...V3, priority: 150, script: options, lines: ['use_vmac vrrp.51'] }));
    await lab.wire.firstAdvert({ from: A }, 8000);
    await inHost(lab, A, 'sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=1', 'net.ipv4.conf.eth0.arp_ignore=0');
    const report = await doctor(lab, A);
    expect(ids(report)).toContain('D13 warning proven');
    expect(evidenceOf(report, 'D13')).toContain('mode 0777');
    expect(ids(report).filter((line) => line === 'D27 warning likely')).toHaveLength(2);
    chmodSync(script, 0o755);
    await inHost(lab, A, 'sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.eth0.arp_ignore=1');
    expect(ids(await doctor(lab, A)).filter((line) => !line.startsWith('D13'))).toEqual([]);
  });

  labTest('nothing in a healthy pair that speaks with the virtual MAC', async (bench) => {
    const { lab } = bench;
    await pair(bench, { lines: ['use_vmac vrrp.51'] });
    const report = await doctor(lab, B);
    expect(ids(report)).toEqual([]);
    expect(report.listened!.adverts.map(({ delivered }) => delivered! > 2)).toEqual([true]);
  });

  labTest('a member that takes no adverts of the MASTER: D03', async ({ lab, start }) => {
    start('kavtui', A, routerConfig({ ...V3, priority: 150 }));
    await lab.wire.firstAdvert({ from: A }, 8000);
    const [group, own, other] = ['224.0.0.18', lab.host(B).address, lab.host(A).address];
    // IP_ADD_MEMBERSHIP, then IP_BLOCK_SOURCE.
    const program = `import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
g, i, a = map(socket.inet_aton, sys.argv[1:])
s.setsockopt(0, 35, g + i)
s.setsockopt(0, 38, g + i + a)
print('blocked', flush=True)
sys.stdin.read()`;
    const words = ['netns', 'exec', lab.host(B).namespace, 'python3', '-c', program, group, own, other];
    const member = spawn('ip', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => member.stdout.once('data', resolve));
    const report = await doctor(lab, B);
    expect(ids(report)).toEqual(['D03 error proven']);
    expect(evidenceOf(report, 'D03')).toContain('excluded 1');
    member.stdin.end();
    await new Promise((resolve) => member.once('close', resolve));
    expect(ids(await doctor(lab, B))).toEqual([]);
  });

  labTest('two routers on one host: D01, gone with one of them', async ({ lab, start }) => {
    start('keepalived', A, routerConfig({ ...V3, priority: 150 }));
    await lab.wire.firstAdvert({ from: A }, 8000);
    const config = routerConfig({ ...V3, priority: 100, addresses: ['10.0.0.101'] });
    const second = start('kavtui', A, config.replace('virtual_router_id 51', 'virtual_router_id 52'), '--take-over');
    await second.logged(/MASTER/, 8000);
    const report = await doctor(lab, A);
    expect(ids(report)).toEqual(['D01 warning likely']);
    expect(evidenceOf(report, 'D01')).toMatch(/keepalived -n.*kavtui/);
    await second.terminate();
    expect(ids(await doctor(lab, A))).toEqual([]);
  });

  labTest('less without rights, and says what it could not look at', async (bench) => {
    const { lab } = bench;
    await pair(bench);
    await inHost(
      lab,
      B,
      'nft',
      'add table ip fw; add chain ip fw in { type filter hook input priority 0; policy drop; }',
    );
    const drop = [
      'setpriv',
      '--inh-caps',
      '-all',
      '--ambient-caps',
      '-all',
      '--bounding-set',
      '-all',
      '--reuid',
      '65534',
    ];
    const file = join(lab.host(B).directory, 'keepalived.conf');
    const report = await doctor(lab, B, drop, '-f', file);
    expect(ids(report)).toEqual([]);
    expect(report.listened).toBeNull();
    const unseen = JSON.stringify(report.unseen);
    expect(unseen).toContain('CAP_NET_RAW');
    expect(unseen).toContain('CAP_NET_ADMIN');
    expect(ids(await doctor(lab, B))).toEqual(['D02 error proven']);
  });
});
