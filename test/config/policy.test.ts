// Lines of routes and rules, beside what keepalived 2.2.7 printed for the same lines.
import { describe, expect, it } from 'vitest';
import type { SourceReader } from '../../src/config/options.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { routeText, ruleText } from '../../src/engine/policy-text.ts';

const NO_FILES: SourceReader = { list: () => [], read: () => undefined };

function read(block: 'virtual_routes' | 'virtual_rules', line: string, files = NO_FILES, globals = '') {
  const own = 'interface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n10.0.0.100\n}';
  const text = `${globals}vrrp_instance VI_1 {\n${own}\n${block} {\n${line}\n}\n}\n`;
  const { config, diagnostics } = parseConfig(text, 'test.conf', { files });
  return { instance: config.instances[0]!, diagnostics };
}
const route = (line: string) => read('virtual_routes', line).instance.routes?.map(routeText);
const rule = (line: string) => read('virtual_rules', line).instance.rules?.map(ruleText);

describe('the line of a route', () => {
  it.each([
    [
      'src 10.0.0.55 to 192.168.109.0/24 via 10.0.0.200 dev eth0',
      'prepend 192.168.109.0/24 src 10.0.0.55 via inet 10.0.0.200 dev eth0 proto 18',
    ],
    ['192.168.110.0/24 via 10.0.0.200', 'prepend 192.168.110.0/24 via inet 10.0.0.200 proto 18 no_track'],
    ['192.168.111.0/24 dev eth1 no_track', 'prepend 192.168.111.0/24 dev eth1 no_track'],
    ['0.0.0.0/0 gw 10.1.4.1 no_track', 'prepend 0.0.0.0/0 via inet 10.1.4.1 no_track'],
    [
      '192.168.112.0/24 via 10.0.0.200 dev eth0 metric 7 mtu 1400 table 100 tos 16',
      'prepend 192.168.112.0/24 tos 16 via inet 10.0.0.200 dev eth0 table 100 proto 18 metric 7 mtu 1400',
    ],
    ['blackhole 192.168.113.0/24', 'add blackhole 192.168.113.0/24 proto 18 no_track'],
    [
      'unreachable 192.168.114.0/24 table 101 metric 3',
      'add unreachable 192.168.114.0/24 table 101 proto 18 metric 3 no_track',
    ],
    [
      '192.168.116.0/24 nexthop via 10.0.0.201 dev eth0 weight 2 nexthop via 10.1.0.202 dev eth1 weight 3',
      'prepend 192.168.116.0/24 proto 18 nexthop via inet 10.0.0.201 dev eth0 weight 2 nexthop via inet 10.1.0.202 dev eth1 weight 3 no_track',
    ],
    [
      '192.168.117.0/24 via 10.9.0.1 dev eth0 onlink',
      'prepend 192.168.117.0/24 via inet 10.9.0.1 dev eth0 proto 18 onlink',
    ],
    ['2.2.2.2 dev eth0', 'prepend 2.2.2.2 dev eth0 proto 18'],
    ['default via 10.0.0.203 dev eth0 table 102', 'prepend 0.0.0.0/0 via inet 10.0.0.203 dev eth0 table 102 proto 18'],
    ['fd01::/64 via fd00::2 dev eth0 metric 9', 'prepend fd01::/64 via inet6 fd00::2 dev eth0 proto 18 metric 9'],
    ['fd02::/64 dev eth0 pref high', 'prepend fd02::/64 dev eth0 proto 18 pref high'],
    ['default6 via fd00::2 dev eth0', 'prepend ::/0 via inet6 fd00::2 dev eth0 proto 18'],
    [
      '192.168.120.0/24 dev eth0 scope host window 10 rtt 20ms congctl cubic',
      'prepend 192.168.120.0/24 dev eth0 proto 18 scope 254 congctl cubic rtt 200ms window 10',
    ],
    [
      '192.168.1.0/24 dev eth0 initrwnd 1 initcwnd 2 window 3 hoplimit 4 congctl cubic rto_min 5 ssthresh 6 cwnd 7 reordering 8 rttvar 9 rtt 10 advmss 11 mtu lock 12 quickack 1 features ecn realms 1/2 fastopen_no_cookie 1 ttl-propagate enabled metric 9 scope link tos 4 table 9 onlink',
      'prepend 192.168.1.0/24 tos 4 dev eth0 table 9 proto 18 scope 253 metric 9 onlink realms 1/2 congctl cubic rtt 200ms rttvar 200ms rto_min 200ms features ecn mtu lock 12 window 3 ssthresh 6 cwnd 7 advmss 11 reordering 8 hoplimit 4 initcwnd 2 initrwnd 1 quickack 1 fastopen_no_cookie 1 ttl-propagate enabled',
    ],
    [
      'fd01::/64 dev eth0 expires 100 pref low mtu 1300 from fd02::/64',
      'prepend fd01::/64 from fd02::/64 dev eth0 proto 18 expires 100sec mtu 1300 pref low',
    ],
    ['192.168.3.0/24 dev eth0 rtt 1s', 'prepend 192.168.3.0/24 dev eth0 proto 18 rtt 1s'],
    ['192.168.8.0/24 dev eth0 append', 'append 192.168.8.0/24 dev eth0 proto 18'],
    ['throw 192.168.9.0/24', 'add throw 192.168.9.0/24 proto 18 no_track'],
    [
      '192.168.10.0/24 dev eth0 realms 7 protocol 99 no_track',
      'prepend 192.168.10.0/24 dev eth0 proto 99 realm 7 no_track',
    ],
    [
      '192.168.121.0/24 encap ip id 5 dst 10.0.0.9 ttl 9 tos 4 via 10.0.0.9 dev eth0',
      'prepend 192.168.121.0/24 encap ip id 5 dst 10.0.0.9 tos 4 ttl 9 via inet 10.0.0.9 dev eth0 proto 18',
    ],
  ])('%s', (line, text) => {
    expect(route(line)).toEqual([text]);
  });

  it.each([
    [
      '192.168.1.0/24 via 10.0.0.1 or 10.0.0.2 dev eth0',
      { nexthops: [{ gateway: '10.0.0.1' }, { gateway: '10.0.0.2' }] },
    ],
    ['192.168.1.0/24 via inet6 fd00::1 dev eth0', { family: 4, gateway: 'fd00::1' }],
    ['inet6 default dev eth0', { family: 6, destination: { address: '::', prefix: 0 } }],
    [
      '192.168.1.0/24 dev eth0 advmss lock 1000 hoplimit 9',
      { metrics: { advmss: 1000, hoplimit: 9 }, locked: ['advmss'] },
    ],
    ['192.168.1.0/24 dev eth0 features ecn quickack 1', { metrics: { features: 1, quickack: 1 } }],
    ['192.168.1.0/24 dev eth0 realms 1/2', { realms: 0x1_0002 }],
    [
      '192.168.1.0/24 dev eth0 rtt 4000 rttvar 2s rto_min 100ms',
      { metrics: { rtt: 4000, rttvar: 8000, rto_min: 200 } },
    ],
    ['192.168.1.0/24 dev eth0 encap mpls 100/200', { encapsulation: { kind: 'mpls', labels: [100, 200] } }],
    ['192.168.1.0/24 dev eth0 append ttl-propagate disabled', { placement: 'append', ttlPropagate: false }],
    ['fd01::/64 dev eth0 from fd02::/64 expires 60', { from: { address: 'fd02::', prefix: 64 }, expires: 60 }],
    // Tracked routes are found by keepalived's own protocol.
    ['192.168.1.0/24 dev eth0 protocol static no_track', { protocol: 4 }],
    ['192.168.1.0/24 via 10.0.0.1 protocol 99', { protocol: 99 }],
  ])('%s as a value', (line, expected) => {
    expect(read('virtual_routes', line).instance.routes).toMatchObject([expected]);
  });

  it.each([
    'dev eth0',
    '192.168.1.0/33 dev eth0',
    '192.168.1.0/24 via nowhere',
    '192.168.1.0/24 via',
    '192.168.1.0/24 dev eth0 surplus',
    '192.168.1.0/24 dev eth0 table nosuchtable',
    '192.168.1.0/24 dev eth0 mtu many',
    'inet6 192.168.1.0/24 dev eth0',
    '192.168.1.0/24 dev eth0 encap mpls 2000000',
  ])('that keepalived would leave out is none: %s', (line) => {
    expect(route(line)).toBeUndefined();
  });

  it.each(['192.168.1.0/24 dev eth0 vrf blue', '192.168.1.0/24 encap ila 1:2:3:4 dev eth0'])(
    'of more than is built blocks: %s',
    (line) => {
      const { instance, diagnostics } = read('virtual_routes', line);
      expect(instance.routes).toBeUndefined();
      expect(diagnostics.some(({ blocking }) => blocking)).toBe(true);
    },
  );
});

describe('the line of a rule', () => {
  it.each([
    [
      'from 192.168.28.0/24 to 10.8.0.0/16 table 100 priority 1000',
      'from 192.168.28.0/24 to 10.8.0.0/16 priority 1000 tos 0x0 protocol 18 lookup 100',
    ],
    ['from 192.168.29.0/24 table 101', 'from 192.168.29.0/24 priority 16384 tos 0x0 protocol 18 lookup 101'],
    ['to 192.168.30.0/24 table 101 no_track', 'from all to 192.168.30.0/24 priority 16384 tos 0x0 lookup 101 no_track'],
    [
      'fwmark 5/255 iif eth0 oif eth1 dsfield 8 table 103 priority 1001',
      'from all priority 1001 tos 0x8 fwmark 0x5/0xff iif eth0 oif eth1 protocol 18 lookup 103',
    ],
    [
      'not from 192.168.31.0/24 unreachable priority 1002',
      'not from 192.168.31.0/24 priority 1002 tos 0x0 protocol 18 type unreachable',
    ],
    [
      'from 192.168.33.0/24 goto 2000 priority 1004',
      'from 192.168.33.0/24 priority 1004 tos 0x0 protocol 18 goto 2000',
    ],
    [
      'suppress_prefixlength 3 suppress_ifgroup 2 table 104 priority 1005',
      'from all priority 1005 tos 0x0 suppress_prefixlen 3 suppress_ifgroup 2 protocol 18 lookup 104',
    ],
    [
      'ipproto tcp sport 10-20 dport 30-40 uidrange 5-9 table 105 priority 1006',
      'from all priority 1006 tos 0x0 uidrange 5-9 protocol 18 ipproto 6 sport 10-20 dport 30-40 lookup 105',
    ],
    ['nop priority 2000', 'from all priority 2000 tos 0x0 protocol 18 nop'],
    ['l3mdev priority 2001', 'from all priority 2001 tos 0x0 l3mdev protocol 18 lookup 0'],
    [
      'from 192.168.34.0/24 tunnel-id 9 realms 3/4 table 107 priority 2002',
      'from 192.168.34.0/24 priority 2002 tos 0x0 tunnel-id 9 protocol 18 realms 3/4 lookup 107',
    ],
    [
      'from 192.168.35.0/24 protocol 44 table main priority 2003',
      'from 192.168.35.0/24 priority 2003 tos 0x0 protocol 18 lookup 254',
    ],
    [
      'prohibit from all iif eth1 priority 2004',
      'from 0.0.0.0/0 priority 2004 tos 0x0 iif eth1 protocol 18 type prohibit',
    ],
  ])('%s', (line, text) => {
    expect(rule(line)).toEqual([text]);
  });

  it('rules without a preference get one after the other, from 16384 downwards', () => {
    expect(read('virtual_rules', 'from 10.1.0.0/16 table 1\nfrom 10.2.0.0/16 table 2').instance.rules).toMatchObject([
      { priority: 16_384 },
      { priority: 16_383 },
    ]);
  });

  it.each([
    'from 10.0.0.0/8 priority 5',
    'from 10.0.0.0/8 table 0 priority 5',
    'from 10.0.0.0/8 goto 4 priority 5',
    'from 10.0.0.0/8 to fd00::/64 table 1 priority 5',
    'from 10.0.0.0/8 table 1 goto 9 priority 5',
    'sport 20-10 table 1 priority 5',
    'from 10.0.0.0/8 table 1 surplus priority 5',
  ])('that keepalived would leave out is none: %s', (line) => {
    expect(rule(line)).toBeUndefined();
  });
});

describe('names', () => {
  const FILES: Readonly<Record<string, string>> = {
    '/etc/iproute2/rt_tables': '# tables\n100\tblue\n0x65 red # more\n',
    '/etc/iproute2/rt_tables.d/one.conf': '102 green\n',
    '/mine/rt_tables': '200 blue\n',
    '/usr/share/iproute2/rt_protos': '77 far\n',
  };
  const files: SourceReader = {
    list: (pattern) =>
      Object.keys(FILES)
        .filter((path) => path.startsWith(pattern.slice(0, pattern.indexOf('*'))))
        .map((path) => ({ path, kind: 'file' })),
    read: (path) => (FILES[path] === undefined ? undefined : { text: FILES[path], directory: '/' }),
  };
  const table = (name: string, globals = '') =>
    read('virtual_routes', `10.1.0.0/16 dev eth0 no_track table ${name} protocol far`, files, globals).instance.routes;

  it.each([
    ['blue', 100],
    ['red', 101],
    ['green', 102],
    ['local', 255],
    ['0x20', 32],
  ])('of tables: %s is %d', (name, number) => {
    expect(table(name)).toMatchObject([{ table: number, protocol: 77 }]);
  });

  it('are read where iproute_etc_dir says', () => {
    expect(table('blue', 'global_defs {\niproute_etc_dir /mine\n}\n')).toMatchObject([{ table: 200 }]);
    expect(table('green', 'global_defs {\niproute_etc_dir /mine\n}\n')).toBeUndefined();
  });
});
