// From facts about a host to findings: each trouble, and the same host when it is mended.
import { describe, expect, it } from 'vitest';
import { readPages } from '../../src/cli/explain.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { configuredHost } from '../../src/judge/configured-host.ts';
import { examineHost } from '../../src/judge/examine-host.ts';
import type { AdvertStream, HostLink, HostState } from '../../src/ports/host-state.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
const VIP = '192.0.2.100';

const ETH0: HostLink = {
  name: 'eth0',
  index: 2,
  mac: '02:00:00:00:00:02',
  up: true,
  kind: undefined,
  addresses: [{ address: B, prefix: 24, label: 'eth0', secondary: false, tentative: false }],
};

const KEEPALIVED = {
  pid: 7,
  name: 'keepalived',
  argv: ['keepalived', '-n'],
  configFile: '/etc/keepalived/keepalived.conf',
  certain: true,
  missingRights: [],
} as const;

const HEARD: AdvertStream = {
  interface: 'eth0',
  family: 4,
  protocol: 112,
  source: A,
  destination: '224.0.0.18',
  mac: '02:00:00:00:00:01',
  vrid: 51,
  priority: 150,
  direction: 'received',
  seen: 5,
  delivered: 5,
};

/** A BACKUP that hears its MASTER. */
const HEALTHY: HostState = {
  routers: [KEEPALIVED],
  links: [ETH0],
  sysctls: new Map(),
  groups: [{ interface: 'eth0', group: '224.0.0.18' }],
  excludedSources: [],
  ruleset: { nftables: [] },
  neighbours: [],
  conntrack: { count: 10, max: 1000 },
  pressure: { cpu: 1 },
  stealPercent: 0,
  latestUs: 1000,
  managers: [],
  scripts: [],
  streams: [HEARD],
  listenedUs: 4_300_000,
  counters: new Map(),
  routeTo: new Map([[A, 'eth0']]),
  unseen: [],
};

function withAddress(address: string, secondary = false): HostLink[] {
  return [
    { ...ETH0, addresses: [...ETH0.addresses, { address, prefix: 24, label: 'eth0', secondary, tentative: false }] },
  ];
}

function drops(hook: string, policy = 'drop') {
  return { nftables: [{ chain: { family: 'inet', table: 'f', name: 'c', hook, prio: 0, policy } }] };
}

const CONFIG = (lines = '') => `global_defs {
  enable_script_security
  script_user root
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  ${lines}
  virtual_ipaddress {
    ${VIP}/24
  }
}
`;

function examine(change: Partial<HostState>, lines = ''): string[] {
  const host = configuredHost('this host', 'k.conf', parseConfig(CONFIG(lines), 'k.conf'));
  const findings = examineHost({ ...HEALTHY, ...change }, host);
  for (const { evidence, why, fix } of findings) {
    expect(evidence.length).toBeGreaterThan(0);
    expect(`${why}${fix}`).not.toContain('undefined');
  }
  return findings.map(({ id, severity, confidence }) => `${id} ${severity} ${confidence}`);
}

const UNDELIVERED: AdvertStream = { ...HEARD, delivered: 0 };
const SENT: AdvertStream = { ...HEARD, source: B, direction: 'sent', delivered: 0 };

describe('a host has', () => {
  it.each<[title: string, change: Partial<HostState>, found: readonly string[], lines?: string]>([
    ['nothing when it hears its MASTER', {}, []],
    ['nothing as MASTER', { streams: [SENT], links: withAddress(VIP) }, []],
    ['a rule that eats adverts', { streams: [UNDELIVERED], ruleset: drops('input') }, ['D02 error proven']],
    ['a stack that eats them for no reason that is seen', { streams: [UNDELIVERED] }, ['D02 error likely']],
    ['no raw socket to count with', { streams: [{ ...HEARD, delivered: undefined }] }, []],
    ['a bridge that takes what comes in', { streams: [UNDELIVERED], links: [{ ...ETH0, master: 'br0' }] }, []],
    ['too few adverts to say anything', { streams: [{ ...UNDELIVERED, seen: 2 }] }, []],
    ['nobody who wants the adverts', { streams: [UNDELIVERED], groups: [], routers: [] }, []],
    [
      'a router that has not joined',
      { streams: [UNDELIVERED], groups: [{ interface: 'eth0', group: '224.0.0.99' }] },
      ['D03 error proven'],
    ],
    ['a router that has not joined, and a silent network', { streams: [], groups: [] }, ['D03 error likely']],
    [
      'a router that has not joined, on a link that is down',
      { streams: [], groups: [], links: [{ ...ETH0, up: false }] },
      [],
    ],
    [
      'a membership that leaves the sender out',
      {
        streams: [UNDELIVERED],
        excludedSources: [{ interface: 'eth0', group: '224.0.0.18', source: A, included: 0, excluded: 1 }],
      },
      ['D03 error proven'],
    ],
    [
      'a membership for another sender only',
      {
        streams: [UNDELIVERED],
        excludedSources: [{ interface: 'eth0', group: '224.0.0.18', source: '192.0.2.9', included: 1, excluded: 0 }],
      },
      ['D03 error proven'],
    ],
    [
      'a strict reverse path filter',
      {
        streams: [UNDELIVERED],
        routeTo: new Map([[A, 'eth1']]),
        sysctls: new Map([['net.ipv4.conf.all.rp_filter', '1']]),
        counters: new Map([['TcpExt IPReversePathFilter', 5]]),
      },
      ['D02 error proven'],
    ],
    [
      'a loose reverse path filter, which is not to blame',
      {
        streams: [UNDELIVERED],
        routeTo: new Map([[A, 'eth1']]),
        sysctls: new Map([['net.ipv4.conf.all.rp_filter', '2']]),
      },
      ['D02 error likely'],
    ],
    ['a closed way out', { ruleset: drops('output') }, ['D02 error likely']],
    ['a closed way in, where nothing is heard yet', { ruleset: drops('input'), streams: [] }, ['D02 error likely']],
    ['the same without rights to listen', { ruleset: drops('input'), streams: undefined }, ['D02 error likely']],
    ['rules that could not be read', { ruleset: undefined }, []],
    [
      'an address left behind, no router running',
      { links: withAddress(VIP), routers: [], streams: [] },
      ['D37 error proven'],
    ],
    ['an address left behind beside a MASTER', { links: withAddress(VIP) }, ['D37 error proven']],
    ['an address of the MASTER and its own adverts', { links: withAddress(VIP), streams: [SENT, HEARD] }, []],
    ['a MASTER without its address', { streams: [SENT] }, ['D15 error proven']],
    [
      'a daemon that manages the interface',
      {
        managers: [{ kind: 'systemd-networkd', interface: 'eth0', file: '/etc/systemd/network/e.network', text: 'no' }],
      },
      ['D15 warning hint'],
    ],
    ['a full table of connections', { conntrack: { count: 1000, max: 1000 } }, ['D35 error likely']],
    ['a table that fills', { conntrack: { count: 900, max: 1000 } }, ['D35 warning likely']],
    [
      'a unicast peer that does not answer',
      { neighbours: [{ interface: 'eth0', address: A, state: 'FAILED' }], streams: [] },
      ['D35 warning likely'],
      `unicast_src_ip ${B}\nunicast_peer {\n${A}\n}`,
    ],
    ['a hypervisor that takes the time', { stealPercent: 30 }, ['D10 warning hint']],
    ['load', { pressure: { cpu: 90 } }, ['D10 info hint']],
    ['timers that are late', { latestUs: 900_000, pressure: { io: 80 } }, ['D10 warning likely']],
    [
      'a router without rights',
      { routers: [{ ...KEEPALIVED, missingRights: ['CAP_NET_ADMIN'] }] },
      ['D25 error proven'],
    ],
    ['two routers', { routers: [KEEPALIVED, { ...KEEPALIVED, pid: 9 }] }, ['D01 warning likely']],
    [
      'a router, and one that may be elsewhere',
      { routers: [KEEPALIVED, { ...KEEPALIVED, pid: 9, certain: false, missingRights: ['CAP_NET_RAW'] }] },
      [],
    ],
    [
      'a script that others can change',
      { scripts: [{ script: '/opt/x', part: '/opt', problem: 'unsafe', text: 'owner 0, mode 0777' }] },
      ['D13 error proven'],
    ],
    [
      'a virtual address whose removal takes another along',
      {
        links: [
          {
            ...ETH0,
            addresses: [
              { address: VIP, prefix: 24, label: 'eth0', secondary: false, tentative: false },
              { address: B, prefix: 24, label: 'eth0', secondary: true, tentative: false },
            ],
          },
        ],
        streams: [SENT],
      },
      ['D42 warning proven'],
    ],
    [
      'settings that do not go with a virtual MAC',
      {
        links: [ETH0, { ...ETH0, name: 'vrrp.51', kind: 'macvlan', addresses: [] }],
        sysctls: new Map([
          ['net.ipv4.conf.all.rp_filter', '1'],
          ['net.ipv4.conf.eth0.arp_ignore', '0'],
          ['net.ipv4.conf.vrrp.51.accept_local', '1'],
        ]),
      },
      ['D27 warning likely', 'D27 warning likely'],
      'use_vmac vrrp.51',
    ],
  ])('%s', (_, change, found, lines) => {
    expect(examine(change, lines)).toEqual(found);
  });

  it('without a configuration only what needs none', () => {
    const state = { ...HEALTHY, streams: [UNDELIVERED], ruleset: drops('input'), links: withAddress(VIP) };
    expect(examineHost(state, undefined).map(({ id }) => id)).toEqual(['D02']);
  });
});

it('every finding of doctor has its page', () => {
  const pages = readPages().map(({ id }) => id);
  for (const id of ['D01', 'D02', 'D03', 'D10', 'D13', 'D15', 'D19', 'D25', 'D27', 'D35', 'D37', 'D42']) {
    expect(pages).toContain(id);
  }
});
