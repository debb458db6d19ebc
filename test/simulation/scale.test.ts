// A thousand virtual routers on four interfaces of each of two simulated hosts: elected, and failed over.
import { expect, it } from 'vitest';
import { createCluster, type RouterSpec } from '../../src/sim/cluster.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { instance, router, SECOND } from './builders.ts';

const INTERFACES = [0, 1, 2, 3];
const COUNT = 1000;

/** The simulation has one LAN: each interface has a group of its own, so that VRIDs may repeat. */
function spec(host: number, priority: number): RouterSpec {
  const instances = Array.from({ length: COUNT }, (_, i) => {
    const segment = i % INTERFACES.length;
    const vrid = Math.floor(i / INTERFACES.length) + 1;
    const name = `eth${segment}`;
    return instance({
      name: `VI_${segment}_${vrid}`,
      interface: name,
      vrid,
      version: vrid % 2 === 0 ? 3 : 2,
      priority,
      group: `224.0.${segment}.18`,
      addresses: [{ interface: name, address: `10.${segment}.1.${vrid}`, prefix: 32, scope: 0 }],
      announcements: { ...instance().announcements, delayUs: 0, repeat: 1 },
    });
  });
  const interfaces = INTERFACES.map((segment) => ({
    name: `eth${segment}`,
    mac: `02:00:00:00:0${segment}:0${host}`,
    addresses: [{ address: `10.${segment}.0.${host}`, prefix: 16 }],
  }));
  return { name: `lb${host}`, config: { ...router(host, []).config, instances }, interfaces };
}

it(`${COUNT} instances are elected, and fail over within a master-down time`, () => {
  const clock = createVirtualClock();
  const cluster = createCluster({ clock, random: createRandom(1), routers: [spec(1, 200), spec(2, 100)] });
  const masters = (name: string): number =>
    cluster.snapshot(name)?.instances.filter(({ state }) => state === 'MASTER').length ?? 0;
  const runTo = (at: number): void => {
    for (let next = clock.nextAt(); next !== undefined && next <= at; next = clock.nextAt()) clock.step();
  };
  cluster.start();
  runTo(5 * SECOND);
  expect([masters('lb1'), masters('lb2')]).toEqual([COUNT, 0]);
  cluster.router('lb1').crash('power');
  // The last adverts were spread over the last second: 3.609 s after them it is lb2's turn.
  runTo(7.6 * SECOND);
  expect(masters('lb2')).toBe(0);
  runTo(8.1 * SECOND);
  expect(Math.abs(masters('lb2') - COUNT / 2), 'half of them by the half').toBeLessThan(COUNT / 20);
  runTo(8.61 * SECOND);
  expect(masters('lb2')).toBe(COUNT);
  cluster.router('lb1').start();
  runTo(13 * SECOND);
  expect([masters('lb1'), masters('lb2')]).toEqual([COUNT, 0]);
});
