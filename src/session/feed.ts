// What one engine has to tell a screen: its snapshot, and the last events and packets, numbered.
import type { CommandResult, OperatorCommand } from '../engine/commands.ts';
import type { EventRecord } from '../engine/record.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { describeFrame } from '../observe/packet.ts';
import type { CapturedFrame } from '../ports/capture-port.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createEvidence } from './evidence.ts';
import type { Packet } from './messages.ts';
import { createOwnFindings } from './own-findings.ts';
import { createRing, type Ring } from './ring.ts';
import type { ListedFinding } from './watch-picture.ts';

const EVENTS = 500;
const PACKETS = 500;

export interface Feed {
  readonly name: string;
  readonly events: Ring<EventRecord>;
  readonly packets: Ring<Packet>;
  /** For the runtime's `onRecord`, and for what the program itself has to tell. Numbered here: both are one list. */
  record(record: Omit<EventRecord, 'seq'>): void;
  /** For a capture port's `onFrame`. */
  frame(frame: CapturedFrame): void;
  /** Counts up when there is something new. */
  revision(): number;
  snapshot(): Snapshot;
  /** What is wrong, as of that snapshot, worst first; the same array while nothing has changed. */
  findings(snapshot: Snapshot): readonly ListedFinding[] | undefined;
  /** Time until the engine has something to do, µs. */
  dueIn(): number;
  command(order: OperatorCommand): CommandResult;
  lateness(): number;
}

/**
 * `runtime` is asked for lazily: it is made with the feed's `record`. `neighbours` as of `createEvidence`. `now` is the
 * engine's clock; without it nobody looks for what is wrong. `room`: as of `createOwnFindings`.
 */
export function createFeed(
  name: string,
  runtime: () => Runtime,
  neighbours?: Parameters<typeof createEvidence>[0],
  now?: () => number,
  room?: number,
): Feed {
  const wrong = now === undefined ? undefined : createOwnFindings(room);
  const evidence = createEvidence(neighbours);
  const events = createRing<EventRecord>(EVENTS);
  const packets = createRing<Packet>(PACKETS);
  return {
    name,
    events,
    packets,
    record(record) {
      const numbered = { ...record, seq: events.last() + 1 };
      events.push(numbered);
      wrong?.record(numbered);
    },
    frame(frame) {
      wrong?.frame(frame);
      const packet = describeFrame(frame, packets.last() + 1);
      if (packet === undefined) return evidence.frame(frame);
      // A copy: the frame may lie in the capture's buffer, and a view of that would send all of it to the screen.
      packets.push({ ...packet, bytes: frame.bytes.slice() });
    },
    revision() {
      // Also what does not happen may be wrong: time passes whether or not there is something new.
      if (now !== undefined) wrong?.tick(now());
      return runtime().revision() + packets.last() + events.last() + (wrong?.revision() ?? 0);
    },
    findings: (snapshot) => wrong?.list(snapshot, runtime().lateness()),
    snapshot() {
      const snapshot = runtime().snapshot();
      return { ...snapshot, reachable: evidence.of(snapshot) };
    },
    dueIn: () => runtime().dueIn(),
    command: (order) => runtime().command(order),
    lateness: () => runtime().lateness(),
  };
}
