// Updates on their way to a screen in another thread. Copying a snapshot of many instances ten times a second would cost
// the engine's thread more than its adverts do, so only the first one crosses whole, then what has changed.
import type { Snapshot } from '../engine/snapshot.ts';
import type { ToScreen } from './messages.ts';
import { applyChange, changeBetween, type SnapshotChange } from './snapshot-change.ts';

type Update = Extract<ToScreen, { type: 'update' }>;

/** What crosses: as `ToScreen`, but for updates behind the first. */
export type Packed =
  | ToScreen
  | (Omit<Update, 'type' | 'snapshot'> & { readonly type: 'change'; readonly change: SnapshotChange });

/** For one connection: all that it packs must reach one unpacker, in this order. */
export function createPacker(): (message: ToScreen) => Packed {
  let last: Snapshot | undefined;
  return (message) => {
    if (message.type !== 'update') return message;
    const before = last;
    const { snapshot, ...rest } = message;
    last = snapshot;
    return before === undefined ? message : { ...rest, type: 'change', change: changeBetween(before, snapshot) };
  };
}

/** Instances that have not changed are the same objects as in the update before. */
export function createUnpacker(): (packed: Packed) => ToScreen {
  let last: Snapshot | undefined;
  return (packed) => {
    if (packed.type === 'update') last = packed.snapshot;
    if (packed.type !== 'change') return packed;
    if (last === undefined) throw new Error('a change of a snapshot without the snapshot');
    const { change, ...rest } = packed;
    last = applyChange(last, change);
    return { ...rest, type: 'update', snapshot: last };
  };
}
