// A sync group against keepalived's: its members move together, whichever side they are on.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sleep } from '../support/host.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';

const A = 1;
const B = 2;
const VIPS = ['10.0.0.100', '10.0.0.101'];

/** Two VRIDs in one group; the script of the first one fails while `flag` exists. */
function groupConfig(priority: number, flag: string): string {
  const instance = (name: string, vrid: number, vip: string, more: string): string => `vrrp_instance ${name} {
    state BACKUP
    interface eth0
    version 3
    virtual_router_id ${vrid}
    priority ${priority}
    advert_int 0.2
    virtual_ipaddress {
        ${vip}
    }
${more}}
`;
  return `vrrp_script chk {
    script "/usr/bin/test ! -e ${flag}"
    interval 1
    rise 1
    fall 1
    user root
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
}
${instance('VI_1', 51, VIPS[0]!, '    track_script {\n        chk\n    }\n')}${instance('VI_2', 52, VIPS[1]!, '')}`;
}

describeWithRoot('a sync group', ['keepalived', 'tcpdump'], () => {
  labTest(
    'of kavtui: a fault of one member takes both to keepalived, and its end brings both back',
    async ({ lab, start }) => {
      const flag = join(lab.host(A).directory, 'fail');
      start('kavtui', A, groupConfig(150, flag));
      start('keepalived', B, groupConfig(100, '/nonexistent'));
      for (const vrid of [51, 52]) await lab.wire.firstAdvert({ from: A, vrid }, 8000);
      await sleep(1500);
      expect(await lab.addresses(A)).toEqual(expect.arrayContaining(VIPS));
      writeFileSync(flag, '');
      const failed = Date.now();
      const resigned = await Promise.all(
        [51, 52].map((vrid) => lab.wire.firstAdvert({ from: A, vrid, priority: 0, after: failed }, 3000)),
      );
      for (const vrid of [51, 52]) await lab.wire.firstAdvert({ from: B, vrid, after: failed }, 3000);
      console.log(
        `interop: sync group, both resign within ${Math.abs(resigned[0]!.at - resigned[1]!.at).toFixed(1)} ms`,
      );
      expect(await lab.addresses(A)).not.toEqual(expect.arrayContaining([VIPS[1]]));
      rmSync(flag);
      const mended = Date.now();
      for (const vrid of [51, 52]) await lab.wire.firstAdvert({ from: A, vrid, priority: 150, after: mended }, 6000);
    },
  );

  labTest('of keepalived: when one member falls, kavtui takes both', async ({ lab, start }) => {
    const flag = join(lab.host(B).directory, 'fail');
    start('kavtui', A, groupConfig(100, '/nonexistent'));
    start('keepalived', B, groupConfig(150, flag));
    for (const vrid of [51, 52]) await lab.wire.firstAdvert({ from: B, vrid, priority: 150 }, 8000);
    await sleep(1500);
    writeFileSync(flag, '');
    const failed = Date.now();
    for (const vrid of [51, 52]) await lab.wire.firstAdvert({ from: A, vrid, after: failed }, 5000);
    await sleep(300);
    expect(await lab.addresses(A)).toEqual(expect.arrayContaining(VIPS));
    expect(await lab.addresses(B)).not.toEqual(expect.arrayContaining([VIPS[0]]));
  });
});
