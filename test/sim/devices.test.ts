// Virtual MAC addresses on a simulated LAN: who answers for the address changes, its MAC address does not.
import { describe, expect, it } from 'vitest';
import { createCluster } from '../../src/sim/cluster.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { instance, router, SECOND, virtualAddress } from '../simulation/builders.ts';

const VIP = '10.0.0.100';
const MAC = '00:00:5e:00:01:33';
const vmac = { name: 'vrrp.51', base: 'eth0', kind: 'macvlan', mac: MAC, xmitBase: false } as const;

function setUp(xmitBase = false) {
  const clock = createVirtualClock();
  const addresses = [{ ...virtualAddress(VIP), interface: 'vrrp.51' }];
  const cluster = createCluster({
    clock,
    random: createRandom(1),
    routers: [1, 2, 3].map((n) =>
      router(n, n === 3 ? [] : [instance({ priority: 250 - 50 * n, addresses, vmac: { ...vmac, xmitBase } })]),
    ),
  });
  cluster.start();
  clock.runUntil(5 * SECOND);
  const states = () => cluster.routers.slice(0, 2).map((each) => each.snapshot()?.instances[0]?.state);
  return { clock, cluster, states };
}

describe('a simulated virtual MAC address', () => {
  for (const xmitBase of [false, true]) {
    it(`stays the same over a takeover, ${xmitBase ? 'with' : 'without'} vmac_xmit_base`, () => {
      const { clock, cluster, states } = setUp(xmitBase);
      const bystander = cluster.router('lb3').host;
      expect(states()).toEqual(['MASTER', 'BACKUP']);
      expect(bystander.neighbour(VIP)).toBe(MAC);
      cluster.router('lb1').crash('power');
      clock.runUntil(10 * SECOND);
      expect(states()).toEqual([undefined, 'MASTER']);
      expect(cluster.holders(VIP)).toEqual(['lb2']);
      expect(bystander.neighbour(VIP)).toBe(MAC);
    });
  }

  it('goes with a link that is lost, and its device with the process that stops', () => {
    const { clock, cluster, states } = setUp();
    const { host } = cluster.router('lb1');
    host.plug('eth0', false);
    clock.runUntil(10 * SECOND);
    expect(states()).toEqual(['FAULT', 'MASTER']);
    expect(host.macOf('vrrp.51')).toBe(MAC);
    cluster.router('lb1').stop();
    clock.runUntil(11 * SECOND);
    expect(host.macOf('vrrp.51')).toBeUndefined();
  });

  it('of a crashed process is taken over by the next, without its address', () => {
    const { clock, cluster } = setUp();
    const lb1 = cluster.router('lb1');
    lb1.crash('process');
    expect([lb1.host.macOf('vrrp.51'), lb1.host.hasAddress(VIP)]).toEqual([MAC, true]);
    lb1.start();
    clock.runUntil(clock.now() + SECOND / 10);
    expect([lb1.host.macOf('vrrp.51'), lb1.host.hasAddress(VIP)]).toEqual([MAC, false]);
    clock.runUntil(20 * SECOND);
    expect(cluster.holders(VIP)).toEqual(['lb1']);
  });
});
