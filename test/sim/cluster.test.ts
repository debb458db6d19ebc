import { describe, expect, it } from 'vitest';
import type { EventRecord } from '../../src/engine/record.ts';
import { createCluster } from '../../src/sim/cluster.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { instance, router, SECOND } from '../simulation/builders.ts';

function setUp() {
  const clock = createVirtualClock();
  const records: (EventRecord & { router: string })[] = [];
  const cluster = createCluster({
    clock,
    random: createRandom(1),
    routers: [1, 2, 3].map((n) => router(n, [instance({ priority: 250 - 50 * n })])),
    onRecord: (name, record) => records.push({ ...record, router: name }),
  });
  return { clock, cluster, records };
}

describe('a simulated cluster', () => {
  it('elects a MASTER, which has the address', () => {
    const { clock, cluster } = setUp();
    cluster.start();
    clock.runUntil(5 * SECOND);
    expect(cluster.holders('10.0.0.100')).toEqual(['lb1']);
    expect(cluster.routers.map(({ snapshot }) => snapshot()?.instances[0]?.state)).toEqual([
      'MASTER',
      'BACKUP',
      'BACKUP',
    ]);
  });

  it('a snapshot knows the living others', () => {
    const { clock, cluster } = setUp();
    cluster.start();
    clock.runUntil(5 * SECOND);
    cluster.router('lb3').crash('power');
    expect(cluster.snapshot('lb3')).toBeUndefined();
    expect(cluster.snapshot('lb2')?.knownRouters).toEqual([
      {
        name: 'lb1',
        address: '10.0.0.1',
        interface: 'eth0',
        vrid: 51,
        effectivePriority: 200,
        state: 'MASTER',
        preempt: true,
      },
    ]);
  });

  it('numbers the records of a router without gaps, also over a restart', () => {
    const { clock, cluster, records } = setUp();
    cluster.start();
    cluster.applyFaults([{ kind: 'crash', host: 'lb1', how: 'process', at: 5 * SECOND, until: 10 * SECOND }]);
    clock.runUntil(20 * SECOND);
    const seqs = records.filter(({ router: name }) => name === 'lb1').map(({ seq }) => seq);
    expect(seqs.length).toBeGreaterThan(4);
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
  });

  it('a router that is told to stop while it is paused stops when it continues', () => {
    const { clock, cluster } = setUp();
    cluster.start();
    clock.runUntil(5 * SECOND);
    const lb1 = cluster.router('lb1');
    lb1.host.pause();
    lb1.stop();
    clock.runUntil(6 * SECOND);
    expect([lb1.host.process(), cluster.holders('10.0.0.100')]).toEqual(['paused', ['lb1']]);
    lb1.host.resume();
    clock.runUntil(7 * SECOND);
    expect([lb1.host.process(), lb1.runtime(), cluster.holders('10.0.0.100')]).toEqual(['dead', undefined, ['lb2']]);
  });

  it('a restarted process takes away what the one before it left behind', () => {
    const { clock, cluster } = setUp();
    cluster.start();
    clock.runUntil(5 * SECOND);
    const lb1 = cluster.router('lb1');
    lb1.crash('process');
    expect(cluster.holders('10.0.0.100')).toEqual(['lb1']);
    lb1.start();
    expect(cluster.holders('10.0.0.100')).toEqual([]);
  });
});
