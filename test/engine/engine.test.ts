import { describe, expect, it } from 'vitest';
import { SECOND } from '../support/instance.ts';
import { kinds, lines, link, nodeConfig, scriptConfig, testNode } from '../support/node.ts';

const DOWN_100 = 3_609_375;
const track = (
  weight = 0,
  reverse = false,
): { readonly trackScripts: readonly [{ name: string; weight: number; reverse: boolean }] } => ({
  trackScripts: [{ name: 'chk', weight, reverse }],
});

describe('a virtual address with no_track', () => {
  const eth1 = (up: boolean, ips = ['10.1.0.1']) => link({ name: 'eth1', index: 3, up, ips });
  it('may be removed, and its interface may go down', () => {
    const vip = { interface: 'eth1', address: '10.0.0.100', prefix: 32, scope: 0, noTrack: true };
    const node = testNode(nodeConfig([{ addresses: [vip] }]), [link(), eth1(true)]);
    node.runTo(4 * SECOND);
    node.event({ kind: 'linkChanged', name: 'eth1', link: eth1(true, ['10.1.0.1', '10.0.0.100']) });
    node.event({ kind: 'linkChanged', name: 'eth1', link: eth1(true) });
    expect(node.instance().state).toBe('MASTER');
    node.event({ kind: 'linkChanged', name: 'eth1', link: eth1(false) });
    expect(node.instance().state).toBe('MASTER');
  });
});

describe('start', () => {
  it('opens one channel for all instances of an interface and family', () => {
    const instances = [{}, { name: 'VI_2', vrid: 52 }, { name: 'VI_3', vrid: 53, unicastPeers: ['10.0.0.2'] }];
    const node = testNode(nodeConfig(instances));
    expect(node.snapshot().instances.map(({ state }) => state)).toEqual(['BACKUP', 'BACKUP', 'BACKUP']);
  });

  it('removes what a crashed predecessor left, but never the only address of an interface', () => {
    const config = nodeConfig();
    const crowded = testNode(config, [link({ ips: ['10.0.0.1', '10.0.0.100'] })]);
    expect(crowded.instance().source).toBe('10.0.0.1');
    const bare = testNode(config, [link({ ips: ['10.0.0.100'] })]);
    expect(bare.instance()).toMatchObject({ state: 'FAULT', faults: ['no IPv4 address on eth0 to send from'] });
  });

  it('an owner keeps its own address and is MASTER at once', () => {
    const node = testNode(nodeConfig([{ priority: 255 }]), [link({ ips: ['10.0.0.100'] })]);
    expect(node.instance()).toMatchObject({ state: 'MASTER', source: '10.0.0.100' });
    expect(kinds(node.event({ kind: 'stopped' }))).toEqual(['sendAdvert']);
  });

  it('an owner of the only address loses it with --compat 2.2, as with keepalived', () => {
    const node = testNode(nodeConfig([{ priority: 255 }]), [link({ ips: ['10.0.0.100'] })], { compat: '2.2' });
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['no IPv4 address on eth0 to send from'] });
    expect(kinds(node.event({ kind: 'stopped' }))).not.toContain('sendAdvert');
  });

  it('a missing interface is a FAULT with its reason, and over when the interface appears', () => {
    const node = testNode(nodeConfig(), []);
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['interface eth0 does not exist'] });
    node.event({ kind: 'linkChanged', name: 'eth0', link: link() });
    expect(node.instance()).toMatchObject({ state: 'BACKUP', cause: 'fault cleared (interface eth0 does not exist)' });
  });

  it('a socket that cannot be opened is a FAULT, tried again each second', () => {
    const node = testNode(nodeConfig(), [link()], { channelFails: true });
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['socket on eth0: EPERM'] });
    expect(kinds(node.runTo(3 * SECOND))).toEqual(['openChannel', 'openChannel', 'openChannel']);
    node.event({ kind: 'channelOpened', interface: 'eth0', family: 4 });
    expect(node.instance().state).toBe('BACKUP');
  });

  it('a socket that failed is not tried more often because something else is due', () => {
    const script = scriptConfig({ intervalUs: SECOND / 10 });
    const instance = { trackScripts: [{ name: 'chk', weight: 0, reverse: false }] };
    const node = testNode(nodeConfig([instance], [script]), [link()], { channelFails: true });
    expect(kinds(node.runTo(3 * SECOND)).filter((kind) => kind === 'openChannel')).toHaveLength(3);
  });
});

describe('weight-0 scripts', () => {
  it('hold the instance until the first result', () => {
    const config = nodeConfig([track()], [scriptConfig()]);
    const node = testNode(config);
    expect(node.instance().state).toBe('BACKUP');
    const slow = testNode({ ...config, scripts: [scriptConfig({ timeoutUs: 60 * SECOND })] });
    expect(slow.instance().state).toBe('BACKUP');
  });

  it('three failures: FAULT with the reason; three passes: BACKUP', () => {
    const node = testNode(nodeConfig([track()], [scriptConfig({ rise: 3, fall: 3 })]));
    node.runTo(10 * SECOND);
    expect(node.instance().state).toBe('MASTER');
    node.scripts = { kind: 'exited', code: 7 };
    const effects = node.runTo(13 * SECOND);
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['script chk failed (exited with status 7)'] });
    expect(
      kinds(effects)
        .filter((kind) => kind !== 'startScript')
        .slice(-3),
    ).toEqual(['sendAdvert', 'sendAdvert', 'removeAddresses']);
    node.scripts = { kind: 'exited', code: 0 };
    node.runTo(15.5 * SECOND);
    expect(node.instance().state).toBe('FAULT');
    node.runTo(16.5 * SECOND);
    expect(node.instance().state).toBe('BACKUP');
  });

  it('a script that cannot be executed is a FAULT (deviation: keepalived takes it for a success)', () => {
    const node = testNode(nodeConfig([track()], [scriptConfig()]));
    node.scripts = { kind: 'not-started', message: 'ENOENT' };
    node.runTo(2 * SECOND);
    expect(node.instance().faults).toEqual(['script chk failed (cannot be executed: ENOENT)']);
  });

  it('reverse turns the condition round', () => {
    const node = testNode(nodeConfig([track(0, true)], [scriptConfig()]));
    expect(node.instance().faults).toEqual(['script chk succeeds (reverse)']);
  });
});

describe('weights', () => {
  it.each([
    [10, false, 0, 110],
    [10, false, 1, 100],
    [-10, false, 0, 100],
    [-10, false, 1, 90],
    [10, true, 0, 90],
    [-10, true, 1, 110],
    [253, false, 0, 254],
    [-253, false, 1, 1],
  ])('weight %i, reverse %s, exit status %i: effective priority %i', (weight, reverse, code, expected) => {
    const node = testNode(nodeConfig([track(weight, reverse)], [scriptConfig()]));
    node.scripts = { kind: 'exited', code };
    node.runTo(2 * SECOND);
    expect(node.instance()).toMatchObject({ state: 'BACKUP', effectivePriority: expected, configuredPriority: 100 });
  });

  it('a tracked interface adds its weight while it is up', () => {
    const config = nodeConfig([{ trackInterfaces: [{ name: 'eth1', weight: 20, reverse: false }] }]);
    const node = testNode(config, [link(), link({ name: 'eth1', ips: [] })]);
    expect(node.instance().effectivePriority).toBe(120);
    node.event({ kind: 'linkChanged', name: 'eth1', link: link({ name: 'eth1', up: false }) });
    expect(node.instance().effectivePriority).toBe(100);
  });
});

describe('links', () => {
  it('down: FAULT at once, without priority 0; up: BACKUP at once', () => {
    const node = testNode(nodeConfig());
    node.runTo(DOWN_100);
    const effects = node.event({ kind: 'linkChanged', name: 'eth0', link: link({ up: false }) });
    expect(kinds(effects)).toEqual(['removeAddresses']);
    expect(node.instance()).toMatchObject({ state: 'FAULT', cause: 'interface eth0 is down' });
    node.event({ kind: 'linkChanged', name: 'eth0', link: link() });
    expect(node.instance().state).toBe('BACKUP');
  });

  it('a VIP that the kernel has shown and shows no more was removed: priority 0, back after skew', () => {
    const node = testNode(nodeConfig());
    node.runTo(DOWN_100);
    // The event of the time before the address was added says nothing.
    expect(kinds(node.event({ kind: 'linkChanged', name: 'eth0', link: link() }))).toEqual([]);
    node.event({ kind: 'linkChanged', name: 'eth0', link: link({ ips: ['10.0.0.1', '10.0.0.100'] }) });
    expect(node.instance().addresses).toMatchObject([{ present: true }]);
    const effects = node.event({ kind: 'linkChanged', name: 'eth0', link: link() });
    expect(kinds(effects)).toEqual(['sendAdvert', 'removeAddresses']);
    node.runTo(DOWN_100 + 609_375);
    expect(node.instance().state).toBe('MASTER');
  });

  it('an address that cannot be added is a FAULT for a minute', () => {
    const node = testNode(nodeConfig());
    node.runTo(DOWN_100);
    node.event({ kind: 'addressFailed', instance: 'VI_1', address: '10.0.0.100', message: 'EPERM' });
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['VIP 10.0.0.100 cannot be added: EPERM'] });
    node.runTo(DOWN_100 + 61 * SECOND);
    expect(node.instance().state).toBe('BACKUP');
  });
});

describe('what is heard', () => {
  it('is counted for each peer, good and bad', () => {
    const node = testNode(nodeConfig([{ password: 'secret' }]));
    node.hear({ password: 'secret' });
    node.hear({ password: 'public' });
    node.hear({ password: 'public' }, '10.0.0.3');
    node.hear({ password: 'secret', priority: 0 });
    expect(node.instance().peers).toMatchObject([
      { address: '10.0.0.2', accepted: 2, priority: 150, wasMaster: true, rejected: { 'auth-failure': 1 } },
      { address: '10.0.0.3', accepted: 0, priority: undefined, wasMaster: false, rejected: { 'auth-failure': 1 } },
    ]);
    expect(node.instance().counters).toMatchObject({ advertRcvd: 2, priZeroRcvd: 1, rejected: { 'auth-failure': 2 } });
  });

  it('for a VRID that no instance has is counted on the interface', () => {
    const node = testNode(nodeConfig());
    node.hear({ vrid: 7 });
    expect(node.snapshot().unknownVrid).toEqual({ eth0: 1 });
    expect(node.instance().counters.advertRcvd).toBe(0);
  });

  it('a thousand forged senders cost no more than 32 lines', () => {
    const node = testNode(nodeConfig([{ password: 'secret' }]));
    for (let i = 0; i < 1000; i++) node.hear({}, `10.1.${i >> 8}.${i & 255}`);
    expect(node.instance().peers).toHaveLength(32);
    expect(node.instance().counters.rejected).toEqual({ 'auth-type-mismatch': 1000 });
  });

  it('a line that repeats is written once in ten seconds, with a count', () => {
    const node = testNode(nodeConfig([{ password: 'secret' }]));
    const first = [1, 2, 3].flatMap(() => lines(node.hear({ password: 'public' })));
    expect(first).toEqual(['rejected advert from 10.0.0.2: auth-failure (wrong password, or heard before)']);
    node.runTo(11 * SECOND);
    expect(lines(node.hear({ password: 'public' }))).toEqual([
      'rejected advert from 10.0.0.2: auth-failure (wrong password, or heard before) (and 2 more like it)',
    ]);
  });

  it('a flood of packets with a wrong password does not silence a MASTER (deviation)', () => {
    const node = testNode(nodeConfig([{ password: 'secret' }]));
    node.runTo(DOWN_100);
    let sent = 0;
    for (let at = DOWN_100; at < DOWN_100 + 6 * SECOND; at += 300_000) {
      sent += kinds(node.runTo(at)).filter((kind) => kind === 'sendAdvert').length;
      node.hear({ password: 'public' });
    }
    expect(sent).toBeGreaterThanOrEqual(5);
  });
});

describe('notify', () => {
  it('runs notify_<state> first and then notify with four words appended', () => {
    const command = (text: string): { argv: string[]; text: string } => ({ argv: text.split(' '), text });
    const notify = { master: command('/bin/m'), stop: command('/bin/s'), any: command('/bin/n x') };
    const node = testNode(nodeConfig([{ priority: 255, notify }]), []);
    node.event({ kind: 'linkChanged', name: 'eth0', link: link() });
    const started = (effects: ReturnType<typeof node.event>): readonly (readonly string[])[] =>
      effects.flatMap((effect) => (effect.kind === 'startScript' ? [effect.run.argv] : []));
    expect(started(node.runTo(2 * SECOND))).toEqual([['/bin/m'], ['/bin/n', 'x', 'INSTANCE', 'VI_1', 'MASTER', '255']]);
    expect(started(node.event({ kind: 'stopped' }))).toEqual([
      ['/bin/s'],
      ['/bin/n', 'x', 'INSTANCE', 'VI_1', 'STOP', '255'],
    ]);
  });
});

describe('stop', () => {
  it('priority 0, addresses, notify; after that nothing happens any more', () => {
    const node = testNode(nodeConfig());
    node.runTo(DOWN_100);
    expect(kinds(node.event({ kind: 'stopped' }))).toEqual(['sendAdvert', 'removeAddresses']);
    expect(node.runTo(100 * SECOND)).toEqual([]);
    expect(node.command({ kind: 'undo' })).toBe('refused: the engine has stopped');
  });
});

describe('the snapshot', () => {
  it('in FAULT still tells who speaks, while it does', () => {
    const node = testNode(nodeConfig());
    node.command({ kind: 'force-fault', instance: 'VI_1' });
    node.hear({ priority: 77 });
    expect(node.instance().master).toMatchObject({ self: false, address: '10.0.0.2', priority: 77 });
    node.runTo(4 * SECOND);
    expect(node.instance().master).toBeUndefined();
  });
});
