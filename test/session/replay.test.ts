// A recording in virtual time: how fast it is told, and what is told after it was wound.
import { describe, expect, it } from 'vitest';
import type { ObserverEvent } from '../../src/observe/event.ts';
import { createReplay, type RecordedFrame, type Replay } from '../../src/session/replay.ts';
import { advert } from '../observe/wire-lab.ts';

const SECOND = 1_000_000;
const START = 1_000 * SECOND;
const [A, B] = ['192.0.2.11', '192.0.2.12'];

/** One advert of A each second for `seconds`, then of B until the end. */
function pair(seconds: number, end: number): RecordedFrame[] {
  return Array.from({ length: end }, (_, at) => ({
    ...{ interface: 'eth0', direction: 'received', at: START + at * SECOND, cut: false },
    bytes: advert(at < seconds ? A : B, { priority: at < seconds ? 150 : 100 }),
  }));
}

interface Played {
  readonly replay: Replay;
  /** Lets so many seconds of real time pass, in steps of 50 ms. */
  pass(seconds: number): void;
  order(order: Parameters<Replay['order']>[0]): void;
  readonly frames: RecordedFrame[];
  readonly events: ObserverEvent[];
  /** Seconds since the start of the recording. */
  position(): number;
}

function play(frames: readonly RecordedFrame[], end = frames.at(-1)!.at): Played {
  const told = { frames: [] as RecordedFrame[], events: [] as ObserverEvent[] };
  const replay = createReplay(
    { frames, start: START, end },
    {
      event: (event) => told.events.push(event),
      frame: (frame) => told.frames.push(frame),
      clear() {
        told.frames.length = 0;
        told.events.length = 0;
      },
    },
  );
  let now = 7 * SECOND;
  const advance = (): void => {
    while (replay.advance(now));
  };
  advance();
  return {
    replay,
    ...told,
    pass(seconds) {
      for (let left = seconds * 20; left > 0; left--) {
        now += SECOND / 20;
        advance();
      }
    },
    order(order) {
      replay.order(order, now);
      advance();
    },
    position: () => (replay.state().position - START) / SECOND,
  };
}

const masters = ({ events }: Played): string[] =>
  events.flatMap((event) => (event.type === 'master' ? [`${(event.at - START) / SECOND} ${event.address}`] : []));

describe('a replay', () => {
  it('plays at real speed, and ends with the recording', () => {
    const played = play(pair(5, 11));
    played.pass(3);
    expect([played.position(), played.frames.length]).toEqual([3, 4]);
    played.pass(20);
    expect(played.replay.state()).toMatchObject({
      playing: false,
      position: START + 10 * SECOND,
      frame: 11,
      frames: 11,
    });
    expect(masters(played)).toEqual([`0 ${A}`, `5 ${B}`]);
  });

  it.each([
    [1, 2],
    [2, 10],
    [3, 100],
    [9, 100],
  ])('pressed faster %i times plays %i times as fast, and slower takes it back', (times, speed) => {
    const played = play(pair(5, 1000));
    for (let i = 0; i < times; i++) played.order({ kind: 'faster' });
    played.pass(2);
    expect(played.position()).toBe(2 * speed);
    for (let i = 0; i < times; i++) played.order({ kind: 'slower' });
    played.pass(2);
    expect(played.position()).toBe(2 * speed + 2);
  });

  it('stands while it is stopped, and does not make up for it', () => {
    const played = play(pair(5, 100));
    played.pass(2);
    played.order({ kind: 'pause' });
    played.pass(30);
    expect(played.position()).toBe(2);
    played.order({ kind: 'pause' });
    played.pass(1);
    expect(played.position()).toBe(3);
  });

  it('steps to the next packet, one at a time, also where two have the same time', () => {
    const [first, second, ...others] = pair(5, 10);
    const played = play([first!, second!, { ...second!, bytes: advert(B, { vrid: 52 }) }, ...others]);
    played.order({ kind: 'step' });
    expect([played.position(), played.frames.length]).toEqual([1, 2]);
    played.order({ kind: 'step' });
    expect([played.position(), played.frames.length]).toEqual([1, 3]);
    played.pass(5);
    expect(played.frames.length).toBe(3);
    played.order({ kind: 'step' });
    expect(played.position()).toBe(2);
  });

  it('goes on to a time, and back to one: then it tells anew what led there, and nothing of what came after', () => {
    const played = play(pair(30, 100));
    played.order({ kind: 'pause' });
    played.order({ kind: 'to', at: START + 50.5 * SECOND });
    expect(masters(played)).toEqual([`0 ${A}`, `30 ${B}`]);
    expect(played.position()).toBe(50.5);
    const { pass } = played.replay.state();
    played.order({ kind: 'by', us: -30 * SECOND });
    expect(masters(played)).toEqual([`0 ${A}`]);
    expect([played.position(), played.frames.length]).toEqual([20.5, 21]);
    expect(played.replay.state().pass).toBe(pass + 1);
    played.pass(5);
    expect(played.position()).toBe(20.5);
  });

  it('is the same picture at a time, whichever way it was reached', () => {
    const played = play(pair(30, 100));
    const direct = play(pair(30, 100));
    played.order({ kind: 'to', at: START + 80 * SECOND });
    played.order({ kind: 'to', at: START + 40 * SECOND });
    direct.order({ kind: 'faster' });
    direct.pass(20);
    expect(direct.position()).toBe(40);
    expect(played.replay.observer().snapshot()).toEqual(direct.replay.observer().snapshot());
    expect(played.events).toEqual(direct.events);
  });

  it.each([
    [-50, 0],
    [5000, 99],
  ])('winds no further than its ends (by %i s)', (by, place) => {
    const played = play(pair(30, 100));
    played.order({ kind: 'pause' });
    played.order({ kind: 'by', us: by * SECOND });
    expect(played.position()).toBe(place);
  });

  it('begins again when it is started at its end', () => {
    const played = play(pair(5, 10));
    played.order({ kind: 'to', at: START + 9 * SECOND });
    played.pass(1);
    played.order({ kind: 'pause' });
    played.pass(2);
    expect(played.replay.state().playing).toBe(true);
    expect(played.position()).toBe(2);
  });

  it('reads a long way in pieces, and tells only the packets near its end', () => {
    const frames = pair(30_000, 50_000);
    const played = play(frames);
    played.replay.order({ kind: 'to', at: START + 49_000 * SECOND }, 0);
    let pieces = 1;
    while (played.replay.advance(0)) pieces++;
    expect(pieces).toBe(3);
    expect(played.frames.length).toBeLessThan(700);
    expect(played.frames.at(-1)).toBe(frames[49_000]);
    expect(masters(played)).toEqual([`0 ${A}`, `30000 ${B}`]);
  });

  it('stands at its start when it holds nothing', () => {
    const played = play([], START);
    played.order({ kind: 'step' });
    played.order({ kind: 'faster' });
    played.pass(1);
    expect(played.replay.state()).toMatchObject({ playing: false, position: START, frames: 0 });
  });
});
