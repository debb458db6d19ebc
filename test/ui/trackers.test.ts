// What instances track, as rows and as the story of one.
import { describe, expect, it } from 'vitest';
import type { Snapshot, TrackerSnapshot } from '../../src/engine/snapshot.ts';
import { initialState, withUi } from '../../src/ui/state.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { durationQuantile, trackerRows, weightText } from '../../src/ui/tracker-rows.ts';
import { viewContext } from '../../src/ui/views/context.ts';
import { paneLines } from '../../src/ui/views/pane.ts';
import { trackersView } from '../../src/ui/views/trackers.ts';
import { FAKE_INFO, fakeInstance, fakeMaster, fakeSnapshot, ENGINE_START as T0 } from '../support/fake-session.ts';

const tracker = (more: Partial<TrackerSnapshot> & Pick<TrackerSnapshot, 'name' | 'kind'>): TrackerSnapshot => ({
  ok: true,
  weight: 0,
  reverse: false,
  contribution: 0,
  ...more,
});

/** Two scripts (one failing), a file, a process whose quorum is lost, and an interface that two instances track. */
function snapshot(): Snapshot {
  const eth = { name: 'eth0', kind: 'interface' } as const;
  const shared = [
    tracker({ ...eth, weight: -20 }),
    tracker({ name: 'weight', kind: 'file', weight: 1, contribution: 5, detail: '5' }),
    tracker({ name: 'nginx', kind: 'process', ok: false, weight: -30, contribution: -30, detail: '0 of 1' }),
  ];
  return {
    ...fakeSnapshot(T0),
    instances: [fakeMaster(T0, { trackers: shared }), fakeInstance(T0, { trackers: [tracker(eth)] })],
    files: [{ name: 'weight', path: '/run/weight', value: 5, usedBy: ['VI_WEB'] }],
    processes: [{ name: 'nginx', command: 'nginx -g', count: 0, quorum: 1, ok: false, usedBy: ['VI_WEB'] }],
  };
}

describe('the rows', () => {
  it('hold every kind once, what fails first', () => {
    const rows = trackerRows(snapshot()).map(({ kind, name, ok }) => `${ok === false ? 'FAIL' : 'ok'} ${kind} ${name}`);
    expect(rows).toEqual([
      'FAIL script chk_smtp',
      'FAIL process nginx',
      'ok script chk_http',
      'ok file weight',
      'ok interface eth0',
    ]);
  });

  it('name every use, and each weight once', () => {
    const eth = trackerRows(snapshot()).find(({ name }) => name === 'eth0')!;
    expect(eth.uses.map(({ instance, weight }) => [instance, weight])).toEqual([
      ['VI_WEB', -20],
      ['VI_DB', 0],
    ]);
    expect(weightText(eth)).toBe('FAULT -20');
  });

  it.each([
    [[10, 20, 30, 40], 0.5, 30],
    [[10, 20, 30, 40], 0.99, 40],
    [[7], 0.5, 7],
    [[], 0.5, undefined],
  ])('run times %j: the share %f is %s', (times, share, expected) => {
    const script = {
      ...snapshot().scripts[0]!,
      history: times.map((durationUs) => ({ at: T0, ok: true, durationUs })),
    };
    expect(durationQuantile(script, share)).toBe(expected);
  });
});

describe('the view', () => {
  const options = { color: 'never', ascii: true } as const;
  const draw = (selected: string, columns = 80): string => {
    const state = { ...initialState(FAKE_INFO, { columns, rows: 24 }, options), snapshot: snapshot(), clockOffset: T0 };
    const context = viewContext(withUi(state, 'trackers', { selected }), 'trackers', 0);
    return paneLines(trackersView, context, { width: columns, height: 20 })
      .map((line) => createTheme(options).paint(line, columns).trimEnd())
      .join('\n');
  };

  it.each([
    ['script chk_smtp', /runs +\++XXXX\n/],
    ['script chk_smtp', /took +p50 12 ms, p99 12 ms, last 12 ms/],
    ['script chk_smtp', /limits +every 2s, timeout 1\.0s, rise 2, fall 3, streak 4 fail/],
    ['file weight', /file +\/run\/weight\nvalue +5\nused by +VI_WEB: weight \+1, adds 5 now/],
    ['process nginx', /process +nginx -g\ncount +0, quorum 1\nused by +VI_WEB: weight -30, adds -30 now/],
    ['interface eth0', /used by +VI_DB: FAULT while it fails/],
  ])('tells of %s', (selected, expected) => {
    expect(draw(selected)).toMatch(expected);
  });

  it('says what would be lost first in its rows: result, name, counters, weight', () => {
    const rows = draw('script chk_smtp').split('\n');
    expect(rows.find((row) => row.includes('chk_smtp'))).toMatch(/X FAIL chk_smtp .*pass 12 004 +fail 31/);
    expect(rows.find((row) => row.includes('nginx'))).toMatch(/X FAIL nginx .*-30/);
  });
});
