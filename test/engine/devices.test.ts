// The interfaces, packet filter rules and kernel settings that a node makes for itself.
import { describe, expect, it } from 'vitest';
import type { NodeConfig } from '../../src/engine/config.ts';
import type { EngineEffect } from '../../src/engine/event.ts';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import { SECOND } from '../support/instance.ts';
import { kinds, lines, link, type NodeOptions, nodeConfig, testNode } from '../support/node.ts';

const DOWN_100 = 3_609_375;
const NAME = 'vrrp.51';
const MAC = '00:00:5e:00:01:33';
const vmac = { name: NAME, base: 'eth0', kind: 'macvlan', mac: MAC, xmitBase: false } as const;
const vip = (address: string, on = NAME) => ({ interface: on, address, prefix: 32, scope: 0 });
const VMAC: Partial<InstanceConfig> = { vmac, addresses: [vip('10.0.0.100')] };
const VMAC6: Partial<InstanceConfig> = {
  family: 6,
  version: 3,
  group: 'ff02::12',
  vmac: { ...vmac, mac: '00:00:5e:00:02:33' },
  addresses: [vip('fe80::51')],
};

function start(instance: Partial<InstanceConfig>, links = [link()], options: NodeOptions = {}) {
  const all: EngineEffect[] = [];
  const config = nodeConfig([instance]);
  const node = testNode(config, links, { ...options, onEffect: (effect) => void all.push(effect) });
  return { node, all, config };
}

const find = <Kind extends EngineEffect['kind']>(effects: readonly EngineEffect[], kind: Kind) =>
  effects.filter((effect): effect is Extract<EngineEffect, { kind: Kind }> => effect.kind === kind);

describe('a virtual MAC address', () => {
  it('has its device and its rules before the socket, and no FAULT meanwhile', () => {
    const { node, all } = start(VMAC);
    expect(kinds(all)).toEqual(['replaceFirewall', 'createDevices', 'openChannel']);
    expect(find(all, 'createDevices')[0]!.specs).toEqual([
      { name: NAME, base: 'eth0', kind: 'macvlan', mode: 'private', mac: MAC, ipv4: true, ipv6: false },
    ]);
    expect(find(all, 'openChannel')[0]!.channel).toMatchObject({ interface: NAME });
    expect(lines(all)).toEqual([`made the interface ${NAME} on eth0 with MAC ${MAC}`, 'Entering BACKUP STATE']);
    expect(node.instance().device).toEqual({ name: NAME, kind: 'macvlan', mac: MAC, xmitBase: false, up: true });
  });

  it('carries adverts and addresses; the source is that of the base', () => {
    const { node } = start(VMAC);
    const effects = node.runTo(DOWN_100);
    expect(find(effects, 'sendAdvert')[0]).toMatchObject({ interface: NAME, source: '10.0.0.1' });
    expect(find(effects, 'addAddresses')[0]!.addresses).toMatchObject([{ interface: NAME, address: '10.0.0.100' }]);
    expect(find(effects, 'announce')[0]!.announcements[0]).toMatchObject({ interface: NAME });
  });

  it('hears adverts on the device, not those on the base', () => {
    const { node } = start(VMAC);
    node.hear({ priority: 200 }, '10.0.0.2', 'eth0');
    expect(node.instance().master).toBeUndefined();
    node.hear({ priority: 200 }, '10.0.0.2', NAME);
    expect(node.instance().master).toMatchObject({ address: '10.0.0.2' });
  });

  it('with vmac_xmit_base speaks and hears on the base, and holds its addresses on the device', () => {
    const { node } = start({ ...VMAC, vmac: { ...vmac, xmitBase: true } });
    const effects = node.runTo(DOWN_100);
    expect(find(effects, 'sendAdvert')[0]).toMatchObject({ interface: 'eth0' });
    expect(find(effects, 'addAddresses')[0]!.addresses).toMatchObject([{ interface: NAME }]);
  });

  it('with vmac_xmit_base hears a peer that speaks with the virtual MAC, which only the device gets, and nobody twice', () => {
    const { node, all } = start({ ...VMAC, vmac: { ...vmac, xmitBase: true } });
    const opened = find(all, 'openChannel').map(({ channel }) => channel.interface);
    expect(opened).toEqual(['eth0', NAME]);
    node.hear({ priority: 200 }, '10.0.0.2', NAME);
    expect(node.instance().counters.advertRcvd).toBe(1);
    for (const on of ['eth0', NAME]) node.hear({ priority: 200 }, '10.0.0.3', on);
    expect(node.instance().counters.advertRcvd).toBe(2);
    node.runTo(4 * SECOND);
    node.hear({ priority: 200 }, '10.0.0.3', NAME);
    expect(node.instance().counters.advertRcvd).toBe(3);
  });

  it('does not take adverts for another instance on its base for strange ones', () => {
    const other = { ...VMAC, name: 'VI_2', vrid: 52, vmac: { ...vmac, name: 'vrrp.52' }, addresses: [] };
    const node = testNode(nodeConfig([VMAC, other]));
    node.hear({ vrid: 52 }, '10.0.0.2', NAME);
    expect(node.snapshot().unknownVrid).toEqual({});
    node.hear({ vrid: 53 }, '10.0.0.2', NAME);
    expect(node.snapshot().unknownVrid).toEqual({ eth0: 1 });
  });

  it('is a FAULT while it cannot be made, tried again each second', () => {
    let failure: string | undefined = 'cannot make vrrp.51';
    const { node, all } = start(VMAC, [link()], { deviceFailure: () => failure });
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['cannot make vrrp.51'] });
    all.length = 0;
    node.runTo(SECOND);
    expect(kinds(all)).toEqual(['createDevices']);
    failure = undefined;
    node.runTo(2 * SECOND);
    expect(node.instance()).toMatchObject({ state: 'BACKUP', faults: [] });
  });

  it('waits for its base, and is made anew when it or its base is gone', () => {
    const { node, all } = start(VMAC, []);
    expect(find(all, 'createDevices')).toEqual([]);
    expect(node.instance().state).toBe('FAULT');
    expect(kinds(node.event({ kind: 'linkChanged', name: 'eth0', link: link() }))).toContain('createDevices');
    expect(node.instance().state).toBe('BACKUP');
    expect(kinds(node.event({ kind: 'linkChanged', name: NAME, link: undefined }))).toContain('createDevices');
    expect(node.instance().state).toBe('BACKUP');
    node.event({ kind: 'linkChanged', name: 'eth0', link: undefined });
    const gone = node.event({ kind: 'linkChanged', name: NAME, link: undefined });
    expect(kinds(gone)).not.toContain('createDevices');
    expect(node.instance().state).toBe('FAULT');
    const back = node.event({ kind: 'linkChanged', name: 'eth0', link: link({ index: 9 }) });
    expect(find(back, 'replaceFirewall')[0]!.rules!.devices).toEqual([{ name: NAME, family: 4, baseIndex: 9 }]);
    expect(node.instance().state).toBe('BACKUP');
  });

  it('is down with its device or its base, unless dont_track_primary', () => {
    for (const name of ['eth0', NAME]) {
      const { node } = start(VMAC);
      node.event({ kind: 'linkChanged', name, link: link({ name, up: false }) });
      expect(node.instance().faults).toEqual([`interface ${name} is down`]);
      const { node: other } = start({ ...VMAC, options: { dontTrackPrimary: true } });
      other.event({ kind: 'linkChanged', name, link: link({ name, up: false }) });
      expect(other.instance().faults).toEqual([]);
    }
  });

  it('speaks IPv6 from the link-local address of its base, which the device gets too', () => {
    const base = link({ ips: ['fe80::1'] });
    const { node, all } = start(VMAC6, [base]);
    const lent = { interface: NAME, address: 'fe80::1', prefix: 64, scope: 253 };
    expect(find(all, 'addAddresses')[0]!.addresses).toEqual([lent]);
    expect(node.instance()).toMatchObject({ state: 'BACKUP', source: 'fe80::1' });
    const shared = { name: NAME, family: 6, baseIndex: 2, shared: 'fe80::1' };
    expect(find(all, 'replaceFirewall')[0]!.rules!.devices).toEqual([shared]);
    const changed = node.event({ kind: 'linkChanged', name: 'eth0', link: link({ ips: ['fe80::2'] }) });
    expect(find(changed, 'removeAddresses')[0]!.addresses).toEqual([lent]);
    expect(find(changed, 'addAddresses')[0]!.addresses).toEqual([{ ...lent, address: 'fe80::2' }]);
    expect(node.instance().source).toBe('fe80::2');
  });

  it('goes at the end: priority 0, addresses, device, rules', () => {
    const { node } = start(VMAC);
    node.runTo(DOWN_100);
    const told = kinds(node.event({ kind: 'stopped' }));
    expect(told).toEqual(['sendAdvert', 'removeAddresses', 'removeDevices', 'replaceFirewall']);
  });

  it('comes and goes with a reload', () => {
    const { node, config } = start({});
    const plain = config;
    const added = node.reload(nodeConfig([VMAC]));
    expect(kinds(added)).toContain('createDevices');
    expect(node.instance().state).toBe('BACKUP');
    const removed = node.reload(plain);
    expect(find(removed, 'removeDevices')[0]!.names).toEqual([NAME]);
    expect(find(removed, 'replaceFirewall')[0]!.rules).toBeUndefined();
    expect(kinds(node.reload(plain))).not.toContain('removeDevices');
  });

  it('of an earlier run loses its addresses, the only one too', () => {
    const { all } = start(VMAC, [link(), link({ name: NAME, index: 7, ips: ['10.0.0.100'] })]);
    expect(find(all, 'removeAddresses')[0]!.addresses).toMatchObject([{ address: '10.0.0.100' }]);
  });
});

describe('packet filter rules', () => {
  const rulesOf = (instance: Partial<InstanceConfig>) => find(start(instance).all, 'replaceFirewall')[0]?.rules;

  it.each<[string, Partial<InstanceConfig>, unknown]>([
    ['none where the MASTER accepts', {}, undefined],
    ['none for an owner, who accepts in any case', { accept: false, priority: 255 }, undefined],
    [
      'closed addresses, excluded ones too',
      { accept: false, excluded: [vip('10.0.0.7', 'eth1')] },
      {
        closed: [
          { address: '10.0.0.100', interface: 'eth0' },
          { address: '10.0.0.7', interface: 'eth1' },
        ],
        devices: [],
      },
    ],
    ['reports of a device', VMAC, { closed: [], devices: [{ name: NAME, family: 4, baseIndex: 2 }] }],
  ])('%s', (_title, instance, expected) => {
    const rules = rulesOf(instance);
    if (expected === undefined) expect(rules).toBeUndefined();
    else expect(rules).toEqual({ priority: -1, counters: false, ...(expected as object) });
  });

  it('take their table, priority and counters from the configuration, and move with it', () => {
    const named = (table: string): NodeConfig => {
      const config = nodeConfig([{ accept: false }]);
      return { ...config, globals: { ...config.globals, nftables: { table, priority: 5, counters: true } } };
    };
    const all: EngineEffect[] = [];
    const node = testNode(named('a'), [link()], { onEffect: (effect) => void all.push(effect) });
    expect(find(all, 'replaceFirewall')).toMatchObject([
      { table: 'a', wait: true, rules: { priority: 5, counters: true } },
    ]);
    const moved = find(node.reload(named('b')), 'replaceFirewall');
    expect(moved.map(({ table, rules }) => [table, rules !== undefined])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(find(node.reload(named('b')), 'replaceFirewall')).toEqual([]);
  });

  it('that are refused are told of with what follows', () => {
    const { node } = start({ accept: false });
    const result = { ok: false, code: 'ENOENT', message: 'packet filter rules need the program nft' } as const;
    expect(lines(node.event({ kind: 'firewallReplaced', result }))).toEqual([
      'packet filter rules need the program nft: VI_1 will answer on virtual addresses as MASTER in spite of no_accept',
    ]);
  });
});

describe('kernel settings', () => {
  const promote = { path: ['ipv4', 'conf', 'eth0', 'promote_secondaries'], value: '1' };

  it('are asked for once, again for an interface made anew, and given back', () => {
    const { node, all, config } = start({ options: { promoteSecondaries: true } });
    expect(find(all, 'setSysctls')).toEqual([{ kind: 'setSysctls', settings: [promote] }]);
    node.runTo(DOWN_100);
    expect(find(all, 'setSysctls')).toHaveLength(1);
    node.event({ kind: 'linkChanged', name: 'eth0', link: link({ index: 8 }) });
    expect(find(all, 'setSysctls')).toHaveLength(2);
    node.reload(nodeConfig([{}]));
    expect(find(all, 'setSysctls').at(-1)).toEqual({ kind: 'setSysctls', settings: [] });
    node.reload(config);
    expect(find(node.event({ kind: 'stopped' }), 'setSysctls')).toEqual([{ kind: 'setSysctls', settings: [] }]);
  });

  it('of disable_local_igmp', () => {
    const config = nodeConfig();
    const all: EngineEffect[] = [];
    testNode({ ...config, globals: { ...config.globals, disableLocalIgmp: true } }, [link()], {
      onEffect: (effect) => void all.push(effect),
    });
    const path = ['ipv4', 'igmp_link_local_mcast_reports'];
    expect(find(all, 'setSysctls')).toEqual([{ kind: 'setSysctls', settings: [{ path, value: '0' }] }]);
  });
});
