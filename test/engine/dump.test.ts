// The three dumps, against real ones of keepalived 2.2.7 (handed to the developers, no part of the project) and alone.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { NodeConfig } from '../../src/engine/config.ts';
import { type DumpContext, dumpData } from '../../src/engine/dump-data.ts';
import { dumpJson } from '../../src/engine/dump-json.ts';
import { dumpStats } from '../../src/engine/dump-stats.ts';
import { SECOND } from '../support/instance.ts';
import { link, nodeConfig, scriptConfig, type TestNode, testNode } from '../support/node.ts';

const SAMPLES = join(import.meta.dirname, '../../../shared/lab/samples');

const CONTEXT: DumpContext = {
  links: [link()],
  localTime: () => 'Sun Nov 22 13:04:41.057299 2026',
  identity: () => '0:0',
};

interface Dumped {
  readonly data: Readonly<Record<string, unknown>>;
  readonly stats: Readonly<Record<string, number>>;
}

function json(config: NodeConfig, node: TestNode): readonly Dumped[] {
  return JSON.parse(dumpJson(config, node.snapshot()));
}

describe.skipIf(!existsSync(SAMPLES))('beside a real MASTER with the same configuration', () => {
  /** Of a route keepalived may add what the kernel told it of an interface, which comes and goes. */
  const read = (name: string) => readFileSync(join(SAMPLES, name), 'utf8').replaceAll(' [installed ifindex 0]', '');
  const sample = () => {
    const { config } = parseConfig(read('R1.conf'), 'R1.conf');
    const ips = ['10.60.0.1', 'fe80::ff:fe00:1'];
    const second = link({ name: 'eth1', index: 3, mac: '02:00:00:00:01:01', ips: ['10.61.0.1', 'fe80::ff:fe00:101'] });
    const node = testNode(config, [link({ ips }), second], { compat: '2.2' });
    node.runTo(5 * SECOND);
    const vips = config.instances.flatMap(({ addresses }) => addresses.map(({ address }) => address));
    node.event({ kind: 'linkChanged', name: 'eth0', link: link({ ips: [...ips, ...vips] }) });
    const context = { ...CONTEXT, links: [link({ ips: [...ips, ...vips] }), second] };
    return { config, node, context };
  };

  it('the JSON has the same fields in the same order, and the same values where time and secrets have no part', () => {
    const { config, node } = sample();
    const theirs: readonly Dumped[] = JSON.parse(read('01_master.R1.json'));
    const ours = json(config, node);
    const varies = { last_transition: expect.any(Number), auth_data: '****' };
    for (const [index, { data, stats }] of theirs.entries()) {
      expect(Object.keys(ours[index]!.data)).toEqual(Object.keys(data));
      expect(ours[index]!.data).toEqual({
        ...data,
        last_transition: varies.last_transition,
        ...('auth_data' in data && { auth_data: varies.auth_data }),
      });
      expect(Object.keys(ours[index]!.stats)).toEqual(Object.keys(stats));
      expect({ ...ours[index]!.stats, advert_sent: 0 }).toEqual({ ...stats, advert_sent: 0 });
    }
    expect(ours).toHaveLength(theirs.length);
  });

  it('so has that of a router whose interface went down', () => {
    const { config, node } = sample();
    node.event({ kind: 'linkChanged', name: 'eth0', link: link({ up: false, ips: ['10.60.0.1'] }) });
    const theirs: readonly Dumped[] = JSON.parse(read('06_fault_all.R1.json'));
    // What VI_6 heard before is another story.
    const vary = { last_transition: 0, auth_data: '', master_priority: 0 };
    expect(json(config, node).map(({ data }) => ({ ...data, ...vary }))).toEqual(
      theirs.map(({ data }) => ({ ...data, ...vary })),
    );
  });

  it('the stats are the same lines', () => {
    const withoutSent = (text: string) => text.replace(/Sent: \d+/g, 'Sent: n');
    expect(withoutSent(dumpStats(sample().node.snapshot()))).toBe(withoutSent(read('01_master.R1.stats')));
  });

  it('every line of the data but times and secrets is one of theirs, in their order', () => {
    const { config, node, context } = sample();
    const timeless = (text: string) =>
      text
        .replace(/ = \d+\.\d{6} \(.*\)/g, ' = TIME')
        .replace(/Password = .*/g, 'Password = MASK')
        .replace(/Master down timer = \d+/g, 'Master down timer = N')
        .split('\n');
    const snapshot = { ...node.snapshot(), routerId: 'R1', wallTime: 1_795_352_681_057 };
    const ours = timeless(dumpData(config, snapshot, context));
    const theirs = timeless(read('01_master.R1.data'));
    let at = 0;
    const strange = ours.filter((line) => {
      const found = theirs.indexOf(line, at);
      if (found >= 0) at = found + 1;
      return found < 0;
    });
    expect(strange).toEqual([]);
    expect(ours.length).toBeGreaterThan(150);
  });
});

describe('the JSON', () => {
  it.each(['2.2', '2.4'] as const)(
    'counts what is wrong, refused or not, also what keepalived never counts (%s)',
    (compat) => {
      const config = nodeConfig();
      const node = testNode(config, [link()], { compat });
      node.hear({ intervalUs: 3 * SECOND });
      node.hear({ addresses: ['10.0.0.77'] });
      node.hear({ priority: 0 });
      expect(json(config, node)[0]!.stats).toMatchObject({
        advert_interval_err: 1,
        addr_list_err: 1,
        pri_zero_rcvd: 1,
        ip_ttl_err: 0,
        auth_failure: 0,
      });
    },
  );

  it.each([
    ['BACKUP', 100, { state: 1, wantstate: 1, vipset: false, master_priority: 150 }],
    ['MASTER', 200, { state: 2, wantstate: 2, vipset: true, master_priority: 150 }],
  ])('%s: the number of the state, and the priority heard last', (_, priority, expected) => {
    const config = nodeConfig([{ priority }]);
    const node = testNode(config);
    node.hear();
    node.runTo(3.5 * SECOND);
    if (priority < 150) node.hear();
    expect(json(config, node)[0]!.data).toMatchObject(expected);
  });

  it('tells the time of the last transition in seconds of the epoch', () => {
    const config = nodeConfig();
    const node = testNode(config);
    node.runTo(10 * SECOND);
    const snapshot = { ...node.snapshot(), wallTime: 1_795_352_681_057.299 };
    const [{ data }] = JSON.parse(dumpJson(config, snapshot)) as [Dumped];
    expect(data.last_transition).toBe(1_795_352_681.057299 - 10 + 3.609375);
  });

  it('shows neither password nor an unescaped slash', () => {
    const config = nodeConfig(
      [{ password: 'geheim', trackScripts: [{ name: 'chk', weight: 0, reverse: false }] }],
      [scriptConfig()],
    );
    const node = testNode(config);
    const text = dumpJson(config, node.snapshot()) + dumpData(config, node.snapshot(), CONTEXT);
    expect(text).not.toContain('geheim');
    expect(text).toContain('"track_script":["\'\\/bin\\/chk\'"]');
    expect(json(config, node)[0]!.data).toMatchObject({ auth_type: 1, auth_data: '****' });
  });

  it('is an empty list without instances', () => {
    expect(dumpJson(nodeConfig([]), testNode(nodeConfig([])).snapshot())).toBe('[]');
  });
});

describe('the data', () => {
  const text = (config: NodeConfig, prepare: (node: TestNode) => void = () => {}) => {
    const node = testNode(config);
    prepare(node);
    return dumpData(config, node.snapshot(), CONTEXT);
  };

  it('a v3 BACKUP tells its MASTER and the interval it learnt', () => {
    const dump = text(nodeConfig([{ version: 3, advertIntervalUs: SECOND }]), (node) => {
      node.hear({ version: 3, intervalUs: SECOND / 2 });
    });
    expect(dump).toContain('   Master router = 10.0.0.2\n   Master priority = 150\n   Master advert int = 0.50 sec\n');
    expect(dump).toContain('   Master advert interval = 500 milli-sec\n');
  });

  it('a FAULT counts its reasons and has no timer', () => {
    const dump = text(nodeConfig(), (node) => node.event({ kind: 'linkChanged', name: 'eth0', link: undefined }));
    expect(dump).toContain('   State = FAULT\n');
    expect(dump).toMatch(/Number of interface and track script faults = [1-9]/);
    expect(dump).toContain('   Read timeout = DISABLED\n');
  });

  it.each([
    [0, 'GOOD', 4],
    [1, 'BAD', 0],
  ])('a script that exits %d is %s', (code, status, result) => {
    const script = scriptConfig({ rise: 3, fall: 2 });
    const dump = text(nodeConfig([{ trackScripts: [{ name: 'chk', weight: 5, reverse: true }] }], [script]), (node) => {
      node.scripts = { kind: 'exited', code };
      node.runTo(10 * SECOND);
    });
    expect(dump).toContain(`   Status = ${status}\n`);
    expect(dump).toContain(`   Result = ${result}\n`);
    expect(dump).toContain('     VI_1, weight 5 reverse\n');
  });

  it('a name cannot forge a line or drive a terminal', () => {
    const config = nodeConfig([{ name: 'VI\n   State = MASTER\u001b[2J' }]);
    const node = testNode(config);
    for (const dump of [text(config), dumpStats(node.snapshot())]) {
      expect(dump).not.toContain('\u001b');
      expect(dump.split('\n')).not.toContain('   State = MASTER');
    }
  });
});

describe('json_version 2', () => {
  it('is an object with the instances of form 1 and the tracked processes', () => {
    const tracked = {
      name: 'web',
      path: '/usr/sbin/web',
      parameters: ['-f'],
      match: 'partial',
      quorum: 2,
      forkDelayUs: SECOND,
      terminateDelayUs: 0,
      weight: 0,
      reverse: false,
    } as const;
    const first = { ...nodeConfig(), trackProcesses: [tracked] };
    const second = { ...first, globals: { ...first.globals, dumps: { jsonVersion: 2 } as const } };
    const node = testNode(second);
    const { vrrp, track_process } = JSON.parse(dumpJson(second, node.snapshot()));
    expect(vrrp).toEqual(json(first, node));
    expect(track_process).toMatchObject([
      { process: '/usr/sbin/web', parameters: '-f', param_match: 'partial', min_processes: 2, fork_delay: 1 },
    ]);
  });
});

describe('counters that are cleared', () => {
  it('begin anew, and the peers stay known', () => {
    const node = testNode(nodeConfig([{ priority: 255 }]));
    node.hear({ priority: 100, addresses: ['10.0.0.7'] });
    node.hear({ priority: 100, version: 3 });
    const before = dumpStats(node.snapshot());
    node.clearCounters();
    const { peers } = node.instance();
    expect(peers).toMatchObject([{ address: '10.0.0.2', priority: 100, accepted: 0, rejected: {} }]);
    const empty = dumpStats(testNode(nodeConfig()).snapshot());
    expect(dumpStats(node.snapshot())).toBe(empty);
    expect(before).not.toBe(empty);
    node.runTo(2 * SECOND);
    expect(node.instance().counters.advertSent).toBe(2);
  });
});

describe('the data', () => {
  it('of sockets, groups of announcements and delays of links is as keepalived 2.2.7 writes it', () => {
    const config: NodeConfig = {
      ...nodeConfig([
        { ah: true, password: 'x' },
        { name: 'VI_2', vrid: 52 },
        { name: 'VI_3', vrid: 53, unicastPeers: ['10.0.0.2'], source: '10.0.0.1' },
        { name: 'VI_4', vrid: 54 },
      ]),
      pacing: { garpUs: 500_000, groups: [{ garpUs: 150_000, gnaUs: 200_000, interfaces: ['eth0'] }] },
      linkDelays: { eth0: { downUs: 399_219, upUs: 0 } },
    };
    const text = dumpData(config, testNode(config).snapshot(), CONTEXT);
    const socket = '   Interface = eth0\n   Family = IPv4\n   Protocol =';
    const expected = [
      ' Gratuitous ARP interval = 0.500000\n Gratuitous NA interval = 0.000000\n',
      '------< GARP delay group 1 >------\n GARP interval = 0.15\n GNA interval = 0.2\n Interfaces\n  eth0\n',
      `${socket} AH\n   Type = Multicast\n   VRRP instances\n     VI_1 vrid 51\n`,
      `${socket} VRRP\n   Type = Multicast\n   VRRP instances\n     VI_2 vrid 52\n     VI_4 vrid 54\n`,
      `${socket} VRRP\n   Type = Unicast\n   Address = 10.0.0.1\n   VRRP instances\n     VI_3 vrid 53\n`,
      '   Up debounce timer = 0us\n   Down debounce timer = 399219us\n',
      '   Gratuitous ARP interval 150ms\n   Gratuitous NA interval 200ms\n   Gratuitous ARP aggregation group 1\n',
    ];
    for (const part of expected) expect(text).toContain(part);
  });
});
