// A router of a simulated cluster: a host and the runtime that lives on it, through starts, stops and crashes.
import type { NodeConfig } from '../engine/config.ts';
import type { EventRecord } from '../engine/record.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import type { World } from '../ports/world.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Host } from './host.ts';

export interface SimRouter {
  readonly name: string;
  readonly host: Host;
  readonly config: NodeConfig;
  /** Boots the process and starts the engine. Does nothing when it runs. */
  start(): void;
  /** SIGTERM. A paused process gets it when it continues. */
  stop(): void;
  /** The process ends at once (`process`), or the machine does (`power`). */
  crash(how: 'process' | 'power'): void;
  /** Undefined while no process lives. */
  runtime(): Runtime | undefined;
  /** What the runtime says, without the other routers. Undefined while no process lives. */
  snapshot(): Snapshot | undefined;
}

export interface SimRouterOptions {
  readonly name: string;
  readonly host: Host;
  readonly config: NodeConfig;
  readonly onRecord: (record: EventRecord) => void;
  /** Puts something between the engine and its world. */
  readonly decorateWorld?: ((world: World, router: string) => World) | undefined;
}

/** A router that is not started. Its records count on over restarts. */
export function createSimRouter(options: SimRouterOptions): SimRouter {
  const { name, host, config, onRecord, decorateWorld = (world: World) => world } = options;
  let alive: { readonly runtime: Runtime; readonly world: World } | undefined;
  let seq = 0;

  return {
    name,
    host,
    config,
    start: () => {
      if (alive !== undefined) return;
      host.powerOn();
      const world = decorateWorld(host.boot(), name);
      const runtime = createRuntime({
        config,
        world,
        routerId: name,
        onRecord: (record) => onRecord({ ...record, seq: ++seq }),
      });
      alive = { runtime, world };
      runtime.start();
    },
    stop: () => {
      const stopping = alive;
      if (stopping === undefined) return;
      const { clock } = stopping.world;
      clock.wakeAt(clock.now(), () => {
        stopping.runtime.stop(() => {
          if (alive !== stopping) return;
          alive = undefined;
          host.kill();
        });
      });
    },
    crash: (how) => {
      alive = undefined;
      if (how === 'power') host.powerOff();
      else host.kill();
    },
    runtime: () => alive?.runtime,
    snapshot: () => alive?.runtime.snapshot(),
  };
}
