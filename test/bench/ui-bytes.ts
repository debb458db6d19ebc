// Bytes that a frame of 120x40 with 255 instances writes to the terminal, by what has changed in it.
import type { InstanceSnapshot } from '../../src/engine/snapshot.ts';
import { fakeInstance, fakeSnapshot, SECOND } from '../support/fake-session.ts';
import { openTestScreen } from '../support/screen.ts';
import { type Figure, summary } from './figures.ts';

const COUNT = 255;

export interface Bytes {
  readonly nothing: number[];
  /** A counter of the chosen instance. */
  readonly one: number[];
  /** Priority, MASTER, ages and counters of all instances. */
  readonly every: number[];
}

/** Of `rounds` frames each, in the view of all instances. */
export async function countBytes(rounds: number): Promise<Bytes> {
  const screen = await openTestScreen({ columns: 120, rows: 40 });
  const { takenAt } = screen.controller.state().snapshot!;
  let last: readonly InstanceSnapshot[] = [];

  async function show(instances: readonly InstanceSnapshot[]): Promise<number> {
    last = instances;
    screen.takeBytes();
    const snapshot = { ...fakeSnapshot(takenAt), instances };
    screen.controller.receive({ type: 'update', snapshot, events: [], packets: [], dropped: 0, lateness: 1000 });
    await screen.pass(0);
    return Buffer.byteLength(screen.takeBytes());
  }

  const bytes: Bytes = { nothing: [], one: [], every: [] };
  await screen.press('z');
  for (let round = 0; round < rounds; round++) {
    bytes.every.push(await show(Array.from({ length: COUNT }, (_, i) => instanceOf(takenAt, i, round))));
    bytes.nothing.push(await show(last.map((instance) => ({ ...instance }))));
    const [first, ...others] = last;
    const counters = { ...first!.counters, advertRcvd: first!.counters.advertRcvd + 1 };
    bytes.one.push(await show([{ ...first!, counters }, ...others]));
  }
  screen.unmount();
  return bytes;
}

function instanceOf(at: number, i: number, round: number): InstanceSnapshot {
  const base = fakeInstance(at);
  const priority = 1 + ((round * 7 + i) % 250);
  return {
    ...base,
    name: `VI_${i + 1}`,
    vrid: i + 1,
    since: at - round * 61 * SECOND - i * SECOND,
    effectivePriority: priority,
    master: {
      self: false,
      address: `10.0.${100 + (round % 100)}.${100 + (i % 100)}`,
      priority,
      lastAdvertAt: at - (round % 14) * 137_000,
    },
    counters: { ...base.counters, advertRcvd: round * 1000 + i },
  };
}

export async function measureBytes(): Promise<readonly Figure[]> {
  const { nothing, one, every } = await countBytes(50);
  const figure = (what: string, values: readonly number[]): Figure => {
    return { what: `bytes: ${what}`, who: 'screen', unit: 'B', values: summary(values) };
  };
  return [
    figure('nothing has changed', nothing),
    figure('one counter moves', one),
    // Of the first frame too, which is the whole table.
    figure('every row changes', every.slice(1)),
  ];
}
