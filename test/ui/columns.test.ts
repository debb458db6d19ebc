// Columns as the operator wants them: hidden, shown and moved, by the list (w) and by :columns.
import { describe, expect, it } from 'vitest';
import { arranged, idsOf, parseColumns, withHidden, withMoved } from '../../src/ui/columns.ts';
import { pressKey } from '../../src/ui/press.ts';
import { initialState, type ScreenState, uiOf, withUi } from '../../src/ui/state.ts';
import { type Column, table } from '../../src/ui/table.ts';
import { spanText } from '../../src/ui/text.ts';
import { ENGINE_START, FAKE_INFO, fakeSnapshot } from '../support/fake-session.ts';
import { openTestScreen } from '../support/screen.ts';

type Row = Readonly<Record<string, string>>;
const column = (id: string | undefined, more: Partial<Column<Row>> = {}): Column<Row> => ({
  ...(id === undefined ? {} : { id }),
  title: id?.toUpperCase() ?? '',
  min: 5,
  cell: (row) => (id === undefined ? '*' : (row[id] ?? '')),
  ...more,
});
const OWN = [
  column('state'),
  column(undefined, { min: 1 }),
  column('name'),
  column('iface', { drop: 5 }),
  column('vrid'),
  column('master', { drop: 1 }),
  column('sent', { drop: 9 }),
];
const IDS = ['state', 'name', 'iface', 'vrid', 'master', 'sent'];
const shown = (columns: readonly Column<Row>[]): string => columns.map(({ id }) => id ?? '*').join(' ');

describe('the choice', () => {
  it('hides, shows again and moves; what has no id goes along with the column in front of it', () => {
    const hidden = withHidden(IDS, undefined, 'iface', true);
    expect(shown(arranged(OWN, hidden))).toBe('state * name vrid master sent');
    expect(shown(arranged(OWN, withHidden(IDS, hidden, 'iface', false)))).toBe('state * name iface vrid master sent');
    const moved = withMoved(IDS, hidden, 'state', 1);
    expect(shown(arranged(OWN, moved))).toBe('name state * vrid master sent');
    expect(idsOf(OWN, moved)).toEqual(['name', 'state', 'iface', 'vrid', 'master', 'sent']);
  });

  it.each(['state', 'name', 'vrid'])('never hides %s', (id) => {
    expect(shown(arranged(OWN, withHidden(IDS, undefined, id, true)))).toContain(id);
    expect(shown(arranged(OWN, { order: IDS, hidden: IDS }))).toBe('state * name vrid');
    expect(parseColumns([`-${id}`], IDS, undefined)).toContain('always stays');
  });

  it('gives a column that it does not know its own place', () => {
    const choice = { order: ['vrid', 'name', 'state'], hidden: [] };
    expect(shown(arranged([...OWN.slice(0, 5), column('new'), ...OWN.slice(5)], choice))).toBe(
      'vrid new master sent name iface state *',
    );
  });

  it.each([
    ['-iface +sent', 'state * name vrid master sent'],
    ['name vrid master', 'name vrid master state *'],
    ['sent', 'sent state * name vrid'],
  ])(':columns %s', (words, expected) => {
    const choice = parseColumns(words.split(' '), IDS, { order: IDS, hidden: ['sent'] });
    expect(typeof choice === 'string' ? choice : shown(arranged(OWN, choice))).toBe(expected);
  });

  it.each([
    ['other', 'no column other'],
    ['-sent name', 'either names alone'],
  ])('%s is refused with its reason', (words, reason) => {
    expect(parseColumns(words.split(' '), IDS, undefined)).toContain(reason);
  });
});

describe('a reason in the place of values', () => {
  const row = { state: 'FAULT', name: 'VI_1', iface: 'eth0', vrid: '51', master: '-', sent: '0' };
  const drawn = (order: readonly string[], hidden: readonly string[], width = 60): string => {
    const columns = arranged(OWN, { order, hidden });
    const { lines } = table(columns, [row], width, {
      own: OWN,
      tail: () => ({ from: 'MASTER', span: 'link is down' }),
    });
    return lines[0]!.spans.map(spanText).join('').replace(/ +/g, ' ').trim();
  };

  it.each([
    ['the own order', IDS, [], 'FAULT * VI_1 eth0 51 link is down'],
    ['its column hidden', IDS, ['master'], 'FAULT * VI_1 eth0 51 link is down'],
    ['its column first', ['master', ...IDS], [], '- FAULT * VI_1 eth0 51 link is down'],
    ['its column and all behind it hidden', IDS, ['master', 'sent', 'iface'], 'FAULT * VI_1 link is down'],
  ] as const)('never covers which row it is: %s', (_title, order, hidden, expected) => {
    expect(drawn(order, hidden)).toBe(expected);
  });
});

describe('the list of columns', () => {
  const start: ScreenState = {
    ...initialState(FAKE_INFO, { columns: 100, rows: 30 }),
    snapshot: fakeSnapshot(ENGINE_START),
  };
  const press = (state: ScreenState, ...keys: string[]): ScreenState =>
    keys.reduce((now, key) => pressKey(now, key, 0).state, state);
  const hidden = (state: ScreenState): readonly string[] | undefined => uiOf(state, 'instances').columns?.hidden;

  it('hides and shows the column under the cursor, and moves it', () => {
    const open = press(start, 'w', 'j', 'j', 'space');
    expect(open.dialog).toMatchObject({ kind: 'columns', at: 'group' });
    expect(hidden(open)).toEqual(['group']);
    expect(hidden(press(open, 'space'))).toEqual([]);
    expect(uiOf(press(open, 'K', 'enter'), 'instances').columns?.order.slice(0, 3)).toEqual(['state', 'group', 'name']);
  });

  it('keeps with Enter, drops with Esc, begins anew with r; a column that stays cannot be hidden', () => {
    expect(hidden(press(start, 'w', 'j', 'j', 'space', 'enter'))).toEqual(['group']);
    expect(press(start, 'w', 'j', 'j', 'space', 'esc').views.instances?.columns).toBeUndefined();
    expect(press(start, 'w', 'j', 'j', 'space', 'r').views.instances?.columns).toBeUndefined();
    expect(hidden(press(start, 'w', 'space', 'enter'))).toBeUndefined();
  });

  it('still sorts and filters by what is hidden, and goes on while the view is frozen', () => {
    const state = press(start, ...':columns -group -priority', 'enter');
    expect(hidden(state)).toEqual(['group', 'priority']);
    const sorted = press(state, ...':sort priority', 'enter', 'space');
    expect(uiOf(sorted, 'instances')).toMatchObject({
      sort: { column: 'priority' },
      columns: { hidden: ['group', 'priority'] },
    });
    expect(uiOf(sorted, 'instances').frozen).toBeDefined();
    expect(press(withUi(start, 'instances', {}), ...':columns rubbish', 'enter').toast?.text).toContain(
      'no column rubbish',
    );
  });

  it('is offered in every list and in no text', () => {
    expect(press(start, '7', 'w').dialog).toBeUndefined();
    for (const digit of ['1', '2', '3', '4', '5', '6']) expect(press(start, digit, 'w').dialog?.kind).toBe('columns');
  });

  it.each([
    [40, 12],
    [80, 24],
    [120, 40],
  ])('on %dx%d: keys, cursor and effect are in sight, and the export follows', async (columns, rows) => {
    const screen = await openTestScreen({ columns, rows });
    await screen.press('3');
    await screen.press('w');
    expect(screen.text()).toMatch(/\[x\] result +always/);
    expect(screen.text()).toContain('Space hide, show');
    await screen.press('jj ');
    expect(screen.text()).toMatch(/▸ \[ \] kind +hidden/);
    await screen.press('\r');
    expect(screen.text()).toContain('1 column hidden');
    await screen.press(':export csv x.csv\r');
    const [head] = new TextDecoder().decode(screen.saved.get('x.csv')).split('\n');
    expect(head).toMatch(/^result,name,pass,fail/);
    screen.unmount();
  });
});
