// What only the real ports must do: interfaces that vanish, floods, rights, other programs beside us.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Family } from '../../src/wire/address.ts';
import { run, until } from '../support/host.ts';
import { startWorld } from '../support/remote-world.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { connect, type LinuxPair, linuxPair } from './linux-pair.ts';
import { addressOf, framesOf, open, outgoing } from './station.ts';

describeWithRoot('Linux', [], () => {
  describe.each(['koffi', 'raw-socket'] as const)('VRRP sockets by %s', (adapter) => {
    let pair: LinuxPair;
    beforeAll(async () => {
      pair = await linuxPair(adapter);
    });
    afterAll(() => pair.close());

    it('is the adapter that was asked for', async () => {
      expect(await pair.left.call('adapter')).toBe(adapter);
    });

    it('goes on to hear after the garbage collector ran', async () => {
      await open(pair.left, 4);
      await open(pair.right, 4);
      for (let i = 0; i < 5; i++) await pair.right.call('collectGarbage');
      pair.right.datagrams.length = 0;
      for (let i = 0; i < 50; i++) await pair.left.call('vrrp.send', outgoing(pair.left, 4));
      await pair.until('all arrive', () => pair.right.datagrams.length === 50);
    });

    it.each([
      [4, '10.9.0.201', '10.9.0.202'],
      [6, 'fe80::201', 'fe80::202'],
    ] as const)('sends from the source that each datagram names (IPv%i)', async (family, first, second) => {
      for (const address of [first, second]) {
        await pair.ip(
          'addr',
          'add',
          `${address}/${family === 4 ? 24 : 64}`,
          'dev',
          'v1',
          ...(family === 6 ? ['nodad'] : []),
        );
      }
      await open(pair.left, family);
      await open(pair.right, family);
      pair.right.datagrams.length = 0;
      const sources = [first, pair.left.address[family], second, first];
      for (const source of sources) await pair.left.call('vrrp.send', outgoing(pair.left, family, { source }));
      await pair.until('all arrive', () => pair.right.datagrams.length === sources.length);
      expect(pair.right.datagrams.map((datagram) => datagram.source)).toEqual(sources);
    });

    it('refuses an IPv6 source that is no address of ours', async () => {
      const result = await pair.left.call('vrrp.send', outgoing(pair.left, 6, { source: 'fe80::dead' }));
      expect(result).toMatchObject({ ok: false, code: 'EADDRNOTAVAIL' });
    });

    it('keeps its sockets from scripts', async () => {
      await pair.left.call('scripts.start', { id: 1, argv: ['/bin/ls', '-l', '/proc/self/fd'] });
      await pair.until('it ends', () => pair.left.exits.length === 1);
      expect(pair.left.exits[0]?.output).toMatch(/0 -> /);
      expect(pair.left.exits[0]?.output).not.toContain('socket:');
    });

    it('says once for each channel that its interface was removed, and works when it is there again', async () => {
      const families: Family[] = [4, 6];
      for (const family of families) await open(pair.left, family);
      pair.left.failures.length = 0;
      await pair.ip('link', 'del', 'v1');
      await pair.until('both channels fail', () => pair.left.failures.length >= 2);
      await pair.settle();
      expect(pair.left.failures).toEqual(
        families.map((family) => ({ channel: { interface: 'v1', family }, message: 'v1 was removed' })),
      );
      expect(await open(pair.left, 4)).toMatchObject({ ok: false, code: 'ENODEV' });
      await connect(pair.namespaces.left, pair.namespaces.right);
      pair.right.datagrams.length = 0;
      for (const family of families) {
        expect(await open(pair.left, family)).toEqual({ ok: true });
        expect(await open(pair.right, family)).toEqual({ ok: true });
        expect(await pair.left.call('vrrp.send', outgoing(pair.left, family))).toEqual({ ok: true });
      }
      await pair.until('both families are heard', () => pair.right.datagrams.length === 2);
    });

    it('answers a send while the link is down with a value', async () => {
      await open(pair.left, 4);
      await pair.ip('link', 'set', 'v1', 'down');
      const result = await pair.left.call('vrrp.send', outgoing(pair.left, 4));
      expect(result).toMatchObject({ ok: false, code: expect.stringMatching(/^ENET(?:UNREACH|DOWN)$/) });
      await pair.ip('link', 'set', 'v1', 'up');
    });

    it('leaves at once by process.exit with everything open, and has printed nothing', async () => {
      void pair.right.call('exit').catch(() => {});
      await until('it is gone', 1000, () => !existsSync(`/proc/${pair.right.pid}/fd/1`));
      expect([pair.left.stderr(), pair.right.stderr()]).toEqual(['', '']);
    });
  });

  describe('network', () => {
    let pair: LinuxPair;
    beforeAll(async () => {
      pair = await linuxPair();
    });
    afterAll(() => pair.close());

    it('adds and removes 200 addresses in one burst, told of as one change', async () => {
      const specs = Array.from({ length: 200 }, (_, i) => ({
        interface: 'v1',
        address: `10.77.1.${i}`,
        prefix: 32,
        scope: 0,
      }));
      pair.left.linkChanges.length = 0;
      const added = await pair.left.call<{ us: number }>('time', 'network.addAddresses', specs);
      await pair.until('the change is told', () => pair.left.linkChanges.length > 0);
      await pair.settle();
      const removed = await pair.left.call<{ us: number }>('time', 'network.removeAddresses', specs);
      console.info(`200 addresses: added in ${added.us} µs, removed in ${removed.us} µs`);
      expect(pair.left.linkChanges[0]?.link?.addresses).toHaveLength(202);
      expect(added.us).toBeLessThan(200_000);
      expect(removed.us).toBeLessThan(200_000);
    });

    it("puts an address there with keepalived's words", async () => {
      const [result] = await pair.left.call<object[]>('network.addAddresses', [
        { interface: 'v1', address: '10.8.0.5', prefix: 24, scope: 253, label: 'v1:7', broadcast: '10.8.0.255' },
      ]);
      expect(result).toEqual({ ok: true });
      expect(await pair.ip('addr', 'show', 'dev', 'v1', 'to', '10.8.0.5')).toContain(
        'inet 10.8.0.5/24 brd 10.8.0.255 scope link v1:7',
      );
      expect(await addressOf(pair.left, '10.8.0.5')).toMatchObject({ prefix: 24, scope: 253 });
    });

    it('makes an IPv6 host address deprecated and free of duplicate detection, as keepalived does', async () => {
      await pair.left.call('network.addAddresses', [{ interface: 'v1', address: 'fd77::5', prefix: 128, scope: 0 }]);
      const shown = await pair.ip('addr', 'show', 'dev', 'v1', 'to', 'fd77::5');
      expect(shown).toMatch(/nodad deprecated[\s\S]*preferred_lft 0sec/);
    });

    it("gives the kernel's words when it refuses an address", async () => {
      const [result] = await pair.left.call<object[]>('network.addAddresses', [
        { interface: 'v1', address: '10.8.0.6', prefix: 33, scope: 0 },
      ]);
      expect(result).toMatchObject({
        ok: false,
        code: 'EINVAL',
        message: expect.stringContaining('10.8.0.6/33 to v1'),
      });
    });

    it('follows an interface through removal, new making and a change of name', async () => {
      pair.left.linkChanges.length = 0;
      const last = () => pair.left.linkChanges.at(-1);
      await pair.ip('link', 'add', 'b0', 'type', 'bridge');
      await pair.until('it appears', () => last()?.name === 'b0' && last()?.link !== undefined);
      await pair.ip('link', 'set', 'b0', 'name', 'b1');
      await pair.until('it has the new name', () => last()?.name === 'b1');
      expect(pair.left.linkChanges.some(({ name, link }) => name === 'b0' && link === undefined)).toBe(true);
      // Leaving a bridge must not be taken for the end of the link.
      await pair.ip('link', 'set', 'v1', 'master', 'b1');
      await pair.ip('link', 'set', 'v1', 'nomaster');
      await pair.ip('link', 'del', 'b1');
      await pair.until('it is gone', () => last()?.name === 'b1' && last()?.link === undefined);
      expect(pair.left.linkChanges.some(({ name, link }) => name === 'v1' && link === undefined)).toBe(false);
    });

    it('notices the removal of an address by another program', async () => {
      await pair.left.call('network.addAddresses', [{ interface: 'v1', address: '10.77.5.1', prefix: 32, scope: 0 }]);
      pair.left.linkChanges.length = 0;
      await pair.ip('addr', 'del', '10.77.5.1/32', 'dev', 'v1');
      await pair.until('it is told', () => pair.left.linkChanges.length > 0);
      expect(JSON.stringify(pair.left.linkChanges.at(-1)?.link?.addresses)).not.toContain('10.77.5.1');
    });

    it('does not announce on a link without ARP', async () => {
      await pair.ip('link', 'set', 'v1', 'arp', 'off');
      await pair.until('it is noticed', () => pair.left.linkChanges.at(-1)?.link?.arp === false);
      await pair.right.call('capture.open', 'v2');
      pair.right.frames.length = 0;
      expect(await pair.left.call('network.announce', { interface: 'v1', address: '10.77.5.1' })).toEqual({ ok: true });
      await pair.settle();
      expect(framesOf(pair.right).filter((frame) => frame.kind === 'arp')).toEqual([]);
    });
  });

  describe('capture', () => {
    let pair: LinuxPair;
    const tagged = [0x81, 0x00, 0x20, 0x2a];
    const arp = (middle: readonly number[] = []): Uint8Array =>
      Uint8Array.from([
        ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, ...middle, 0x08, 0x06],
        ...[0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10, 9, 0, 9, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 10, 9, 0, 9],
      ]);
    beforeAll(async () => {
      pair = await linuxPair();
    });
    afterAll(() => pair.close());
    beforeEach(async () => {
      for (const station of [pair.left, pair.right]) {
        await station.call('capture.open', station.interface);
        station.frames.length = 0;
      }
    });

    it('gives a received frame its VLAN tag back', async () => {
      await pair.left.call('sendFrame', 'v1', arp(tagged), 1);
      await pair.until('both ends saw it', () => pair.left.frames.length > 0 && pair.right.frames.length > 0);
      expect(pair.right.frames[0]?.bytes).toEqual(arp(tagged));
      expect(framesOf(pair.right)[0]).toMatchObject({ kind: 'arp', vlan: 42 });
      expect(pair.left.frames[0]?.bytes).toEqual(arp(tagged));
    });

    it('leaves everything else out', async () => {
      const ping = arp();
      ping[13] = 0x99;
      await pair.left.call('sendFrame', 'v1', ping, 5);
      await pair.left.call('sendFrame', 'v1', arp(), 1);
      await pair.until('the ARP arrives', () => pair.right.frames.length > 0);
      await pair.settle();
      expect(pair.right.frames.map((frame) => frame.bytes[13])).toEqual([0x06]);
    });

    it('joins no multicast group', async () => {
      expect(await run('ip', ['-n', pair.namespaces.right, 'maddr', 'show', 'dev', 'v2'])).not.toContain('224.0.0.18');
    });

    it('keeps the engine free in a flood, and counts what was dropped', async () => {
      const stall = pair.right.call<number>('longestStall', 1500);
      await pair.left.call('sendFrame', 'v1', arp(), 60_000);
      const longest = await stall;
      const dropped = await pair.right.call<number>('capture.dropped', 'v2');
      console.info(
        `flood of 60000 frames: longest stall ${longest} µs, ${pair.right.frames.length} read, ${dropped} dropped`,
      );
      expect(longest).toBeLessThan(100_000);
      expect(dropped).toBeGreaterThan(10_000);
      pair.right.frames.length = 0;
      await pair.until('it goes on afterwards', async () => {
        await pair.left.call('sendFrame', 'v1', arp(), 1);
        return pair.right.frames.length > 0;
      });
    });

    it('goes on when the interface was removed and made anew', async () => {
      await pair.ip('link', 'del', 'v1');
      await connect(pair.namespaces.left, pair.namespaces.right);
      await pair.until('frames come again', async () => {
        await pair.left.call('sendFrame', 'v1', arp(), 1);
        return pair.right.frames.some((frame) => frame.bytes[11] === 9);
      });
    });
  });

  describe('beside others', () => {
    let pair: LinuxPair;
    beforeAll(async () => {
      pair = await linuxPair();
    });
    afterAll(() => pair.close());

    it('lets one process of a namespace have the lock, names its pid to the others, and frees it when it dies', async () => {
      const second = await startWorld(pair.namespaces.left);
      expect(await pair.left.call('claimNamespace')).toMatchObject({ ok: true });
      expect(await pair.right.call('claimNamespace')).toMatchObject({ ok: true });
      const refused = await second.call<{ ok: boolean; pid: number; message: string }>('claimNamespace');
      expect(refused).toMatchObject({ ok: false, message: expect.stringContaining(`${refused.pid}`) });
      expect(existsSync(`/proc/${refused.pid}`)).toBe(true);
      process.kill(refused.pid, 'SIGKILL');
      await until('the lock is free', 2000, async () => (await second.call<{ ok: boolean }>('claimNamespace')).ok);
      await second.close();
    });

    it('works without rights as far as it can: links yes, sockets refused', async () => {
      const plain = await startWorld(pair.namespaces.right, {
        wrapper: ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'],
      });
      expect(await plain.call('missingPrivileges')).not.toEqual(null);
      expect(JSON.stringify(await plain.call('network.links'))).toContain('10.9.0.2');
      expect(await plain.call('vrrp.open', { interface: 'v2', family: 4, groups: [] })).toMatchObject({
        code: 'EPERM',
      });
      expect(await plain.call('capture.open', 'v2')).toMatchObject({ code: 'EPERM' });
      const spec = { interface: 'v2', address: '10.77.0.1', prefix: 32, scope: 0 };
      expect(await plain.call('network.addAddresses', [spec])).toMatchObject([{ code: 'EPERM' }]);
      await plain.close();
    });

    it('works as a plain user with the two capabilities of the advice', async () => {
      const names = '+net_raw,+net_admin';
      const wrapper = [
        'setpriv',
        '--reuid',
        '65534',
        '--regid',
        '65534',
        '--clear-groups',
        '--inh-caps',
        names,
        '--ambient-caps',
        names,
      ];
      const able = await startWorld(pair.namespaces.right, { wrapper });
      expect(await able.call('missingPrivileges')).toEqual(null);
      expect(await able.call('vrrp.open', { interface: 'v2', family: 4, groups: ['224.0.0.18'] })).toEqual({
        ok: true,
      });
      const spec = { interface: 'v2', address: '10.77.0.1', prefix: 32, scope: 0 };
      expect(await able.call('network.addAddresses', [spec])).toEqual([{ ok: true }]);
      await pair.until('it announces', async () => {
        const result = await able.call<{ ok: boolean }>('network.announce', { interface: 'v2', address: '10.77.0.1' });
        return result.ok;
      });
      await able.close();
    });
  });
});
