// What one engine has to tell a screen: its snapshot, and the last events and packets, numbered.
import type { CommandResult, OperatorCommand } from '../engine/commands.ts';
import type { EventRecord } from '../engine/record.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { describeFrame } from '../observe/packet.ts';
import { mayBeRow } from '../observe/row-frame.ts';
import type { CapturedFrame } from '../ports/capture-port.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createEvidence } from './evidence.ts';
import type { Packet } from './messages.ts';
import { createOwnFindings, type OwnFindingsOptions } from './own-findings.ts';
import { createRing, type Ring } from './ring.ts';
import type { ListedFinding } from './watch-picture.ts';

const EVENTS = 500;
const PACKETS = 500;
/** So many frames of each direction become rows in a tenth of a second; the rest is counted. More is no list to read. */
const ROWS = 100;
const ROWS_US = 100_000;

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
 * engine's clock; without it nobody looks for what is wrong. `own`: as of `createOwnFindings`.
 */
export function createFeed(
  name: string,
  runtime: () => Runtime,
  neighbours?: Parameters<typeof createEvidence>[0],
  now?: () => number,
  own?: OwnFindingsOptions,
): Feed {
  const wrong = now === undefined ? undefined : createOwnFindings(own);
  const evidence = createEvidence(neighbours);
  const events = createRing<EventRecord>(EVENTS);
  const packets = createRing<Packet>(PACKETS);
  let packetSeq = 0;
  const rows = { since: Number.NEGATIVE_INFINITY, sent: 0, received: 0 };

  /** Whether one more row of that direction is made now. */
  function hasRow({ at, direction }: CapturedFrame): boolean {
    if (Math.abs(at - rows.since) >= ROWS_US) Object.assign(rows, { since: at, sent: 0, received: 0 });
    return ++rows[direction] <= ROWS;
  }

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
      if (!mayBeRow(frame.bytes)) return evidence.frame(frame);
      if (!hasRow(frame)) {
        packetSeq++;
        return;
      }
      const packet = describeFrame(frame, packetSeq + 1);
      if (packet === undefined) return evidence.frame(frame);
      packetSeq++;
      packets.push({ ...packet, bytes: frame.bytes });
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
