// What one engine has to tell a screen: its snapshot, and the last events and packets, numbered.
import type { CommandResult, OperatorCommand } from '../engine/commands.ts';
import type { EventRecord } from '../engine/record.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { describeFrame, type PacketRecord } from '../observe/packet.ts';
import type { CapturedFrame } from '../ports/capture-port.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createRing, type Ring } from './ring.ts';

const EVENTS = 500;
const PACKETS = 500;

export interface Feed {
  readonly name: string;
  readonly events: Ring<EventRecord>;
  readonly packets: Ring<PacketRecord>;
  /** For the runtime's `onRecord`. */
  record(record: EventRecord): void;
  /** For a capture port's `onFrame`. */
  frame(frame: CapturedFrame): void;
  /** Counts up when there is something new. */
  revision(): number;
  snapshot(): Snapshot;
  command(order: OperatorCommand): CommandResult;
  lateness(): number;
}

/** `runtime` is asked for lazily: it is made with the feed's `record`. */
export function createFeed(name: string, runtime: () => Runtime): Feed {
  const events = createRing<EventRecord>(EVENTS);
  const packets = createRing<PacketRecord>(PACKETS);
  return {
    name,
    events,
    packets,
    record: (record) => events.push(record),
    frame(frame) {
      const packet = describeFrame(frame, packets.last() + 1);
      if (packet !== undefined) packets.push(packet);
    },
    revision: () => runtime().revision() + packets.last() + events.last(),
    snapshot: () => runtime().snapshot(),
    command: (order) => runtime().command(order),
    lateness: () => runtime().lateness(),
  };
}
