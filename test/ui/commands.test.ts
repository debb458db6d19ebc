import { describe, expect, it } from 'vitest';
import type { OperatorCommand } from '../../src/engine/commands.ts';
import { COMMANDS, isOffered, runKey } from '../../src/ui/commands.ts';
import { GUARD_US } from '../../src/ui/dialog.ts';
import { forecast } from '../../src/ui/forecast.ts';
import { pressKey } from '../../src/ui/press.ts';
import { receive } from '../../src/ui/receive.ts';
import { selectedInstance } from '../../src/ui/selection.ts';
import { initialState, type ScreenState, type Step, showView, withUi } from '../../src/ui/state.ts';
import { VIEWS } from '../../src/ui/views/registry.ts';
import {
  ENGINE_START,
  FAKE_INFO,
  fakeInstance,
  fakeMaster,
  fakePacket,
  fakeSnapshot,
  SECOND,
} from '../support/fake-session.ts';
import { commandsIn, press } from '../support/press.ts';

const SIZE = { columns: 80, rows: 24 };

function stateWith(more: Partial<ScreenState> = {}): ScreenState {
  return {
    ...initialState(FAKE_INFO, SIZE),
    snapshot: fakeSnapshot(ENGINE_START),
    routers: { names: ['alpha'], shown: 0 },
    ...more,
  };
}
const demo = (more: Partial<ScreenState> = {}): ScreenState =>
  stateWith({
    info: { ...FAKE_INFO, command: 'demo' },
    routers: { names: ['alpha', 'beta', 'gamma'], shown: 0 },
    ...more,
  });

describe('the registry', () => {
  it('has one command for each id and, in every view, one for each key', () => {
    expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length);
    for (const state of [stateWith(), demo(), ...VIEWS.map(({ id }) => showView(stateWith(), id))]) {
      const keys = COMMANDS.filter((command) => isOffered(command, state)).flatMap((command) => command.keys);
      expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    }
  });

  it('puts every change on a letter that asks first, never on Enter, Space, Esc, a digit or Ctrl', () => {
    const changes = COMMANDS.filter(({ group }) => group === 'change');
    expect(changes.flatMap(({ keys }) => keys)).toEqual(['F', 'P', 'N', 'u', 'U', 'D', 'T']);
    // To lock is the one that needs no question.
    for (const { id, tier } of changes) expect(tier, id).toBe(id === 'mode.lock' ? 'look' : 'ask');
  });

  it('runs no change without --operate, and says how to get it', () => {
    const state = stateWith({ mode: { operate: false, until: undefined } });
    for (const key of ['F', 'P', 'N', 'u', 'U']) {
      const step = press(state, key);
      expect(step.state.dialog).toBeUndefined();
      expect(step.effects).toEqual([]);
      expect(step.state.toast?.text).toContain('--operate');
    }
  });

  it('tells that there is nothing to undo', () => {
    expect(press(stateWith(), 'u').state.toast?.text).toContain('no override');
  });

  it('does nothing on an unknown key', () => {
    const state = stateWith();
    expect(press(state, '§').state).toBe(state);
  });
});

describe('the selection', () => {
  it('follows the name of the instance when rows come, go and move', () => {
    let state = press(stateWith(), 'j').state;
    expect(selectedInstance(state, 0)?.name).toBe('VI_DB');
    const moved = [
      fakeInstance(ENGINE_START),
      fakeInstance(ENGINE_START, { name: 'VI_NEW' }),
      fakeMaster(ENGINE_START),
    ];
    state = { ...state, snapshot: fakeSnapshot(ENGINE_START, 0, { instances: moved }) };
    expect(selectedInstance(state, 0)?.name).toBe('VI_DB');
    expect(press(state, 'F').state.dialog).toMatchObject({ instance: 'VI_DB' });
  });

  it('falls back to the first instance when its own is gone', () => {
    const state = withUi(stateWith(), 'instances', { selected: 'VI_GONE' });
    expect(selectedInstance(state, 0)?.name).toBe('VI_WEB');
  });

  it.each([
    [['j'], 'VI_DB'],
    [['down', 'down'], 'VI_OLD'],
    [['down', 'down', 'down', 'down'], 'VI_OLD'],
    [['G', 'k'], 'VI_DB'],
    [['G', 'g'], 'VI_WEB'],
    [['up'], 'VI_WEB'],
    [['enter', ']'], 'VI_DB'],
    [['tab', 'j', ']'], 'VI_DB'],
  ])('after %j is %s', (keys, name) => {
    expect(selectedInstance(press(stateWith(), ...keys).state, 0)?.name).toBe(name);
  });
});

describe('scrolling a log', () => {
  const adverts = Array.from({ length: 30 }, (_, i) => fakePacket(i + 1, ENGINE_START + i * SECOND));
  const state = stateWith({ focus: 'packets', packets: adverts });
  const chosen = (at: ScreenState) => at.views.packets?.selected;

  it('stops following when one goes up and follows again past the end', () => {
    expect(chosen(press(state, 'k').state)).toBe('29');
    expect(chosen(press(state, 'k', 'k', 'j', 'j').state)).toBeUndefined();
    expect(chosen(press(state, 'pageup', 'G').state)).toBeUndefined();
    expect(chosen(press(state, 'pageup', 'esc').state)).toBeUndefined();
  });

  it('stays on the same row when the oldest rows are dropped', () => {
    const scrolled = press(state, ...Array(9).fill('k')).state;
    expect(chosen(scrolled)).toBe('21');
    const later = { ...scrolled, packets: adverts.slice(10) };
    expect(chosen(press(later, 'k').state)).toBe('20');
  });
});

describe('a question', () => {
  it('takes the name and Ctrl-G where MASTER changes hands; y alone does nothing', () => {
    expect(commandsIn(press(stateWith(), 'F', 'y'))).toEqual([]);
    expect(commandsIn(press(stateWith(), 'F', ...'VI_WE', 'ctrl-g'))).toEqual([]);
    expect(commandsIn(press(stateWith(), 'F', ...'VI_WEB', 'ctrl-g'))).toEqual([
      { kind: 'force-fault', instance: 'VI_WEB', lastsUs: 120 * SECOND },
    ]);
  });

  it('wants the word :force where nobody is known to take over', () => {
    const lonely = fakeSnapshot(ENGINE_START, 0, { instances: [fakeMaster(ENGINE_START, { peers: [] })] });
    const state = stateWith({ snapshot: lonely });
    expect(commandsIn(press(state, 'F', ...'VI_WEB', 'ctrl-g'))).toEqual([]);
    const typed = [...'VI_WEB :force'].map((char) => (char === ' ' ? 'space' : char));
    expect(commandsIn(press(state, 'F', ...typed, 'ctrl-g'))).toHaveLength(1);
  });

  it('takes y for a local effect', () => {
    expect(commandsIn(press(stateWith(), 'j', 'F', 'y'))).toMatchObject([{ kind: 'force-fault', instance: 'VI_DB' }]);
  });

  it('ignores keys that came before a person could read it', () => {
    const opened = runKey(withUi(stateWith(), 'instances', { selected: 'VI_DB' }), 'F', 1_000_000).state;
    const early = pressKey(opened, 'y', 1_000_000 + GUARD_US - 1);
    expect(early).toEqual({ state: opened, effects: [] });
    expect(commandsIn(pressKey(opened, 'y', 1_000_000 + GUARD_US))).toHaveLength(1);
  });

  it.each(['enter', 'esc'])('is cancelled by %s', (key) => {
    const step = press(demo(), 'F', key);
    expect(step.state.dialog).toBeUndefined();
    expect(commandsIn(step)).toEqual([]);
    expect(step.state.toast?.text).toContain('nothing was changed');
  });

  it('does not take the key that opened it as its answer', () => {
    expect(commandsIn(press(demo(), 'F', 'F', 'F'))).toEqual([]);
  });

  it('is refused when its target has changed since', () => {
    const opened = press(demo(), 'F', ...'VI_WEB').state;
    const changed = fakeSnapshot(ENGINE_START, 0, { instances: [fakeMaster(ENGINE_START, { state: 'BACKUP' })] });
    const step = pressKey({ ...opened, snapshot: changed }, 'ctrl-g', 10 * SECOND);
    expect(commandsIn(step)).toEqual([]);
    expect(step.state.toast?.text).toContain('VI_WEB was MASTER and is BACKUP now');
  });

  it('is not asked at all when the command would have no effect', () => {
    const step = press(stateWith(), 'G', 'F');
    expect(step.state.dialog).toBeUndefined();
    expect(step.state.toast?.text).toContain('VI_OLD is in FAULT already');
  });

  it('F on an instance that is forced ends that', () => {
    const overrides = [
      { id: 7, instance: 'VI_DB', kind: 'force-fault', text: 'forced FAULT', setAt: 0, expiresAt: 1 } as const,
    ];
    const forced = fakeInstance(ENGINE_START, { state: 'FAULT', faults: ['forced by the operator'] });
    const snapshot = fakeSnapshot(ENGINE_START, 0, { instances: [forced], overrides });
    expect(commandsIn(press(stateWith({ snapshot }), 'F', 'y'))).toEqual([{ kind: 'undo', id: 7 }]);
  });

  it('taking back needs no more than y, even where MASTER changes hands: the way out of a drill is short', () => {
    const overrides = [
      { id: 7, instance: 'VI_DB', kind: 'force-fault', text: 'forced FAULT', setAt: 0, expiresAt: 1 } as const,
    ];
    const better = { preempt: true, configuredPriority: 250, basePriority: 250, effectivePriority: 250 };
    const forced = fakeInstance(ENGINE_START, { state: 'FAULT', faults: ['forced by the operator'], ...better });
    const snapshot = fakeSnapshot(ENGINE_START, 0, { instances: [forced], overrides });
    expect(forecast(snapshot, { kind: 'undo-all' }).tier).toBe('mastership');
    expect(commandsIn(press(stateWith({ snapshot }), 'U', 'y'))).toEqual([{ kind: 'undo-all' }]);
  });
});

describe('the priority', () => {
  it.each<[string, OperatorCommand]>([
    ['90', { kind: 'set-priority', instance: 'VI_WEB', priority: 90 }],
    ['+10', { kind: 'add-priority', instance: 'VI_WEB', delta: 10 }],
    ['-10', { kind: 'add-priority', instance: 'VI_WEB', delta: -10 }],
  ])('%s', (typed, command) => {
    const confirmed = ['y', 'tab', ...'VI_WEB', 'ctrl-g'];
    expect(commandsIn(press(demo(), 'P', ...typed, ...confirmed))).toMatchObject([command]);
  });

  it.each(['', '0', '255', '999', '+', '1-2'])('%j is not accepted', (typed) => {
    expect(commandsIn(press(demo(), 'P', ...typed, 'y'))).toEqual([]);
  });

  it('can be corrected', () => {
    expect(commandsIn(press(stateWith(), 'j', 'P', '9', '9', 'backspace', '0', 'y'))).toMatchObject([{ priority: 90 }]);
    expect(commandsIn(press(stateWith(), 'j', 'P', '9', 'ctrl-u', '8', '0', 'y'))).toMatchObject([{ priority: 80 }]);
  });

  it('needs the name too where MASTER changes hands, in a field that Tab or Enter reaches', () => {
    for (const next of ['tab', 'enter']) {
      const step = press(stateWith(), 'P', '9', '0', next, ...'VI_WEB', 'ctrl-g');
      expect(commandsIn(step)).toMatchObject([{ kind: 'set-priority', instance: 'VI_WEB', priority: 90 }]);
    }
    expect(commandsIn(press(stateWith(), 'P', '9', '0', 'enter', 'enter'))).toEqual([]);
  });
});

describe('leaving', () => {
  const backup = fakeSnapshot(ENGINE_START, 0, { instances: [fakeInstance(ENGINE_START)] });

  const quits = ({ effects }: Step): unknown[] => effects.filter(({ type }) => type === 'quit');
  const left = (how: string): unknown[] => [{ type: 'quit', how }];

  it('asks while MASTER, and does as told', () => {
    expect(press(stateWith(), 'q').state.dialog?.kind).toBe('quit');
    expect(quits(press(stateWith(), 'q', 'r'))).toEqual(left('release'));
    expect(quits(press(stateWith(), 'q', 'd'))).toEqual(left('detach'));
    expect(quits(press(stateWith(), 'q', 'enter'))).toEqual([]);
    expect(quits(press(stateWith(), 'q', 'q'))).toEqual([]);
  });

  it('is written down before it is done', () => {
    expect(press(stateWith(), 'q', 'r').effects[0]).toMatchObject({ type: 'send', message: { type: 'leaving' } });
  });

  it('asks while a real router stands by: a key must not take the backup away', () => {
    expect(press(stateWith({ snapshot: backup }), 'q').state.dialog?.kind).toBe('quit');
    expect(quits(press(stateWith({ snapshot: backup }), 'q', 'r'))).toEqual(left('release'));
  });

  it('is immediate where nothing is lost, and before the first report', () => {
    expect(quits(press(demo({ snapshot: backup }), 'q'))).toEqual(left('release'));
    expect(quits(press(stateWith({ snapshot: undefined }), 'q'))).toEqual(left('release'));
  });

  it('Ctrl-C is q; a second one stops cleanly', () => {
    expect(press(stateWith(), 'ctrl-c').state.dialog?.kind).toBe('quit');
    expect(quits(press(stateWith(), 'ctrl-c', 'ctrl-c'))).toEqual(left('release'));
  });

  it('offers no going on in the demo: there is nothing that could', () => {
    expect(press(demo(), 'q', 'd').effects).toEqual([]);
  });
});

describe('several routers', () => {
  const shown = ({ effects }: Step): unknown[] => effects.map((effect) => effect.type === 'send' && effect.message);

  it('are chosen by r and by name', () => {
    expect(shown(press(demo(), 'r'))).toEqual([{ type: 'show-router', index: 1 }]);
    expect(shown(press(demo({ routers: { names: ['a', 'b'], shown: 1 } }), 'r'))).toEqual([
      { type: 'show-router', index: 0 },
    ]);
    const typed = [...':router gamma'].map((char) => (char === ' ' ? 'space' : char));
    expect(shown(press(demo(), ...typed, 'enter'))).toEqual([{ type: 'show-router', index: 2 }]);
    expect(shown(press(stateWith(), 'r'))).toEqual([]);
  });

  it('do not mix: a switch forgets what belonged to the one before', () => {
    const before = withUi(demo({ packets: [fakePacket(9, 0)], dropped: 4 }), 'packets', { selected: '9', filter: 'x' });
    const after = receive(before, { type: 'routers', names: before.routers.names, shown: 1 }, 0);
    expect(after).toMatchObject({ snapshot: undefined, packets: [], events: [], dropped: 0 });
    expect(after.views.packets).toMatchObject({ selected: undefined, filter: 'x' });
  });
});

describe('an update', () => {
  const update = (seqs: readonly number[]) => ({
    type: 'update' as const,
    snapshot: fakeSnapshot(ENGINE_START),
    events: [],
    packets: seqs.map((seq) => fakePacket(seq, 0)),
    dropped: 2,
    lateness: 0,
  });

  it('adds what is new once, and counts what was left out', () => {
    let state = receive(stateWith(), update([1, 2]), 0);
    state = receive(state, update([2, 3]), 0);
    expect(state.packets.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(state.dropped).toBe(4);
  });

  it('keeps a bounded number of adverts', () => {
    const state = receive(stateWith(), update(Array.from({ length: 3000 }, (_, i) => i + 1)), 0);
    expect(state.packets).toHaveLength(2000);
    expect(state.packets.at(-1)?.seq).toBe(3000);
  });

  it('sets the clock, so that the screen counts down by itself', () => {
    expect(receive(stateWith(), update([]), 1000).clockOffset).toBe(ENGINE_START - 1000);
  });
});
