// What few configurations say: each option of InstanceOptions, and where versions of keepalived differ.
import { describe, expect, it } from 'vitest';
import type { InstanceConfig, InstanceOptions } from '../../src/vrrp/config.ts';
import { brief, drive, master, SECOND } from '../support/instance.ts';

const withOptions = (options: InstanceOptions, change: Partial<InstanceConfig> = {}) => ({ ...change, options });

describe('down_timer_adverts', () => {
  it.each([
    [1, 1_609_375],
    [3, 3_609_375],
    [10, 10_609_375],
  ])('%i: MASTER after %i µs', (downTimerAdverts, downUs) => {
    expect(drive(withOptions({ downTimerAdverts })).state().masterDownAt).toBe(downUs);
  });
});

describe('a MASTER that hears a lower priority', () => {
  it('lower_prio_no_advert: does not answer, announces and tells all the same, and keeps its schedule', () => {
    const router = master(withOptions({ lowerPrioNoAdvert: true }));
    const due = router.state().advertAt;
    router.runTo(router.now() + 300_000);
    expect(brief(router.hear({ priority: 99 }))).toEqual(['announce 5', 'notify MASTER_RX_LOWER_PRI']);
    expect(router.state().advertAt).toBe(due);
  });

  it('tells of every advert (keepalived, observed)', () => {
    const router = master();
    const told = [1, 2, 3].flatMap(() => brief(router.hear({ priority: 99 })));
    expect(told.filter((line) => line === 'notify MASTER_RX_LOWER_PRI')).toHaveLength(3);
  });
});

describe('higher_prio_send_advert', () => {
  it('speaks once more before it yields', () => {
    const router = master(withOptions({ higherPrioSendAdvert: true }));
    expect(brief(router.hear({ priority: 101 }))).toEqual([
      'sendAdvert 100',
      'removeAddresses 10.0.0.100',
      'notify BACKUP',
    ]);
  });
});

describe('timer_expired_backup 100 (with nopreempt)', () => {
  const late = (byUs: number, options: InstanceOptions = { timerExpiredBackup: 100 }) => {
    const router = master(withOptions(options, { preempt: false }));
    return { router, effects: brief(router.stallUntil(router.now() + byUs)) };
  };

  it('steps down without priority 0 when a peer of that priority has had the time to take over', () => {
    const { router, effects } = late(3_609_375);
    expect(effects).toEqual(['removeAddresses 10.0.0.100', 'notify BACKUP']);
    expect(router.state()).toMatchObject({ state: 'BACKUP', masterDownAt: router.now() + 3_609_375 });
  });

  it.each([
    ['not a moment before', 3_609_374, { timerExpiredBackup: 100 }],
    ['and not without the option', 9_000_000, {}],
  ])('%s', (_title, byUs, options) => {
    expect(late(byUs, options).router.state().state).toBe('MASTER');
  });
});

describe('two owners (both 255)', () => {
  const LOWER = '9.0.0.1';
  const owner = (compat?: InstanceOptions['compat']) => {
    const router = drive({ priority: 255, ...(compat && { options: { compat } }) }, { start: false });
    router.conditions({ hold: false, source: '10.0.0.1' });
    return router;
  };

  it('the lower address yields at once and stays an owner (2.4)', () => {
    const router = owner();
    router.hear({ priority: 255, source: '10.0.0.2' });
    expect(router.state()).toMatchObject({ state: 'BACKUP', effectivePriority: 255 });
  });

  it('the lower address yields at once and is 254 for good (2.2, observed)', () => {
    const router = owner('2.2');
    router.hear({ priority: 255, source: '10.0.0.2' });
    expect(router.state()).toMatchObject({ state: 'BACKUP', effectivePriority: 254, masterDownAt: 3_007_812 });
    router.runTo(4 * SECOND);
    expect(router.state()).toMatchObject({ state: 'MASTER', effectivePriority: 254 });
  });

  it('the greater address waits for two adverts of its own and 1.2 intervals, then stands for election with 254 (2.4)', () => {
    const router = owner();
    const heardAt: number[] = [];
    for (let at = 400_000; router.state().state === 'MASTER'; at += SECOND) {
      router.runTo(at);
      router.hear({ priority: 255, source: LOWER });
      heardAt.push(at);
    }
    // Answers at 1.4 s and 2.4 s are the two adverts (the first one, at 0.4 s, made the acquaintance); 3.4 s is too early.
    expect(heardAt.at(-1)).toBe(3_400_000);
    expect(router.state()).toMatchObject({ state: 'BACKUP', effectivePriority: 254, master: { priority: 255 } });
  });

  it('is 255 again when it becomes MASTER, or hears a router that is no owner', () => {
    const reduced = () => {
      const router = owner();
      for (let at = 400_000; router.state().state === 'MASTER'; at += SECOND) {
        router.runTo(at);
        router.hear({ priority: 255, source: LOWER });
      }
      return router;
    };
    const silent = reduced();
    const effects = silent.runTo(silent.state().masterDownAt!);
    expect(brief(effects)[0]).toBe('sendAdvert 255');
    const heard = reduced();
    heard.hear({ priority: 100, source: LOWER });
    expect(heard.state()).toMatchObject({ state: 'BACKUP', effectivePriority: 255 });
  });

  it('a rogue that falls silent in time is forgotten', () => {
    const router = owner();
    router.hear({ priority: 255, source: LOWER });
    router.runTo(10 * SECOND);
    expect(router.state()).toMatchObject({ state: 'MASTER', rogue: undefined, effectivePriority: 255 });
  });
});

describe('what an advert carries', () => {
  const sent = (change: Partial<InstanceConfig>) => {
    const router = drive({ version: 3, ...change });
    return router.runTo(router.state().masterDownAt!).find((effect) => effect.kind === 'sendAdvert');
  };
  const unicastPeers = ['10.0.0.2'];

  it.each<[string, Partial<InstanceConfig>, object]>([
    ['unicast_ttl 3', { unicastPeers, options: { unicastTtl: 3 } }, { ttl: 3 }],
    ['v3_checksum_as_v2', { options: { v3ChecksumAsV2: true } }, { fields: { checksumOver: 'message' } }],
    [
      'old_unicast_checksum',
      { unicastPeers, options: { oldUnicastChecksum: 'force' } },
      { fields: { checksumOver: '224.0.0.18' } },
    ],
  ])('%s', (_title, change, expected) => {
    expect(sent(change)).toMatchObject(expected);
  });

  it('unicast_ttl means nothing to multicast', () => {
    expect(sent({ options: { unicastTtl: 3 } })).not.toHaveProperty('ttl');
  });

  it('the old unicast checksum is taken up from a peer that has it', () => {
    const router = drive({ version: 3, unicastPeers });
    router.hear({ priority: 50, oldUnicastChecksum: true });
    const advert = router.runTo(router.state().masterDownAt!).find((effect) => effect.kind === 'sendAdvert');
    expect(advert).toMatchObject({ fields: { checksumOver: '224.0.0.18' } });
  });
});

describe('notify_priority_changes', () => {
  it.each([
    ['BACKUP', drive, ['notify BACKUP_PRIORITY']],
    ['MASTER', master, ['notify MASTER_PRIORITY']],
  ] as const)('as %s', (_state, make, expected) => {
    const router = make(withOptions({ notifyPriorityChanges: true }));
    expect(brief(router.conditions({ contribution: 20 }))).toEqual(expected);
  });

  it('is off by default', () => {
    expect(brief(master().conditions({ contribution: 20 }))).toEqual([]);
  });
});

describe('vrrp_startup_delay', () => {
  it.each([
    [150, 4 * SECOND + 3_414_062],
    [255, 4 * SECOND],
  ])('priority %i: BACKUP at once, MASTER at %i µs', (priority, expected) => {
    const router = drive({ priority }, { start: false });
    router.conditions({ hold: false, source: '10.0.0.1', notBefore: 4 * SECOND });
    expect(router.state()).toMatchObject({ state: 'BACKUP', masterDownAt: expected });
    router.runTo(expected);
    expect(router.state().state).toBe('MASTER');
  });
});
