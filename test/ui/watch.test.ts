// The screen of a watch: every view of it at every size, what it says of roles, and that it has nothing to change.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToScreen } from '../../src/session/messages.ts';
import type { ReplayState } from '../../src/session/replay.ts';
import { createWatchFeed } from '../../src/session/watch-feed.ts';
import { watchPicture } from '../../src/session/watch-picture.ts';
import { clean } from '../../src/ui/clean.ts';
import { runLine } from '../../src/ui/commands.ts';
import { renderFrame } from '../../src/ui/frame.ts';
import { pressKey } from '../../src/ui/press.ts';
import { receive } from '../../src/ui/receive.ts';
import { initialState, type ScreenState, type Step } from '../../src/ui/state.ts';
import { width } from '../../src/ui/text.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { advert, announcement, hearing, macOf } from '../observe/wire-lab.ts';
import { FAKE_INFO, HOSTILE, WALL_START } from '../support/fake-session.ts';

const SECOND = 1_000_000;
const [A, B] = ['192.0.2.11', '192.0.2.12'];
const INFO = { ...FAKE_INFO, command: 'watch', configFile: 'eth0', operate: false } as const;
const REPLAY: ReplayState = {
  ...{ start: 0, end: 120 * SECOND, position: 60 * SECOND, speed: 10, playing: false, pass: 1, frame: 5, frames: 9 },
};

/** Three virtual routers after a minute: one with a MASTER, one with two, one without; an interface with a hostile name. */
function messageAt(replay?: ReplayState, name = 'eth0'): Extract<ToScreen, { type: 'update' }> {
  const heard = hearing();
  const feed = createWatchFeed();
  const hear = (at: number, bytes: Uint8Array): void => {
    const frame = { interface: name, linkType: 1, bytes, cut: false };
    heard.observer.observe(frame, at * SECOND);
    feed.frame({ interface: name, direction: 'received', at: at * SECOND, bytes });
  };
  for (let at = 0; at < 60; at++) {
    hear(at, advert(A, { priority: 150 }));
    hear(at, advert(A, { priority: 150, vrid: 52, addresses: ['192.0.2.52'] }));
    hear(at, advert(B, { priority: 100, vrid: 52, addresses: ['192.0.2.52', '192.0.2.53'] }));
    if (at < 30) hear(at, advert('fe80::11', { vrid: 53, vlan: 7 }));
  }
  hear(60, announcement('192.0.2.100', macOf(B)));
  heard.observer.tick(60 * SECOND);
  for (const event of heard.events) feed.event(event);
  const at = { now: 60 * SECOND, wallTime: WALL_START + 60_000, startedAt: 0, routerId: 'lb1' };
  const { snapshot, watch } = watchPicture(heard.observer.snapshot(), at);
  return {
    type: 'update',
    ...{ snapshot, dropped: 0, lateness: 0, findings: feed.findings(heard.observer.findings()) },
    ...{ events: feed.events().since(0), packets: feed.packets().since(0) },
    watch: { ...watch, ...(replay && { replay }) },
  };
}

function stateAt(columns: number, rows: number, message = messageAt()): ScreenState {
  return receive(initialState(INFO, { columns, rows }), clean(message), 0);
}

const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');
const screen = (state: ScreenState): string =>
  renderFrame(state, 0, createTheme({ color: 'never', ascii: false }))
    .map(plain)
    .join('\n');
const press = (state: ScreenState, ...keys: string[]): ScreenState =>
  keys.reduce((before, key) => pressKey(before, key, 0).state, state);
const told = ({ effects }: Step) => effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));

describe('the screen of a watch', () => {
  it.each([
    [40, 12],
    [80, 24],
    [120, 40],
    [200, 60],
  ])('draws every view at %ix%i, whatever is typed and however interfaces are called', (columns, rows) => {
    const keys = [
      '1',
      '2',
      '4',
      '5',
      '7',
      '9',
      '8',
      'j',
      'tab',
      'z',
      'enter',
      'esc',
      'space',
      'd',
      's',
      'x',
      '+',
      ']',
      'F',
      'u',
    ];
    const name = fc.constantFrom('eth0', HOSTILE);
    const ascii = fc.boolean();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys), { maxLength: 5 }), ascii, name, (pressed, plainText, called) => {
        const state = press(stateAt(columns, rows, messageAt(undefined, called)), ...pressed);
        const frame = renderFrame(state, 0, createTheme({ color: 'never', ascii: plainText }));
        expect(frame).toHaveLength(rows);
        for (const text of frame) expect(width(plain(text))).toBe(columns);
        expect(frame.join('')).not.toContain('this part of the screen failed');
        if (plainText) expect(frame.map(plain).join('')).toMatch(/^[\x20-\x7e]*$/);
      }),
      { numRuns: 60 },
    );
  });

  it('says what the wire shows of each virtual router, and no state of its own', () => {
    const text = screen(stateAt(120, 40));
    expect(text).toMatch(/● seen +eth0 v4 51 .*192\.0\.2\.11 +150/);
    expect(text).toMatch(/✗ SPLIT +eth0 v4 52 .*192\.0\.2\.11 192\.0\.2\.12/);
    expect(text).toMatch(/◌ none +eth0\.7 v6 53 .*was fe80::11/);
    expect(text).not.toMatch(/BACKUP|FAULT|read-only|self/);
  });

  it('names the routers that disagree, and who would be next', () => {
    const text = screen(press(stateAt(120, 40), '5', 'j'));
    expect(text).toMatch(/SPLIT BRAIN +eth0 v4 52/);
    expect(text).toContain('VIP lists of 192.0.2.12 (192.0.2.52 192.0.2.53) differ');
    expect(text).toContain('192.0.2.12 is MASTER too');
  });

  it('shows evidence, reason and cure of the chosen finding, and goes to its router', () => {
    const state = press(stateAt(120, 40), '9');
    expect(screen(state)).toMatch(/evidence[\s\S]*why[\s\S]*fix/);
    expect(screen(press(state, 'enter'))).toMatch(/── Instance eth0 v4 52/);
  });

  it('marks an address that another router announces', () => {
    expect(screen(press(stateAt(120, 40), '7'))).toContain('! 192.0.2.100  announced at 02:00:00:00:00:12');
  });

  it.each(['F', 'P', 'N', 'u', 'U'])('has no key %s, and opens no question', (key) => {
    const { state, effects } = pressKey(stateAt(80, 24), key, 0);
    expect([state.dialog, state.toast, effects]).toEqual([undefined, undefined, []]);
  });

  it('has none of the commands of an engine by name', () => {
    for (const name of ['fault', 'priority 10', 'unlock', 'lock', 'drill', 'trackers']) {
      const { state, effects } = runLine(stateAt(80, 24), name, 0);
      expect(state.toast?.text).toMatch(/^no command/);
      expect(effects).toEqual([]);
    }
  });

  it('ends with q, without a question', () => {
    expect(pressKey(stateAt(80, 24), 'q', 0).effects).toContainEqual({ type: 'quit', how: 'release' });
  });
});

describe('a replay on the screen', () => {
  const state = stateAt(80, 24, messageAt(REPLAY));

  it('shows its speed and place, and its time stands between reports', () => {
    expect(screen(state)).toMatch(/PAUSED x10 1:00\/2:00/);
    const later = renderFrame(state, 30 * SECOND, createTheme({ color: 'never', ascii: false }));
    expect(later).toEqual(renderFrame(state, 0, createTheme({ color: 'never', ascii: false })));
  });

  it.each([
    ['p', { kind: 'pause' }],
    ['+', { kind: 'faster' }],
    ['-', { kind: 'slower' }],
    ['.', { kind: 'step' }],
    ['[', { kind: 'by', us: -10 * SECOND }],
    [']', { kind: 'by', us: 10 * SECOND }],
  ])('is wound with %s', (key, order) => {
    expect(told(pressKey(state, key, 0))).toEqual([{ type: 'replay', order }]);
  });

  it('has no such keys while live', () => {
    for (const key of ['p', '+', '-', '.', ']']) expect(told(pressKey(stateAt(80, 24), key, 0))).toEqual([]);
    expect(runLine(stateAt(80, 24), 'goto end', 0).state.toast?.text).toContain('only a recording');
  });

  const clock = (seconds: number): string => {
    const at = new Date(WALL_START + seconds * 1000);
    return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
  };
  it.each<[string, unknown]>([
    ['start', { kind: 'to', at: 0 }],
    ['end', { kind: 'to', at: 120 * SECOND }],
    ['50%', { kind: 'to', at: 60 * SECOND }],
    ['+30s', { kind: 'by', us: 30 * SECOND }],
    ['-1m', { kind: 'by', us: -60 * SECOND }],
    [clock(75), { kind: 'to', at: 75 * SECOND }],
    [`${clock(75)}.25`, { kind: 'to', at: 75.25 * SECOND }],
  ])('goes to %s', (where, order) => {
    expect(told(runLine(state, `goto ${where}`, 0))).toEqual([{ type: 'replay', order }]);
  });

  it.each(['', 'nowhere', '25:00:00', '12:60', '+x', '%'])('says how when %j is no place', (where) => {
    const step = runLine(state, `goto ${where}`, 0);
    expect([told(step), step.state.toast?.level]).toEqual([[], 'attention']);
  });

  it('forgets what it told when it begins anew, but not what was chosen among the routers', () => {
    const chosen = press(state, 'j');
    const empty = { ...messageAt({ ...REPLAY, pass: 2 }), events: [], packets: [] };
    const anew = receive(chosen, empty, 0);
    expect([anew.events, anew.packets]).toEqual([[], []]);
    expect(anew.views.instances?.selected).toBe('eth0 v4 52');
  });
});
