// use_vmac, use_ipvlan, accept and the names and places that follow (keepalived 2.2.7 was asked about each).
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';

function instance(body: string, { vrid = 51, addresses = '10.0.0.100' } = {}): string {
  return `vrrp_instance VI_${vrid}_${addresses.length} {\ninterface eth0\nvirtual_router_id ${vrid}\n${body}\nvirtual_ipaddress {\n${addresses}\n}\n}`;
}

function resolve(body: string, options: Parameters<typeof instance>[1] & { globals?: string } = {}) {
  const { globals = '' } = options;
  const { config, diagnostics } = parseConfig(`global_defs {\n${globals}\n}\n${instance(body, options)}`, 'f');
  return { config, instance: config.instances[0]!, said: diagnostics.map(({ code }) => code) };
}

const placed = ({
  addresses,
  excluded,
}: {
  addresses: readonly { address: string; interface: string }[];
  excluded: readonly { address: string; interface: string }[];
}) => Object.fromEntries([...addresses, ...excluded].map((vip) => [vip.address, vip.interface]));

describe('the device of an instance', () => {
  it.each([
    ['use_vmac', { name: 'vrrp.51', mac: '00:00:5e:00:01:33' }],
    ['use_vmac foo', { name: 'foo' }],
    ['use_vmac name foo', { name: 'foo' }],
    ['use_vmac 02:11:22:33:44', { name: 'vrrp.51', mac: '02:11:22:33:44:33' }],
    ['use_vmac foo 2:1:22:33:44:5 netlink_notify_msg', { name: 'foo', mac: '02:01:22:33:44:05' }],
    ['use_vmac group 7', { name: 'vrrp.51', group: 7 }],
    ['use_vmac\nvmac_xmit_base', { xmitBase: true }],
    ['use_ipvlan ipv0 10.0.0.77 private', { kind: 'ipvlan', name: 'ipv0', address: '10.0.0.77', mode: 'private' }],
    ['use_vmac\nversion 3\nstrict_mode', { xmitBase: false }],
  ])('%j', (body, expected) => {
    const resolved = resolve(body);
    expect(resolved.said).toEqual([]);
    expect(resolved.instance.vmac).toMatchObject({ base: 'eth0', kind: 'macvlan', ...expected });
  });

  it.each([
    ['use_vmac averyverylongname1', ['out-of-range'], { name: 'vrrp.51' }],
    ['use_vmac ../x', ['out-of-range'], { name: 'vrrp.51' }],
    ['use_vmac 00:00:5e:00:01:99', ['invalid-value'], { mac: '00:00:5e:00:01:33' }],
    ['use_vmac 01:00:00:00:00:01', ['invalid-value'], { mac: '00:00:5e:00:01:33' }],
    ['use_vmac a b', ['duplicate'], { name: 'a' }],
    ['use_vmac\nuse_ipvlan', ['duplicate'], { kind: 'macvlan' }],
    ['use_vmac\npromote_secondaries', ['no-effect'], {}],
    ['use_vmac\nunicast_peer {\n10.0.0.2\n}', ['no-effect'], { xmitBase: true }],
    ['use_vmac\nvmac_xmit_base\nversion 3\nstrict_mode', ['no-effect'], { xmitBase: false }],
    ['use_ipvlan\nvmac_xmit_base', ['no-effect'], { xmitBase: false }],
  ])('%j is mended, and said', (body, said, expected) => {
    const resolved = resolve(body);
    expect(resolved.said).toEqual(said);
    expect(resolved.instance.vmac).toMatchObject(expected);
    expect(resolved.instance.options?.promoteSecondaries).toBeUndefined();
  });

  it('has no use for vmac_xmit_base without use_vmac', () => {
    const { instance: bare, said } = resolve('vmac_xmit_base');
    expect(said).toEqual(['no-effect']);
    expect(bare.vmac).toBeUndefined();
  });

  it('has the first free name: by family, then by number', () => {
    const v6 = { addresses: 'fe80::51' };
    const text = [instance('use_vmac'), instance('use_vmac', v6), instance('use_vmac vrrp1.52', { vrid: 52 })]
      .concat(instance('use_vmac\nversion 3', { vrid: 51, addresses: '10.0.0.77' }).replace('eth0', 'eth1'))
      .concat(instance('use_vmac foo', { vrid: 7 }), instance('use_vmac foo', { vrid: 8 }))
      .join('\n');
    const { config, diagnostics } = parseConfig(text, 'f');
    expect(config.instances.map(({ vmac }) => vmac?.name)).toEqual([
      'vrrp.51',
      'vrrp6.51',
      'vrrp1.52',
      'vrrp1.51',
      'foo',
      'vrrp.8',
    ]);
    expect(config.instances[1]!.vmac?.mac).toBe('00:00:5e:00:02:33');
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['duplicate']);
  });
});

describe('addresses and devices', () => {
  const addresses = '10.0.0.1\n10.0.0.2 dev eth0\n10.0.0.3 dev eth1\n10.0.0.4 dev eth1 use_vmac\n10.0.0.5 use_vmac';
  const excluded = 'virtual_ipaddress_excluded {\nfd00::1\nfd00::2 use_vmac\n}\n';
  it.each([
    ['', { '1': 'eth0', '2': 'eth0', '3': 'eth1', '4': 'vrrp.51', '5': 'vrrp1.51' }, 'eth0', 'vrrp6.51'],
    ['use_vmac', { '1': 'vrrp.51', '2': 'vrrp.51', '3': 'eth1', '4': 'vrrp1.51', '5': 'vrrp.51' }, 'eth0', 'vrrp6.51'],
    [
      'use_vmac_addr',
      { '1': 'eth0', '2': 'eth0', '3': 'vrrp.51', '4': 'vrrp.51', '5': 'vrrp1.51' },
      'vrrp6.51',
      'vrrp6.51',
    ],
    ['use_ipvlan x', { '1': 'eth0', '2': 'eth0', '3': 'eth1', '4': 'vrrp.51', '5': 'vrrp1.51' }, 'eth0', 'vrrp6.51'],
  ])('are where keepalived has them: %j', (body, expected, other, wanted) => {
    const { instance: resolved } = resolve(`${body}\n${excluded}`, { addresses });
    const v4 = Object.entries(expected).map(([last, name]) => [`10.0.0.${last}`, name]);
    expect(placed(resolved)).toEqual({ ...Object.fromEntries(v4), 'fd00::1': other, 'fd00::2': wanted });
  });

  it('take the names of their devices from vmac_addr_prefix, those of instances from vmac_prefix', () => {
    const globals = 'vmac_prefix a\nvmac_addr_prefix b';
    const { instance: resolved } = resolve('use_vmac', { globals, addresses: '10.0.0.1\n10.0.0.2 dev eth1 use_vmac' });
    expect(placed(resolved)).toEqual({ '10.0.0.1': 'a.51', '10.0.0.2': 'b.51' });
    expect(resolved.addressDevices).toEqual([
      { name: 'b.51', autoName: true, base: 'eth1', kind: 'macvlan', mac: '00:00:5e:00:01:33' },
    ]);
  });
});

describe('accept', () => {
  it.each([
    ['', true, []],
    ['no_accept', false, []],
    ['no_accept\naccept', true, []],
    ['strict_mode', false, []],
    ['strict_mode\nversion 3', false, []],
    ['strict_mode\nversion 3\naccept', true, []],
    ['strict_mode\naccept', false, ['no-effect']],
    ['strict_mode\npriority 255', true, []],
  ])('%j', (body, accept, said) => {
    const resolved = resolve(body);
    expect(resolved.instance.accept).toBe(accept);
    expect(resolved.said).toEqual(said);
  });
});

describe('the packet filter table', () => {
  it('has the words of global_defs', () => {
    const { config, said } = resolve('', {
      globals: 'nftables my-table\nnftables_priority -300\nnftables_counters\ndisable_local_igmp',
    });
    expect(config.globals).toMatchObject({
      nftables: { table: 'my-table', priority: -300, counters: true },
      disableLocalIgmp: true,
    });
    expect(said).toEqual([]);
  });

  it.each(['nftables a;b', 'nftables 1x', 'nftables "a b"'])(
    'has no name that nft would take for more: %s',
    (globals) => {
      const { config, said } = resolve('', { globals });
      expect(said).toEqual(['invalid-value']);
      expect(config.globals.nftables).toBeUndefined();
    },
  );
});

describe('strict mode', () => {
  it.each([
    ['preempt_delay 5', { preemptDelayUs: 0 }],
    ['down_timer_adverts 5', { options: { strict: true, lowerPrioNoAdvert: true } }],
    ['lower_prio_no_advert no', { options: { strict: true, lowerPrioNoAdvert: true } }],
    ['higher_prio_send_advert', { options: { strict: true, lowerPrioNoAdvert: true } }],
    ['garp_lower_prio_repeat 3', { announcements: { lowerPrioRepeat: 0 } }],
    ['use_vmac 02:11:22:33:44:55', { vmac: { mac: '00:00:5e:00:01:33' } }],
  ])('ignores %j, and says so', (body, expected) => {
    const resolved = resolve(`${body}\nstrict_mode`);
    expect(resolved.said).toEqual(['no-effect']);
    expect(resolved.instance).toMatchObject(expected);
  });

  it('speaks version 3 over IPv6, from a link-local address first', () => {
    const { instance: resolved, said } = resolve('strict_mode\nversion 2', { addresses: 'fd00::1\nfe80::1' });
    expect(resolved.version).toBe(3);
    expect(said).toEqual(['no-effect', 'no-effect']);
  });

  it('needs an address', () => {
    const { config, said } = resolve('strict_mode', { addresses: '' });
    expect(config.instances).toEqual([]);
    expect(said).toEqual(['missing-address']);
  });
});
