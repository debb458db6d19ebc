// The loop: next deadline, feed events, perform effects in order.
import type { CommandResult, OperatorCommand } from '../engine/commands.ts';
import type { NodeConfig } from '../engine/config.ts';
import type { EventRecord } from '../engine/record.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import type { World } from '../ports/world.ts';

export interface RuntimeOptions {
  readonly config: NodeConfig;
  readonly world: World;
  /** Host name, or router_id. */
  readonly routerId: string;
  /** Every line of the event log, in order, as it happens. */
  readonly onRecord?: (record: EventRecord) => void;
}

export interface Runtime {
  /** Opens the ports and starts every instance. */
  start(): void;
  command(command: OperatorCommand): CommandResult;
  snapshot(): Snapshot;
  /**
   * Clean stop (SIGTERM): every MASTER sends priority 0 and removes its addresses before this returns; notify_stop
   * scripts are started. `onDone` is called when they ended, or after one second.
   */
  stop(onDone: () => void): void;
  /** The first two of `stop` and nothing else, for a process that is about to die. Never throws. */
  farewell(): void;
}
