// Sync groups against what was observed of keepalived 2.2.7 and 2.4 (times: ours are exact, theirs have a start-up of 20 ms).
import { describe, expect, it } from 'vitest';
import { SECOND } from '../support/instance.ts';
import { kinds, lines, link, nodeConfig, scriptConfig, testNode } from '../support/node.ts';
import { ETH1, group, pair, timeline } from './timelines.ts';

const SYNC = { syncGroups: [group()] };
const eth1 = (up: boolean) => ({ kind: 'linkChanged', name: 'eth1', link: { ...ETH1, up } }) as const;

describe('a sync group, as keepalived was observed', () => {
  it('start, a link down and up, stop (S1)', () => {
    const { at, told } = timeline(pair(150), SYNC);
    at(5, (node) => node.event(eth1(false)));
    at(7, (node) => node.event(eth1(true)));
    at(13, (node) => node.event({ kind: 'stopped' }));
    expect(told).toEqual([
      '0.00 GROUP "G" BACKUP 0',
      '0.00 INSTANCE "VA" BACKUP 150',
      '0.00 INSTANCE "VB" BACKUP 150',
      '3.41 INSTANCE "VB" MASTER 150',
      '3.41 INSTANCE "VA" MASTER 150',
      '3.41 GROUP "G" MASTER 0',
      '5.00 INSTANCE "VB" FAULT 150',
      '5.00 INSTANCE "VA" FAULT 150',
      '5.00 GROUP "G" FAULT 0',
      '7.00 INSTANCE "VB" BACKUP 150',
      '7.00 INSTANCE "VA" BACKUP 150',
      '7.00 GROUP "G" BACKUP 0',
      '10.41 INSTANCE "VA" MASTER 150',
      '10.41 INSTANCE "VB" MASTER 150',
      '10.41 GROUP "G" MASTER 0',
      '13.00 INSTANCE "VA" STOP 150',
      '13.00 INSTANCE "VB" STOP 150',
      '13.00 GROUP "G" STOP 0',
    ]);
  });

  it('an owner among others starts as BACKUP and waits for them (S3)', () => {
    const { at, told } = timeline(pair(255, 150), SYNC);
    at(5, () => undefined);
    expect(told).toEqual([
      '0.00 GROUP "G" BACKUP 0',
      '0.00 INSTANCE "VA" BACKUP 255',
      '0.00 INSTANCE "VB" BACKUP 150',
      '3.41 INSTANCE "VB" MASTER 150',
      '3.41 INSTANCE "VA" MASTER 255',
      '3.41 GROUP "G" MASTER 0',
    ]);
  });

  it('one member loses, the others leave with it and come back with it (S4)', () => {
    const { at, told } = timeline(pair(100), SYNC);
    for (const second of [5.05, 6.05, 7.05]) at(second, (node) => node.hear({ vrid: 1, priority: 200 }));
    at(14, (node) => node.event({ kind: 'stopped' }));
    expect(told.slice(3, 12)).toEqual([
      '3.61 INSTANCE "VB" MASTER 100',
      '3.61 INSTANCE "VA" MASTER 100',
      '3.61 GROUP "G" MASTER 0',
      '5.05 INSTANCE "VA" BACKUP 100',
      '5.05 INSTANCE "VB" BACKUP 100',
      '5.05 GROUP "G" BACKUP 0',
      '10.66 INSTANCE "VA" MASTER 100',
      '10.66 INSTANCE "VB" MASTER 100',
      '10.66 GROUP "G" MASTER 0',
    ]);
  });
});

describe('on the wire', () => {
  const start = (priority = 150) => {
    const config = nodeConfig(pair(priority));
    const node = testNode({ ...config, ...SYNC }, [link(), ETH1]);
    node.runTo(4 * SECOND);
    return node;
  };

  it('who loses sends no priority 0, nor do those who follow', () => {
    const effects = start().hear({ vrid: 1, priority: 200 });
    expect(kinds(effects)).toEqual(['removeAddresses', 'removeAddresses']);
  });

  it('the fault of one: the others send priority 0 once', () => {
    const effects = start().event(eth1(false));
    const sent = effects.filter((effect) => effect.kind === 'sendAdvert');
    expect(sent.map(({ instance, fields }) => [instance, fields.priority])).toEqual([['VA', 0]]);
  });

  it('a lower priority at one: all announce, only that one answers', () => {
    const effects = start().hear({ vrid: 1, priority: 50 });
    const named = effects.flatMap((effect) =>
      effect.kind === 'sendAdvert' || effect.kind === 'announce' ? [`${effect.kind} ${effect.instance}`] : [],
    );
    expect(named).toEqual(['sendAdvert VA', 'announce VA', 'announce VB']);
  });

  it('a member on a quiet link waits for one that hears a better router', () => {
    const { node, at } = timeline(pair(100), SYNC);
    for (let second = 0.5; second < 20; second++) at(second, () => node.hear({ vrid: 1, priority: 200 }));
    expect(node.snapshot().instances.map(({ state }) => state)).toEqual(['BACKUP', 'BACKUP']);
  });
});

describe('faults and holds of a group', () => {
  it('a fault of one is named at the others', () => {
    const { node } = timeline(pair(100), SYNC, { links: [link(), { ...ETH1, up: false }] });
    expect(node.instance('VA')).toMatchObject({
      state: 'FAULT',
      syncGroup: 'G',
      faults: ['VB of sync group G: interface eth1 is down'],
    });
  });

  it('recovery waits for the last fault of any member', () => {
    const { node } = timeline(pair(100), SYNC);
    node.command({ kind: 'force-fault', instance: 'VA' });
    node.event(eth1(false));
    node.event(eth1(true));
    expect(node.snapshot().instances.map(({ state }) => state)).toEqual(['FAULT', 'FAULT']);
    node.command({ kind: 'undo-all' });
    expect(node.snapshot().instances.map(({ state }) => state)).toEqual(['BACKUP', 'BACKUP']);
  });

  it('a script of weight 0 without a result holds all members, and no notification goes out', () => {
    const track = { trackScripts: [{ name: 'chk', weight: 0, reverse: false }] };
    const [va, vb] = pair(100);
    const config = { ...SYNC, scripts: [scriptConfig({ timeoutUs: 60 * SECOND })] };
    const held = timeline([va!, { ...vb!, ...track }], config, { scriptsEnd: false });
    held.at(10, () => undefined);
    expect(held.node.snapshot().instances.map(({ state }) => state)).toEqual(['INIT', 'INIT']);
    expect(held.told).toEqual([]);
    const decided = timeline([va!, { ...vb!, ...track }], config);
    expect(decided.told[0]).toBe('0.00 GROUP "G" BACKUP 0');
  });
});

describe('weights in a group (vrrp.c: without sync_group_tracking_weight)', () => {
  const tracks = {
    trackScripts: [{ name: 'chk', weight: 10, reverse: false }],
    trackInterfaces: [{ name: 'eth2', weight: 20, reverse: false }],
  };
  const eth2 = link({ name: 'eth2', index: 4, ips: [] });
  const start = (change: Parameters<typeof group>[0], b = 100) => {
    const [va, vb] = pair(100, b);
    const config = { scripts: [scriptConfig()], syncGroups: [group(change)] };
    return timeline([{ ...va!, ...tracks }, vb!], config, { links: [link(), ETH1, eth2] }).node;
  };

  it('a member loses its script weight, and its interface weight is a FAULT condition', () => {
    const node = start({});
    expect(node.instance('VA')).toMatchObject({ effectivePriority: 100, trackers: [{ name: 'eth2', weight: 0 }] });
    node.event({ kind: 'linkChanged', name: 'eth2', link: { ...eth2, up: false } });
    expect(node.snapshot().instances.map(({ state }) => state)).toEqual(['FAULT', 'FAULT']);
  });

  it('with sync_group_tracking_weight both stay', () => {
    expect(start({ trackingWeight: true }).instance('VA').effectivePriority).toBe(130);
  });

  it('what the group tracks counts for every member', () => {
    const node = start({ trackInterfaces: tracks.trackInterfaces });
    expect(node.snapshot().instances.map(({ effectivePriority }) => effectivePriority)).toEqual([120, 120]);
  });

  it('what the group tracks is weight 0 when a member is an owner', () => {
    const node = start({ trackInterfaces: tracks.trackInterfaces }, 255);
    expect(node.instance('VB').trackers).toMatchObject([{ name: 'eth2', weight: 0 }]);
  });
});

describe('notify scripts of a group', () => {
  it('are run after those of the members; the generic one gets GROUP NAME STATE 0', () => {
    const command = (text: string) => ({ argv: [text], text });
    const notify = { master: command('/bin/gm'), any: command('/bin/g') };
    const config = nodeConfig([{ ...pair(100)[0], notify: { master: command('/bin/m') } }]);
    const node = testNode({ ...config, syncGroups: [group({ members: ['VA'], notify })] });
    const effects = node.runTo(4 * SECOND);
    const started = effects.flatMap((effect) => (effect.kind === 'startScript' ? [effect.run.argv.join(' ')] : []));
    expect(started).toEqual(['/bin/m', '/bin/gm', '/bin/g GROUP G MASTER 0']);
    expect(lines(effects)).toContain('VRRP_Group(G) Syncing instances to MASTER state');
  });
});
