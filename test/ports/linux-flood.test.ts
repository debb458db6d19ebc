// A flood of adverts for VRIDs that nobody here has: ours still arrive, in both adapters of VRRP sockets.
import { afterEach, expect, it } from 'vitest';
import type { LinuxVrrpPort } from '../../src/linux/vrrp-port.ts';
import { ETHERTYPE, encodeEthernet, multicastMac } from '../../src/wire/ethernet.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { type LinuxPair, linuxPair } from './linux-pair.ts';
import { open, payload } from './station.ts';

const OURS = 51;
type Drops = ReturnType<LinuxVrrpPort['dropped']>;

describeWithRoot('Linux VRRP sockets', [], () => {
  let pair: LinuxPair;
  afterEach(() => pair.close());

  const frame = (vrid: number): Uint8Array => {
    const ip = { source: '10.9.0.9', destination: '224.0.0.18', ttl: 255, tos: 0xc0, id: 1, protocol: 112 };
    return encodeEthernet({
      ...{ destination: multicastMac(ip.destination), source: '02:00:00:00:00:09', vlan: undefined },
      ...{ etherType: ETHERTYPE.ipv4, payload: encodeIpv4({ ...ip, payload: payload(0x31, vrid, 100) }) },
    });
  };

  it.each(['raw-socket', 'koffi'] as const)(
    '%s: a flood of others is left in the kernel, ours are read',
    async (adapter) => {
      pair = await linuxPair(adapter);
      await open(pair.right, 4);
      const vrids = (): number[] => pair.right.datagrams.map((datagram) => datagram.payload[1]!);
      const ours = (): number => vrids().filter((vrid) => vrid === OURS).length;
      await pair.right.call('vrrp.expect', [{ interface: pair.right.interface, family: 4, vrid: OURS }]);
      await pair.left.call('sendFrame', 'v1', frame(99), 20);
      await pair.until('few others are read', () => vrids().length === 20);
      await pair.left.call('sendFrame', 'v1', frame(99), 5000);
      await pair.settle();
      const read = vrids().length;
      for (let i = 0; i < 20; i++) {
        await pair.left.call('sendFrame', 'v1', frame(99), 2000);
        await pair.left.call('sendFrame', 'v1', frame(OURS), 1);
      }
      await pair.until('all of ours are there', () => ours() === 20);
      expect(vrids().length - read).toBe(20);
    },
  );

  it('counts what the kernel dropped', async () => {
    pair = await linuxPair();
    await open(pair.right, 4);
    const block = pair.right.call('block', 500);
    await pair.left.call('sendFrame', 'v1', frame(OURS), 30_000);
    await block;
    const drops = await pair.right.call<Drops>('vrrp.dropped');
    expect(drops).toEqual([{ interface: pair.right.interface, family: 4, count: expect.any(Number) }]);
    expect(drops[0]!.count).toBeGreaterThan(1000);
  });
});
