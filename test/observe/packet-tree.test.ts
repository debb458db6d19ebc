// A frame as layers, and as bytes: what a person reads, and that no password is among it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexDump, packetTree } from '../../src/observe/packet-tree.ts';
import { encodeGratuitousArp } from '../../src/wire/arp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { ETHERTYPE, encodeEthernet } from '../../src/wire/ethernet.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeUnsolicitedNeighbourAdvertisement } from '../../src/wire/neighbour.ts';
import { type AdvertFields, VRRP_PROTOCOL } from '../../src/wire/vrrp.ts';

const ip = { family: 4, source: '10.0.0.2', destination: '224.0.0.18' } as const;

function advertFrame(fields: Partial<AdvertFields>, break_?: (payload: Uint8Array) => void): Uint8Array {
  const advert: AdvertFields = {
    version: 2,
    vrid: 51,
    priority: 100,
    addresses: ['192.0.2.10'],
    intervalUs: 1_000_000,
    ...fields,
  };
  const payload = encodeAdvert(advert, ip);
  break_?.(payload);
  return encodeEthernet({
    destination: '01:00:5e:00:00:12',
    source: '00:00:5e:00:01:33',
    vlan: undefined,
    etherType: ETHERTYPE.ipv4,
    payload: encodeIpv4({ ...ip, ttl: 255, protocol: VRRP_PROTOCOL, tos: 0xc0, id: 7, payload }),
  });
}

const text = (bytes: Uint8Array): string =>
  packetTree(bytes)
    .map(({ depth, text: line, bad }) => `${'  '.repeat(depth)}${bad ? '! ' : ''}${line}`)
    .join('\n');

describe('the tree of a packet', () => {
  it('has a branch for each layer', () => {
    expect(text(advertFrame({ password: 'secret' })).split('\n')).toEqual([
      'Ethernet 00:00:5e:00:01:33 > 01:00:5e:00:00:12, type 0x0800',
      '  virtual router MAC: IPv4, VRID 51',
      'IPv4 10.0.0.2 > 224.0.0.18, ttl 255, protocol 112, 20 bytes',
      '  tos 0xc0, id 0x7',
      'VRRPv2 advertisement, VRID 51, priority 100',
      '  advert interval 1 s',
      expect.stringMatching(/^ {2}checksum 0x[\da-f]{4}, right over: the message alone$/),
      '  authentication PASS ****',
      '  addresses 1: 192.0.2.10',
    ]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a resignation', advertFrame({ priority: 0 }), /priority 0 \(it resigns\)/],
    [
      'a wrong checksum',
      advertFrame({}, (payload) => payload.fill(0xff, 6, 8)),
      /! checksum 0xffff, right over: nothing/,
    ],
    [
      'addresses that are not there',
      advertFrame({}, (payload) => payload.fill(9, 3, 4)),
      /! addresses 9: 192\.0\.2\.10/,
    ],
    [
      'a gratuitous ARP',
      encodeGratuitousArp({ mac: '02:00:00:00:00:01', address: '192.0.2.10' }),
      /ARP request, gratuitous\n {2}sender 192\.0\.2\.10 is at 02:00:00:00:00:01/,
    ],
    [
      'a neighbour advertisement',
      encodeUnsolicitedNeighbourAdvertisement({ mac: '02:00:00:00:00:01', address: '2001:db8::1', router: false }),
      /flags override\n {2}target 2001:db8::1 is at 02:00:00:00:00:01\n {2}checksum right/,
    ],
    ['rubbish', new Uint8Array(5), /! 5 bytes with too short for its link header/],
  ])('tells %s', (_, bytes, expected) => {
    expect(text(bytes)).toMatch(expected);
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(packetTree(bytes).length).toBeGreaterThan(0);
        expect(hexDump(bytes)).toHaveLength(Math.ceil(bytes.length / 16));
      }),
    );
  });
});

describe('the bytes of a packet', () => {
  it('stand 16 in a row, in two halves, with their characters', () => {
    const rows = hexDump(Uint8Array.from({ length: 18 }, (_, i) => 0x41 + i));
    expect(rows).toEqual([
      '0000  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50  ABCDEFGHIJKLMNOP',
      '0010  51 52                                             QR',
    ]);
  });

  it('hide the password of VRRPv2, also in a frame that lies within a larger buffer', () => {
    const frame = advertFrame({ password: 'secret' });
    const larger = new Uint8Array(frame.length + 10);
    larger.set(frame, 10);
    for (const bytes of [frame, larger.subarray(10)]) {
      const shown = hexDump(bytes).join('\n');
      expect(shown).not.toContain('secret');
      expect(shown).not.toContain('73 65 63');
      expect(shown).toContain('0a 00 00 02');
      expect(shown.match(/\*\*(?= )/g)?.length).toBe(8);
    }
    expect(hexDump(frame, { secrets: true }).join('')).toContain('73 65');
  });
});
