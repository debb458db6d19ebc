// What only the real network port must do: bursts, lost events, the words that other programs see.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOREVER } from '../../src/wire/address.ts';
import { run } from '../support/host.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { type LinuxPair, linuxPair } from './linux-pair.ts';
import { addressOf, framesOf } from './station.ts';

describeWithRoot('Linux', [], () => {
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

    // As keepalived 2.2.7 left them in the kernel.
    it.each([
      [{ address: '10.8.0.6', prefix: 32, peer: '10.8.0.7' }, 'inet 10.8.0.6 peer 10.8.0.7/32 scope global v1'],
      [{ address: '10.8.1.1', prefix: 24, noPrefixRoute: true }, 'inet 10.8.1.1/24 scope global noprefixroute v1'],
      [{ address: 'fd78::1', prefix: 64, duplicateDetection: true }, 'inet6 fd78::1/64 scope global'],
      [{ address: 'fd78::2', prefix: 128, preferredLifetime: FOREVER }, 'inet6 fd78::2/128 scope global nodad'],
      [
        { address: 'fd78::4', prefix: 64, home: true, manageTemporary: true },
        'inet6 fd78::4/64 scope global nodad home mngtmpaddr',
      ],
      [{ address: 'fd78::5', prefix: 64, noPrefixRoute: true }, 'inet6 fd78::5/64 scope global nodad noprefixroute'],
    ])('puts an address there with its options: %j', async (options, text) => {
      const spec = { interface: 'v1', scope: 0, ...options };
      expect(await pair.left.call('network.addAddresses', [spec])).toEqual([{ ok: true }]);
      const shown = async () => pair.ip('addr', 'show', 'dev', 'v1', 'to', options.address);
      expect(await shown()).toMatch(new RegExp(`${text}( tentative)? ?\\n`));
      expect(await shown()).toContain('preferred_lft forever');
      expect(await pair.left.call('network.removeAddresses', [spec])).toEqual([{ ok: true }]);
      expect(await shown()).toBe('');
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
      await pair.settle();
      pair.left.linkChanges.length = 0;
      await pair.ip('addr', 'del', '10.77.5.1/32', 'dev', 'v1');
      await pair.until('it is told', () => pair.left.linkChanges.length > 0);
      expect(JSON.stringify(pair.left.linkChanges.at(-1)?.link?.addresses)).not.toContain('10.77.5.1');
    });

    it('knows the truth again after more events than the kernel keeps for it', async () => {
      const addresses = Array.from({ length: 5000 }, (_, i) => `10.${100 + (i >> 8)}.${i & 255}.1/32`);
      const batch = (verb: string) => addresses.map((address) => `addr ${verb} ${address} dev v1`).join('\n');
      const blocked = pair.left.call('block', 4000);
      for (const verb of ['add', 'del', 'add', 'del', 'add', 'del']) {
        await run('ip', ['-n', pair.namespaces.left, '-batch', '-'], batch(verb));
      }
      // The events of these two find no place.
      await pair.ip('addr', 'add', '10.99.0.1/32', 'dev', 'v1');
      await pair.ip('link', 'add', 'b7', 'type', 'bridge');
      await blocked;
      expect(JSON.stringify(await pair.left.call('network.links'))).toContain('"b7"');
      expect(await addressOf(pair.left, '10.99.0.1')).toBeDefined();
      expect(await addressOf(pair.left, '10.100.0.1')).toBeUndefined();
      await pair.ip('addr', 'add', '10.99.0.2/32', 'dev', 'v1');
      await pair.until('the next change is told', () =>
        JSON.stringify(pair.left.linkChanges.at(-1)?.link?.addresses).includes('10.99.0.2'),
      );
    });

    it('does not announce on a link without ARP', async () => {
      await pair.ip('link', 'set', 'v1', 'arp', 'off');
      await pair.until('it is noticed', () => pair.left.linkChanges.at(-1)?.link?.arp === false);
      await pair.right.call('capture.open', 'v2');
      pair.right.frames.length = 0;
      expect(await pair.left.call('network.announce', [{ interface: 'v1', address: '10.77.5.1' }])).toEqual([
        { ok: true },
      ]);
      await pair.settle();
      expect(framesOf(pair.right).filter((frame) => frame.kind === 'arp')).toEqual([]);
    });
  });
});
