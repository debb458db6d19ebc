// Updates on their way to a screen in another thread. Copying a snapshot of many instances ten times a second would cost
// the engine's thread more than its adverts do, so only the first one crosses whole, then what has changed. The frames of
// packets cross as one piece: a buffer for each of them is memory outside the heap, which brings long collections on.
import type { Snapshot } from '../engine/snapshot.ts';
import type { PacketRecord } from '../observe/packet.ts';
import type { Packet, ToScreen } from './messages.ts';
import { applyChange, changeBetween, type SnapshotChange } from './snapshot-change.ts';

type Update = Extract<ToScreen, { type: 'update' }>;

interface PackedPackets {
  readonly packets: readonly PacketRecord[];
  /** Of all packets, one behind the other; `ends`: where each ends. */
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
}

type Rest = Omit<Update, 'type' | 'snapshot' | 'packets'> & PackedPackets;

/** What crosses: as `ToScreen`, but for the snapshots behind the first, and for packets. */
export type Packed =
  | Exclude<ToScreen, Update>
  | (Rest & { readonly type: 'update'; readonly snapshot: Snapshot })
  | (Rest & { readonly type: 'change'; readonly change: SnapshotChange });

/** For one connection: all that it packs must reach one unpacker, in this order. */
export function createPacker(): (message: ToScreen) => Packed {
  let last: Snapshot | undefined;
  return (message) => {
    if (message.type !== 'update') return message;
    const before = last;
    const { type, snapshot, packets, ...more } = message;
    last = snapshot;
    const rest = { ...more, ...packPackets(packets) };
    return before === undefined
      ? { ...rest, type, snapshot }
      : { ...rest, type: 'change', change: changeBetween(before, snapshot) };
  };
}

/** Instances that have not changed are the same objects as in the update before. */
export function createUnpacker(): (packed: Packed) => ToScreen {
  let last: Snapshot | undefined;
  return (packed) => {
    if (packed.type !== 'update' && packed.type !== 'change') return packed;
    const { packets: rows, bytes, ends, ...more } = packed;
    const packets = unpackPackets({ packets: rows, bytes, ends });
    if (more.type === 'update') {
      last = more.snapshot;
      return { ...more, packets };
    }
    if (last === undefined) throw new Error('a change of a snapshot without the snapshot');
    const { change, ...rest } = more;
    last = applyChange(last, change);
    return { ...rest, type: 'update', snapshot: last, packets };
  };
}

function packPackets(list: readonly Packet[]): PackedPackets {
  const bytes = new Uint8Array(list.reduce((sum, packet) => sum + packet.bytes.length, 0));
  let at = 0;
  const ends: number[] = [];
  const packets = list.map(({ bytes: frame, ...row }) => {
    bytes.set(frame, at);
    at += frame.length;
    ends.push(at);
    return row;
  });
  return { packets, bytes, ends };
}

/** Copies: a view would keep the frames of all the others. */
function unpackPackets({ packets, bytes, ends }: PackedPackets): Packet[] {
  return packets.map((row, i) => ({ ...row, bytes: bytes.slice(ends[i - 1] ?? 0, ends[i]) }));
}
