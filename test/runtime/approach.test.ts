// What is told before a takeover, so that the process can prepare itself.
import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { createRuntime } from '../../src/runtime/create-runtime.ts';
import { createHost } from '../../src/sim/host.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createSegment } from '../../src/sim/segment.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

/** Priority 200 at 1 s: master-down after 3.218 s. */
const CONFIG = `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 200
    virtual_ipaddress {
        10.0.0.100
    }
}
`;

it('tells a BACKUP 3 ms before its master-down timer expires, and a MASTER nothing', () => {
  const clock = createVirtualClock();
  const lan = createSegment({ clock, random: createRandom(1) });
  const interfaces = [{ name: 'eth0', mac: '02:00:00:00:00:01', addresses: [{ address: '10.0.0.1', prefix: 24 }] }];
  const told: number[] = [];
  const masterAt: number[] = [];
  const runtime = createRuntime({
    config: parseConfig(CONFIG, 'test.conf').config,
    world: createHost({ name: 'lb1', clock, lan, interfaces }).boot(),
    routerId: 'lb1',
    onApproach: () => told.push(clock.now()),
    onRecord: ({ state, at }) => void (state === 'MASTER' && masterAt.push(at)),
  });
  runtime.start();
  clock.runUntil(10_000_000);
  expect(masterAt).toEqual([3_218_750]);
  expect(told).toEqual([3_215_750]);
});
