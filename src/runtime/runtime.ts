// The loop that drives an engine in a world, as the rest of the program sees it.
import type { CommandResult, OperatorCommand } from '../engine/commands.ts';
import type { NodeConfig } from '../engine/config.ts';
import type { EngineOptions } from '../engine/engine.ts';
import type { EventRecord } from '../engine/record.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import type { World } from '../ports/world.ts';

export interface RuntimeOptions extends EngineOptions {
  readonly config: NodeConfig;
  readonly world: World;
  /** Host name, or router_id. */
  readonly routerId: string;
  /** Every line of the event log, in order, as it happens. */
  readonly onRecord?: (record: EventRecord) => void;
  /** Called some milliseconds before an instance becomes MASTER, when nothing is heard until then. */
  readonly onApproach?: () => void;
}

export interface Runtime {
  /** Opens the ports and starts every instance. */
  start(): void;
  command(order: OperatorCommand): CommandResult;
  /** Goes on with another configuration. What continues keeps its state. */
  reload(config: NodeConfig): void;
  /** All counters of all instances begin anew. */
  clearCounters(): void;
  snapshot(): Snapshot;
  /** Counts up whenever something was handled: equal numbers mean an equal snapshot, but for the time. */
  revision(): number;
  /** Time until the next deadline, µs; not above 0: it is due. Infinity: none. */
  dueIn(): number;
  /** How late the timer was, p99 of the last ten seconds, µs. */
  lateness(): number;
  /**
   * Clean stop (SIGTERM): every MASTER sends priority 0 and removes its addresses before this returns; notify_stop
   * scripts are started. `onDone` is called when they ended, or after one second.
   */
  stop(onDone: () => void): void;
  /**
   * `stop` without notifications, for a process that is about to die: what one port fails at does not keep the others
   * from their part. Never throws.
   */
  farewell(): void;
}
