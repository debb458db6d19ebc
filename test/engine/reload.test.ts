// A new configuration for a running node (keepalived: SIGHUP).
import { describe, expect, it } from 'vitest';
import { planReload } from '../../src/engine/reload-plan.ts';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import { OWN, SECOND } from '../support/instance.ts';
import { kinds, lines, link, nodeConfig, scriptConfig, type TestNode, testNode } from '../support/node.ts';

const DOWN_100 = 3_609_375;
const vip = (address: string) => ({ interface: 'eth0', address, prefix: 32, scope: 0 });
const OLD = [{}, { name: 'VI_2', vrid: 52, addresses: [vip('10.0.0.200')] }];

/** Two instances, both MASTER, whose addresses the kernel has shown. */
function masters(): TestNode {
  const node = testNode(nodeConfig(OLD));
  node.runTo(DOWN_100);
  const up = link({ ips: ['10.0.0.1', '10.0.0.100', '10.0.0.200'] });
  node.event({ kind: 'linkChanged', name: 'eth0', link: up });
  return node;
}

describe('what continues what', () => {
  const plan = (after: readonly Partial<InstanceConfig>[]) => {
    const { kept, added, removed } = planReload(nodeConfig(OLD), nodeConfig(after));
    const name = ({ name }: InstanceConfig): string => name;
    return {
      kept: kept.map(({ before, after, changes }) => `${before.name} -> ${after.name}: ${changes.join(' ') || '-'}`),
      added: added.map(name),
      removed: removed.map(name),
    };
  };

  it.each<[string, readonly Partial<InstanceConfig>[], unknown]>([
    ['nothing changed', OLD, { kept: ['VI_1 -> VI_1: -', 'VI_2 -> VI_2: -'], added: [], removed: [] }],
    [
      'another priority',
      [{ priority: 90 }, OLD[1]!],
      { kept: ['VI_1 -> VI_1: priority', 'VI_2 -> VI_2: -'], added: [], removed: [] },
    ],
    [
      'another name',
      [{ name: 'WEB' }, OLD[1]!],
      { kept: ['VI_1 -> WEB: name', 'VI_2 -> VI_2: -'], added: [], removed: [] },
    ],
    [
      'names exchanged',
      [{ name: 'VI_2' }, { ...OLD[1], name: 'VI_1' }],
      { kept: ['VI_1 -> VI_2: name', 'VI_2 -> VI_1: name'], added: [], removed: [] },
    ],
    ['another VRID', [{ vrid: 7 }, OLD[1]!], { kept: ['VI_2 -> VI_2: -'], added: ['VI_1'], removed: ['VI_1'] }],
    [
      'multicast to unicast',
      [{ unicastPeers: ['10.0.0.2'] }, OLD[1]!],
      { kept: ['VI_2 -> VI_2: -'], added: ['VI_1'], removed: ['VI_1'] },
    ],
    ['one is gone', [OLD[1]!], { kept: ['VI_2 -> VI_2: -'], added: [], removed: ['VI_1'] }],
  ])('%s', (_title, after, expected) => {
    expect(plan(after)).toEqual(expected);
  });
});

describe('a reload', () => {
  it('of the same file says nothing to anybody', () => {
    const node = masters();
    const effects = node.reload(nodeConfig(OLD));
    expect(kinds(effects)).toEqual([]);
    expect(lines(effects)).toEqual(['Reloaded: 2 unchanged, 0 changed, 0 new, 0 removed']);
  });

  it('says the new priority of a MASTER at once, and only that, without a change of state', () => {
    const node = masters();
    const effects = node.reload(nodeConfig([{ priority: 90 }, OLD[1]!]));
    expect(effects.filter((effect) => effect.kind === 'sendAdvert')).toMatchObject([
      { instance: 'VI_1', fields: { priority: 90 } },
    ]);
    expect(node.instance()).toMatchObject({ state: 'MASTER', effectivePriority: 90, since: DOWN_100 });
  });

  it('with --compat 2.2 says the old priority once more before, as keepalived does', () => {
    const node = testNode(nodeConfig(OLD), [link()], { compat: '2.2' });
    node.runTo(DOWN_100);
    const adverts = node.reload(nodeConfig([{ priority: 90 }, OLD[1]!])).filter(({ kind }) => kind === 'sendAdvert');
    expect(adverts).toMatchObject([{ fields: { priority: 100 } }, { fields: { priority: 90 } }]);
  });

  it('renames an instance and keeps its state and its counters', () => {
    const node = masters();
    node.reload(nodeConfig([{ name: 'WEB' }, OLD[1]!]));
    expect(node.instance('WEB')).toMatchObject({ state: 'MASTER', counters: { becomeMaster: 1 } });
    expect(node.instance('VI_1')).toBeUndefined();
  });

  it('takes and gives only the addresses that differ', () => {
    const node = masters();
    const effects = node.reload(
      nodeConfig([
        { addresses: [vip('10.0.0.100'), vip('10.0.0.101')] },
        { ...OLD[1], addresses: [vip('10.0.0.201')] },
      ]),
    );
    const moved = effects.flatMap((effect) =>
      effect.kind === 'addAddresses' || effect.kind === 'removeAddresses'
        ? [`${effect.kind} ${effect.addresses.map(({ address }) => address).join(' ')}`]
        : [],
    );
    expect(moved).toEqual(['removeAddresses 10.0.0.200', 'addAddresses 10.0.0.101', 'addAddresses 10.0.0.201']);
    expect(node.instance('VI_2').state).toBe('MASTER');
    // On the way out all of them go, also the one from before the reload.
    const stop = node.event({ kind: 'stopped' }).filter((effect) => effect.kind === 'removeAddresses');
    expect(stop.flatMap(({ addresses }) => addresses.map(({ address }) => address)).sort()).toEqual([
      '10.0.0.100',
      '10.0.0.101',
      '10.0.0.201',
    ]);
  });

  it('lets an instance that is gone resign and remove its addresses', () => {
    const node = masters();
    const effects = node.reload(nodeConfig([OLD[1]!]));
    expect(kinds(effects)).toEqual(['sendAdvert', 'sendAdvert', 'removeAddresses']);
    expect(node.snapshot().instances.map(({ name }) => name)).toEqual(['VI_2']);
  });

  it('starts a new instance as BACKUP, and opens and closes sockets as needed', () => {
    const node = masters();
    node.event({ kind: 'linkChanged', name: 'eth1', link: link({ name: 'eth1', ips: ['10.1.0.1'] }) });
    const effects = node.reload(nodeConfig([{ name: 'VI_3', interface: 'eth1' }]));
    expect(kinds(effects)).toContain('closeChannel');
    expect(kinds(effects)).toContain('openChannel');
    expect(node.instance('VI_3')).toMatchObject({ state: 'BACKUP', masterDownAt: DOWN_100 + DOWN_100 });
  });

  it('starts the full timer of a changed BACKUP anew', () => {
    const node = testNode(nodeConfig());
    node.runTo(SECOND);
    node.reload(nodeConfig([{ priority: 200 }]));
    expect(node.instance()).toMatchObject({ state: 'BACKUP', masterDownAt: SECOND + 3_218_750 });
  });

  it('keeps the results of a script whose command is the same, and forgets those of another', () => {
    const track = { trackScripts: [{ name: 'chk', weight: 0, reverse: false }] };
    const node = testNode(nodeConfig([track], [scriptConfig({ intervalUs: 60 * SECOND })]));
    node.reload(nodeConfig([track], [scriptConfig({ intervalUs: 5 * SECOND })]));
    expect(node.snapshot().scripts[0]).toMatchObject({ ok: true, passes: 1, intervalUs: 5 * SECOND });
    node.scripts = undefined;
    node.reload(nodeConfig([track], [scriptConfig({ command: { argv: ['/bin/other'], text: '/bin/other' } })]));
    expect(node.snapshot().scripts[0]).toMatchObject({ ok: undefined, passes: 0, running: true });
  });

  it('keeps an override, also under a new name, and drops that of an instance that is gone', () => {
    const node = masters();
    node.command({ kind: 'set-priority', instance: 'VI_1', priority: 42 });
    node.command({ kind: 'force-fault', instance: 'VI_2' });
    node.reload(nodeConfig([{ name: 'WEB' }]));
    expect(node.snapshot().overrides).toMatchObject([{ instance: 'WEB', kind: 'priority' }]);
    expect(node.instance('WEB').effectivePriority).toBe(42);
  });
});

describe('an address that moves from one MASTER to another', () => {
  it.each([
    ['before', [1, 0]],
    ['behind', [0, 1]],
  ] as const)('is there, whichever way it goes: the taker stands %s the giver', (_title, order) => {
    const give = [
      { priority: 255, addresses: [vip('10.0.0.100'), vip('10.0.0.101')] },
      { name: 'VI_2', vrid: 52, priority: 255, addresses: [vip('10.0.0.102')] },
    ];
    const take = [
      { priority: 255, addresses: [vip('10.0.0.100')] },
      { name: 'VI_2', vrid: 52, priority: 255, addresses: [vip('10.0.0.102'), vip('10.0.0.101')] },
    ];
    const node = testNode(nodeConfig(give));
    node.event({
      kind: 'linkChanged',
      name: 'eth0',
      link: link({ ips: [OWN, '10.0.0.100', '10.0.0.101', '10.0.0.102'] }),
    });
    const effects = node.reload(nodeConfig(order.map((i) => take[i]!)));
    expect(kinds(effects).filter((kind) => kind.endsWith('Addresses'))).toEqual(['removeAddresses', 'addAddresses']);
  });
});
