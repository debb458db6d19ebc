import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceSnapshot, Snapshot } from '../../src/engine/snapshot.ts';
import type { ToScreen } from '../../src/session/messages.ts';
import { createPacker, createUnpacker } from '../../src/session/pack.ts';
import { applyChange, changeBetween } from '../../src/session/snapshot-change.ts';
import { fakeInstance, fakeMaster, fakePacket, fakeSnapshot } from '../support/fake-session.ts';

/** An instance as it may be a moment later: other values, fields that come and go. */
const anyInstance = fc
  .record({
    name: fc.constantFrom('VI_1', 'VI_2', '__proto__'),
    now: fc.integer({ min: 0, max: 5 }).map((seconds) => 6_000_000_000 + seconds * 1_000_000),
    master: fc.boolean(),
    more: fc.record(
      { syncGroup: fc.constant('VG'), preemptAt: fc.nat(), source: fc.constantFrom(undefined, '10.0.0.9') },
      { requiredKeys: [] },
    ),
  })
  .map(({ name, now, master, more }): InstanceSnapshot => {
    return (master ? fakeMaster : fakeInstance)(now, { name, ...more } as Partial<InstanceSnapshot>);
  });

const anySnapshot = fc
  .record({
    now: fc.nat(5),
    instances: fc.array(anyInstance, { maxLength: 4 }),
    reachable: fc.option(fc.constant([]), { nil: undefined }),
  })
  .map(({ now, instances, reachable }): Snapshot => {
    const snapshot = fakeSnapshot(6_000_000_000 + now * 1_000_000);
    return { ...snapshot, instances, ...(reachable !== undefined && { reachable }) };
  });

const update = (snapshot: Snapshot): ToScreen => {
  return { type: 'update', snapshot, events: [], packets: [fakePacket(1, 2)], dropped: 3, lateness: 4 };
};

describe('what has changed between two snapshots', () => {
  it('makes the second of the first, whatever they are', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, (before, after) => {
        expect(applyChange(before, structuredClone(changeBetween(before, after)))).toStrictEqual(after);
      }),
    );
  });

  it('holds nothing of an instance that is the same, and only what is new of another', () => {
    const [one, two] = [fakeInstance(0, { name: 'VI_1' }), fakeInstance(0, { name: 'VI_2' })];
    const before = { ...fakeSnapshot(0), instances: [one, two] };
    const after = { ...before, takenAt: 1, instances: [one, { ...two, advertAt: 7 }] };
    const change = changeBetween(before, after);
    expect(change).toEqual({ frame: { set: { takenAt: 1 } }, instances: [{ place: 1, set: { advertAt: 7 } }] });
    expect(applyChange(before, change).instances[0]).toBe(one);
  });
});

describe('packed updates', () => {
  it('arrive as they were sent, however many there are', () => {
    fc.assert(
      fc.property(fc.array(anySnapshot, { minLength: 1, maxLength: 6 }), (snapshots) => {
        const [pack, unpack] = [createPacker(), createUnpacker()];
        for (const snapshot of snapshots) {
          expect(unpack(structuredClone(pack(update(snapshot))))).toStrictEqual(update(snapshot));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('leave other messages as they are', () => {
    const message: ToScreen = { type: 'mode', operate: true };
    expect(createUnpacker()(createPacker()(message))).toBe(message);
  });

  it('make an error of a change without the snapshot that it belongs to', () => {
    const pack = createPacker();
    pack(update(fakeSnapshot(0)));
    expect(() => createUnpacker()(pack(update(fakeSnapshot(1))))).toThrow('without the snapshot');
  });
});
