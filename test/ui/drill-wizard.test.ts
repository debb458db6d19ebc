// The drill wizard: what is shown before, what it asks, and what it then does.
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/engine/snapshot.ts';
import { GUARD_US } from '../../src/ui/dialog.ts';
import { drillChoices, proposedPriority } from '../../src/ui/drill-wizard.ts';
import { preflight } from '../../src/ui/preflight.ts';
import { pressKey } from '../../src/ui/press.ts';
import { currentView, initialState, type ScreenState } from '../../src/ui/state.ts';
import { ENGINE_START, FAKE_INFO, fakeInstance, fakeMaster, fakeSnapshot, SECOND } from '../support/fake-session.ts';
import { commandsIn, press } from '../support/press.ts';
import { openTestScreen } from '../support/screen.ts';

const stateOf = (snapshot: Snapshot): ScreenState => ({
  ...initialState(FAKE_INFO, { columns: 80, rows: 24 }),
  snapshot,
});
const START = stateOf(fakeSnapshot(ENGINE_START));

describe('the preflight', () => {
  const told = (snapshot: Snapshot): string[] =>
    preflight(snapshot, snapshot.instances[0]!).map(
      ({ ok, text }) => `${ok === undefined ? '?' : ok ? '+' : '-'} ${text}`,
    );

  it('tells the role, the evidence of a backup, addresses, trackers and overrides', () => {
    expect(told(fakeSnapshot(ENGINE_START))).toEqual([
      '+ MASTER here for 4m32s',
      '? 10.0.0.2, priority 100, heard as MASTER 4m40s ago; not verified since',
      '+ 2 of 2 addresses present',
      '- failing: chk_smtp',
      '+ no other override on it',
    ]);
  });

  it('says that no backup is known, that a group goes along, and what is in force', () => {
    const instances = [
      fakeMaster(ENGINE_START, { peers: [], syncGroup: 'G1', preempt: false }),
      fakeInstance(ENGINE_START, { syncGroup: 'G1' }),
    ];
    const override = {
      id: 1,
      instance: 'VI_WEB',
      kind: 'priority',
      text: 'priority 150 -> 90',
      setAt: 0,
      expiresAt: 9,
    } as const;
    const lines = told(fakeSnapshot(ENGINE_START, 0, { instances, overrides: [override] })).join('\n');
    expect(lines).toContain('- no other router is known');
    expect(lines).toContain('? sync group G1: VI_DB along with it');
    expect(lines).toContain('? nopreempt: it stays BACKUP afterwards');
    expect(lines).toContain('- in force already: priority 150 -> 90');
  });
});

describe('the choices', () => {
  it('propose the priority with which the best backup takes over, trackers counted', () => {
    const snapshot = fakeSnapshot(ENGINE_START);
    // 10.0.0.2 has 100, and a failing script takes 20 off: 119 - 20 = 99.
    expect(proposedPriority(snapshot, fakeMaster(ENGINE_START, { basePriority: 150, effectivePriority: 130 }))).toBe(
      '119',
    );
    expect(drillChoices(snapshot, snapshot.instances[0]!).map(({ key, tier }) => `${key} ${tier}`)).toEqual([
      'f mastership',
      'p mastership',
      'n local',
    ]);
  });
});

describe('the flow', () => {
  it('asks what, how long and why, then for the name; then view 6 shows the measurement', () => {
    const step = press(START, 'D', 'f', ...'30s', 'enter', ...'weekly', 'enter', ...'VI_WEB', 'ctrl-g');
    expect(commandsIn(step)).toEqual([
      { kind: 'force-fault', instance: 'VI_WEB', lastsUs: 30 * SECOND, why: 'weekly' },
    ]);
    expect(currentView(step.state)).toBe('drill');
  });

  it('asks for the value first when the priority is moved', () => {
    const step = press(START, 'D', 'p', '9', '0', 'enter', ...'45s', 'enter', 'enter', ...'VI_WEB', 'ctrl-g');
    expect(commandsIn(step)).toMatchObject([{ kind: 'set-priority', priority: 90, lastsUs: 45 * SECOND }]);
  });

  it('takes y where nobody else becomes MASTER', () => {
    expect(commandsIn(press(START, 'D', 'n', 'enter', 'enter', 'y'))).toMatchObject([{ kind: 'toggle-nopreempt' }]);
    // Not while a field has the keys.
    expect(commandsIn(press(START, 'D', 'n', 'y'))).toEqual([]);
  });

  it.each([
    [['D', 'enter']],
    [['D', 'f', 'esc']],
    [['D', 'f', 'enter', 'enter', 'enter']],
    [['D', 'f', 'ctrl-g']],
    [['D', 'f', 'enter', 'enter', ...'VI_DB', 'ctrl-g']],
    [['D', 'x', 'y', 'ctrl-g']],
  ])('%j does nothing', (keys) => {
    expect(commandsIn(press(START, ...keys))).toEqual([]);
  });

  it('takes no key within 400 ms of a page, so that held keys do not run through it', () => {
    const open = pressKey(START, 'D', 0).state;
    expect(pressKey(open, 'f', GUARD_US - 1).state.dialog?.kind).toBe('wizard');
    const asked = pressKey(open, 'f', GUARD_US).state;
    expect(asked.dialog?.kind).toBe('change');
    expect(pressKey(asked, 'enter', GUARD_US + 1000).state.dialog).toMatchObject({ field: 'lasts' });
  });

  it(':failover says all of it in one line, and still asks', () => {
    const line = [...':failover fault VI_WEB 30s because test'].map((char) => (char === ' ' ? 'space' : char));
    const open = press(START, ...line, 'enter');
    expect(open.state.dialog).toMatchObject({ kind: 'change', lasts: '30s', why: 'test', drill: true });
    expect(commandsIn(open)).toEqual([]);
  });

  it('a length of time without "for" is understood by every change', () => {
    const line = [...':fault VI_DB 45s'].map((char) => (char === ' ' ? 'space' : char));
    expect(commandsIn(press(START, ...line, 'enter', 'y'))).toMatchObject([
      { instance: 'VI_DB', lastsUs: 45 * SECOND },
    ]);
  });
});

describe('on the screen', () => {
  it.each([
    [40, 12],
    [80, 24],
    [120, 40],
  ])('%dx%d: choices, the first check and the way out are in sight', async (columns, rows) => {
    const screen = await openTestScreen({ columns, rows });
    await screen.press('D');
    await screen.pass(500_000);
    for (const text of ['Drill VI_WEB', 'force FAULT', 'MASTER moves', 'nopreempt', 'MASTER here', 'Cancel'])
      expect(screen.text()).toContain(text);
    await screen.press('f');
    await screen.pass(500_000);
    for (const text of ['force FAULT', 'For 2m', 'because', 'VI_WEB  to go on:', 'Ctrl-G', 'Cancel', 'Enter: next'])
      expect(screen.text()).toContain(text);
    screen.unmount();
  });
});
