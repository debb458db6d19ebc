// What the frame does for every view: filter, sort, freeze, the stack of views, the prompt, zoom.
import { afterEach, describe, expect, it } from 'vitest';
import { currentView } from '../../src/ui/state.ts';
import { ENGINE_START, fakeInstance, fakeMaster, SECOND } from '../support/fake-session.ts';
import { openTestScreen, type TestScreen, type TestScreenOptions } from '../support/screen.ts';

const open: TestScreen[] = [];
afterEach(() => {
  for (const screen of open.splice(0)) screen.unmount();
});
async function screenOf(options?: TestScreenOptions): Promise<TestScreen> {
  const screen = await openTestScreen(options);
  open.push(screen);
  await screen.advance(3 * SECOND);
  return screen;
}
const view = (screen: TestScreen): string => currentView(screen.controller.state());
const names = (screen: TestScreen): string[] =>
  screen.lines().flatMap((text) => /^[▸ ] [●○✗◌] [A-Z]+ +(\S+)/.exec(text)?.[1] ?? []);

describe('the filter', () => {
  it('works while it is typed, tells how many pass, and goes with Esc', async () => {
    const screen = await screenOf();
    await screen.press('z/web');
    expect(names(screen)).toEqual(['VI_WEB']);
    expect(screen.text()).toContain('/web 1 of 3');
    await screen.press('\r');
    expect(screen.text()).toContain('/web 1 of 3');
    await screen.escape();
    expect(names(screen)).toHaveLength(3);
  });

  it('is red and changes nothing while it is invalid, and Enter does not keep it', async () => {
    const screen = await screenOf({ theme: { color: '16' } });
    await screen.press('z/vrid>5');
    await screen.press(' [');
    expect(screen.text()).toContain('not a regular expression');
    expect(screen.controller.frames.get().at(-2)).toContain('\x1b[1;31mvrid>5 [');
    expect(names(screen)).toHaveLength(3);
    await screen.press('\r');
    expect(screen.controller.state().views.instances?.filter).toBe('');
  });

  it('says what it hides when nothing passes', async () => {
    const screen = await screenOf();
    await screen.press('z/nothing\r');
    expect(screen.text()).toContain('no row of 3 passes the filter nothing');
  });

  it('takes pasted text, which is text there', async () => {
    const screen = await screenOf();
    await screen.press('z/');
    await screen.press('\x1b[200~VI_\x1b[31mDB\r\x1b[201~');
    expect(names(screen)).toEqual(['VI_DB']);
    expect(screen.controller.state().prompt).toBeDefined();
  });
});

describe('the order', () => {
  it('s goes through the columns, S turns it round, and the choice stays with the thing', async () => {
    const screen = await screenOf();
    await screen.press('zj');
    await screen.press(':sort vrid desc\r');
    expect(names(screen)).toEqual(['VI_OLD', 'VI_DB', 'VI_WEB']);
    expect(screen.text()).toMatch(/▸ ○ BACKUP +VI_DB/);
    expect(screen.text()).toContain('sort vrid ▼');
    await screen.press('S');
    expect(names(screen)).toEqual(['VI_WEB', 'VI_DB', 'VI_OLD']);
    await screen.press(':sort none\rs');
    expect(screen.text()).toContain('sort state ▲');
  });

  it('tells the columns when asked for one that is none', async () => {
    const screen = await screenOf();
    await screen.press(':sort colour\r');
    expect(screen.text()).toContain('no column colour: state name');
  });

  it('follows a value that changes: the row moves, the choice does not', async () => {
    const screen = await screenOf();
    await screen.press('zj:sort priority desc\r');
    const at = ENGINE_START + 4 * SECOND;
    await screen.advance(SECOND, {
      instances: [fakeMaster(at), fakeInstance(at, { effectivePriority: 200 })],
    });
    expect(names(screen)).toEqual(['VI_DB', 'VI_WEB']);
    expect(screen.text()).toMatch(/▸ ○ BACKUP +VI_DB/);
  });
});

describe('a frozen view', () => {
  it('stands still to the last cell, counts what waits, and goes on with Space', async () => {
    const screen = await screenOf();
    await screen.press('2 ');
    const before = screen.lines().slice(3, 20);
    await screen.advance(5 * SECOND);
    expect(screen.lines().slice(3, 20)).toEqual(before);
    expect(screen.text()).toMatch(/FROZEN, 10 waiting: Space goes on/);
    expect(screen.lines()[0]).toContain('12:00:08');
    await screen.press(' ');
    expect(screen.text()).not.toContain('FROZEN');
    expect(screen.text()).toContain('12:00:08.310');
  });

  it('leaves the others alone, and is still frozen when one comes back', async () => {
    const screen = await screenOf();
    await screen.press('2 4');
    expect(screen.text()).not.toContain('FROZEN');
    await screen.press('2');
    expect(screen.text()).toContain('FROZEN');
  });
});

describe('views', () => {
  it('are reached by digit and by name, and Esc goes back the way one came', async () => {
    const screen = await screenOf();
    await screen.press('3:events\r?');
    expect(view(screen)).toBe('help');
    for (const expected of ['events', 'trackers', 'instances']) {
      await screen.escape();
      expect(view(screen)).toBe(expected);
    }
    await screen.escape();
    expect(view(screen)).toBe('instances');
  });

  it('keep what was chosen, filtered and sorted while another one is shown', async () => {
    const screen = await screenOf();
    await screen.press('3j/chk\r:sort name\r');
    const before = screen.lines().slice(2, 12);
    await screen.press('13');
    expect(screen.lines().slice(2, 12)).toEqual(before);
  });

  it('Enter opens the instance of the row, brackets go to its neighbours', async () => {
    const screen = await screenOf();
    await screen.press('j\r');
    expect(screen.text()).toContain('── Instance VI_DB');
    await screen.press(']');
    expect(screen.text()).toContain('── Instance VI_OLD');
    await screen.press('[[');
    expect(screen.text()).toContain('── Instance VI_WEB');
  });

  it('change keys act on the instance of the row in any list, and name it', async () => {
    const screen = await screenOf();
    await screen.press('4');
    await screen.press('/VI_OLD\rk');
    await screen.press('F');
    expect(screen.text()).toContain('VI_OLD is in FAULT already');
  });
});

describe('the prompt', () => {
  it('completes names and arguments, and lists what there is', async () => {
    const screen = await screenOf();
    await screen.press(':ev\t\r');
    expect(view(screen)).toBe('events');
    await screen.press(':theme l\t');
    expect(screen.text()).toContain(':theme light');
    await screen.press('\r');
    expect(screen.controller.state().theme.name).toBe('light');
    await screen.press(':un');
    expect(screen.lines()[23]).toMatch(/undo {2}undo-all {2}unlock/);
  });

  it('holds nothing that a terminal would obey or draw unsteadily, however it is typed', async () => {
    const screen = await screenOf();
    await screen.press(':a\u202eb\u0301c\u200bd🔥e');
    expect(screen.controller.state().prompt?.text).toBe('abcd?e');
  });

  it('has a history, newest first', async () => {
    const screen = await screenOf();
    await screen.press(':sort name\r:sort vrid\r:');
    await screen.press('\x1b[A\x1b[A');
    expect(screen.lines()[22]).toContain(':sort name');
    await screen.press('\x1b[B');
    expect(screen.lines()[22]).toContain(':sort vrid');
    await screen.escape();
    expect(screen.controller.state().prompt).toBeUndefined();
  });

  it('says what it does not know, or what a beginning could mean', async () => {
    const screen = await screenOf();
    await screen.press(':frobnicate\r');
    expect(screen.text()).toContain('no command frobnicate');
    await screen.press(':un\r');
    expect(screen.text()).toContain('un could be');
  });

  it('changes nothing by a line: it asks, on the instance that is named and on no other', async () => {
    const screen = await screenOf();
    await screen.press(':fault VI_DB for 5m because of a test\r');
    expect(screen.text()).toContain('Force FAULT on VI_DB');
    expect(screen.text()).toContain('For 5m  because of a test');
    expect(screen.session.received).toEqual([]);
    await screen.escape();
    await screen.press(':fault VI_TYPO\r');
    expect(screen.controller.state().dialog).toBeUndefined();
    expect(screen.text()).toContain('there is no instance VI_TYPO');
    await screen.press(':fault VI_DB for ever\r');
    expect(screen.text()).toContain('ever is no length of time');
  });
});

describe('help', () => {
  it('is searched while one types, and says why something does not work now', async () => {
    const screen = await screenOf({ info: { operate: false } });
    await screen.press('?/fault|freeze\r');
    expect(screen.text()).toMatch(/F :fault +force FAULT on or off\s+\S.*\s+not now: read-only/);
    expect(screen.text()).toContain('freeze the view');
    expect(screen.text()).not.toContain('next row');
    await screen.escape();
    expect(screen.text()).toContain('next row');
  });

  it('begins with what belongs to the view it was asked from', async () => {
    const screen = await screenOf();
    await screen.press('2?');
    expect(screen.lines()[3]).toContain('THIS VIEW');
    await screen.escape();
    await screen.press('3?');
    expect(screen.text()).not.toContain('hexadecimal');
  });
});

describe('the lock', () => {
  const type = async (screen: TestScreen, text: string): Promise<void> => {
    await screen.pass(SECOND);
    await screen.press(text);
    await screen.press('\x07');
  };

  it('opens by the name of the host only, counts down, and closes', async () => {
    const screen = await screenOf({ info: { operate: false } });
    await screen.press('F');
    expect(screen.text()).toContain(':unlock 15m');
    await screen.press(':unlock 5m\r');
    await type(screen, 'beta');
    expect(screen.session.received).toEqual([]);
    await screen.press('\x15');
    await type(screen, 'alpha');
    expect(screen.session.received).toEqual([{ type: 'unlock', lastsUs: 300 * SECOND }]);
    await screen.pass(10 * SECOND);
    expect(screen.lines()[0]).toContain('RW 4:50');
    await screen.press('jF');
    expect(screen.controller.state().dialog?.kind).toBe('change');
    await screen.escape();
    await screen.press(':lock\r');
    expect(screen.lines()[0]).toMatch(/ RO /);
  });
});

describe('an override', () => {
  it('lasts as long as asked, for a reason, typed in fields that Tab reaches', async () => {
    const screen = await screenOf();
    await screen.press('jF');
    await screen.pass(SECOND);
    await screen.press('\t\x1510m\twhy not y');
    await screen.press('\ty');
    expect(screen.session.received).toMatchObject([
      {
        command: { kind: 'force-fault', instance: 'VI_DB', lastsUs: 600 * SECOND, why: 'why not y' },
        confirmation: { confirmed: 'y' },
      },
    ]);
  });

  it('cannot be given a length that is none', async () => {
    const screen = await screenOf();
    await screen.press('jF');
    await screen.pass(SECOND);
    await screen.press('\t\x15m\t\ty');
    expect(screen.session.received).toEqual([]);
    expect(screen.text()).toContain('How long: 90s, 5m, 1h.');
  });

  it('shows who set it and why', async () => {
    const screen = await screenOf();
    screen.session.overrides.push({
      id: 1,
      instance: 'VI_WEB',
      kind: 'priority',
      text: 'priority 150 -> 90',
      setAt: ENGINE_START,
      expiresAt: ENGINE_START + 120 * SECOND,
      who: 'root (sudo: alice)',
      why: 'kernel update',
    });
    await screen.advance(SECOND);
    await screen.resize(120, 40);
    expect(screen.text()).toMatch(/overridden: priority 150 -> 90 .*by root \(sudo: alice\): kernel update/);
  });
});
