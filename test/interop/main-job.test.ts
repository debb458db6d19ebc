// The job that kavtui was made for: three routers over unicast, one of them with a health check of a local HTTPS
// service; the configuration file as operators have it, only with the laboratory's addresses.
import { expect } from 'vitest';
import { expectHolds, expectSilent } from '../support/expectations.ts';
import { type Bench, labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { httpsService } from '../support/service.ts';
import { expectTime, masterDownMs, report, skewMs } from '../support/timing.ts';

const [A, B, C] = [241, 242, 243];
const VIP = '10.0.0.249';
const facts = (priority: number) => ({ version: 2, priority, interval: 1 });

function config(check: string): string {
  return `
vrrp_script health_check {
    script "/bin/bash ${check}"
    interval 1
    timeout 5
    rise 3
    fall 3
    user root
}
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
    virtual_router_id 249
    priority 241
    interface ens160
    advert_int 1
    authentication { auth_type PASS
        auth_pass 1111 }
    unicast_peer { 10.0.0.${B}
        10.0.0.${C} }
    virtual_ipaddress { ${VIP} }
    track_script { health_check }
}
`;
}

function peerConfig(priority: number, peers: readonly number[]): string {
  return `
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
    virtual_router_id 249
    priority ${priority}
    interface ens160
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    unicast_peer {
        ${peers.map((peer) => `10.0.0.${peer}`).join('\n        ')}
    }
    virtual_ipaddress {
        ${VIP}
    }
}
`;
}

describeWithRoot('the main job', ['keepalived', 'tcpdump', 'curl', 'openssl', 'bash'], () => {
  labTest(
    `${UNDER_TEST} resigns when its HTTPS service breaks, and is BACKUP under nopreempt when it is mended`,
    async ({ lab, start }) => {
      const service = await httpsService(lab, lab.host(A));
      await service.start();
      const own = start(UNDER_TEST, A, config(service.check));
      const elected = await lab.wire.firstAdvert({ from: A }, 10_000);
      expect(elected).toMatchObject({ version: 2, vrid: 249, priority: 241, ttl: 255, addresses: [VIP] });
      await expectHolds(lab, A, true, [VIP]);
      await startPeers({ lab, start });

      const broken = Date.now();
      await service.stop();
      const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 6000);
      report(
        'main job, service broken to priority 0:',
        `${((resigned.at - broken) / 1000).toFixed(3)} s, theory 2 to 3 s`,
      );
      expect(resigned.at - broken).toBeGreaterThan(1900);
      expect(resigned.at - broken).toBeLessThan(3400);
      const taken = await lab.wire.firstAdvert({ from: B, after: resigned.at }, 3000);
      expectTime('main job, priority 0 to takeover:', taken.at - resigned.at, skewMs(facts(200)));
      await own.logged(/Entering FAULT STATE/);
      await expectHolds(lab, A, false, [VIP]);
      await expectHolds(lab, B, true, [VIP]);

      await service.start();
      await own.logged(/Entering FAULT STATE.*Entering BACKUP STATE/s, 6000);
      await expectSilent(lab, A, Date.now(), masterDownMs(facts(241)) + 500);
      await expectHolds(lab, A, false, [VIP]);
      await expectHolds(lab, B, true, [VIP]);
      await expectHolds(lab, C, false, [VIP]);
    },
    { hosts: [A, B, C], interfaceName: 'ens160' },
  );

  labTest(
    `${UNDER_TEST} takes over from keepalived when all of its configuration's peers are silent`,
    async ({ lab, start }) => {
      const service = await httpsService(lab, lab.host(A));
      await service.start();
      const master = start('keepalived', B, peerConfig(200, [A, C]));
      await lab.wire.firstAdvert({ from: B }, 8000);
      const own = start(UNDER_TEST, A, config(service.check));
      await own.logged(/Entering BACKUP STATE/);
      await lab.wire.firstAdvert({ from: B, after: Date.now() }, 3000);
      await master.crash();
      const first = await lab.wire.firstAdvert({ from: A }, 8000);
      const last = lab.wire.lastAdvert({ from: B });
      expectTime('main job, takeover after a crash:', first.at - last.at, masterDownMs(facts(241)));
      await expectHolds(lab, A, true, [VIP]);
    },
    { hosts: [A, B, C], interfaceName: 'ens160' },
  );
});

async function startPeers({ lab, start }: Bench): Promise<void> {
  for (const [host, priority, peers] of [
    [B, 200, [A, C]],
    [C, 190, [A, B]],
  ] as const) {
    const peer = start('keepalived', host, peerConfig(priority, peers));
    await peer.logged(/Entering BACKUP STATE/);
  }
  await lab.wire.firstAdvert({ from: A, after: Date.now() }, 3000);
}
