// The demo: three simulated routers on one LAN, each started from a keepalived.conf.
import { parseConfig } from '../config/parse-config.ts';
import type { EventRecord } from '../engine/record.ts';
import type { CapturePort } from '../ports/capture-port.ts';
import type { Clock } from '../ports/clock.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Cluster, createCluster, type RouterSpec } from '../sim/cluster.ts';
import { createRandom, type Random } from '../sim/random.ts';
import type { SimScript } from '../sim/script-table.ts';
import type { SimRouter } from '../sim/sim-router.ts';
import { DEMO_INTERFACE, DEMO_ROUTERS, DEMO_SCRIPT, demoAddress, demoConfig } from './demo-config.ts';

export interface DemoRouter {
  readonly name: string;
  /** As the router's own, but its snapshot knows the other routers. Only after `start`. */
  runtime(): Runtime;
  /** Open on the interface of the demo. */
  readonly capture: CapturePort;
}

export interface Demo {
  readonly cluster: Cluster;
  readonly routers: readonly DemoRouter[];
  start(): void;
  /** Stops all routers cleanly; the others see priority 0. */
  stop(): void;
}

export interface DemoOptions {
  readonly clock: Clock;
  readonly seed?: number;
  /** Every line of every router's event log. */
  readonly onRecord?: (router: string, record: EventRecord) => void;
}

/** The demo's cluster, not started. With a virtual clock the same seed gives the same run. */
export function createDemo({ clock, seed = 1, onRecord }: DemoOptions): Demo {
  const random = createRandom(seed);
  const cluster = createCluster({
    clock,
    random: random.fork('lan'),
    routers: DEMO_ROUTERS.map((name, i) => routerSpec(name, i, random.fork(name))),
    ...(onRecord === undefined ? {} : { onRecord }),
  });
  return {
    cluster,
    routers: cluster.routers.map((router) => {
      router.host.capture.open(DEMO_INTERFACE);
      return { name: router.name, runtime: () => withOthers(cluster, router), capture: router.host.capture };
    }),
    start: cluster.start,
    stop: () => {
      for (const router of cluster.routers) router.stop();
    },
  };
}

function routerSpec(name: string, i: number, random: Random): RouterSpec {
  return {
    name,
    config: parseConfig(demoConfig(i), `${name}.conf`).config,
    interfaces: [
      { name: DEMO_INTERFACE, mac: `02:00:00:00:00:0${i + 1}`, addresses: [{ address: demoAddress(i), prefix: 24 }] },
    ],
    scripts: new Map([[DEMO_SCRIPT, healthCheck(random)]]),
  };
}

/** A web server that answers within some tens of milliseconds, and now and then takes its time. */
function healthCheck(random: Random): SimScript {
  return () => {
    const durationUs = random.chance(0.04) ? random.between(1_100_000, 2_400_000) : random.between(18_000, 65_000);
    return {
      outcome: { kind: 'exited', code: 0 },
      durationUs,
      output: `HTTP/1.1 200 OK in ${Math.round(durationUs / 1000)} ms`,
    };
  };
}

function withOthers(cluster: Cluster, router: SimRouter): Runtime {
  const runtime = router.runtime();
  if (runtime === undefined) throw new Error(`${router.name} does not run`);
  return {
    ...runtime,
    snapshot: () => cluster.snapshot(router.name) ?? runtime.snapshot(),
    revision: () => cluster.routers.reduce((sum, each) => sum + (each.runtime()?.revision() ?? 0), 0),
  };
}
