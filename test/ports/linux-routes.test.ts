// What only the real route port must do: what `ip` shows of the lines of a file, and links that take routes along.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { policyOf } from '../../src/vrrp/policy.ts';
import type { PolicyEntry } from '../../src/wire/route.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { type LinuxPair, linuxPair } from './linux-pair.ts';

function entriesOf(block: 'static_routes' | 'static_rules', line: string): readonly PolicyEntry[] {
  const { config } = parseConfig(`${block} {\n${line}\n}\n`, 'test.conf');
  return policyOf(config.statics ?? {});
}

describeWithRoot('Linux', [], () => {
  describe('routes and rules', () => {
    let pair: LinuxPair;
    beforeAll(async () => {
      pair = await linuxPair();
      await pair.ip('addr', 'add', 'fd77::1/64', 'dev', 'v1', 'nodad');
    });
    afterAll(() => pair.close());

    /** What `ip` shows while the line is set, without blanks at its ends; nothing may be left afterwards. */
    async function shown(block: 'static_routes' | 'static_rules', line: string): Promise<string> {
      const entries = entriesOf(block, line);
      expect(await pair.left.call('routes.add', entries)).toEqual([{ ok: true }]);
      const family = `-${entries[0]!.spec.family}`;
      const what = block === 'static_rules' ? ['rule', 'show'] : ['route', 'show', 'table', 'all'];
      const text = await pair.ip(family, ...what);
      expect(await pair.left.call('routes.remove', entries)).toEqual([{ ok: true }]);
      expect(await pair.countPolicy(), `left over of ${line}`).toBe(0);
      const at = text.indexOf('proto keepalived');
      const start = text.lastIndexOf('\n', at) + 1;
      const end = text.slice(at).search(/\n(?!\t)|$/);
      return text
        .slice(start, at + end)
        .trim()
        .replace(/\s+/g, ' ');
    }

    // As keepalived 2.2.7 left them in the kernel.
    it.each([
      ['192.168.1.0/24 via 10.9.0.9 dev v1', '192.168.1.0/24 via 10.9.0.9 dev v1 proto keepalived'],
      ['src 10.9.0.1 to 192.168.1.0/24 dev v1', '192.168.1.0/24 dev v1 proto keepalived src 10.9.0.1'],
      [
        '192.168.1.0/24 via 10.9.0.9 dev v1 metric 7 mtu 1400 table 100 tos 16',
        '192.168.1.0/24 tos 0x10 via 10.9.0.9 dev v1 table 100 proto keepalived metric 7 mtu 1400',
      ],
      ['blackhole 192.168.1.0/24', 'blackhole 192.168.1.0/24 proto keepalived'],
      [
        'unreachable 192.168.1.0/24 table 101 metric 3',
        'unreachable 192.168.1.0/24 table 101 proto keepalived metric 3',
      ],
      [
        '192.168.1.0/24 nexthop via 10.9.0.8 dev v1 weight 2 nexthop via 10.9.0.9 dev v1 weight 3',
        '192.168.1.0/24 proto keepalived nexthop via 10.9.0.8 dev v1 weight 2 nexthop via 10.9.0.9 dev v1 weight 3',
      ],
      ['192.168.1.0/24 via 10.8.0.1 dev v1 onlink', '192.168.1.0/24 via 10.8.0.1 dev v1 proto keepalived onlink'],
      ['default via 10.9.0.9 dev v1 table 70000', 'default via 10.9.0.9 dev v1 table 70000 proto keepalived'],
      [
        '192.168.1.0/24 dev v1 scope host window 10 rtt 20ms congctl lock reno advmss lock 1000 hoplimit 9',
        '192.168.1.0/24 dev v1 proto keepalived scope host window 10 rtt 200ms advmss lock 1000 hoplimit 9 congctl lock reno',
      ],
      ['192.168.1.0/24 via inet6 fd77::9 dev v1', '192.168.1.0/24 via inet6 fd77::9 dev v1 proto keepalived'],
      ['192.168.1.0/24 dev v1 realms 1/2', '192.168.1.0/24 dev v1 proto keepalived realms 1/2'],
      [
        '192.168.1.0/24 encap ip id 5 dst 10.9.0.9 ttl 9 tos 4 via 10.9.0.9 dev v1',
        '192.168.1.0/24 encap ip id 5 src 0.0.0.0 dst 10.9.0.9 ttl 9 tos 4 via 10.9.0.9 dev v1 proto keepalived',
      ],
      [
        '192.168.1.0/24 dev v1 encap ip6 id 5 dst fd77::9 src fd77::1 tc 3 hoplimit 9',
        '192.168.1.0/24 encap ip6 id 5 src fd77::1 dst fd77::9 hoplimit 9 tc 3 dev v1 proto keepalived',
      ],
      ['fd01::/64 via fd77::9 dev v1 metric 9', 'fd01::/64 via fd77::9 dev v1 proto keepalived metric 9 pref medium'],
      ['fd01::/64 dev v1 pref high', 'fd01::/64 dev v1 proto keepalived metric 1024 pref high'],
      [
        'fd01::/64 dev v1 from fd02::/64 mtu 1300 pref low',
        'fd01::/64 from fd02::/64 dev v1 proto keepalived metric 1024 mtu 1300 pref low',
      ],
    ])('%s', async (line, text) => {
      expect(await shown('static_routes', line)).toBe(text);
    });

    it.each([
      [
        'from 192.168.28.0/24 to 10.8.0.0/16 table 100 priority 1000',
        '1000: from 192.168.28.0/24 to 10.8.0.0/16 lookup 100 proto keepalived',
      ],
      [
        'fwmark 5/255 iif v1 oif v1 dsfield 8 table 103 priority 1001',
        '1001: from all tos 0x08 fwmark 0x5/0xff iif v1 oif v1 lookup 103 proto keepalived',
      ],
      [
        'not from 192.168.31.0/24 unreachable priority 1002',
        '1002: not from 192.168.31.0/24 unreachable proto keepalived',
      ],
      [
        'from 192.168.33.0/24 goto 2000 priority 1004',
        '1004: from 192.168.33.0/24 goto 2000 [unresolved] proto keepalived',
      ],
      [
        'suppress_prefixlength 3 suppress_ifgroup 2 table 104 priority 1005',
        '1005: from all lookup 104 suppress_prefixlength 3 suppress_ifgroup 2 proto keepalived',
      ],
      [
        'ipproto tcp sport 10-20 dport 30-40 uidrange 5-9 table 70000 priority 1006',
        '1006: from all uidrange 5-9 ipproto tcp sport 10-20 dport 30-40 lookup 70000 proto keepalived',
      ],
      ['from fd05::/64 table 106 priority 1007', '1007: from fd05::/64 lookup 106 proto keepalived'],
      ['nop priority 2000', '2000: from all nop proto keepalived'],
      ['l3mdev priority 2001', '2001: from all lookup [l3mdev-table] proto keepalived'],
      [
        'from 192.168.34.0/24 tunnel-id 9 realms 3/4 table 107 priority 2002',
        '2002: from 192.168.34.0/24 tun_id 9 lookup 107 realms 3/4 proto keepalived',
      ],
    ])('%s', async (line, text) => {
      expect(await shown('static_rules', line)).toBe(text);
    });

    it('leaves alone what is not its own, although it looks alike', async () => {
      await pair.ip('route', 'add', '192.168.1.0/24', 'via', '10.9.0.9', 'dev', 'v1');
      await pair.ip('rule', 'add', 'from', '10.1.0.0/16', 'table', '9', 'priority', '900');
      const entries = [
        ...entriesOf('static_routes', '192.168.1.0/24 via 10.9.0.9 dev v1'),
        ...entriesOf('static_rules', 'from 10.1.0.0/16 table 9 priority 900'),
      ];
      expect(await pair.left.call('routes.remove', entries)).toEqual([{ ok: true }, { ok: true }]);
      expect(await pair.ip('route')).toContain('192.168.1.0/24');
      expect(await pair.ip('rule')).toContain('900:');
      await pair.ip('route', 'del', '192.168.1.0/24');
      await pair.ip('rule', 'del', 'priority', '900');
    });

    it('says why the kernel refuses a route', async () => {
      const [result] = await pair.left.call<object[]>(
        'routes.add',
        entriesOf('static_routes', '192.168.1.0/24 via 10.77.0.1 dev v1'),
      );
      expect(result).toMatchObject({
        ok: false,
        code: 'ENETUNREACH',
        message: 'cannot add the route: network is unreachable (Nexthop has invalid gateway)',
      });
    });
  });
});
