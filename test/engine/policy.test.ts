// Virtual and static routes and rules, from the words of the file to what the kernel is asked for.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { NodeConfig } from '../../src/engine/config.ts';
import { dumpData } from '../../src/engine/dump-data.ts';
import { dumpJson } from '../../src/engine/dump-json.ts';
import type { EngineEffect } from '../../src/engine/event.ts';
import { describeEntry } from '../../src/engine/policy-text.ts';
import type { PolicyEntry } from '../../src/wire/route.ts';
import { SECOND } from '../support/instance.ts';
import { kinds, lines, link, type TestNode, testNode } from '../support/node.ts';

const ETH1 = link({ name: 'eth1', index: 3, ips: ['10.1.0.1'] });
const TRACKED = '192.168.9.0/24 via 10.0.0.9 dev eth0';
const LOOSE = '192.168.8.0/24 dev eth1 no_track';
const RULE = 'from 10.9.0.0/16 table 100 priority 900';

function read(routes: readonly string[], rules: readonly string[], more = ''): NodeConfig {
  const block = (name: string, list: readonly string[]) =>
    list.length === 0 ? '' : `${name} {\n${list.join('\n')}\n}\n`;
  const body = `${block('virtual_routes', routes)}${block('virtual_rules', rules)}`;
  const own = 'interface eth0\nvirtual_router_id 51\npriority 100\nvirtual_ipaddress {\n10.0.0.100\n}';
  const { config, diagnostics } = parseConfig(`vrrp_instance VI_1 {\n${own}\n${body}}\n${more}`, 'test.conf');
  expect(diagnostics.filter(({ blocking }) => blocking)).toEqual([]);
  return config;
}

const MASTER_AT = 4 * SECOND;

function master(config: NodeConfig): TestNode {
  const node = testNode(config, [link(), ETH1]);
  node.runTo(MASTER_AT);
  return node;
}

/** `addPolicy virtual route …`, one an entry. */
function asked(effects: readonly EngineEffect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.kind === 'addPolicy' || effect.kind === 'removePolicy'
      ? effect.entries.map((entry) => `${effect.kind} ${describeEntry(entry).split(' ').slice(1, 4).join(' ')}`)
      : [],
  );
}

const entriesOf = (effects: readonly EngineEffect[]): readonly PolicyEntry[] =>
  effects.flatMap((effect) => (effect.kind === 'addPolicy' ? effect.entries : []));

const shown = (node: TestNode) => node.instance().policy.map(({ kind, present }) => `${kind} ${present}`);

describe('virtual routes and rules', () => {
  it('come behind the addresses and before their announcements, and go in front of them, rules first', () => {
    const node = testNode(read([TRACKED, LOOSE], [RULE]), [link(), ETH1]);
    expect(shown(node)).toEqual(['route false', 'route false', 'rule false']);
    const promoted = node.runTo(MASTER_AT);
    const order = kinds(promoted).filter((kind) => kind !== 'notifyFifo');
    expect(order.slice(0, 4)).toEqual(['sendAdvert', 'addAddresses', 'addPolicy', 'announce']);
    expect(asked(promoted)).toEqual([
      'addPolicy route prepend 192.168.9.0/24',
      'addPolicy route prepend 192.168.8.0/24',
      'addPolicy rule from 10.9.0.0/16',
    ]);
    expect(shown(node)).toEqual(['route true', 'route true', 'rule true']);
    const left = node.hear({ priority: 200 });
    expect(asked(left)).toEqual([
      'removePolicy rule from 10.9.0.0/16',
      'removePolicy route prepend 192.168.9.0/24',
      'removePolicy route prepend 192.168.8.0/24',
    ]);
    expect(kinds(left).indexOf('removePolicy')).toBeLessThan(kinds(left).indexOf('removeAddresses'));
  });

  it('of a crashed predecessor are removed at the start', () => {
    const effects: EngineEffect[] = [];
    testNode(read([TRACKED], [RULE]), [link()], { onEffect: (effect) => effects.push(effect) });
    expect(asked(effects)).toEqual(['removePolicy rule from 10.9.0.0/16', 'removePolicy route prepend 192.168.9.0/24']);
  });

  it.each([
    ['a tracked route', [TRACKED], [], true],
    ['a rule', [], [RULE], true],
    ['a route with no_track', [LOOSE], [], false],
    ['a rule with no_track', [], [`${RULE} no_track`], false],
    ['a route that names no interface', ['192.168.7.0/24 via 10.0.0.9'], [], false],
  ])('%s that somebody removes', (_title, routes, rules, yields) => {
    const node = testNode(read(routes, rules), [link(), ETH1]);
    const [entry] = entriesOf(node.runTo(MASTER_AT));
    const effects = node.event({ kind: 'policyRemoved', entry: entry! });
    expect(node.instance().state).toBe(yields ? 'BACKUP' : 'MASTER');
    expect(node.instance().policy.map(({ present }) => present)).toEqual([false]);
    if (!yields) return;
    // keepalived: priority 0, and back after skew (0.61 s of priority 100).
    expect(kinds(effects).slice(0, 3)).toEqual(['sendAdvert', 'removePolicy', 'removeAddresses']);
    expect(asked(node.runTo(MASTER_AT + 0.61 * SECOND))).toHaveLength(1);
    expect(node.instance().state).toBe('MASTER');
  });

  it.each([
    ['a tracked route', ['192.168.9.0/24 dev eth1'], []],
    ['a tracked rule', [], [`${RULE} iif eth1`]],
  ])('without the interface of %s the instance is in FAULT', (_title, routes, rules) => {
    const node = master(read(routes, rules));
    const effects = node.event({ kind: 'linkChanged', name: 'eth1', link: { ...ETH1, up: false } });
    expect(node.instance()).toMatchObject({
      state: 'FAULT',
      faults: ['interface eth1 of a virtual route or rule is down'],
    });
    // The way to the peers is still there.
    expect(kinds(effects)).toContain('sendAdvert');
    node.event({ kind: 'linkChanged', name: 'eth1', link: ETH1 });
    expect(node.instance().state).toBe('BACKUP');
  });

  it('that the kernel refuses are told of once, and tried again when their interface is up', () => {
    const node = testNode(read([LOOSE], []), [link(), ETH1]);
    node.refusePolicy('network is down');
    expect(lines(node.runTo(MASTER_AT)).at(-1)).toBe(
      'virtual route prepend 192.168.8.0/24 dev eth1 no_track not set: network is down',
    );
    expect(shown(node)).toEqual(['route false']);
    expect(asked(node.event({ kind: 'linkChanged', name: 'eth1', link: { ...ETH1, up: false } }))).toEqual([]);
    node.refusePolicy(undefined);
    const again = node.event({ kind: 'linkChanged', name: 'eth1', link: ETH1 });
    expect(asked(again)).toEqual(['addPolicy route prepend 192.168.8.0/24']);
    expect(shown(node)).toEqual(['route true']);
  });

  it('over an interface that went down are set again when it is back', () => {
    const node = master(read([LOOSE], []));
    node.event({ kind: 'linkChanged', name: 'eth1', link: { ...ETH1, up: false } });
    expect([node.instance().state, ...shown(node)]).toEqual(['MASTER', 'route false']);
    node.event({ kind: 'linkChanged', name: 'eth1', link: ETH1 });
    expect(shown(node)).toEqual(['route true']);
  });

  it('over an interface that was down for less than its delay are set again too', () => {
    const node = master({ ...read([TRACKED], []), linkDelays: { eth0: { downUs: SECOND, upUs: 0 } } });
    const eth0 = (change: Parameters<typeof link>[0]) =>
      asked(node.event({ kind: 'linkChanged', name: 'eth0', link: link(change) }));
    expect([eth0({ up: false }), ...shown(node)]).toEqual([[], 'route false']);
    expect(eth0({ up: false, mtu: 1400 })).toEqual([]);
    expect(asked(node.event({ kind: 'linkChanged', name: 'eth1', link: { ...ETH1, mtu: 1400 } }))).toEqual([]);
    expect(eth0({ up: true })).toEqual(['addPolicy route prepend 192.168.9.0/24']);
    expect([node.instance().state, eth0({ mtu: 1400 }), ...shown(node)]).toEqual(['MASTER', [], 'route true']);
  });

  it('change with a reload as far as they differ', () => {
    const node = master(read([TRACKED, LOOSE], [RULE]));
    const effects = node.reload(read([TRACKED, '192.168.7.0/24 dev eth1 no_track'], []));
    expect(asked(effects)).toEqual([
      'removePolicy rule from 10.9.0.0/16',
      'removePolicy route prepend 192.168.8.0/24',
      'addPolicy route prepend 192.168.7.0/24',
    ]);
    expect([node.instance().state, ...shown(node)]).toEqual(['MASTER', 'route true', 'route true']);
  });

  it('are dumped in their own sections', () => {
    const config = read([TRACKED], [RULE]);
    const node = master(config);
    const context = { links: [link()], localTime: () => 'Sun', identity: () => '0:0' };
    const route = 'prepend 192.168.9.0/24 via inet 10.0.0.9 dev eth0 proto 18';
    const rule = 'from 10.9.0.0/16 priority 900 tos 0x0 protocol 18 lookup 100';
    expect(dumpData(config, node.snapshot(), context)).toContain(
      `   Virtual Routes :\n     ${route}\n   Virtual Rules :\n     ${rule}\n`,
    );
    expect(JSON.parse(dumpJson(config, node.snapshot()))).toMatchObject([
      { data: { vroutes: [route], vrules: [rule] } },
    ]);
  });
});

describe('static addresses, routes and rules', () => {
  const STATICS = `track_group TG {\ngroup {\nVI_1\n}\n}
static_ipaddress {\n10.2.0.9/24 dev eth1\n}
static_routes {\n192.168.200.0/24 dev eth1 track_group TG\n}
static_rules {\n${RULE} track_group TG\n}\n`;
  const effects: EngineEffect[] = [];
  const begin = () => {
    effects.length = 0;
    return testNode(read([], [], STATICS), [link(), ETH1], { onEffect: (effect) => effects.push(effect) });
  };
  const withAddress = link({ name: 'eth1', index: 3, ips: ['10.1.0.1', '10.2.0.9'] });

  it('are set at the start, whatever the instances do, and removed at the end in the other order', () => {
    const node = begin();
    const wanted = kinds(effects).filter((kind) => /Addresses|Policy/.test(kind));
    expect(wanted).toEqual(['addAddresses', 'addPolicy']);
    node.event({ kind: 'linkChanged', name: 'eth1', link: withAddress });
    expect(node.snapshot().statics).toEqual([
      { kind: 'address', text: '10.2.0.9/24 dev eth1 scope global', present: true },
      { kind: 'route', text: 'prepend 192.168.200.0/24 dev eth1 proto 18 track_group TG', present: true },
      {
        kind: 'rule',
        text: 'from 10.9.0.0/16 priority 900 tos 0x0 protocol 18 lookup 100 track_group TG',
        present: true,
      },
    ]);
    const end = node.event({ kind: 'stopped' });
    expect(asked(end)).toEqual(['removePolicy rule from 10.9.0.0/16', 'removePolicy route prepend 192.168.200.0/24']);
    expect(kinds(end).at(-1)).toBe('removeAddresses');
  });

  it('are put back when somebody removes them', () => {
    const node = begin();
    node.event({ kind: 'linkChanged', name: 'eth1', link: withAddress });
    const [entry] = entriesOf(effects);
    const restored = node.event({ kind: 'policyRemoved', entry: entry! });
    expect(lines(restored)).toEqual([
      'Restoring deleted static route prepend 192.168.200.0/24 dev eth1 proto 18 track_group TG',
    ]);
    expect(asked(restored)).toEqual(['addPolicy route prepend 192.168.200.0/24']);
    const address = node.event({ kind: 'linkChanged', name: 'eth1', link: ETH1 });
    expect(lines(address)).toEqual(['Restoring deleted static address 10.2.0.9/24 dev eth1 scope global']);
    expect(kinds(address)).toEqual(['addAddresses']);
    expect(node.instance().state).toBe('BACKUP');
  });

  it('of a track_group: without their interface its instances are in FAULT', () => {
    const node = begin();
    node.event({ kind: 'linkChanged', name: 'eth1', link: { ...ETH1, up: false } });
    expect(node.instance()).toMatchObject({
      state: 'FAULT',
      faults: ['interface eth1 of a static entry in its track_group is down'],
    });
    node.event({ kind: 'linkChanged', name: 'eth1', link: withAddress });
    expect(node.instance().state).toBe('BACKUP');
    expect(node.snapshot().statics.map(({ present }) => present)).toEqual([true, true, true]);
  });

  it('of a track_group that the kernel does not take put its instances in FAULT', () => {
    const node = begin();
    const [entry] = entriesOf(effects);
    node.refusePolicy('network is unreachable');
    node.event({ kind: 'policyRemoved', entry: entry! });
    expect(node.instance()).toMatchObject({
      state: 'FAULT',
      faults: ['a static route of its track_group cannot be set'],
    });
  });

  it('change with a reload as far as they differ', () => {
    const node = begin();
    const other = STATICS.replace('192.168.200.0', '192.168.201.0').replace('10.2.0.9', '10.2.0.8');
    const reloaded = node.reload(read([], [], other));
    expect(asked(reloaded)).toEqual([
      'removePolicy route prepend 192.168.200.0/24',
      'addPolicy route prepend 192.168.201.0/24',
    ]);
    expect(kinds(reloaded)).toEqual(['removePolicy', 'removeAddresses', 'addAddresses', 'addPolicy']);
    expect(asked(node.event({ kind: 'stopped' }))).toHaveLength(2);
  });
});
