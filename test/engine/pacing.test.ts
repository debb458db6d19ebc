// Announcements at intervals. What is expected was observed of keepalived 2.2.7.
import { describe, expect, it } from 'vitest';
import type { PacingConfig } from '../../src/engine/config.ts';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import { SECOND } from '../support/instance.ts';
import { link, nodeConfig, testNode } from '../support/node.ts';
import { ETH1 } from './timelines.ts';

const vips = (name: string, ...addresses: string[]) =>
  addresses.map((address) => ({ interface: name, address, prefix: 32, scope: 0 }));
const ONE: Partial<InstanceConfig> = { priority: 255, addresses: vips('eth0', '10.0.0.100', '10.0.0.101') };
const TWO: Partial<InstanceConfig> = {
  name: 'VI_2',
  vrid: 52,
  priority: 255,
  interface: 'eth1',
  addresses: vips('eth1', '10.0.1.100'),
};

/** `0.20 10.0.0.100 10.0.0.101`: when each announcement went, up to `until` seconds. */
function announced(instances: readonly Partial<InstanceConfig>[], pacing: PacingConfig, until: number): string[] {
  const told: string[] = [];
  const links = [link({ ips: ['10.0.0.1', 'fe80::1'] }), ETH1];
  const node = testNode({ ...nodeConfig(instances), pacing }, links, {
    onEffect(effect, now) {
      if (effect.kind !== 'announce') return;
      told.push(`${(now / SECOND).toFixed(2)} ${effect.announcements.map(({ address }) => address).join(' ')}`);
    },
  });
  node.runTo(until * SECOND);
  return told;
}

describe('vrrp_garp_interval', () => {
  it('one at once, then each address once more, an interval apart, and so again after garp_master_delay', () => {
    const once = ['0.00 10.0.0.100', '0.20 10.0.0.100', '0.40 10.0.0.101'];
    const again = ['5.00 10.0.0.100', '5.20 10.0.0.100', '5.40 10.0.0.101'];
    expect(announced([ONE], { garpUs: 200_000, groups: [] }, 20)).toEqual([...once, ...again]);
  });

  it('holds for each interface by itself, and not for IPv6', () => {
    const v6 = { ...ONE, name: 'VI_6', family: 6, version: 3, addresses: vips('eth0', 'fe80::100') } as const;
    const told = announced([TWO, v6], { garpUs: 200_000, groups: [] }, 1);
    expect(told).toEqual(['0.00 10.0.1.100', `0.00${' fe80::100'.repeat(5)}`, '0.20 10.0.1.100']);
  });
});

describe('garp_group', () => {
  it('holds for its interfaces together, and the intervals of global_defs for all others', () => {
    const group = { garpUs: 150_000, interfaces: ['eth0', 'eth1'] };
    expect(announced([ONE, TWO], { garpUs: 1, groups: [group] }, 1)).toEqual([
      '0.00 10.0.0.100',
      '0.15 10.0.0.100',
      '0.30 10.0.0.101',
      '0.45 10.0.1.100',
    ]);
  });
});

describe('what waits', () => {
  it('is forgotten when the instance is no MASTER any more', () => {
    const node = testNode({ ...nodeConfig([{ ...ONE, priority: 254 }]), pacing: { garpUs: SECOND, groups: [] } });
    node.runTo(4 * SECOND);
    node.hear({ priority: 255 });
    const effects = node.runTo(6 * SECOND);
    expect(effects.some(({ kind }) => kind === 'announce')).toBe(false);
  });

  it('does not hold up a node whose instance has gone', () => {
    const config = { ...nodeConfig([ONE, TWO]), pacing: { garpUs: SECOND, groups: [] } };
    const node = testNode(config, [link(), ETH1]);
    node.reload({ ...config, instances: config.instances.slice(1) });
    node.runTo(20 * SECOND);
    expect(node.instance('VI_2').state).toBe('MASTER');
  });
});

describe('garp_extra_if', () => {
  const device = { name: 'vrrp.51', base: 'eth0', kind: 'macvlan', xmitBase: true } as const;
  const addresses = [
    ...vips('eth0', '10.0.0.100'),
    ...vips('vrrp.51', '10.0.0.101', '10.0.0.102'),
    ...vips('eth1', '10.0.1.100'),
  ];
  const announcements = {
    delayUs: 0,
    repeat: 1,
    refreshUs: 0,
    refreshRepeat: 1,
    lowerPrioDelayUs: 0,
    lowerPrioRepeat: 0,
  };

  it.each<[boolean, readonly string[]]>([
    [false, ['vrrp.51 10.0.0.101']],
    [true, ['vrrp.51 10.0.0.101', 'eth1 10.0.1.100']],
  ])('all: %s', (all, expected) => {
    const extra = { intervalUs: 100 * SECOND, all };
    const instance = { priority: 255, vmac: device, addresses, announcements: { ...announcements, extra } };
    const node = testNode(nodeConfig([instance]), [link(), ETH1, link({ name: 'vrrp.51', index: 7 })]);
    node.runTo(99 * SECOND);
    const effects = node.runTo(201 * SECOND).filter((effect) => effect.kind === 'announce');
    const told = effects.map(({ announcements }) => announcements.map((each) => `${each.interface} ${each.address}`));
    expect(told).toEqual([expected, expected]);
  });
});
