// The simulated ports under the contract suites.
import type { World } from '../../src/ports/world.ts';
import { createHost, type Host } from '../../src/sim/host.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createSegment } from '../../src/sim/segment.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { capturePortContract } from './capture-contract.ts';
import { deviceContract } from './device-contract.ts';
import { networkPortContract } from './network-contract.ts';
import { routePortContract } from './route-contract.ts';
import type { Pair, Station } from './station.ts';
import { vrrpPortContract } from './vrrp-contract.ts';

async function simulatedPair(): Promise<Pair> {
  const clock = createVirtualClock();
  const lan = createSegment({ clock, random: createRandom(1) });
  const hosts = [1, 2].map((number) => {
    const address = { 4: `10.9.0.${number}`, 6: `fe80::${number}` };
    const addresses = [
      { address: address[4], prefix: 24 },
      { address: address[6], prefix: 64 },
    ];
    const name = `v${number}`;
    const host = createHost({
      name: `host${number}`,
      clock,
      lan,
      interfaces: [{ name, mac: `02:00:00:00:00:0${number}`, addresses }],
    });
    return { host, station: stationOf(host.boot(), name, address) };
  });
  const advance = (us: number) => clock.runUntil(clock.now() + us);
  return {
    left: hosts[0]!.station,
    right: hosts[1]!.station,
    removeByHand: async (entry) => hosts[0]!.host.routes.remove(entry),
    countPolicy: async () => hosts[0]!.host.routes.list().length,
    plug: async (connected) => {
      for (const { host, station } of hosts) host.plug(station.interface, connected);
      advance(1000);
    },
    until: async (what, condition) => {
      for (let ms = 0; !(await condition()); ms++) {
        if (ms > 3000) throw new Error(`not within 3 s: ${what}`);
        advance(1000);
      }
    },
    settle: async () => advance(100_000),
    close: async () => hosts.forEach(({ host }: { host: Host }) => void host.kill()),
  };
}

function stationOf(world: World, name: string, address: Station['address']): Station {
  const station: Station = {
    interface: name,
    address,
    datagrams: [],
    failures: [],
    linkChanges: [],
    frames: [],
    removed: [],
    call: async <T>(method: string, ...args: readonly unknown[]) => {
      if (method === 'now') return world.clock.now() as T;
      const [port, verb] = method.split('.') as [keyof World, string];
      return (world[port] as unknown as Record<string, (...all: unknown[]) => T>)[verb]!(...args);
    },
  };
  world.vrrp.onDatagram((datagram) => void station.datagrams.push(datagram));
  world.vrrp.onFailure((channel, message) => void station.failures.push({ channel, message }));
  world.network.onLinkChange((changed, link) => void station.linkChanges.push({ name: changed, link }));
  world.routes.onRemoved((entry) => void station.removed.push(entry));
  world.capture.onFrame((frame) => void station.frames.push(frame));
  return station;
}

vrrpPortContract('simulated', simulatedPair);
networkPortContract('simulated', simulatedPair);
routePortContract('simulated', simulatedPair);
deviceContract('simulated', simulatedPair);
capturePortContract('simulated', simulatedPair);
