// One test per clause of RFC 9568 §6.4, by the line numbers of its state machine where it has some.
import { describe, expect, it } from 'vitest';
import { brief, drive, fault, master, OWN, PEER, SECOND, texts } from '../support/instance.ts';

/** 3 x 1 s + (256 - 100) / 256 s. */
const DOWN_100 = 3_609_375;
const SKEW_100 = 609_375;

describe('§6.4.1 Initialize', () => {
  it('an owner (255) sends an advert, announces its addresses and is MASTER at once', () => {
    const router = drive({ priority: 255 }, { start: false });
    const effects = router.conditions({ hold: false, source: OWN });
    expect(brief(effects)).toEqual(['sendAdvert 255', 'addAddresses 10.0.0.100', 'announce 5', 'notify MASTER']);
    expect(router.state()).toMatchObject({ state: 'MASTER', advertAt: SECOND, masterDownAt: undefined });
  });

  it('any other router listens for one master-down time with its own interval', () => {
    const router = drive({ version: 3, advertIntervalUs: 2 * SECOND }, { start: false });
    const effects = router.conditions({ hold: false, source: OWN });
    expect(brief(effects)).toEqual(['notify BACKUP']);
    expect(router.state()).toMatchObject({ state: 'BACKUP', masterIntervalUs: 2 * SECOND, masterDownAt: 7_218_750 });
  });

  it('`state MASTER` below 255 does not start as MASTER (keepalived)', () => {
    expect(drive({ initialState: 'MASTER', priority: 150 }).state()).toMatchObject({
      state: 'BACKUP',
      masterDownAt: 3_414_062,
    });
  });

  it('nothing is sent and no timer runs while the first result of a script is outstanding (keepalived)', () => {
    const router = drive({}, { start: false });
    expect(brief(router.conditions({ source: OWN }))).toEqual([]);
    expect(router.runTo(60 * SECOND)).toEqual([]);
    expect(router.state().state).toBe('INIT');
  });
});

describe('§6.4.2 Backup', () => {
  it('(300) Shutdown: Initialize, and nothing is sent', () => {
    const router = drive();
    expect(brief(router.event({ kind: 'stopped' }))).toEqual(['notify STOP']);
    expect(router.state()).toMatchObject({ state: 'INIT', masterDownAt: undefined });
  });

  it('(315) silence for the master-down time: advert, then addresses, then announcements, then notify', () => {
    const router = drive();
    expect(router.runTo(DOWN_100 - 1)).toEqual([]);
    expect(brief(router.runTo(DOWN_100))).toEqual([
      'sendAdvert 100',
      'addAddresses 10.0.0.100',
      'announce 5',
      'notify MASTER',
    ]);
    expect(router.state()).toMatchObject({ state: 'MASTER', advertAt: DOWN_100 + SECOND, masterDownAt: undefined });
  });

  it('(430) an advert of priority 0: the timer is the skew time', () => {
    const router = drive();
    router.runTo(SECOND);
    router.hear({ priority: 150 });
    router.hear({ priority: 0 });
    expect(router.state().masterDownAt).toBe(SECOND + SKEW_100);
    router.runTo(SECOND + SKEW_100);
    expect(router.state().state).toBe('MASTER');
  });

  it('(430) in version 3 the skew follows the interval that was learnt', () => {
    const router = drive({ version: 3, advertIntervalUs: SECOND / 2 });
    router.hear({ priority: 150, intervalUs: 2 * SECOND });
    router.hear({ priority: 0, intervalUs: 2 * SECOND });
    expect(router.state().masterDownAt).toBe(1_218_750);
  });

  it.each([100, 101, 150, 255])('(440) an advert of priority %i, not below ours, starts the timer anew', (priority) => {
    const router = drive();
    router.runTo(3 * SECOND);
    router.hear({ priority });
    expect(router.state()).toMatchObject({ master: { address: PEER, priority }, masterDownAt: 3 * SECOND + DOWN_100 });
  });

  it('(440) version 3 learns the interval, version 2 has none to learn', () => {
    const v3 = drive({ version: 3 });
    v3.hear({ priority: 150, intervalUs: 500_000 });
    expect(v3.state().masterIntervalUs).toBe(500_000);
    const v2 = drive();
    v2.hear({ priority: 150 });
    expect(v2.state().masterIntervalUs).toBe(SECOND);
  });

  it('(455) preempt: an advert of lower priority is discarded and the timer goes on', () => {
    const router = drive();
    router.runTo(SECOND);
    expect(texts(router.hear({ priority: 99 }))[0]).toContain(
      'received lower priority (99) advert from 10.0.0.2 - discarding',
    );
    expect(router.state()).toMatchObject({ state: 'BACKUP', masterDownAt: DOWN_100 });
  });

  it('(440) nopreempt: an advert of any priority is followed', () => {
    const router = drive({ preempt: false });
    router.runTo(SECOND);
    router.hear({ priority: 1 });
    expect(router.state()).toMatchObject({ master: { priority: 1 }, masterDownAt: SECOND + DOWN_100 });
  });

  it('nopreempt: takes over on silence and on priority 0 all the same', () => {
    const router = drive({ preempt: false });
    router.hear({ priority: 1 });
    router.hear({ priority: 0 });
    router.runTo(SKEW_100);
    expect(router.state().state).toBe('MASTER');
  });

  it('the address decides between two MASTERs only: an equal priority from a lower address is followed', () => {
    const router = drive();
    router.hear({ priority: 100, source: '10.0.0.0' });
    expect(router.state().master?.address).toBe('10.0.0.0');
  });
});

describe('§6.4.3 Active (MASTER)', () => {
  it('(600) Shutdown: priority 0 first, then the addresses', () => {
    const router = master();
    expect(brief(router.event({ kind: 'stopped' }))).toEqual([
      'sendAdvert 0',
      'removeAddresses 10.0.0.100',
      'notify STOP',
    ]);
  });

  it('(620) an advert each interval, on a schedule that lateness does not move', () => {
    const router = master();
    const effects = router.runTo(DOWN_100 + 3 * SECOND);
    expect(brief(effects)).toEqual(['sendAdvert 100', 'sendAdvert 100', 'sendAdvert 100']);
    expect(router.state().advertAt).toBe(DOWN_100 + 4 * SECOND);
  });

  it('(640) an advert of priority 0: ours at once, and the interval starts anew', () => {
    const router = master();
    router.runTo(DOWN_100 + 400_000);
    expect(brief(router.hear({ priority: 0 }))).toEqual(['sendAdvert 100']);
    expect(router.state()).toMatchObject({ state: 'MASTER', advertAt: DOWN_100 + 1_400_000 });
  });

  it('(705) a higher priority: BACKUP, without priority 0', () => {
    const router = master({ version: 3 });
    const effects = router.hear({ priority: 101, intervalUs: 500_000 });
    expect(brief(effects)).toEqual(['removeAddresses 10.0.0.100', 'notify BACKUP']);
    expect(router.state()).toMatchObject({
      state: 'BACKUP',
      masterIntervalUs: 500_000,
      masterDownAt: DOWN_100 + 1_500_000 + 304_687,
      master: { address: PEER, priority: 101 },
    });
  });

  it.each([
    ['10.0.0.2', 'BACKUP'],
    ['10.0.0.10', 'BACKUP'],
    ['10.0.0.0', 'MASTER'],
    ['9.255.255.255', 'MASTER'],
    ['200.0.0.1', 'BACKUP'],
  ])(
    '(705) equal priority: against %s the greater address, unsigned and by bytes, stays: we are %s',
    (source, expected) => {
      const router = master();
      router.hear({ priority: 100, source });
      expect(router.state().state).toBe(expected);
    },
  );

  it('(745) a losing advert is answered at once, and the addresses are announced again', () => {
    const router = master();
    expect(brief(router.hear({ priority: 99 }))).toEqual([
      'sendAdvert 100',
      'announce 5',
      'notify MASTER_RX_LOWER_PRI',
    ]);
    expect(router.state().state).toBe('MASTER');
  });
});

describe('leaving for FAULT (keepalived)', () => {
  it('a MASTER sends priority 0 twice, removes its addresses, then notifies', () => {
    const router = master();
    const effects = router.conditions({ faults: [fault()] });
    expect(brief(effects)).toEqual(['sendAdvert 0', 'sendAdvert 0', 'removeAddresses 10.0.0.100', 'notify FAULT']);
    expect(router.state()).toMatchObject({ state: 'FAULT', cause: 'script chk failed', advertAt: undefined });
  });

  it('over a link that is down nothing can be sent', () => {
    const router = master();
    expect(brief(router.conditions({ faults: [fault('interface eth0 is down', 'interface')] }))[0]).toBe(
      'removeAddresses 10.0.0.100',
    );
  });

  it('hears nothing in FAULT, and comes back as BACKUP with a full timer when the last fault is over', () => {
    const router = drive();
    router.conditions({ faults: [fault('a'), fault('b')] });
    router.hear({ priority: 200 });
    expect(router.state().master).toBeUndefined();
    router.runTo(10 * SECOND);
    router.conditions({ faults: [fault('b')] });
    expect(router.state()).toMatchObject({ state: 'FAULT', cause: 'b' });
    router.conditions({ faults: [] });
    expect(router.state()).toMatchObject({
      state: 'BACKUP',
      masterDownAt: 10 * SECOND + DOWN_100,
      cause: 'fault cleared (b)',
    });
  });

  it('an owner that comes back waits one interval and its skew', () => {
    const router = drive({ priority: 255 });
    router.conditions({ faults: [fault()] });
    router.conditions({ faults: [] });
    expect(router.state()).toMatchObject({ state: 'BACKUP', masterDownAt: SECOND + 3_906 });
  });
});
