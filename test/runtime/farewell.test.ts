// A process that dies of an error leaves nothing behind, and no port that fails keeps the others from their part.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { World } from '../../src/ports/world.ts';
import { createRuntime } from '../../src/runtime/create-runtime.ts';
import { createHost } from '../../src/sim/host.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createSegment } from '../../src/sim/segment.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const CONFIG = `vrrp_script slow {
    script /bin/slow
    timeout 60
    weight 1
}
static_routes {
    192.168.8.0/24 dev eth0
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    use_vmac
    no_accept
    priority 200
    virtual_ipaddress {
        10.0.0.100
    }
    virtual_routes {
        192.168.9.0/24 via 10.0.0.9 dev eth0
    }
    track_script {
        slow
    }
}
`;

/** A MASTER whose ports throw from now on where `broken` says so; the signals that its scripts get. */
function master(broken: (world: World, fail: () => never) => Partial<World>) {
  const clock = createVirtualClock();
  const random = createRandom(1);
  const interfaces = [{ name: 'eth0', mac: '02:00:00:00:00:01', addresses: [{ address: '10.0.0.1', prefix: 24 }] }];
  const scripts = new Map([['/bin/slow', () => ({ outcome: { kind: 'exited', code: 0 }, durationUs: 99e6 }) as const]]);
  const host = createHost({ name: 'lb1', clock, lan: createSegment({ clock, random }), interfaces, scripts });
  const world = host.boot();
  const signals: string[] = [];
  const signal: World['scripts']['signal'] = (id, name) => {
    signals.push(name);
    return world.scripts.signal(id, name);
  };
  const watched: World = { ...world, scripts: { ...world.scripts, signal } };
  let dying = false;
  const faulty = broken(watched, () => {
    throw new Error('the port is broken');
  });
  const lives: World = { ...watched };
  for (const key of Object.keys(faulty) as (keyof World)[]) {
    Object.defineProperty(lives, key, { get: () => (dying ? faulty[key] : watched[key]) });
  }
  const runtime = createRuntime({ config: parseConfig(CONFIG, 'test.conf').config, world: lives, routerId: 'lb1' });
  runtime.start();
  clock.runUntil(5_000_000);
  const left = () => ({
    address: host.hasAddress('10.0.0.100'),
    routes: host.routes.list().length,
    device: host.macOf('vrrp.51') !== undefined,
    firewall: host.firewall() !== undefined,
  });
  return {
    left,
    signals,
    farewell: () => {
      dying = true;
      runtime.farewell();
    },
  };
}

const nothing = { address: false, routes: 0, device: false, firewall: false };

describe('the farewell of a process that dies', () => {
  it('releases addresses, routes, devices and packet filter, and ends its scripts', () => {
    const { left, signals, farewell } = master(() => ({}));
    expect(left()).toEqual({ address: true, routes: 2, device: true, firewall: true });
    farewell();
    expect(left()).toEqual(nothing);
    expect(signals).toEqual(['SIGTERM']);
  });

  it('does so also where adverts cannot be sent any more', () => {
    const { left, farewell } = master(({ vrrp }, fail) => ({ vrrp: { ...vrrp, send: fail } }));
    farewell();
    expect(left()).toEqual(nothing);
  });

  it('leaves only the routes when their port is broken', () => {
    const { left, farewell } = master(({ routes }, fail) => ({ routes: { ...routes, remove: fail } }));
    farewell();
    expect(left()).toEqual({ ...nothing, routes: 2 });
  });
});
