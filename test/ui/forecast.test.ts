import { describe, expect, it } from 'vitest';
import type { OperatorCommand } from '../../src/engine/commands.ts';
import type { InstanceSnapshot, KnownRouter, OverrideSnapshot, Snapshot } from '../../src/engine/snapshot.ts';
import { candidates } from '../../src/ui/candidates.ts';
import { forecast } from '../../src/ui/forecast.ts';
import { ENGINE_START, fakeInstance, fakeMaster, fakeSnapshot, SECOND } from '../support/fake-session.ts';

const NOW = ENGINE_START + 60 * SECOND;

const of = (instance: InstanceSnapshot, more: Partial<Snapshot> = {}): Snapshot =>
  fakeSnapshot(NOW, 0, { instances: [instance], ...more });
const fault = (instance: string): OperatorCommand => ({ kind: 'force-fault', instance });
const priority = (instance: string, value: number): OperatorCommand => ({
  kind: 'set-priority',
  instance,
  priority: value,
});
const known = (more: Partial<KnownRouter> = {}): KnownRouter => ({
  name: 'beta',
  address: '10.0.0.2',
  interface: 'eth0.10',
  vrid: 51,
  effectivePriority: 100,
  state: 'BACKUP',
  preempt: true,
  ...more,
});
const override = (more: Partial<OverrideSnapshot>): OverrideSnapshot => ({
  id: 1,
  instance: 'VI_WEB',
  kind: 'force-fault',
  text: 'forced FAULT',
  setAt: NOW,
  expiresAt: NOW + 120 * SECOND,
  ...more,
});
const text = (snapshot: Snapshot, command: OperatorCommand): string => forecast(snapshot, command).lines.join('\n');

describe('forcing a fault on a MASTER', () => {
  it('names the simulated router that follows, and its skew time after priority 0', () => {
    const snapshot = of(fakeMaster(NOW, { version: 2 }), { knownRouters: [known()] });
    expect(text(snapshot, fault('VI_WEB'))).toContain('Next MASTER: beta (10.0.0.2), priority 100, is BACKUP now.');
    expect(text(snapshot, fault('VI_WEB'))).toContain('takes over 0.61 s after priority 0');
    expect(forecast(snapshot, fault('VI_WEB')).tier).toBe('mastership');
  });

  it('scales the skew with the interval in version 3, not in version 2', () => {
    const fast = { advertIntervalUs: SECOND / 10 };
    const knownRouters = [known()];
    expect(text(of(fakeMaster(NOW, { ...fast, version: 3 }), { knownRouters }), fault('VI_WEB'))).toContain(
      '61 ms after',
    );
    expect(text(of(fakeMaster(NOW, { ...fast, version: 2 }), { knownRouters }), fault('VI_WEB'))).toContain(
      '0.61 s after',
    );
  });

  it('takes the strongest of several, leaves out FAULT, other VRIDs, the other family and itself', () => {
    const knownRouters = [
      known({ name: 'weak', effectivePriority: 90 }),
      known({ name: 'strong', effectivePriority: 120 }),
      known({ name: 'broken', effectivePriority: 200, state: 'FAULT' }),
      known({ name: 'elsewhere', effectivePriority: 200, vrid: 60 }),
      known({ name: 'six', effectivePriority: 200, address: 'fe80::2' }),
      known({ name: 'itself', effectivePriority: 200, address: '10.0.0.1' }),
    ];
    const snapshot = of(fakeMaster(NOW), { knownRouters });
    expect(candidates(snapshot, snapshot.instances[0]!).map(({ label }) => label)).toEqual([
      'strong (10.0.0.2)',
      'weak (10.0.0.2)',
    ]);
  });

  it('names the peer that was heard as MASTER, and how old that is', () => {
    const result = text(of(fakeMaster(NOW)), fault('VI_WEB'));
    expect(result).toContain('Next MASTER: 10.0.0.2, priority 100, heard as MASTER 5m40s ago; not verified since.');
    expect(result).toContain('takes over 0.61 s after priority 0');
  });

  const reachable = (how: 'neighbour' | 'report', address: string) => [
    { address, interface: 'eth0.10', how, at: NOW - 2 * SECOND },
  ];

  it.each([
    ['a unicast peer that answers in the neighbour table', 'neighbour', true],
    ['a host that reported itself in the VRRP group', 'report', false],
  ] as const)('gives a range for %s but was never MASTER', (_what, how, unicast) => {
    const destinations = unicast ? ['10.0.0.3'] : ['224.0.0.18'];
    const master = fakeMaster(NOW, { unicast, destinations, peers: [] });
    const result = forecast({ ...of(master), reachable: reachable(how, '10.0.0.3') }, fault('VI_WEB'));
    expect(result.tier).toBe('mastership');
    expect(result.lines.join()).toMatch(/Next MASTER: 10\.0\.0\.3, .*2\.0s ago, never heard as MASTER/);
    expect(result.lines.join()).toMatch(/takes over 7\.8 ms to 1\.00 s after priority 0/);
  });

  it.each([
    ['a configured peer that nobody has seen', true, []],
    ['a neighbour that is no peer', true, reachable('neighbour', '10.0.0.4')],
    ['a neighbour that does not listen to the group', false, reachable('neighbour', '10.0.0.3')],
    ['this router itself', false, reachable('report', '10.0.0.1')],
    ['a host on another interface', false, [{ ...reachable('report', '10.0.0.3')[0]!, interface: 'eth9' }]],
    ['a host of the other family', false, reachable('report', 'fe80::3')],
  ] as const)('takes no evidence from %s', (_what, unicast, hosts) => {
    const destinations = unicast ? ['10.0.0.3'] : ['224.0.0.18'];
    const master = fakeMaster(NOW, { unicast, destinations, peers: [] });
    expect(forecast({ ...of(master), reachable: hosts }, fault('VI_WEB')).tier).toBe('outage');
  });

  it('calls it an OUTAGE when nobody was ever heard, and says when a backup of equal settings would follow', () => {
    const result = forecast(of(fakeMaster(NOW, { peers: [], effectivePriority: 100 })), fault('VI_WEB'));
    expect(result.tier).toBe('outage');
    expect(result.lines.join()).toContain('0.61 s after priority 0, if one listens');
  });

  it('says how it ends: it preempts again, or stays BACKUP with nopreempt', () => {
    expect(text(of(fakeMaster(NOW)), fault('VI_WEB'))).toContain(
      'Reverts by itself after 120 s. Then it preempts again.',
    );
    expect(text(of(fakeMaster(NOW, { preempt: false })), fault('VI_WEB'))).toContain('it then stays BACKUP');
  });
});

describe('forcing a fault elsewhere', () => {
  it('is local on a BACKUP', () => {
    const result = forecast(of(fakeInstance(NOW)), fault('VI_DB'));
    expect(result.tier).toBe('local');
    expect(result.lines[0]).toContain('no longer stands by');
    expect(result.lines[1]).toContain('10.0.0.2 stays MASTER (priority 150)');
  });

  it('is refused in FAULT and for an unknown instance', () => {
    const broken = fakeInstance(NOW, { state: 'FAULT', faults: ['eth1 is down'] });
    expect(forecast(of(broken), fault('VI_DB')).refused).toBe('VI_DB is in FAULT already: eth1 is down');
    expect(forecast(of(broken), fault('VI_GONE')).refused).toBe('there is no instance VI_GONE');
  });
});

describe('a priority', () => {
  const duel = (more: Partial<KnownRouter> = {}) =>
    of(fakeMaster(NOW, { trackers: [], effectivePriority: 150 }), { knownRouters: [known(more)] });

  it('below a backup that preempts moves MASTER within master-down', () => {
    const result = forecast(duel(), priority('VI_WEB', 90));
    expect(result.tier).toBe('mastership');
    expect(result.lines.join()).toContain('Effective priority 150 -> 90.');
    expect(result.lines.join()).toContain('Next MASTER: beta (10.0.0.2), priority 100');
    expect(result.lines.join()).toContain('within 3.61 s');
  });

  it.each<[string, Partial<KnownRouter>, number]>([
    ['above the backup', {}, 101],
    ['equal to the backup', {}, 100],
    ['below a backup with nopreempt', { preempt: false }, 90],
    ['higher than now', {}, 200],
  ])('%s changes nothing', (_title, more, value) => {
    const result = forecast(duel(more), priority('VI_WEB', value));
    expect(result.tier).toBe('local');
    expect(result.lines.join()).toContain('stays MASTER here');
  });

  it('counts what the trackers add, and stays within 1 to 254', () => {
    const snapshot = of(fakeMaster(NOW), { knownRouters: [known()] });
    expect(text(snapshot, priority('VI_WEB', 110))).toContain('Effective priority 130 -> 90.');
    expect(text(snapshot, { kind: 'add-priority', instance: 'VI_WEB', delta: -200 })).toContain('130 -> 1.');
  });

  it('below an unknown backup may move MASTER', () => {
    const result = forecast(of(fakeMaster(NOW, { peers: [] })), priority('VI_WEB', 60));
    expect(result.tier).toBe('mastership');
    expect(result.lines.join()).toContain('if one listens and preempts');
  });

  it('above the MASTER takes over after master-down and the preempt delay', () => {
    const result = forecast(of(fakeInstance(NOW, { preemptDelayUs: 5 * SECOND })), priority('VI_DB', 200));
    expect(result.tier).toBe('mastership');
    expect(result.lines.join()).toContain('Takes over from 10.0.0.2 (priority 150) within 8.22 s');
  });

  it('above the MASTER does nothing with nopreempt', () => {
    const result = forecast(of(fakeInstance(NOW, { preempt: false })), priority('VI_DB', 200));
    expect(result.tier).toBe('local');
    expect(result.lines.join()).toContain('nopreempt is on here');
  });

  it('of an owner cannot be changed', () => {
    const owner = fakeMaster(NOW, { configuredPriority: 255, basePriority: 255, effectivePriority: 255 });
    expect(forecast(of(owner), priority('VI_WEB', 90)).refused).toContain('owns its addresses');
  });
});

describe('nopreempt', () => {
  it('switched off on a stronger BACKUP takes over', () => {
    const snapshot = of(fakeInstance(NOW, { preempt: false, effectivePriority: 200, basePriority: 200 }));
    const result = forecast(snapshot, { kind: 'toggle-nopreempt', instance: 'VI_DB' });
    expect(result.tier).toBe('mastership');
    expect(result.lines.join()).toContain('nopreempt off');
  });

  it('on a MASTER is local', () => {
    const result = forecast(of(fakeMaster(NOW)), { kind: 'toggle-nopreempt', instance: 'VI_WEB' });
    expect(result.tier).toBe('local');
    expect(result.lines.join()).toContain('nopreempt on');
  });
});

describe('undoing', () => {
  const faulted = (more: Partial<InstanceSnapshot> = {}) => {
    const { master: _, ...rest } = fakeMaster(NOW, { state: 'FAULT', faults: ['forced by the operator'], ...more });
    return rest;
  };

  it('a forced fault tells that the router preempts the one that followed', () => {
    const snapshot = of(faulted({ trackers: [], effectivePriority: 150 }), {
      overrides: [override({})],
      knownRouters: [known({ state: 'MASTER' })],
    });
    const result = forecast(snapshot, { kind: 'undo', id: 1 });
    expect(result.tier).toBe('mastership');
    expect(result.lines.join()).toContain('leaves FAULT');
    expect(result.lines.join()).toContain('Takes over from beta (10.0.0.2) (priority 100) within');
  });

  it('a forced fault beside another fault changes nothing yet', () => {
    const snapshot = of(faulted({ faults: ['forced by the operator', 'eth0 is down'] }), { overrides: [override({})] });
    const result = forecast(snapshot, { kind: 'undo', id: 1 });
    expect(result.tier).toBe('local');
    expect(result.lines.join()).toContain('stays in FAULT: eth0 is down');
  });

  it('a priority goes back to the configured one', () => {
    const snapshot = of(fakeMaster(NOW, { basePriority: 90, effectivePriority: 90, trackers: [] }), {
      overrides: [override({ kind: 'priority' })],
    });
    expect(text(snapshot, { kind: 'undo', id: 1 })).toContain('Effective priority 90 -> 150.');
  });

  it('everything has one line for each override and the gravest tier', () => {
    const snapshot = of(faulted(), {
      overrides: [override({}), override({ id: 2, kind: 'nopreempt' })],
      knownRouters: [known({ state: 'MASTER' })],
    });
    const result = forecast(snapshot, { kind: 'undo-all' });
    expect(result.lines).toHaveLength(2);
    expect(result.tier).toBe('mastership');
  });

  it('nothing is refused', () => {
    expect(forecast(of(fakeMaster(NOW)), { kind: 'undo' }).refused).toBeDefined();
    expect(forecast(of(fakeMaster(NOW)), { kind: 'undo-all' }).refused).toBeDefined();
  });
});

describe('a sync group', () => {
  const pair = (state: 'MASTER' | 'BACKUP', more = {}) => {
    const make = state === 'MASTER' ? fakeMaster : fakeInstance;
    const names = ['VI_WEB', 'VI_DNS', 'VI_ALONE'];
    return fakeSnapshot(NOW, 0, {
      instances: names.map((name) => make(NOW, { name, ...(name === 'VI_ALONE' ? {} : { syncGroup: 'G1' }), ...more })),
    });
  };

  it('goes along when its MASTER gives way, which asks for more than the name', () => {
    const result = forecast(pair('MASTER'), fault('VI_WEB'));
    expect(result).toMatchObject({ tier: 'outage', along: ['VI_DNS'] });
    expect(result.lines.join()).toContain('Sync group G1: VI_DNS goes along, 2 addresses more.');
    expect(result.lines.join()).not.toContain('VI_ALONE');
  });

  it('says for which member nobody is known', () => {
    expect(forecast(pair('MASTER', { peers: [] }), fault('VI_WEB')).lines.join()).toContain(
      'no other router is known for VI_DNS',
    );
  });

  it('follows a BACKUP into FAULT without more ado', () => {
    const result = forecast(pair('BACKUP'), fault('VI_WEB'));
    expect(result).toMatchObject({ tier: 'local', along: ['VI_DNS'] });
  });

  it('is not spoken of where nothing moves', () => {
    expect(forecast(pair('MASTER'), { kind: 'toggle-nopreempt', instance: 'VI_WEB' }).along).toBeUndefined();
  });
});
