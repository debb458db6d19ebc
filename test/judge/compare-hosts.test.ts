// Configurations side by side: what is found, with its evidence, and what is said about a return and a failover.
import { describe, expect, it } from 'vitest';
import { readPages } from '../../src/cli/explain.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { compareHosts } from '../../src/judge/compare-hosts.ts';
import { configuredHost } from '../../src/judge/configured-host.ts';
import { severityExit } from '../../src/judge/host-finding.ts';

const BASE: Readonly<Record<string, string>> = {
  state: 'BACKUP',
  interface: 'eth0',
  virtual_router_id: '51',
  priority: '100',
  advert_int: '1',
};

interface Written {
  /** Changes of the lines of BASE; `''`: left out. */
  readonly set?: Readonly<Record<string, string>>;
  readonly lines?: string;
  readonly addresses?: string;
  /** In front of the instance. */
  readonly before?: string;
}

function configOf({ set = {}, lines = '', addresses = '192.0.2.100/24', before = '' }: Written): string {
  const words = Object.entries({ ...BASE, ...set }).filter(([, value]) => value !== '');
  return `${before}
vrrp_instance VI_1 {
${words.map(([key, value]) => `  ${key} ${value}`).join('\n')}
${lines}
  virtual_ipaddress {
    ${addresses}
  }
}
`;
}

function compare(...hosts: readonly Written[]) {
  return compareHosts(
    hosts.map((written, i) => {
      const file = `lb${i + 1}.conf`;
      return configuredHost(`lb${i + 1}`, file, parseConfig(configOf(written), file));
    }),
  );
}

const HIGH = { set: { priority: '150' } };
const LOW = {};
const PASS = (word: string) => ({ lines: `authentication {\nauth_type PASS\nauth_pass ${word}\n}` });
const PEERS = (source: string, ...peers: string[]) =>
  `${source === '' ? '' : `unicast_src_ip ${source}\n`}unicast_peer {\n${peers.join('\n')}\n}`;
const SCRIPT = (weight: number) =>
  `vrrp_script chk {\nscript "/bin/true"\ninterval 2\nfall 3\nweight ${weight}\nuser root\n}`;
const TRACK = 'track_script {\nchk\n}';

describe('a comparison of hosts finds', () => {
  it.each<[title: string, a: Written, b: Written, found: readonly string[], evidence: readonly string[]]>([
    ['nothing in a healthy pair', HIGH, LOW, [], []],
    ['nothing where only the names of interfaces differ', HIGH, { set: { interface: 'ens3' } }, [], []],
    [
      'an address that one lacks',
      { ...HIGH, addresses: '192.0.2.100/24\n192.0.2.101/24' },
      LOW,
      ['D07 error'],
      ['lb1.conf:9', 'lb2.conf:9', '192.0.2.101'],
    ],
    ['other prefixes', HIGH, { addresses: '192.0.2.100/32' }, ['D07 warning'], ['/24', '/32']],
    [
      'excluded addresses that differ',
      { ...HIGH, lines: 'virtual_ipaddress_excluded {\n192.0.2.7/24\n}' },
      LOW,
      ['D07 warning'],
      ['192.0.2.7', 'none'],
    ],
    ['no address in common', HIGH, { addresses: '198.51.100.7/24' }, ['D06 warning'], ['198.51.100.7']],
    ['another VRID for the same address', HIGH, { set: { virtual_router_id: '52' } }, ['D01 error'], ['51', '52']],
    ['another password', { ...HIGH, ...PASS('secret1') }, PASS('secret2'), ['D20 error'], ['auth_type PASS']],
    ['authentication on one side', { ...HIGH, ...PASS('secret1') }, LOW, ['D20 error'], ['no authentication']],
    ['the same password behind the eighth character', { ...HIGH, ...PASS('12345678a') }, PASS('12345678b'), [], []],
    [
      'another interval in version 2',
      HIGH,
      { set: { advert_int: '2' } },
      ['D21 error'],
      ['lb2.conf:7', 'interval 2 s'],
    ],
    [
      'another interval in version 3',
      { set: { ...HIGH.set, version: '3' } },
      { set: { version: '3', advert_int: '0.5' } },
      ['D21 warning'],
      ['0.5'],
    ],
    ['another version', HIGH, { set: { version: '3' } }, ['D22 error'], ['VRRPv2', 'VRRPv3']],
    [
      'another checksum',
      { set: { ...HIGH.set, version: '3' } },
      { set: { version: '3' }, lines: 'v3_checksum_as_v2' },
      ['D23 error'],
      ['without pseudo-header'],
    ],
    [
      'another group',
      { ...HIGH, before: 'global_defs {\nvrrp_mcast_group4 224.0.0.99\n}' },
      LOW,
      ['D19 error'],
      ['224.0.0.99', '224.0.0.18'],
    ],
    ['equal priorities', LOW, LOW, ['D39 info'], ['priority 100']],
    ['equal priorities and one state MASTER', { set: { state: 'MASTER' } }, LOW, ['D39 warning'], []],
    ['two owners', { set: { priority: '255' } }, { set: { priority: '255' } }, ['D39 error'], ['255']],
    [
      'nothing in a pair that speaks unicast',
      { ...HIGH, lines: PEERS('192.0.2.1', '192.0.2.2') },
      { lines: PEERS('192.0.2.2', '192.0.2.1') },
      [],
      [],
    ],
    [
      'unicast on one side only',
      { ...HIGH, lines: PEERS('192.0.2.1', '192.0.2.2') },
      LOW,
      ['D19 error'],
      ['unicast to 192.0.2.2', 'multicast to 224.0.0.18'],
    ],
    [
      'a peer under another address',
      { ...HIGH, lines: PEERS('192.0.2.1', '192.0.2.3') },
      { lines: PEERS('192.0.2.2', '192.0.2.1') },
      ['D19 error'],
      ['sends from 192.0.2.2'],
    ],
    [
      'its own address among the peers',
      { ...HIGH, lines: PEERS('192.0.2.1', '192.0.2.2', '192.0.2.1') },
      { lines: PEERS('192.0.2.2', '192.0.2.1') },
      ['D19 warning'],
      ['192.0.2.1'],
    ],
    [
      'a weight that is too small',
      { ...HIGH, before: SCRIPT(-10), lines: TRACK },
      LOW,
      ['D05 error'],
      ['lb1.conf:1:', 'with weights 140, 150', 'adds 0 while good, -10 while bad'],
    ],
    ['a weight that only reaches an equal', { ...HIGH, before: SCRIPT(-50), lines: TRACK }, LOW, ['D05 error'], []],
    ['nothing where a weight is enough', { ...HIGH, before: SCRIPT(-51), lines: TRACK }, LOW, [], []],
    ['nothing where a failure is a FAULT', { ...HIGH, before: SCRIPT(0), lines: TRACK }, LOW, [], []],
    [
      'one check of two that is not enough alone',
      {
        ...HIGH,
        before: `${SCRIPT(-60)}\n${SCRIPT(-5).replace('chk', 'two')}`,
        lines: 'track_script {\nchk\ntwo\n}',
      },
      LOW,
      ['D05 warning'],
      ['two: adds 0 while good, -5 while bad'],
    ],
    [
      'a healthy lower one that beats the higher one',
      HIGH,
      { before: SCRIPT(60), lines: TRACK },
      ['D05 warning'],
      ['with weights 100, 160'],
    ],
    [
      'weights beside nopreempt',
      { ...HIGH, before: SCRIPT(-60), lines: `${TRACK}\nnopreempt` },
      { lines: 'nopreempt' },
      ['D04 error'],
      ['moves the priority by 60', 'lb2.conf'],
    ],
    [
      'nopreempt beside state MASTER',
      { set: { ...HIGH.set, state: 'MASTER' }, lines: 'nopreempt' },
      { lines: 'nopreempt' },
      ['D04 warning'],
      ['state MASTER'],
    ],
    ['nopreempt on the lower one only', HIGH, { lines: 'nopreempt' }, ['D04 warning'], ['lb2 VI_1: nopreempt']],
    [
      'a crash that is noticed late',
      { set: { ...HIGH.set, advert_int: '3' } },
      { set: { advert_int: '3' } },
      ['D34 info'],
      [],
    ],
    ['words that are unknown', { ...HIGH, lines: 'preemt' }, LOW, ['D40 warning'], ['lb1.conf:8', 'preemt']],
    ['a script that nothing tracks', { ...HIGH, before: SCRIPT(0) }, LOW, ['D40 info'], ['lb1.conf:1']],
    [
      'a timeout longer than the interval',
      { ...HIGH, before: SCRIPT(0).replace('interval 2', 'interval 2\ntimeout 9'), lines: TRACK },
      LOW,
      ['D49 info'],
      ['timeout 9'],
    ],
    [
      'a broadcast address as virtual address',
      { ...HIGH, addresses: '192.0.2.255/24' },
      { addresses: '192.0.2.255/24' },
      ['D42 warning', 'D42 warning'],
      ['192.0.2.255/24'],
    ],
    [
      'a virtual address as source',
      { ...HIGH, lines: 'mcast_src_ip 192.0.2.100' },
      LOW,
      ['D42 warning'],
      ['192.0.2.100'],
    ],
    [
      'a first IPv6 address that is not link-local',
      { ...HIGH, addresses: '2001:db8::1/64' },
      { addresses: '2001:db8::1/64' },
      ['D29 warning', 'D29 warning'],
      ['2001:db8::1'],
    ],
    [
      'a notify_master for the cloud on one side only',
      { ...HIGH, lines: 'notify_master "/usr/bin/hcloud floating-ip assign 1 2" root' },
      LOW,
      ['D24 error'],
      ['/usr/bin/hcloud', 'no notify_master'],
    ],
  ])('%s', (_, a, b, found, evidence) => {
    const { findings } = compare(a, b);
    expect(findings.map(({ id, severity }) => `${id} ${severity}`)).toEqual(found);
    const text = findings
      .flatMap((finding) => finding.evidence)
      .map((one) => (one.kind === 'configuration' ? `${one.file}:${one.line}: ${one.text}` : ''))
      .join('\n');
    for (const piece of evidence) expect(text).toContain(piece);
    expect(JSON.stringify(findings)).not.toMatch(/secret\d/);
  });

  it('the one router of three that does not list all others', () => {
    const host = (own: number, peers: readonly number[]): Written => ({
      set: { priority: `${100 + own}` },
      lines: PEERS(`192.0.2.${own}`, ...peers.map((peer) => `192.0.2.${peer}`)),
    });
    expect(compare(host(1, [2, 3]), host(2, [1, 3]), host(3, [1, 2])).findings).toEqual([]);
    const [found, ...others] = compare(host(1, [2, 3]), host(2, [1]), host(3, [1, 2])).findings;
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: 'D19', severity: 'error' });
    expect(found?.title).toBe('lb2 does not list 192.0.2.3, the address of lb3, as a peer');
  });

  it('an address that two instances of one host have', () => {
    const text = `${configOf(HIGH)}${configOf({ set: { virtual_router_id: '52' } }).replace('VI_1', 'VI_2')}`;
    const { findings } = compareHosts([configuredHost('lb1', 'lb1.conf', parseConfig(text, 'lb1.conf'))]);
    expect(findings.map(({ id, severity }) => `${id} ${severity}`)).toEqual(['D42 error']);
  });
});

it.each([
  ['/usr/local/bin/aws-move-eip.sh', true],
  ['/usr/bin/az network nic', true],
  ['/etc/keepalived/floating-ip.sh', true],
  ['/etc/keepalived/senior.sh', false],
  ['/etc/keepalived/notify.sh master', false],
])('a notify_master that runs %s moves an address in a cloud: %s', (command, cloud) => {
  const { findings } = compare({ ...HIGH, lines: `notify_master "${command}" root` }, LOW);
  expect(findings.map(({ id }) => id)).toEqual(cloud ? ['D24'] : []);
});

describe('instances of two hosts are one virtual router', () => {
  it('by VRID, family and addresses, whatever their names; others stay alone', () => {
    const two = (first: string, second: string): string =>
      configOf(HIGH).replace('VI_1', first) +
      configOf({ addresses: '198.51.100.7/24', set: { interface: 'eth1' } }).replace('VI_1', second);
    const hosts = [
      two('A', 'B'),
      two('X', 'Y'),
      configOf({ set: { virtual_router_id: '9' }, addresses: '203.0.113.1' }),
    ];
    const { routers, alone } = compareHosts(
      hosts.map((text, i) => configuredHost(`lb${i + 1}`, `lb${i + 1}.conf`, parseConfig(text, `lb${i + 1}.conf`))),
    );
    expect(routers.map(({ members }) => members.map(({ instance }) => instance))).toEqual([
      ['A', 'X'],
      ['B', 'Y'],
    ]);
    expect(alone).toEqual([{ host: 'lb3', instance: 'VI_1', subject: 'vrid 9 IPv4' }]);
  });
});

describe('the verdict on a return', () => {
  it.each<[title: string, a: Written, b: Written, verdict: string]>([
    [
      'the higher one preempts',
      HIGH,
      LOW,
      'it WILL take the VIP back, because its priority 150 is higher than 100 and it has no nopreempt',
    ],
    [
      'with nopreempt it does not',
      { ...HIGH, lines: 'nopreempt' },
      LOW,
      'it will NOT take the VIP back, because it has nopreempt, although its priority 150 is higher than 100',
    ],
    [
      'nopreempt beside state MASTER counts for nothing',
      { set: { ...HIGH.set, state: 'MASTER' }, lines: 'nopreempt' },
      LOW,
      'it WILL take the VIP back, because its priority 150 is higher than 100 and its nopreempt is ignored (it does not go with state MASTER)',
    ],
    [
      'preempt_delay only delays it',
      { ...HIGH, lines: 'preempt_delay 30' },
      LOW,
      'it WILL take the VIP back, 30 s later (preempt_delay), because its priority 150 is higher than 100 and it has no nopreempt',
    ],
    [
      'an equal does not displace a MASTER',
      LOW,
      LOW,
      'it will NOT take the VIP back, because it has the same priority 100, and a MASTER is not displaced by an equal',
    ],
    [
      'the lower one stays below',
      LOW,
      HIGH,
      'it will NOT take the VIP back, because its priority 100 is lower than 150',
    ],
    [
      'weights of healthy checks count',
      { before: SCRIPT(60), lines: TRACK },
      HIGH,
      'it WILL take the VIP back, because its priority 160 is higher than 150 and it has no nopreempt',
    ],
  ])('%s', (_, a, b, verdict) => {
    expect(compare(a, b).routers[0]?.returns[0]?.text).toBe(`If lb1 returns while lb2 is MASTER ${verdict}`);
  });
});

describe('predicted failover times', () => {
  const times = (a: Written, b: Written): Record<string, number | undefined> =>
    Object.fromEntries(compare(a, b).routers[0]!.failover.map(({ cause, mostUs }) => [cause, mostUs]));

  // Skew of priority 100: 156/256 s. The script counts after 3 runs of 2 s, the last of which hangs for its timeout, 2 s.
  it.each<[title: string, a: Written, b: Written, expected: Record<string, number | undefined>]>([
    ['version 2', HIGH, LOW, { 'stopped in order': 609_375, crashed: 3_609_375, 'link lost': 3_609_375 }],
    [
      'version 3 goes by the interval of the MASTER',
      { set: { ...HIGH.set, version: '3', advert_int: '0.2' } },
      { set: { version: '3' } },
      { 'stopped in order': 121_875, crashed: 721_875 },
    ],
    [
      'a script whose failure is a FAULT resigns',
      { ...HIGH, before: SCRIPT(0), lines: TRACK },
      LOW,
      { 'script chk fails': 8_609_375 },
    ],
    [
      'a script with a weight waits for the timer of the backup',
      { ...HIGH, before: SCRIPT(-60), lines: TRACK },
      LOW,
      { 'script chk fails': 11_609_375 },
    ],
    [
      'a weight that is too small moves nothing',
      { ...HIGH, before: SCRIPT(-5), lines: TRACK },
      LOW,
      { 'script chk fails': undefined },
    ],
    [
      'nor does any weight beside a nopreempt',
      { ...HIGH, before: SCRIPT(-60), lines: TRACK },
      { lines: 'nopreempt' },
      { 'script chk fails': undefined },
    ],
  ])('%s', (_, a, b, expected) => {
    expect(times(a, b)).toMatchObject(expected);
  });
});

it.each([
  [[], 0],
  [['info'], 0],
  [['info', 'warning'], 10],
  [['warning', 'error'], 11],
] as const)('findings of %j exit with %i', (severities, exit) => {
  expect(severityExit(severities)).toBe(exit);
});

it('every finding of a comparison has its page', () => {
  const pages = readPages().map(({ id }) => id);
  for (const id of ['D04', 'D05', 'D12', 'D24', 'D34', 'D40', 'D42', 'D49']) expect(pages).toContain(id);
});
