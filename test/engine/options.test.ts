// Options that concern the node around an instance.
import { describe, expect, it } from 'vitest';
import type { NodeConfig } from '../../src/engine/config.ts';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { SECOND } from '../support/instance.ts';
import { kinds, lines, link, nodeConfig, scriptConfig, testNode } from '../support/node.ts';

const DOWN_100 = 3_609_375;
const delayed = (us: number, instances?: readonly Partial<InstanceConfig>[]): NodeConfig => {
  const config = nodeConfig(instances);
  return { ...config, globals: { ...config.globals, startupDelayUs: us } };
};

describe('vrrp_startup_delay', () => {
  it('2.4 is deaf meanwhile, and counts from its end', () => {
    const node = testNode(delayed(4 * SECOND));
    node.runTo(3 * SECOND);
    node.hear({ priority: 200 });
    expect(node.instance().counters.advertRcvd).toBe(0);
    node.runTo(4 * SECOND + DOWN_100);
    expect(node.instance()).toMatchObject({ state: 'MASTER', since: 4 * SECOND + DOWN_100 });
  });

  it('2.2 listens meanwhile', () => {
    const node = testNode(delayed(4 * SECOND), [link()], { compat: '2.2' });
    node.runTo(3 * SECOND);
    node.hear({ priority: 200 });
    expect(node.instance()).toMatchObject({ counters: { advertRcvd: 1 }, master: { priority: 200 } });
  });
});

describe('vrrp_delay_after_boot', () => {
  const config = (delayAfterBootUs: number, startupDelayUs = 0): NodeConfig => {
    const { globals, ...rest } = nodeConfig();
    return { ...rest, globals: { ...globals, startupDelayUs, delayAfterBootUs } };
  };

  it.each([
    ['counts from the boot', config(10 * SECOND), 6 * SECOND, 4 * SECOND],
    ['does nothing when the boot was longer ago', config(10 * SECOND), 11 * SECOND, 0],
    ['gives way to a longer vrrp_startup_delay', config(10 * SECOND, 5 * SECOND), 6 * SECOND, 5 * SECOND],
  ])('%s', (_title, wanted, uptimeUs, begins) => {
    const node = testNode(wanted, [link()], { uptimeUs });
    node.runTo(begins + DOWN_100 - 1);
    expect(node.instance().state).toBe('BACKUP');
    node.runTo(begins + DOWN_100);
    expect(node.instance().state).toBe('MASTER');
  });
});

describe('track_src_ip', () => {
  const tracked = [{ source: '10.0.0.7', options: { trackSource: true } }];

  it('an instance is in FAULT while its configured source address is not on the interface', () => {
    const node = testNode(nodeConfig(tracked));
    expect(node.instance()).toMatchObject({
      state: 'FAULT',
      faults: ['source address 10.0.0.7 is not on eth0 (track_src_ip)'],
    });
    const link7 = link({ ips: ['10.0.0.1', '10.0.0.7'] });
    node.event({ kind: 'linkChanged', name: 'eth0', link: link7 });
    expect(node.instance().state).toBe('BACKUP');
    node.runTo(4 * SECOND);
    const effects = node.event({ kind: 'linkChanged', name: 'eth0', link: link() });
    const resigned = effects.find((effect) => effect.kind === 'sendAdvert');
    expect(resigned).toMatchObject({ source: '10.0.0.7', fields: { priority: 0 } });
    expect(node.instance().state).toBe('FAULT');
  });

  it('without it the address need not be there', () => {
    expect(testNode(nodeConfig([{ source: '10.0.0.7' }])).instance().state).toBe('BACKUP');
  });
});

describe('unicast without an interface', () => {
  const routed = { interface: '', source: '10.0.0.7', unicastPeers: ['10.9.9.9'], options: { routed: true } };

  it('opens a socket without one, and knows no link but those of its addresses', () => {
    const node = testNode(nodeConfig([routed]), [link()]);
    expect(node.instance().state).toBe('BACKUP');
    const ip = { family: 4, source: '10.9.9.9', destination: '10.0.0.7' } as const;
    const advert = { version: 2, vrid: 51, priority: 200, addresses: ['10.0.0.100'], intervalUs: SECOND } as const;
    const datagram = { interface: '', ttl: 60, payload: encodeAdvert(advert, ip), ...ip };
    node.event({ kind: 'datagramReceived', datagram });
    expect(node.instance()).toMatchObject({ state: 'BACKUP', master: { address: '10.9.9.9' } });
    const effects = node.runTo(9 * SECOND);
    const sent = effects.find((effect) => effect.kind === 'sendAdvert');
    expect(sent).toMatchObject({ interface: '', source: '10.0.0.7', destinations: ['10.9.9.9'] });
    node.event({ kind: 'linkChanged', name: 'eth0', link: link({ up: false }) });
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['interface eth0 is down'] });
  });

  it('with track_src_ip wants its source address anywhere on the host', () => {
    const node = testNode(nodeConfig([{ ...routed, options: { routed: true, trackSource: true } }]));
    expect(node.instance().faults).toEqual(['source address 10.0.0.7 is not on this host (track_src_ip)']);
    const other = link({ name: 'eth9', index: 9, ips: ['10.0.0.7'] });
    node.event({ kind: 'linkChanged', name: 'eth9', link: other });
    expect(node.instance().state).toBe('BACKUP');
  });
});

describe('unicast_fault_no_peer', () => {
  it('an instance without peers stays in FAULT', () => {
    const node = testNode(nodeConfig([{ options: { noPeerFault: true } }]));
    node.runTo(10 * SECOND);
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['unicast, but no peer is configured'] });
  });
});

describe('owner_ignore_adverts', () => {
  it.each([
    [255, 'MASTER', 0],
    [254, 'BACKUP', 1],
  ])('priority %i: %s, %i received', (priority, state, received) => {
    const node = testNode(nodeConfig([{ priority, options: { ownerIgnoreAdverts: true } }]));
    node.runTo(4 * SECOND);
    node.hear({ priority: 255 });
    expect(node.instance()).toMatchObject({ state, counters: { advertRcvd: received } });
  });
});

describe('dont_track_primary', () => {
  it('the state of its own interface does not matter, its existence does', () => {
    const node = testNode(nodeConfig([{ options: { dontTrackPrimary: true } }]));
    node.event({ kind: 'linkChanged', name: 'eth0', link: link({ up: false }) });
    expect(node.instance().state).toBe('BACKUP');
    node.event({ kind: 'linkChanged', name: 'eth0', link: undefined });
    expect(node.instance().state).toBe('FAULT');
  });
});

describe('other addresses in an advert', () => {
  it.each([
    ['2.4', 'accepted', { advertRcvd: 1, rejected: {} }],
    ['2.2', 'refused, and counted as received', { advertRcvd: 1, rejected: { 'address-list': 1 } }],
  ] as const)('%s: %s', (compat, _title, counters) => {
    const node = testNode(nodeConfig(), [link()], { compat });
    node.hear({ addresses: ['10.0.0.7'] });
    expect(node.instance().counters).toMatchObject(counters);
  });
});

describe('notify_master_rx_lower_pri', () => {
  it('is run as it is; the generic notify hears of states only', () => {
    const command = (text: string) => ({ argv: [text], text });
    const notify = { masterRxLowerPri: command('/bin/lp'), any: command('/bin/n') };
    const node = testNode(nodeConfig([{ notify }]));
    node.runTo(DOWN_100);
    const started = node
      .hear({ priority: 50 })
      .flatMap((effect) => (effect.kind === 'startScript' ? [effect.run.argv] : []));
    expect(started).toEqual([['/bin/lp']]);
  });
});

describe('unicast_ttl', () => {
  it('goes along with the advert', () => {
    const node = testNode(nodeConfig([{ unicastPeers: ['10.0.0.2'], options: { unicastTtl: 9 } }]));
    expect(node.runTo(DOWN_100).find(({ kind }) => kind === 'sendAdvert')).toMatchObject({ ttl: 9 });
  });
});

describe('weights of an owner', () => {
  it('are dropped, with a line each; weight 0 stays', () => {
    const trackScripts = [
      { name: 'chk', weight: -10, reverse: false },
      { name: 'hard', weight: 0, reverse: false },
    ];
    const trackInterfaces = [{ name: 'eth1', weight: 5, reverse: false }];
    const scripts = [scriptConfig(), scriptConfig({ name: 'hard' })];
    const node = testNode(nodeConfig([{ priority: 255, trackScripts, trackInterfaces }], scripts));
    expect(node.instance().trackers.map(({ name, weight }) => [name, weight])).toEqual([['hard', 0]]);
    expect(node.instance().state).toBe('MASTER');
    expect(kinds(node.event({ kind: 'linkChanged', name: 'eth1', link: undefined }))).toEqual([]);
  });

  it('say so in the log', () => {
    const trackInterfaces = [{ name: 'eth1', weight: 5, reverse: false }];
    const node = testNode(nodeConfig([{ priority: 255, trackInterfaces }]), []);
    // testNode has started it already; a second start says it again.
    expect(lines(node.event({ kind: 'started', links: [link()] }))).toContain(
      'VI_1: weight of eth1 does not go with an address owner: it is not tracked',
    );
  });
});
