// The text for nft, and nft's own judgement of it where it is installed.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nftRules } from '../../src/linux/nft-rules.ts';
import type { FirewallRules } from '../../src/ports/firewall-port.ts';

const NONE: FirewallRules = { priority: -1, counters: false, closed: [], devices: [] };
const FULL: FirewallRules = {
  priority: -7,
  counters: true,
  closed: [
    { address: '10.0.0.100', interface: 'eth0' },
    { address: '10.0.0.100', interface: 'eth1' },
    { address: 'fd00::1', interface: 'eth0' },
    { address: 'fe80::1', interface: 'eth0.10' },
  ],
  devices: [
    { name: 'vrrp.51', family: 4, baseIndex: 1 },
    { name: 'vrrp6.51', family: 6, baseIndex: 1, shared: 'fe80::9' },
  ],
};
const CLEAN = ['add table ip t', 'delete table ip t', 'add table ip6 t', 'delete table ip6 t'];

function lines(rules: FirewallRules | undefined, table = 't'): string[] {
  return nftRules(rules, table)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

describe('the rules of nft', () => {
  it('are the end of the table when there are none', () => {
    expect(lines(undefined)).toEqual(CLEAN);
    expect(lines(NONE)).toEqual(CLEAN);
  });

  it('leave out the family that has none', () => {
    const only4 = lines({ ...NONE, closed: [{ address: '10.0.0.1', interface: 'eth0' }] });
    expect(only4.slice(0, 4)).toEqual(CLEAN);
    expect(only4.slice(4)).toEqual([
      'table ip t {',
      'chain in {',
      'type filter hook input priority -1; policy accept;',
      'ip daddr { 10.0.0.1 } drop',
      '}',
      'chain out {',
      'type filter hook output priority -1; policy accept;',
      'ip saddr { 10.0.0.1 } drop',
      '}',
      '}',
    ]);
  });

  it('let neighbour discovery pass before they close an address', () => {
    const all = lines(FULL);
    const input = all.slice(all.indexOf('table ip6 t {'));
    expect(input.slice(2, 6)).toEqual([
      'type filter hook input priority -7; policy accept;',
      'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } counter accept',
      'ip6 daddr { fd00::1 } counter drop',
      'iifname "eth0.10" ip6 daddr fe80::1 counter drop',
    ]);
  });

  it('send reports of devices out of their base', () => {
    expect(lines(FULL)).toContain('ip protocol igmp dup to ip daddr device oifname map { "vrrp.51" : 1 } counter drop');
    expect(lines(FULL)).toContain('oifname { "vrrp6.51" } icmpv6 type nd-router-solicit counter drop');
  });

  it('let the base alone answer for an address that a device shares with it', () => {
    const all = lines(FULL);
    const shared = all.indexOf('oifname "vrrp6.51" ip6 saddr fe80::9 icmpv6 type nd-neighbor-advert counter drop');
    expect(shared).toBeGreaterThan(0);
    expect(shared).toBeLessThan(
      all.lastIndexOf('icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } counter accept'),
    );
  });

  it('cannot be ended by a name', () => {
    const evil = { name: 'a" : 1 }; drop', family: 4, baseIndex: 1 } as const;
    const text = nftRules({ ...NONE, devices: [evil] }, 'x { } ; flush ruleset');
    expect(text).toContain('"a:1};drop"');
    expect(text).toContain('add table ip x_______flush_ruleset\n');
  });

  const nft = spawnSync('nft', ['--version'], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
  it.skipIf(nft.status !== 0)('are understood by nft', () => {
    const checked = spawnSync('unshare', ['-rn', 'nft', '-c', '-f', '-'], {
      input: nftRules(FULL, 'kavtui'),
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    expect(checked.stderr).toBe('');
    expect(checked.status).toBe(0);
  });
});
