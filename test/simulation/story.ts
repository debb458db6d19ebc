// Tells what happened in a cluster as lines that a person can read: seconds, who, what.
import type { RouterSpec } from '../../src/sim/cluster.ts';
import { createCluster } from '../../src/sim/cluster.ts';
import { describeFault, type Fault, isLanFault } from '../../src/sim/faults.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { decodeFrame } from '../../src/wire/frame.ts';
import { createCheckers } from './checkers.ts';
import { createResignations } from './resignations.ts';

/** Runs a cluster for `until` (µs) under the checkers. Tells the new states, the faults, and the adverts of priority 0. */
export function tell(routers: readonly RouterSpec[], until: number, plan: readonly Fault[] = []): string {
  const clock = createVirtualClock();
  const lines: string[] = [];
  const say = (text: string) => lines.push(`${(clock.now() / 1e6).toFixed(3).padStart(7)}  ${text}`);
  const resignations = createResignations();
  const cluster = createCluster({
    clock,
    random: createRandom(1),
    routers,
    jitterUs: 0,
    decorateWorld: resignations.decorate,
    onRecord: (router, record) => {
      checkers.record(router, record);
      if (record.state === undefined || record.instance === undefined) return;
      say(`${router} ${record.state}`);
    },
  });
  const checkers = createCheckers(cluster, plan.filter(isLanFault), resignations);
  for (const { name, host } of cluster.routers) {
    host.capture.open('eth0');
    host.capture.onFrame(({ direction, bytes }) => {
      const frame = decodeFrame(bytes);
      if (direction !== 'sent' || !frame.ok) return;
      const { value } = frame;
      if ((value.kind === 'vrrp' || value.kind === 'ah') && value.packet?.priority === 0) {
        say(`${name} sends priority 0`);
      }
    });
  }
  for (const fault of plan) {
    clock.wakeAt(fault.at, () => say(describeFault(fault)));
    clock.wakeAt(fault.until, () => say(`over: ${describeFault(fault)}`));
  }
  cluster.applyFaults(plan);
  cluster.start();
  for (let next = clock.nextAt(); next !== undefined && next <= until; next = clock.nextAt()) {
    clock.step();
    checkers.afterStep();
  }
  return lines.join('\n');
}
