// The view of events: lanes over time, and why something happened.
import { describe, expect, it } from 'vitest';
import type { EventRecord } from '../../src/engine/record.ts';
import { causeChain } from '../../src/ui/cause-chain.ts';
import { laneSpans, staysOf } from '../../src/ui/lanes.ts';
import { initialState, type ScreenState } from '../../src/ui/state.ts';
import { spanText } from '../../src/ui/text.ts';
import { createTheme, glyphsOf } from '../../src/ui/theme.ts';
import { viewContext } from '../../src/ui/views/context.ts';
import { eventsView } from '../../src/ui/views/events.ts';
import { paneLines } from '../../src/ui/views/pane.ts';
import { ENGINE_START, FAKE_INFO, fakeInstance, fakeMaster, fakeSnapshot, SECOND } from '../support/fake-session.ts';

const T0 = ENGINE_START;
let seq = 0;

function event(seconds: number, more: Partial<EventRecord> & Pick<EventRecord, 'text' | 'kind'>): EventRecord {
  seq += 1;
  return { seq, at: T0 + seconds * SECOND, level: 'info', ...more };
}

const entered = (seconds: number, state: 'MASTER' | 'BACKUP' | 'FAULT', cause: string): EventRecord =>
  event(seconds, { kind: 'state', instance: 'VI_WEB', text: `Entering ${state} STATE`, state, cause });

const lowered = event(10, {
  kind: 'priority',
  instance: 'VI_WEB',
  text: 'Changing effective priority from 150 to 130',
});
const failed = { ...event(10, { kind: 'script', text: 'Script chk_smtp now failed', subject: 'chk_smtp' }), seq: 0 };
const story: EventRecord[] = [
  entered(0, 'MASTER', 'started'),
  failed,
  lowered,
  entered(11, 'BACKUP', '10.0.0.2 has higher priority 140'),
];

describe('the chain of causes', () => {
  const snapshot = fakeSnapshot(T0 + 12 * SECOND, 0, { instances: [fakeMaster(T0)] });
  const chain = (chosen: EventRecord, events = story): string[] =>
    causeChain(chosen, events, snapshot).map(({ text, chosen: here }) => (here ? `[${text}]` : text));

  it('goes from the script over weight, priority and election to the addresses, whichever event is chosen', () => {
    const texts = [
      'Script chk_smtp now failed',
      'weight -20',
      'effective priority 150 to 130',
      'BACKUP (10.0.0.2 has higher priority 140)',
      '2 VIPs not here',
    ];
    expect(chain(story[3]!)).toEqual(texts.with(3, `[${texts[3]}]`));
    expect(chain(lowered)).toEqual(texts.with(2, `[${texts[2]}]`));
    expect(chain(failed)).toEqual(texts.with(0, `[${texts[0]}]`));
  });

  it('goes from an override to the FAULT of the same moment', () => {
    const order = event(20, { kind: 'override', instance: 'VI_WEB', text: 'override: forced FAULT for 120 s' });
    const fault = entered(20, 'FAULT', 'forced by the operator');
    expect(chain(fault, [...story, order, fault])).toEqual([
      'override: forced FAULT for 120 s',
      '[FAULT (forced by the operator)]',
      '2 VIPs not here',
    ]);
  });

  it('joins no priority to a change of state that was not decided by it, or came long after', () => {
    const silent = entered(11, 'BACKUP', 'master-down timer expired');
    expect(chain(silent, [lowered, silent])).toEqual(['[BACKUP (master-down timer expired)]', '2 VIPs not here']);
    const late = entered(600, 'BACKUP', '10.0.0.2 has higher priority 140');
    expect(chain(late, [lowered, late])).toEqual(['[BACKUP (10.0.0.2 has higher priority 140)]', '2 VIPs not here']);
  });

  it('leaves out what happened to others at the same moment', () => {
    const other = event(10, { kind: 'priority', instance: 'VI_DB', text: 'Changing effective priority from 9 to 8' });
    expect(chain(lowered, [failed, lowered, other])).not.toContain('effective priority 9 to 8');
  });
});

describe('a lane', () => {
  const glyphs = glyphsOf({ color: 'never', ascii: true });
  const lane = (events: readonly EventRecord[], from: number, to: number, cells: number): string =>
    laneSpans(staysOf(fakeMaster(T0), events), { from: T0 + from * SECOND, to: T0 + to * SECOND, cells }, glyphs)
      .map(spanText)
      .join('');

  it.each<[string, EventRecord[], number, number, number, string]>([
    ['blank before anything is known', [entered(5, 'MASTER', '')], 0, 10, 10, '     MMMMM'],
    ['the state it went into', [entered(0, 'BACKUP', ''), entered(5, 'MASTER', '')], 0, 10, 10, 'bbbbbMMMMM'],
    [
      'a short FAULT, whatever came with it',
      [entered(0, 'MASTER', ''), entered(5, 'FAULT', ''), entered(5.1, 'BACKUP', '')],
      0,
      10,
      5,
      'MMXbb',
    ],
    [
      'a BACKUP of less priority',
      [entered(0, 'BACKUP', ''), { ...lowered, at: T0 + 6 * SECOND }],
      0,
      10,
      10,
      'bbbbbbvvvv',
    ],
  ])('shows %s', (_, events, from, to, cells, expected) => {
    expect(lane(events, from, to, cells)).toBe(expected);
  });

  it('knows the present state of an instance of which no event is left', () => {
    const instance = fakeInstance(T0, { since: T0 + 5 * SECOND });
    const spans = laneSpans(staysOf(instance, []), { from: T0, to: T0 + 10 * SECOND, cells: 4 }, glyphs);
    expect(spans.map(spanText).join('')).toBe('  bb');
  });
});

describe('the view', () => {
  const state = (more: Partial<ScreenState> = {}): ScreenState => ({
    ...initialState(FAKE_INFO, { columns: 80, rows: 24 }, { color: 'never', ascii: true }),
    snapshot: fakeSnapshot(T0 + 12 * SECOND, 0, { instances: [fakeMaster(T0), fakeInstance(T0)] }),
    clockOffset: T0 + 12 * SECOND,
    events: story,
    stack: ['instances', 'events'],
    ...more,
  });
  const theme = createTheme({ color: 'never', ascii: true });
  const draw = (from: ScreenState, height = 20): string[] =>
    paneLines(eventsView, viewContext(from, 'events', 0), { width: 80, height }).map((line) =>
      theme.paint(line, 80).trimEnd(),
    );

  it('has lanes above, events in the middle and the causes of the newest below', () => {
    const text = draw(state());
    expect(text.findIndex((line) => /^VI_WEB +.*M.*b?$/.test(line))).toBeGreaterThan(0);
    expect(text.some((line) => line.includes('[5m]'))).toBe(true);
    expect(text.some((line) => /VI_WEB +Entering BACKUP STATE: 10\.0\.0\.2 has higher/.test(line))).toBe(true);
    expect(text.some((line) => line.startsWith('-- Cause'))).toBe(true);
    expect(text.join(' ')).toContain('weight -20 > effective priority 150 to 130');
  });

  it('goes through the spans, the levels and the instances', () => {
    const press = (from: ScreenState, key: string): ScreenState =>
      eventsView.commands!.find(({ keys }) => keys.includes(key))!.run(from, 0, '').state;
    expect(draw(press(state(), 't')).some((line) => line.includes('[15m]'))).toBe(true);
    expect(draw(press(state(), 'l')).some((line) => line.includes('Entering'))).toBe(false);
    const one = press(press(state(), 'o'), 'o');
    expect(one.views.events?.filter).toBe('instance=VI_DB');
    expect(draw(one).some((line) => line.includes('Entering'))).toBe(false);
  });
});
