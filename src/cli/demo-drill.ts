// One failover drill on the demo's cluster, measured from outside: adverts on the wire, and a client's view of the VIP.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import type { Host } from '../sim/host.ts';
import { createHost } from '../sim/host.ts';
import type { VirtualClock } from '../sim/virtual-clock.ts';
import type { IpAddress } from '../wire/address.ts';
import { decodeFrame } from '../wire/frame.ts';
import { RESIGN_PRIORITY } from '../wire/vrrp.ts';
import type { Demo } from './demo-cluster.ts';
import { DEMO_INTERFACE } from './demo-config.ts';

/** What was seen since the last `reset`. */
export interface Observed {
  /** Promotions to MASTER, in order. */
  masters: string[];
  resignedAt: number | undefined;
  /** First advert above priority 0 from another router than the one that resigned, after that. */
  takenOverAt: number | undefined;
  /** µs in which the client would have sent to a host without the VIP. */
  darkUs: number;
}

export interface Observer {
  /** Runs the cluster for some time (µs) and watches. */
  run(us: number): void;
  /** Starts to count anew for an instance. */
  reset(instance: string): void;
  readonly observed: Observed;
}

/** Watches the demo from a client on the same LAN. `onTurn` hears of the adverts that mark a change of MASTER. */
export function createObserver(
  demo: Demo,
  clock: VirtualClock,
  onTurn: (at: number, router: string, what: string) => void,
): Observer {
  const { cluster } = demo;
  const client = createHost({
    name: 'client',
    clock,
    lan: cluster.lan,
    interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:fe', addresses: [{ address: '192.0.2.50', prefix: 24 }] }],
  });
  const observed: Observed = { masters: [], resignedAt: undefined, takenOverAt: undefined, darkUs: 0 };
  let target: InstanceSnapshot | undefined;
  let lastMaster: string | undefined;

  for (const { name, capture } of demo.routers) {
    capture.onFrame(({ direction, at, bytes }) => {
      const frame = decodeFrame(bytes);
      if (direction !== 'sent' || !frame.ok || frame.value.kind !== 'vrrp') return;
      const { packet } = frame.value;
      if (packet === undefined || packet.vrid !== target?.vrid) return;
      if (packet.priority === RESIGN_PRIORITY) {
        if (observed.resignedAt === undefined) onTurn(at, name, 'sends priority 0');
        observed.resignedAt ??= at;
      } else if (name !== lastMaster) {
        lastMaster = name;
        observed.masters.push(name);
        onTurn(at, name, `sends its first advert, priority ${packet.priority}`);
        if (observed.resignedAt !== undefined) observed.takenOverAt ??= at;
      }
    });
  }
  return {
    observed,
    reset: (instance) => {
      const views = demo.routers.map(({ name, runtime }) => ({
        name,
        view: instanceOf(runtime().snapshot(), instance),
      }));
      const master = views.find(({ view }) => view.state === 'MASTER');
      target = views[0]!.view;
      lastMaster = master?.name;
      Object.assign(observed, { masters: [], resignedAt: undefined, takenOverAt: undefined, darkUs: 0 });
    },
    run: (us) => {
      const end = clock.now() + us;
      const vip = () => target?.addresses[0]?.address;
      for (let next = clock.nextAt(); next !== undefined && next <= end; next = clock.nextAt()) {
        const before = clock.now();
        const dark = isDark(demo, client, vip());
        clock.step();
        if (dark) observed.darkUs += clock.now() - before;
      }
      clock.runUntil(end);
    },
  };
}

export function instanceOf(
  snapshot: { readonly instances: readonly InstanceSnapshot[] },
  name: string,
): InstanceSnapshot {
  const found = snapshot.instances.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no instance ${name}`);
  return found;
}

/** The client's ARP table points to a host that does not have the address. */
function isDark({ cluster }: Demo, client: Host, vip: IpAddress | undefined): boolean {
  if (vip === undefined) return false;
  const mac = client.neighbour(vip);
  const owner = cluster.routers.find(({ host }) => host.macOf(DEMO_INTERFACE) === mac);
  return owner === undefined || !owner.host.hasAddress(vip);
}
