// What only real VRRP sockets must do: sources, interfaces that vanish, nothing left to scripts or to the process.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../../src/wire/address.ts';
import { until } from '../support/host.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { adapters, connect, type LinuxPair, linuxPair } from './linux-pair.ts';
import { open, outgoing } from './station.ts';

describeWithRoot('Linux', [], () => {
  describe.each(adapters)('VRRP sockets by %s', (adapter) => {
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

  describe('the end', () => {
    it('lets the process end by itself once all is closed', async () => {
      const pair = await linuxPair();
      await open(pair.left, 4);
      await open(pair.left, 6);
      await pair.left.call('capture.open', 'v1');
      await pair.left.call('network.announce', [{ interface: 'v1', address: '10.9.0.1' }]);
      expect(await pair.left.close()).toBe(true);
      await pair.close();
    });
  });
});
