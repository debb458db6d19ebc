// A snapshot is made of parts of the one before: whatever happens to a node, it equals one that is made anew; and what has
// changed between two of them makes the second of the first.
import { expect, it, vi } from 'vitest';
import type { Snapshot } from '../../src/engine/snapshot.ts';
import { applyChange, changeBetween } from '../../src/session/snapshot-change.ts';
import { runScenario } from './run-scenario.ts';
import { randomScenario } from './scenario.ts';

const seen = vi.hoisted(() => ({ snapshots: 0, kept: 0, changed: 0 }));

vi.mock('../../src/engine/build-snapshot.ts', async (load) => {
  const { createSnapshots } = await load<typeof import('../../src/engine/build-snapshot.ts')>();
  return {
    createSnapshots(node: Parameters<typeof createSnapshots>[0]) {
      const next = createSnapshots(node);
      let last: Snapshot | undefined;
      return (now: number, wallTime: number): Snapshot => {
        const snapshot = next(now, wallTime);
        expect(snapshot).toStrictEqual(createSnapshots(node)(now, wallTime));
        if (last !== undefined) compare(last, snapshot);
        last = snapshot;
        return snapshot;
      };
    },
  };
});

function compare(last: Snapshot, snapshot: Snapshot): void {
  const change = structuredClone(changeBetween(last, snapshot));
  const folded = applyChange(last, change);
  expect(folded).toStrictEqual(snapshot);
  seen.snapshots++;
  for (const [i, instance] of snapshot.instances.entries()) {
    if (instance !== last.instances[i]) seen.changed++;
    else if (instance === folded.instances[i]) seen.kept++;
  }
}

it('a snapshot equals one made anew, and the one before with its changes, in 12 seeds of chaos', () => {
  for (let seed = 1000; seed < 1012; seed++) {
    const { broken } = runScenario(randomScenario(seed));
    expect(broken, `seed ${seed}`).toBeUndefined();
  }
  expect(seen.snapshots).toBeGreaterThan(1000);
  expect(seen.changed).toBeGreaterThan(100);
  expect(seen.kept).toBeGreaterThan(100);
});
