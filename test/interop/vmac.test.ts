// Virtual MAC addresses (use_vmac): the device, what leaves through it, and what is left of it, beside keepalived.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectHolds, expectSilent } from '../support/expectations.ts';
import { kill, processTree, run, sleep, until } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VRID, virtualAddresses } from '../support/router-config.ts';
import { loggedState, type RouterKind, type RouterProcess, UNDER_TEST } from '../support/router-process.ts';
import { expectTime, masterDownMs, report, skewMs } from '../support/timing.ts';

const [A, B] = [1, 2];
const VMAC = ['use_vmac'];
const DEVICE = `vrrp.${VRID}`;
const v4 = { title: 'IPv4', version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const v6 = { ...v4, title: 'IPv6', family: 6 } as const;

function macOf({ family }: { readonly family: 4 | 6 }): string {
  return `00:00:5e:00:0${family === 4 ? 1 : 2}:${VRID.toString(16)}`;
}

/** Kernel settings of a host, one line each. */
async function settings(lab: Lab, host: number): Promise<string[]> {
  const { namespace } = lab.host(host);
  const text = await run('ip', ['netns', 'exec', namespace, 'sysctl', '-a', '-e', '-r', '^net\\.ipv[46]\\.conf']);
  return text.split('\n').filter((line) => !line.includes('stable_secret'));
}

async function deviceOf(lab: Lab, host: number, name = DEVICE): Promise<string> {
  return lab.ip(host, '-d', 'link', 'show', 'dev', name).catch(() => '');
}

async function expectOnDevice(lab: Lab, host: number, addresses: readonly string[]): Promise<void> {
  const text = await lab.ip(host, '-br', 'address', 'show', 'dev', DEVICE);
  for (const address of addresses) expect(text).toContain(` ${address}/`);
}

function reload(router: RouterProcess, config: string): void {
  writeFileSync(join(router.host.directory, `${router.kind}.conf`), config);
  kill(processTree(router.pid)[0]!, 'SIGHUP');
}

describeWithRoot('a virtual MAC address', ['keepalived', 'tcpdump', 'nft'], () => {
  for (const variant of [v4, v6]) {
    const addresses = virtualAddresses(variant.family);
    const mac = macOf(variant);
    const pairs: readonly (readonly [RouterKind, RouterKind])[] = [
      [UNDER_TEST, 'keepalived'],
      ['keepalived', UNDER_TEST],
    ];
    for (const [first, second] of pairs) {
      labTest(`${variant.title}: ${first} speaks with it, and ${second} takes it over`, async ({ lab, start }) => {
        const before = await settings(lab, A);
        const master = start(first, A, routerConfig({ ...variant, priority: 200, lines: VMAC }));
        const advert = await lab.wire.firstAdvert({ from: A }, 8000);
        expect(advert.mac).toBe(mac);
        expect(advert.source).toBe(variant.family === 4 ? lab.host(A).address : lab.host(A).linkLocal);
        await expectHolds(lab, A, true, addresses);
        await expectOnDevice(lab, A, addresses);
        const announced = () => lab.wire.announcements({ from: A, after: advert.at - 1 });
        await until('announcements', 1000, () => announced().length > 0);
        expect(new Set(announced().map((one) => one.mac))).toEqual(new Set([mac]));

        const backup = start(second, B, routerConfig({ ...variant, priority: 100, lines: VMAC }));
        await backup.logged(/Entering BACKUP STATE/);
        await expectSilent(lab, B, 0, masterDownMs({ ...variant, priority: 100 }) + 300);
        expect(await master.terminate()).toBe(0);
        const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 2000);
        expect(resigned.mac).toBe(mac);
        const taken = await lab.wire.firstAdvert({ from: B, after: resigned.at }, 3000);
        expectTime(
          `${variant.title} vmac, ${first} stops, ${second} takes over:`,
          taken.at - resigned.at,
          skewMs({ ...variant, priority: 100 }),
        );
        expect(taken.mac).toBe(mac);
        await expectOnDevice(lab, B, addresses);
        expect(await deviceOf(lab, A)).toBe('');
        if (first === 'kavtui') expect(await settings(lab, A)).toEqual(before);
      });
    }
  }

  labTest(`v4: ${UNDER_TEST} follows keepalived, takes over when it crashes, and gives way`, async ({ lab, start }) => {
    const peer = start('keepalived', B, routerConfig({ ...v4, priority: 200, lines: VMAC }));
    await lab.wire.firstAdvert({ from: B }, 8000);
    const own = start(UNDER_TEST, A, routerConfig({ ...v4, priority: 100, lines: VMAC }));
    await own.logged(/Entering BACKUP STATE/);
    await lab.wire.firstAdvert({ from: B, after: Date.now() }, 3000);
    await peer.crash();
    const first = await lab.wire.firstAdvert({ from: A }, 8000);
    const last = lab.wire.lastAdvert({ from: B });
    expectTime('vmac, takeover after a crash:', first.at - last.at, masterDownMs({ ...v4, priority: 100 }));
    start('keepalived', B, routerConfig({ ...v4, priority: 200, lines: VMAC }));
    const back = await lab.wire.firstAdvert({ from: B, after: first.at }, 8000);
    await expectHolds(lab, A, false);
    await expectSilent(lab, A, back.at + 50, 700);
  });

  for (const variant of [v4, v6]) {
    labTest(
      `${variant.title}: with vmac_xmit_base adverts leave ${UNDER_TEST} by the base, announcements by the device`,
      async ({ lab, start }) => {
        const lines = ['use_vmac', 'vmac_xmit_base'];
        start(UNDER_TEST, A, routerConfig({ ...variant, priority: 200, lines }));
        const advert = await lab.wire.firstAdvert({ from: A }, 8000);
        expect(advert.mac).toBe('02:00:00:00:00:01');
        await expectOnDevice(lab, A, virtualAddresses(variant.family));
        const announced = await until('an announcement', 1000, () => {
          return lab.wire.announcements({ from: A, after: advert.at - 1 })[0];
        });
        expect(announced.mac).toBe(macOf(variant));
        const peer = start('keepalived', B, routerConfig({ ...variant, priority: 100, lines }));
        await peer.logged(/Entering BACKUP STATE/);
        await expectSilent(lab, B, 0, masterDownMs({ ...variant, priority: 100 }) + 300);
      },
    );
  }

  labTest('kavtui with vmac_xmit_base hears a keepalived without (which would not hear it)', async ({ lab, start }) => {
    start('keepalived', B, routerConfig({ ...v4, priority: 200, lines: VMAC }));
    await lab.wire.firstAdvert({ from: B }, 8000);
    const own = start('kavtui', A, routerConfig({ ...v4, priority: 100, lines: ['use_vmac', 'vmac_xmit_base'] }));
    await own.logged(/Entering BACKUP STATE/);
    await expectSilent(lab, A, 0, masterDownMs({ ...v4, priority: 100 }) + 300);
  });

  labTest('is not told as that of the own address of a BACKUP', async ({ lab, start }) => {
    start('kavtui', A, routerConfig({ ...v6, priority: 200, lines: VMAC }));
    await lab.wire.firstAdvert({ from: A }, 8000);
    const own = start('kavtui', B, routerConfig({ ...v6, priority: 100, lines: VMAC }));
    await own.logged(/Entering BACKUP STATE/);
    await lab.ip(A, 'neighbour', 'flush', 'all');
    const curl = `curl -s -g --connect-timeout 2 'http://[${lab.host(B).linkLocal}%25eth0]:9/'; echo $?`;
    const code = await run('ip', ['netns', 'exec', lab.host(A).namespace, 'sh', '-c', curl]);
    expect(code.trim()).toBe('7');
    expect(await lab.ip(A, '-6', 'neighbour', 'show', lab.host(B).linkLocal)).toContain('lladdr 02:00:00:00:00:02');
  });

  labTest('neighbours keep it, also when the address has answered them', async ({ lab, start }) => {
    start('kavtui', A, routerConfig({ ...v4, priority: 200, lines: VMAC }));
    await lab.wire.firstAdvert({ from: A }, 8000);
    await expectHolds(lab, A, true);
    await lab.ip(A, 'neighbour', 'flush', 'all');
    // Nobody listens there: the answer is a refusal.
    const curl = 'curl -s --connect-timeout 2 http://10.0.0.100:9/; echo $?';
    const { namespace } = lab.host(B);
    expect((await run('ip', ['netns', 'exec', namespace, 'sh', '-c', curl])).trim()).toBe('7');
    expect(await lab.ip(B, 'neighbour', 'show', '10.0.0.100')).toContain(`lladdr ${macOf(v4)}`);
  });
});

describeWithRoot('the device of kavtui', ['keepalived', 'tcpdump', 'nft'], () => {
  const config = routerConfig({ ...v4, priority: 200, lines: VMAC });

  labTest('moves rp_filter of all interfaces to the single ones, and back at the end', async ({ lab, start }) => {
    const { namespace } = lab.host(A);
    const sysctl = (...words: string[]) => run('ip', ['netns', 'exec', namespace, 'sysctl', ...words]);
    await sysctl('-qw', 'net.ipv4.conf.all.rp_filter=1');
    const before = await settings(lab, A);
    const own = start('kavtui', A, config);
    await lab.wire.firstAdvert({ from: A }, 8000);
    const names = ['all', 'eth0', DEVICE.replace('.', '/')].map((name) => `net.ipv4.conf.${name}.rp_filter`);
    expect((await sysctl('-n', ...names)).trim().split('\n')).toEqual(['0', '1', '0']);
    await own.terminate();
    expect(await settings(lab, A)).toEqual(before);
  });

  labTest('stays behind after a crash with its address, and the next start takes it over', async ({ lab, start }) => {
    const before = await settings(lab, A);
    const own = start('kavtui', A, config);
    await lab.wire.firstAdvert({ from: A }, 8000);
    await expectHolds(lab, A, true);
    await own.crash();
    expect(await deviceOf(lab, A)).toContain('macvlan mode private');
    await lab.ip(A, 'link', 'set', 'dev', DEVICE, 'address', '02:00:00:00:00:99');
    const at = Date.now();
    const next = start('kavtui', A, config);
    await next.logged(new RegExp(`took over the interface ${DEVICE.replace('.', '\\.')} on eth0`));
    await expectHolds(lab, A, false);
    const advert = await lab.wire.firstAdvert({ from: A, after: at }, 8000);
    expect(advert.mac).toBe(macOf(v4));
    await next.terminate();
    expect(await deviceOf(lab, A)).toBe('');
    expect(await settings(lab, A)).toEqual(before);
  });

  labTest('is not put in place of another interface of that name', async ({ lab, start }) => {
    await lab.ip(A, 'link', 'add', DEVICE, 'type', 'veth', 'peer', 'name', 'other');
    const own = start('kavtui', A, config);
    await own.logged(/an interface vrrp\.51 exists and is no macvlan: choose another name/);
    await own.logged(/Entering FAULT STATE/);
    await lab.ip(A, 'link', 'del', 'other');
    await lab.wire.firstAdvert({ from: A }, 8000);
    await own.terminate();
  });

  labTest('comes back when somebody deletes it, and goes down with its base', async ({ lab, start }) => {
    const own = start('kavtui', A, config);
    await lab.wire.firstAdvert({ from: A }, 8000);
    const deleted = Date.now();
    await lab.ip(A, 'link', 'del', DEVICE);
    await own.logged(/Entering FAULT STATE/);
    const back = await lab.wire.firstAdvert({ from: A, after: deleted + 100 }, 5000);
    report('vmac deleted to MASTER again:', `${(back.at - deleted).toFixed(0)} ms`);
    await expectHolds(lab, A, true);
    await lab.ip(A, 'link', 'set', 'eth0', 'down');
    await until('FAULT', 3000, () => /FAULT STATE - interface eth0 is down/.test(own.log()));
    await expectHolds(lab, A, false);
    const up = Date.now();
    await lab.ip(A, 'link', 'set', 'eth0', 'up');
    await lab.wire.firstAdvert({ from: A, after: up }, 8000);
    await expectHolds(lab, A, true);
    await own.terminate();
  });

  labTest('follows a base that is made, deleted, and made anew', async ({ lab, start }) => {
    const own = start('kavtui', A, config.replace('interface eth0', 'interface d0').replace(/10\.0\.0/g, '10.5.0'));
    await own.logged(/Entering FAULT STATE - interface d0 does not exist/);
    for (let round = 0; round < 2; round++) {
      await lab.ip(A, 'link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'd1');
      await lab.ip(A, 'link', 'set', 'd1', 'up');
      await lab.ip(A, 'address', 'add', '10.5.0.1/24', 'dev', 'd0');
      await lab.ip(A, 'link', 'set', 'd0', 'up');
      await until('the address is there', 5000, async () => (await lab.addresses(A)).includes('10.5.0.100'));
      await expectOnDevice(lab, A, ['10.5.0.100']);
      await lab.ip(A, 'link', 'del', 'd0');
      await until('FAULT again', 3000, () => loggedState(own) === 'FAULT');
    }
    expect(await own.terminate()).toBe(0);
  });

  labTest('comes and goes with a reload', async ({ lab, start }) => {
    const plain = routerConfig({ ...v4, priority: 200 });
    const own = start('kavtui', A, plain);
    expect((await lab.wire.firstAdvert({ from: A }, 8000)).mac).toBe('02:00:00:00:00:01');
    let at = Date.now();
    reload(own, config);
    await until('adverts with the virtual MAC', 5000, () => {
      return lab.wire.adverts({ from: A, after: at }).some((advert) => advert.mac === macOf(v4));
    });
    await expectOnDevice(lab, A, virtualAddresses(4));
    at = Date.now();
    reload(own, plain);
    await until('adverts with its own MAC', 5000, () => {
      return lab.wire.adverts({ from: A, after: at }).some((advert) => advert.mac === '02:00:00:00:00:01');
    });
    expect(await deviceOf(lab, A)).toBe('');
    await sleep(300);
    await expectHolds(lab, A, true);
    await own.terminate();
  });
});
