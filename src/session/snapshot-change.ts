// What has changed between two snapshots, so that not all of a thousand instances cross to the screen ten times a second.
// Equal parts are found by identity (engine/keep.ts); parts that are equal and not the same cost time, nothing else.
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';

/** Fields that have become others, and those that are not there any more. */
interface Fields<T> {
  readonly set: Partial<T>;
  readonly gone?: readonly (keyof T)[];
}

type Frame = Omit<Snapshot, 'instances'>;

/** Plain data. */
export interface SnapshotChange {
  readonly frame: Fields<Frame>;
  /** Of the instances at these places; or the whole list, where others are there than before. */
  readonly instances:
    | readonly (Fields<InstanceSnapshot> & { readonly place: number })[]
    | { readonly all: readonly InstanceSnapshot[] };
}

/** What makes `after` of `before`: `applyChange(before, changeBetween(before, after))` is `after`. */
export function changeBetween(before: Snapshot, after: Snapshot): SnapshotChange {
  const { instances: old, ...frameBefore } = before;
  const { instances, ...frame } = after;
  return { frame: fieldsBetween(frameBefore, frame), instances: instancesBetween(old, instances) };
}

function instancesBetween(
  before: readonly InstanceSnapshot[],
  after: readonly InstanceSnapshot[],
): SnapshotChange['instances'] {
  if (before.length !== after.length || after.some(({ name }, i) => before[i]!.name !== name)) return { all: after };
  return after.flatMap((instance, place) => {
    const old = before[place]!;
    return old === instance ? [] : [{ place, ...fieldsBetween(old, instance) }];
  });
}

function fieldsBetween<T extends object>(before: T, after: T): Fields<T> {
  const set: Partial<T> = {};
  const gone: (keyof T)[] = [];
  for (const key in after) if (after[key] !== before[key] || !(key in before)) set[key] = after[key];
  for (const key in before) if (!(key in after)) gone.push(key);
  return gone.length === 0 ? { set } : { set, gone };
}

/** The snapshot after the change. What has not changed is the same object as before. */
export function applyChange(before: Snapshot, { frame, instances }: SnapshotChange): Snapshot {
  return { ...withFields<Frame>(before, frame), instances: withInstances(before.instances, instances) };
}

function withInstances(
  before: readonly InstanceSnapshot[],
  changes: SnapshotChange['instances'],
): readonly InstanceSnapshot[] {
  if ('all' in changes) return changes.all;
  if (changes.length === 0) return before;
  const after = [...before];
  for (const { place, ...fields } of changes) after[place] = withFields(before[place]!, fields);
  return after;
}

function withFields<T extends object>(before: T, { set, gone = [] }: Fields<T>): T {
  const after = { ...before, ...set };
  for (const key of gone) delete after[key];
  return after;
}
