// keepalived's own rules, beyond the RFC.
import { describe, expect, it } from 'vitest';
import { brief, drive, fault, master, SECOND, texts } from '../support/instance.ts';

describe('preempt_delay', () => {
  it('counts from the first lower advert and then waits for the rest of the down timer: 6.04 s for 3 s (keepalived, observed)', () => {
    // A MASTER of priority 50 speaks each second from 0.43 s on; ours is 150 with preempt_delay 3.
    const router = drive({ priority: 150, preemptDelayUs: 3 * SECOND });
    for (let at = 430_000; router.state().state === 'BACKUP' && at < 20 * SECOND; at += SECOND) {
      router.runTo(at);
      if (router.state().state === 'BACKUP') router.hear({ priority: 50 });
    }
    // The last accepted advert is the one at 2.43 s (delay over at 3.43 s, that advert is discarded already).
    expect(router.state()).toMatchObject({ state: 'MASTER', since: 2_430_000 + 3_414_062 });
  });

  it('an advert that is not below ours ends the delay', () => {
    const router = drive({ priority: 150, preemptDelayUs: 3 * SECOND });
    router.hear({ priority: 50 });
    expect(router.state().preemptAt).toBe(3 * SECOND);
    router.hear({ priority: 150 });
    expect(router.state().preemptAt).toBeUndefined();
  });

  it('does not hold up a takeover on silence', () => {
    const router = drive({ priority: 150, preemptDelayUs: 300 * SECOND });
    router.hear({ priority: 50 });
    router.runTo(3_414_062);
    expect(router.state().state).toBe('MASTER');
  });
});

describe('priority', () => {
  it('a change in BACKUP moves the running timer by the difference of the two master-down times', () => {
    const router = drive({ priority: 100 });
    router.runTo(SECOND);
    const effects = router.conditions({ contribution: -50 });
    expect(texts(effects)).toEqual(['Changing effective priority from 100 to 50']);
    expect(router.state()).toMatchObject({ effectivePriority: 50, masterDownAt: 3_609_375 + 195_312 });
  });

  it('a change in MASTER shows in the next advert, built from what holds then', () => {
    const router = master();
    router.conditions({ basePriority: 90, contribution: 5 });
    expect(brief(router.runTo(router.state().advertAt!))).toEqual(['sendAdvert 95']);
  });

  it('an owner stays 255 whatever the trackers say', () => {
    const router = drive({ priority: 255 });
    router.conditions({ contribution: -100 });
    expect(router.state().effectivePriority).toBe(255);
  });
});

describe('announcements (garp_master_*)', () => {
  const vips = [
    { interface: 'eth0', address: '10.0.0.100', prefix: 32, scope: 0 },
    { interface: 'eth0', address: '10.0.0.101', prefix: 32, scope: 0 },
  ];
  const announced = (effects: Parameters<typeof brief>[0]): readonly string[] =>
    effects.flatMap((effect) => (effect.kind === 'announce' ? effect.addresses.map(({ address }) => address) : []));

  it('go round all addresses, again after the delay, and then at each refresh', () => {
    const announcements = {
      delayUs: 5 * SECOND,
      repeat: 2,
      refreshUs: 10 * SECOND,
      refreshRepeat: 1,
      lowerPrioDelayUs: 0,
      lowerPrioRepeat: 0,
    };
    const router = drive({ priority: 255, addresses: vips, announcements }, { start: false });
    const first = router.conditions({ hold: false, source: '10.0.0.1' });
    expect(announced(first)).toEqual(['10.0.0.100', '10.0.0.101', '10.0.0.100', '10.0.0.101']);
    expect(announced(router.runTo(5 * SECOND - 1))).toEqual([]);
    expect(announced(router.runTo(5 * SECOND))).toEqual(['10.0.0.100', '10.0.0.101', '10.0.0.100', '10.0.0.101']);
    // At 15, 25 and 35 s.
    expect(announced(router.runTo(35 * SECOND))).toHaveLength(6);
  });

  it('of an earlier mastership are gone after leaving MASTER', () => {
    const router = master();
    router.hear({ priority: 200 });
    expect(router.state()).toMatchObject({
      announceAgainAt: undefined,
      refreshAt: undefined,
      lowerPrioAnnounceAt: undefined,
    });
  });

  it('excluded addresses are added, announced and removed, but not advertised', () => {
    const router = drive({ priority: 255, excluded: [vips[1]!] }, { start: false });
    const effects = router.conditions({ hold: false, source: '10.0.0.1' });
    expect(brief(effects)[1]).toBe('addAddresses 10.0.0.100 10.0.0.101');
    const advert = effects.find((effect) => effect.kind === 'sendAdvert');
    expect(advert).toMatchObject({ fields: { addresses: ['10.0.0.100'] } });
  });
});

describe('an address that another program removed', () => {
  it('makes a MASTER resign, and come back after its skew', () => {
    const router = master();
    const effects = router.event({ kind: 'addressRemoved', address: '10.0.0.100' });
    expect(brief(effects)).toEqual(['sendAdvert 0', 'removeAddresses 10.0.0.100', 'notify BACKUP']);
    expect(router.state().masterDownAt).toBe(router.now() + 609_375);
  });
});

describe('deviations from keepalived', () => {
  it('a flood of losing or odd packets does not silence a MASTER: it still sends at least once each interval', () => {
    const router = master();
    let last = router.now();
    let longest = 0;
    for (let i = 0; i < 200; i++) {
      const effects = [...router.runTo(router.now() + 300_000), ...router.hear({ priority: 100, source: '10.0.0.1' })];
      if (brief(effects).some((effect) => effect === 'sendAdvert 100')) {
        longest = Math.max(longest, router.now() - last);
        last = router.now();
      }
    }
    expect(longest).toBeLessThanOrEqual(SECOND + 300_000);
  });

  it('after a stalled clock one advert is sent, not all that were missed', () => {
    const router = master();
    const effects = router.stallUntil(router.now() + 10 * SECOND);
    expect(brief(effects)).toEqual(['sendAdvert 100', 'announce 5']);
    expect(router.state().advertAt).toBe(router.now() + SECOND);
  });

  it('a forced fault is a fault like any other', () => {
    const router = master();
    router.conditions({ faults: [fault('forced by the operator', 'forced')] });
    expect(router.state()).toMatchObject({ state: 'FAULT', cause: 'forced by the operator', master: undefined });
  });
});

describe('why an instance is MASTER', () => {
  it.each([
    ['nobody was heard', [], 'master-down timer expired, no master heard'],
    ['silence', [150], 'master-down timer expired, 10.0.0.2 silent'],
    ['priority 0', [150, 0], '10.0.0.2 resigned (priority 0)'],
    ['silence of a lower one', [50], 'master-down timer expired, 10.0.0.2 silent'],
  ])('%s', (_title, priorities, cause) => {
    const router = drive();
    for (const priority of priorities) router.hear({ priority });
    router.runTo(10 * SECOND);
    expect(router.state()).toMatchObject({ state: 'MASTER', cause });
  });

  it('preemption', () => {
    const router = drive();
    for (let at = 0; router.state().state === 'BACKUP'; at += SECOND) {
      router.hear({ priority: 50 });
      router.runTo(at + SECOND);
    }
    expect(router.state().cause).toBe('preempts 10.0.0.2, whose priority 50 is lower');
  });
});
