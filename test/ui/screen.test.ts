// Whole frames on a terminal emulator: what is on them, that nothing overflows, and how many bytes they cost.
import { afterEach, describe, expect, it } from 'vitest';
import type { QuitHow } from '../../src/ui/protocol.ts';
import { width } from '../../src/ui/text.ts';
import { ENGINE_START, fakeInstance, SECOND } from '../support/fake-session.ts';
import { openTestScreen, type TestScreen, type TestScreenOptions } from '../support/screen.ts';

const open: TestScreen[] = [];
afterEach(() => {
  for (const screen of open.splice(0)) screen.unmount();
});
async function screenOf(options?: TestScreenOptions): Promise<TestScreen> {
  const screen = await openTestScreen(options);
  open.push(screen);
  return screen;
}

const ESC = '\x1b';
/** The lines that went to Ink, without styles. */
const plainFrame = (screen: TestScreen): string[] =>
  screen.controller.frames.get().map((text) => text.replace(/\x1b\[[\d;]*m/g, ''));

const SIZES = [
  [80, 24],
  [120, 40],
  [60, 16],
  [40, 12],
  [200, 60],
] as const;

describe.each(SIZES)('at %ix%i', (columns, rows) => {
  const views = { 'the main view': '', detail: '\r', help: '?', 'a question': 'F', 'the question about quitting': 'q' };

  it.each([
    ['Unicode', false],
    ['ASCII', true],
  ])('has one line for each row, none wider or shorter than the terminal, in every view (%s)', async (_name, ascii) => {
    const screen = await screenOf({ columns, rows, theme: { ascii } });
    await screen.advance(3 * SECOND);
    for (const [view, key] of Object.entries(views)) {
      await screen.press(key);
      const frame = plainFrame(screen);
      expect(frame, view).toHaveLength(rows);
      for (const text of frame) expect(width(text), `${view}: ${text}`).toBe(columns);
      if (ascii) expect(frame.join(''), view).toMatch(/^[\x20-\x7e]*$/);
      expect(screen.lines(), view).toEqual(frame.map((text) => text.trimEnd()));
      expect(screen.buffer()).toBe('alternate');
      await screen.escape();
    }
  });

  it('tells state, reason of a fault, and how to leave', async () => {
    const screen = await screenOf({ columns, rows });
    const text = screen.text();
    for (const wanted of [
      'VI_WEB',
      'VI_DB',
      'VI_OLD',
      'MASTER',
      'BACKUP',
      'FAULT',
      'interface eth3 is down',
      '150→130',
    ]) {
      expect(text).toContain(wanted);
    }
    expect(text).toContain('q quit');
    expect(text).toContain('10.0.0.2 p150');
  });

  it('shows the answers of every question', async () => {
    const screen = await screenOf({ columns, rows });
    await screen.press('F');
    expect(screen.text()).toContain('Type  VI_WEB');
    expect(screen.text()).toContain('Ctrl-G');
    await screen.escape();
    await screen.press('q');
    for (const answer of ['release', 'detach', 'Cancel']) expect(screen.text()).toContain(answer);
  });
});

describe('the main view at 80x24', () => {
  it('holds everything that an operator asks for first', async () => {
    const screen = await screenOf();
    await screen.advance(3 * SECOND);
    const text = screen.text();
    expect(text).toMatch(/▸ ● MASTER {3}VI_WEB +eth0\.10 +51 150→130 self +0\.0s 2\/3! +2\/2/);
    expect(text).toMatch(/○ BACKUP {3}VI_DB +eth1 +60 100 +10\.0\.0\.2 p150 +0\.0s/);
    expect(text).toContain('master-down timer expired (10.0.0.2 silent)');
    expect(text).toContain('next advert in 1.0s');
    expect(text).toContain('✓ 192.0.2.10/24');
    expect(text).toContain('rejected ttl 3, checksum 1');
    expect(text).toMatch(/sent eth0\.10 10\.0\.0\.1 +v3 vrid 51 +prio 130/);
    expect(text).toMatch(/rcvd eth1 +10\.0\.0\.2 +v2 vrid 60 +prio 150/);
    expect(text).toMatch(/FAIL chk_smtp pass 12 004 +fail 31/);
    expect(text).toMatch(/OK +chk_http pass 92 711 +fail 12/);
    expect(text).toContain('Changing effective priority from 150 to 130');
    expect(screen.lines()[0]).toMatch(/^kavtui {2}alpha .*●1 MASTER {2}○1 BACKUP {2}✗1 FAULT .*RW/);
  });

  it('says what it waits for before anything was reported', async () => {
    const screen = await screenOf({ silent: true });
    expect(screen.text()).toContain('waiting for the first report of the engine');
    expect(screen.lines()[23]).toContain('q quit');
  });

  it('says how long the first advert may take', async () => {
    const screen = await screenOf({ silent: true });
    const snapshot = { ...(await fresh()) };
    screen.controller.receive({ type: 'update', snapshot, events: [], packets: [], dropped: 0, lateness: 0 });
    screen.controller.tick();
    await screen.settle();
    expect(screen.text()).toContain('waiting for the first advert (at most 3.6s)');
    expect(screen.text()).toContain('none, self in 3.6s');
  });

  it('counts down between two reports of the engine', async () => {
    const screen = await screenOf();
    await screen.advance(0);
    expect(screen.text()).toContain('next advert in 1.0s');
    await screen.pass(400_000);
    expect(screen.text()).toContain('next advert in 0.6s');
  });

  it('has a marked header with a countdown while an override is active', async () => {
    const screen = await screenOf({ theme: { color: '16' } });
    screen.session.overrides.push({
      id: 1,
      instance: 'VI_WEB',
      kind: 'priority',
      text: 'priority 150 -> 90',
      setAt: ENGINE_START,
      expiresAt: ENGINE_START + 120 * SECOND,
    });
    await screen.advance(13 * SECOND);
    expect(screen.lines()[0]).toContain('⚑ 1 override 1:47');
    expect(screen.controller.frames.get()[0]).toContain(`${ESC}[7;35m`);
    expect(screen.text()).toContain('overridden: priority 150 -> 90');
    expect(screen.text()).toMatch(/● MASTER ⚑ VI_WEB/);
    expect(screen.lines()[23]).toContain('u undo');
  });

  it('is locked and says so without --operate', async () => {
    const screen = await screenOf({ info: { operate: false } });
    expect(screen.lines()[0]).toContain('RO');
    expect(screen.lines()[23]).not.toContain('F fault');
    expect(screen.lines()[23]).toContain('read-only');
    await screen.press('F');
    expect(screen.text()).toContain('start kavtui with --operate');
  });

  it('names the routers of the demo and shows another one', async () => {
    const screen = await screenOf({ info: { command: 'demo' }, routers: 3 });
    expect(screen.lines()[0]).toContain('[alpha] beta gamma');
    await screen.press('r');
    screen.controller.tick();
    await screen.settle();
    expect(screen.lines()[0]).toContain('alpha [beta] gamma');
    expect(screen.text()).not.toContain('chk_http');
  });

  it('writes no style at all with NO_COLOR, and stays readable', async () => {
    const screen = await screenOf({ theme: { color: 'never' } });
    await screen.press('j');
    expect(screen.takeBytes()).not.toMatch(/\x1b\[[\d;]*m/);
    expect(screen.text()).toMatch(/▸ ○ BACKUP {3}VI_DB/);
  });

  it('shows a failing view as such, and lives on', async () => {
    const screen = await screenOf();
    const broken = fakeInstance(ENGINE_START, { trackers: undefined as never });
    await screen.advance(0, { instances: [broken] });
    expect(screen.text()).toContain('this part of the screen failed');
    expect(screen.lines()[0]).toContain('kavtui');
    await screen.advance(0);
    expect(screen.text()).not.toContain('this part of the screen failed');
  });
});

async function fresh() {
  const { fakeSnapshot } = await import('../support/fake-session.ts');
  const { master: _, ...waiting } = fakeInstance(ENGINE_START);
  return fakeSnapshot(ENGINE_START, 0, { instances: [waiting], scripts: [] });
}

describe('keys', () => {
  it('come in bursts', async () => {
    const screen = await screenOf();
    await screen.press('jjk?');
    expect(screen.text()).toContain('── Help');
    await screen.press('?');
    expect(screen.text()).toContain('── VI_DB ──');
  });

  it('come in pieces', async () => {
    const screen = await screenOf();
    await screen.press('\x1b');
    await screen.press('[B');
    expect(screen.text()).toContain('── VI_DB ──');
  });

  it('do nothing when pasted', async () => {
    const screen = await screenOf({ info: { command: 'demo' } });
    await screen.press('j');
    await screen.press('\x1b[200~Fy\x1b[201~');
    expect(screen.controller.state().dialog).toBeUndefined();
    expect(screen.text()).toContain('Pasted text is ignored');
    await screen.press('F');
    await screen.pass(SECOND);
    await screen.press('\x1b[200~y\x1b[201~');
    expect(screen.session.received).toEqual([]);
    await screen.press('y');
    expect(screen.session.received).toMatchObject([{ type: 'command', command: { kind: 'force-fault' } }]);
    expect(screen.text()).toContain('done: force-fault');
  });

  it('scroll and zoom a log', async () => {
    const screen = await screenOf();
    await screen.advance(20 * SECOND);
    await screen.press('\tkk');
    expect(screen.text()).toContain('paused, 2 newer: End follows');
    const rows = (): number => screen.lines().filter((text) => /(sent|rcvd) eth/.test(text)).length;
    const before = rows();
    await screen.press('z');
    expect(rows()).toBeGreaterThan(2 * before);
    expect(screen.text()).toMatch(/Packet #\d+, 32 bytes/);
    await screen.press('G');
    expect(screen.text()).toContain('live');
  });

  it('give the engine its own name of an instance, whatever the screen shows', async () => {
    const screen = await screenOf({ info: { command: 'demo' } });
    const odd = fakeInstance(ENGINE_START, { name: 'VI_\u0007\x1b[31mX' });
    await screen.advance(0, { instances: [odd] });
    expect(screen.text()).toContain('VI_X');
    await screen.press('F');
    await screen.pass(SECOND);
    await screen.press('y');
    expect(screen.session.received).toMatchObject([{ command: { instance: 'VI_\u0007\x1b[31mX' } }]);
  });

  it('change nothing where two instances have names that look the same', async () => {
    const screen = await screenOf();
    const twins = ['VI_X', 'VI_\u0007X'].map((name) => fakeInstance(ENGINE_START, { name }));
    await screen.advance(0, { instances: twins });
    await screen.press('F');
    await screen.pass(SECOND);
    await screen.press('y');
    expect(screen.session.received).toEqual([]);
    expect(screen.text()).toContain('several instances have names that look like this one');
  });

  it.each<[string, QuitHow]>([
    ['r', 'release'],
    ['d', 'detach'],
  ])('q and %s: %s', async (key, how) => {
    const screen = await screenOf();
    await screen.press('q');
    await screen.pass(SECOND);
    await screen.press(key);
    expect(screen.quits).toEqual([how]);
    await screen.press('Fq');
    expect(screen.quits).toEqual([how]);
  });
});

describe('bytes', () => {
  it('never clear the screen, not even when it changes its size', async () => {
    const screen = await screenOf();
    screen.takeBytes();
    await screen.advance(3 * SECOND);
    await screen.press('j?');
    await screen.press('?F');
    await screen.resize(120, 40);
    await screen.resize(60, 16);
    await screen.resize(80, 24);
    expect(screen.takeBytes()).not.toMatch(/\x1b\[[23]J/);
    expect(screen.lines()).toEqual(plainFrame(screen).map((text) => text.trimEnd()));
  });

  it('are not written when nothing changes', async () => {
    const screen = await screenOf();
    await screen.advance(0);
    screen.takeBytes();
    for (let i = 0; i < 5; i++) await screen.advance(0);
    expect(screen.takeBytes()).toBe('');
  });

  it('are fewer than 1000 a tick when only times and counters move', async () => {
    const screen = await screenOf();
    await screen.advance(SECOND);
    for (let i = 0; i < 8; i++) {
      screen.takeBytes();
      await screen.pass(200_000);
      const bytes = screen.takeBytes().length;
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThan(1000);
    }
  });

  it('come ten times a second while reports come, five times a second when only times move', async () => {
    const screen = await screenOf();
    await screen.advance(SECOND);
    let frames = 0;
    screen.controller.frames.subscribe(() => frames++);
    for (let i = 0; i < 10; i++) await screen.pass(100_000);
    expect(frames).toBe(5);
    frames = 0;
    for (let i = 0; i < 10; i++) await screen.advance(100_000);
    expect(frames).toBe(10);
  });

  it('of hostile output hold no sequence but our own', async () => {
    const screen = await screenOf({ theme: { color: 'never' } });
    await screen.advance(10 * SECOND);
    await screen.press('\t\t');
    await screen.press('z');
    const bytes = screen.takeBytes();
    expect(screen.text()).toContain('red');
    expect(bytes).not.toContain('\x1b]');
    expect(bytes).not.toMatch(/\x1b\[[23]J|\x1b\[31m|\x9b|\u202e|\x07/);
  });

  it('of a repaint bring a garbled screen back', async () => {
    const screen = await screenOf();
    screen.garble();
    await screen.settle();
    expect(screen.lines()).not.toEqual(plainFrame(screen).map((text) => text.trimEnd()));
    await screen.press('\x0c');
    expect(screen.lines()).toEqual(plainFrame(screen).map((text) => text.trimEnd()));
    await screen.advance(3 * SECOND);
    expect(screen.lines()).toEqual(plainFrame(screen).map((text) => text.trimEnd()));
  });
});
