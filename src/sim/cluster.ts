// Simulated routers on one LAN, and the faults that they meet.
import type { NodeConfig } from '../engine/config.ts';
import type { EventRecord } from '../engine/record.ts';
import type { KnownRouter, Snapshot } from '../engine/snapshot.ts';
import type { Clock } from '../ports/clock.ts';
import type { World } from '../ports/world.ts';
import type { IpAddress } from '../wire/address.ts';
import type { Fault, HostFault } from './faults.ts';
import { isLanFault } from './faults.ts';
import { createHost } from './host.ts';
import type { InterfaceSpec } from './nic.ts';
import type { Random } from './random.ts';
import type { ScriptTable } from './script-table.ts';
import type { Segment } from './segment.ts';
import { createSegment } from './segment.ts';
import type { SimRouter } from './sim-router.ts';
import { createSimRouter } from './sim-router.ts';

export interface RouterSpec {
  readonly name: string;
  readonly config: NodeConfig;
  readonly interfaces: readonly InterfaceSpec[];
  readonly scripts?: ScriptTable;
}

export interface ClusterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly routers: readonly RouterSpec[];
  readonly delayUs?: number;
  readonly jitterUs?: number;
  readonly onRecord?: (router: string, record: EventRecord) => void;
  readonly decorateWorld?: (world: World, router: string) => World;
}

export interface Cluster {
  readonly clock: Clock;
  readonly lan: Segment;
  readonly routers: readonly SimRouter[];
  /** The router of that name, which must exist. */
  router(name: string): SimRouter;
  /** Starts every router, in order, now. */
  start(): void;
  /** Adds faults; those of hosts begin and are mended by themselves. */
  applyFaults(plan: readonly Fault[]): void;
  /** Snapshot of a router with the living others as `knownRouters`; undefined while it is dead. */
  snapshot(name: string): Snapshot | undefined;
  /** Names of the hosts that are on the LAN with this address on an interface. */
  holders(address: IpAddress): readonly string[];
}

/** A cluster in which nothing is started yet. */
export function createCluster(options: ClusterOptions): Cluster {
  const { clock, random, delayUs, jitterUs, onRecord, decorateWorld } = options;
  const lan = createSegment({
    clock,
    random,
    ...(delayUs === undefined ? {} : { delayUs }),
    ...(jitterUs === undefined ? {} : { jitterUs }),
  });
  const routers = options.routers.map(({ name, config, interfaces, scripts }) =>
    createSimRouter({
      name,
      config,
      host: createHost({ name, clock, lan, interfaces, ...(scripts === undefined ? {} : { scripts }) }),
      onRecord: (record) => onRecord?.(name, record),
      decorateWorld,
    }),
  );
  const router = (name: string) => {
    const found = routers.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no router ${name}`);
    return found;
  };
  return {
    clock,
    lan,
    routers,
    router,
    start: () => {
      for (const each of routers) each.start();
    },
    applyFaults: (plan) => {
      lan.addFaults(plan.filter(isLanFault));
      for (const fault of plan) {
        if (isLanFault(fault)) continue;
        clock.wakeAt(fault.at, () => begin(router(fault.host), fault));
        clock.wakeAt(fault.until, () => mend(router(fault.host), fault));
      }
    },
    snapshot: (name) => {
      const snapshot = router(name).snapshot();
      if (snapshot === undefined) return undefined;
      return { ...snapshot, knownRouters: routers.filter((other) => other.name !== name).flatMap(known) };
    },
    holders: (address) => routers.filter(({ host }) => host.hasAddress(address)).map(({ name }) => name),
  };
}

function begin(router: SimRouter, fault: HostFault): void {
  switch (fault.kind) {
    case 'crash':
      return router.crash(fault.how);
    case 'stop':
      return router.stop();
    case 'stall':
      return router.host.pause();
    case 'link-down':
      return router.host.plug(fault.interface, false);
    case 'script-fail':
      router.host.brokenScripts.add(fault.script);
  }
}

function mend(router: SimRouter, fault: HostFault): void {
  switch (fault.kind) {
    case 'crash':
    case 'stop':
      return router.start();
    case 'stall':
      return router.host.resume();
    case 'link-down':
      return router.host.plug(fault.interface, true);
    case 'script-fail':
      router.host.brokenScripts.delete(fault.script);
  }
}

/** What the other routers of a cluster may know of one: one entry for each of its instances that can speak. */
function known(router: SimRouter): readonly KnownRouter[] {
  return (router.snapshot()?.instances ?? []).flatMap((instance) =>
    instance.source === undefined
      ? []
      : [
          {
            name: router.name,
            address: instance.source,
            interface: instance.interface,
            vrid: instance.vrid,
            effectivePriority: instance.effectivePriority,
            state: instance.state,
            preempt: instance.preempt,
          },
        ],
  );
}
