// Questions where there is little room: what is confirmed, the field and the keys that answer are always in sight.
import { describe, expect, it } from 'vitest';
import { fakeInstance, fakeMaster, fakeSnapshot, ENGINE_START as T0 } from '../support/fake-session.ts';
import { openTestScreen, type TestScreen } from '../support/screen.ts';

const open = async (columns: number, rows: number, keys: string): Promise<TestScreen> => {
  const screen = await openTestScreen({ columns, rows });
  const group = { syncGroup: 'G1' };
  const instances = [fakeMaster(T0, group), fakeInstance(T0), fakeMaster(T0, { ...group, name: 'VI_DNS', peers: [] })];
  await screen.advance(1_000_000, { instances, overrides: fakeSnapshot(T0).overrides });
  for (const key of keys.split(/(?<=\r)/)) await screen.press(key);
  await screen.pass(500_000);
  return screen;
};

const ANSWERS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'force FAULT with a group',
    'F',
    ['Force FAULT on VI_WEB', 'For 2m', 'because', 'VI_WEB :force', 'Ctrl-G', '[ Cancel ]'],
  ],
  ['priority', 'P', ['Priority of VI_WEB', 'riority (90', 'For 2m', '[ Cancel ]']],
  [
    'priority, typed',
    ':priority 90\r',
    ['Priority of VI_WEB', ': 90', 'Type', 'VI_WEB :force', 'Ctrl-G', '[ Cancel ]'],
  ],
  ['nopreempt', 'N', ['nopreempt on for VI_WEB', 'y: do it', 'For 2m', '[ Cancel ]']],
  ['announce', ':garp\r', ['Announce the addresses of VI_WEB', 'y: do it', '[ Cancel ]']],
  ['a script', ':check chk_http\r', ['Run chk_http now', 'y: do it', '[ Cancel ]']],
  ['quit', 'q', ['Quit while MASTER', 'r  release', 'd  detach', 'c  [ Cancel ]']],
  ['unlock', ':unlock 5m\r', ['Let changes through', 'Type  alpha  to go on:', 'Ctrl-G', '[ Cancel ]']],
];

describe.each([
  [40, 12],
  [60, 16],
  [80, 24],
])('at %dx%d', (columns, rows) => {
  it.each(ANSWERS)('%s', async (_title, keys, texts) => {
    const screen = await open(columns, rows, keys);
    const text = screen.text();
    for (const each of texts) expect(text).toContain(each);
    screen.unmount();
  });
});

it('shows a name whole that the edge would cut', async () => {
  const screen = await openTestScreen({ columns: 40, rows: 12 });
  const name = 'VI_A_RATHER_LONG_NAME_OF_A_CUSTOMER';
  await screen.advance(1_000_000, { instances: [fakeInstance(T0, { name })] });
  await screen.press('F');
  expect(screen.text()).toMatch(new RegExp(`│ ${name} +│`));
  expect(screen.text()).toContain('y: do it');
  screen.unmount();
});

describe('reasons that do not fit', () => {
  it('are scrolled with the arrow keys, to their end and back', async () => {
    const screen = await open(40, 12, 'F');
    expect(screen.text()).toMatch(/\d+ more: Down/);
    const seen: string[] = [];
    for (let i = 0; i < 30; i++) {
      seen.push(screen.text());
      await screen.press('\x1b[B');
    }
    expect(seen.join('\n')).toContain('MASTER here: sends');
    expect(screen.text()).toContain('above: Up');
    expect(screen.text()).toContain('VI_WEB :force');
    await screen.press('\x1b[A');
    expect(screen.text()).toMatch(/\d+ more: Down/);
    screen.unmount();
  });

  it('show OUTAGE first', async () => {
    const screen = await open(40, 12, 'F');
    const first = screen.lines().findIndex((text) => text.includes('Force FAULT'));
    expect(screen.lines()[first + 1]).toContain('OUTAGE possible');
    screen.unmount();
  });
});
