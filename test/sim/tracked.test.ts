// What a simulated host has besides its network: files, programs, routes; seen through a whole router.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { createCluster } from '../../src/sim/cluster.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const CONFIG = `track_file f {
    file /run/f
    init_file 5
}
vrrp_track_process p {
    process /usr/sbin/haproxy
    full_command
    weight 10
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.100
    }
    virtual_routes {
        192.168.9.0/24 via 10.0.0.9 dev eth0
    }
    track_file {
        f
    }
    track_process {
        p
    }
}
`;

function setUp() {
  const clock = createVirtualClock();
  const interfaces = [{ name: 'eth0', mac: '02:00:00:00:00:01', addresses: [{ address: '10.0.0.1', prefix: 24 }] }];
  const { config } = parseConfig(CONFIG, 'test.conf');
  const cluster = createCluster({ clock, random: createRandom(1), routers: [{ name: 'lb1', config, interfaces }] });
  const router = cluster.router('lb1');
  const run = (seconds: number) => clock.runUntil(clock.now() + seconds * 1_000_000);
  const instance = () => router.snapshot()!.instances[0]!;
  router.start();
  return { router, host: router.host, run, instance };
}

describe('a simulated host', () => {
  it('has files that count and programs that are counted', () => {
    const { host, run, instance } = setUp();
    run(0.01);
    expect([instance().effectivePriority, host.files.read('/run/f')]).toEqual([105, '5\n']);
    const end = host.programs.run(['/usr/sbin/haproxy', '-W']);
    host.files.write('/run/f', '20');
    expect(instance().effectivePriority).toBe(130);
    end();
    host.files.write('/run/f', undefined);
    expect(instance().effectivePriority).toBe(100);
  });

  it('holds back what happens while its router stands still, and keeps files for the next one', () => {
    const { host, router, run, instance } = setUp();
    run(0.01);
    host.pause();
    host.files.write('/run/f', '30');
    expect(instance().effectivePriority).toBe(105);
    host.resume();
    expect(instance().effectivePriority).toBe(130);
    router.crash('process');
    router.start();
    run(0.01);
    expect(instance().effectivePriority).toBe(130);
  });

  it('has the routes of its MASTER, and tells when somebody removes one', () => {
    const { host, run, instance } = setUp();
    run(5);
    const [entry] = host.routes.list();
    expect(entry).toMatchObject({ kind: 'route', spec: { destination: { address: '192.168.9.0' } } });
    host.routes.remove(entry!);
    expect(instance().state).toBe('BACKUP');
    expect(host.routes.list()).toEqual([]);
    run(1);
    expect(host.routes.list()).toHaveLength(1);
  });

  it('that lost its power has no routes left; a crashed process leaves them for the next to remove', () => {
    const { host, router, run } = setUp();
    run(5);
    router.crash('process');
    expect(host.routes.list()).toHaveLength(1);
    router.start();
    run(0.01);
    expect(host.routes.list()).toEqual([]);
    run(5);
    router.crash('power');
    expect(host.routes.list()).toEqual([]);
  });
});
