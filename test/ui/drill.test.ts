// What a drill measures, out of events and packets in the order of time, and how the view tells it.
import { describe, expect, it } from 'vitest';
import type { EventRecord } from '../../src/engine/record.ts';
import type { Packet, ToScreen } from '../../src/session/messages.ts';
import { measured } from '../../src/ui/model/drills.ts';
import { receive } from '../../src/ui/receive.ts';
import { initialState, type ScreenState } from '../../src/ui/state.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { viewContext } from '../../src/ui/views/context.ts';
import { drillView } from '../../src/ui/views/drill.ts';
import { paneLines } from '../../src/ui/views/pane.ts';
import {
  FAKE_INFO,
  fakeMaster,
  fakePacket,
  fakeSnapshot,
  SECOND,
  ENGINE_START as T0,
} from '../support/fake-session.ts';

let seq = 0;
const at = (seconds: number): number => Math.round(T0 + seconds * SECOND);

function event(seconds: number, kind: EventRecord['kind'], text: string, more: Partial<EventRecord> = {}): EventRecord {
  seq += 1;
  return { seq, at: at(seconds), level: 'info', kind, instance: 'VI_WEB', text, ...more };
}

const entered = (seconds: number, state: 'MASTER' | 'BACKUP' | 'FAULT'): EventRecord =>
  event(seconds, 'state', `Entering ${state} STATE`, { state, cause: 'c' });

function packet(seconds: number, more: Partial<Packet>): Packet {
  seq += 1;
  return fakePacket(seq, at(seconds), { direction: 'received', source: '10.0.0.2', priority: 100, ...more });
}

const announcement = (seconds: number, address: string, more: Partial<Packet> = {}): Packet =>
  packet(seconds, {
    protocol: 'arp',
    vrid: undefined,
    source: address,
    addresses: [address],
    summary: `${address} moved`,
    ...more,
  });

/** The peer that the fake MASTER has heard has priority 100: its skew is 0.609 s (RFC 9568 §6.1, 1 s). */
function play(events: EventRecord[], packets: Packet[], until: number): ScreenState {
  let state = initialState(FAKE_INFO, { columns: 80, rows: 24 }, { color: 'never', ascii: true });
  const update = (now: number, more: { events: EventRecord[]; packets: Packet[] }): void => {
    const snapshot = { ...fakeSnapshot(now), instances: [fakeMaster(T0)], knownRouters: [], overrides: [] };
    const message: ToScreen = { type: 'update', snapshot, dropped: 0, lateness: 0, ...more };
    state = receive(state, message, now - T0);
  };
  update(T0, { events: [], packets: [] });
  // As a session delivers: half a second at a time.
  for (let from = 0; from < until; from += 0.5) {
    const within = ({ at: when }: { at: number }): boolean => when >= at(from) && when < at(from + 0.5);
    update(at(from + 0.5), { events: events.filter(within), packets: packets.filter(within) });
  }
  return state;
}

const forced = (): EventRecord[] => [
  event(1, 'override', 'override: forced FAULT for 120 s'),
  entered(1, 'FAULT'),
  event(5, 'override', 'override taken back: forced FAULT'),
  entered(5, 'BACKUP'),
  entered(8.6, 'MASTER'),
];
const heard = (): Packet[] => [
  packet(1, { direction: 'sent', source: '10.0.0.1', priority: 0 }),
  packet(1.612, {}),
  announcement(1.613, '192.0.2.10'),
  announcement(1.64, '192.0.2.11'),
  packet(2.612, {}),
];

describe('a drill', () => {
  it('measures takeover from giving way to the first advert, and dark time to the last announcement', () => {
    const [drill] = play(forced(), heard(), 10).drills;
    expect(measured(drill!)).toEqual({ takeoverUs: 612_000, darkUs: 640_000, flaps: 0 });
    expect(drill).toMatchObject({ takenBy: '10.0.0.2', wasMaster: true, endedAt: at(5), returnedAt: at(8.6) });
    expect(drill!.expected).toEqual([609_375, 609_375]);
  });

  it('tells its steps in the order of time, whoever reported them', () => {
    const [drill] = play(forced(), heard(), 10).drills;
    const story = drill!.steps.map(
      ({ at: when, from, text }) => `${((when - T0) / SECOND).toFixed(3)} ${from} ${text}`,
    );
    expect(story).toEqual([
      '1.000 engine override: forced FAULT for 120 s',
      '1.000 engine Entering FAULT STATE (c)',
      '1.000 wire priority 0 sent',
      '1.612 wire first advert of 10.0.0.2, priority 100',
      '1.613 wire 192.0.2.10 moved',
      '1.640 wire 192.0.2.11 moved',
      '5.000 engine override taken back: forced FAULT',
      '5.000 engine Entering BACKUP STATE (c)',
      '8.600 engine Entering MASTER STATE (c)',
    ]);
  });

  it('knows no dark time until every address was announced', () => {
    const some = heard().filter(({ addresses }) => addresses[0] !== '192.0.2.11' || addresses.length > 1);
    expect(measured(play(forced(), some, 10).drills[0]!).darkUs).toBeUndefined();
  });

  it('counts a second MASTER change as a flap', () => {
    const more = [...heard(), packet(3, { source: '10.0.0.3', priority: 90 })];
    expect(measured(play(forced(), more, 10).drills[0]!).flaps).toBe(1);
  });

  it('takes nothing of other virtual routers, and ends with its own override only', () => {
    const others = [packet(1.1, { vrid: 52 }), packet(1.2, { interface: 'eth9' }), packet(1.3, { source: 'fe80::9' })];
    const events = [...forced().slice(0, 2), event(3, 'override', 'override taken back: nopreempt on')];
    const [drill] = play(events, others, 6).drills;
    expect(drill!.steps.filter(({ from }) => from === 'wire')).toEqual([]);
    expect(drill!.endedAt).toBeUndefined();
  });

  it('says of a changed priority that the MASTER stayed', () => {
    const [drill] = play([event(1, 'override', 'override: priority 150 -> 140 for 60 s')], [], 3).drills;
    expect(measured(drill!)).toEqual({ takeoverUs: undefined, darkUs: undefined, flaps: 0 });
  });
});

describe('the view', () => {
  const draw = (state: ScreenState): string =>
    paneLines(drillView, viewContext(state, 'drill', state.snapshot!.takenAt - T0), { width: 80, height: 20 })
      .map((line) => createTheme({ color: 'never', ascii: true }).paint(line, 80).trimEnd())
      .join('\n');

  it('sets what was measured beside the forecast', () => {
    const text = draw(play(forced(), heard(), 10));
    expect(text).toMatch(/takeover +0\.61 s +0\.61 s/);
    expect(text).toMatch(/VIP dark +0\.61 s +0\.64 s/);
    expect(text).toMatch(/flaps +0 +0 +MASTER again after 7\.6s/);
  });

  it('says how to begin while there was none', () => {
    expect(draw(play([], [], 1))).toContain('no drill yet: D plans one, F forces');
  });
});
