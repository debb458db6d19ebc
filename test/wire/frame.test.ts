import { describe, expect, it } from 'vitest';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { encodeEthernet } from '../../src/wire/ethernet.ts';
import { decodeFrame, type Frame } from '../../src/wire/frame.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeIpv6 } from '../../src/wire/ipv6.ts';
import { encodeUnsolicitedNeighbourAdvertisement } from '../../src/wire/neighbour.ts';
import { fromHex } from './hex.ts';

// Captured from keepalived 2.2.7.
const LINK4 = '01005e000012 020000000001 0800';
const V2 = `${LINK4} 45c0002800010000ff70d055 0a3c0001 e0000012 2133f10101017ef8 0a3c0133 3131313100000000`;
const AH = `${LINK4} 45c0004000010000ff33d07a 0a3c0001 e0000012
  70040000 0a3c0001 00000001 8855d40c531fe2537b19bce2 2133f1010201e05a 0a3c0133 0000000000000000`;
const GARP = 'ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a3c0133 ffffffffffff 0a3c0133';

const IP4 = { source: '10.0.0.1', destination: '224.0.0.18', ttl: 255, tos: 0xc0, id: 7 };
const LINK = { destination: '01:00:5e:00:00:12', source: '02:00:00:00:00:01' };

function frame(bytes: Uint8Array | string): Frame {
  const decoded = decodeFrame(typeof bytes === 'string' ? fromHex(bytes) : bytes);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}

/** An IPv4 packet in a frame. */
function frame4(protocol: number, payload: Uint8Array, vlan?: number): Uint8Array {
  return encodeEthernet({ ...LINK, vlan, etherType: 0x0800, payload: encodeIpv4({ ...IP4, protocol, payload }) });
}

describe('decodeFrame', () => {
  it('a VRRP advert, with Ethernet padding behind it', () => {
    expect(frame(`${V2}000000000000`)).toMatchObject({
      kind: 'vrrp',
      sourceMac: '02:00:00:00:00:01',
      destinationMac: '01:00:5e:00:00:12',
      vlan: undefined,
      ip: { family: 4, source: '10.60.0.1', destination: '224.0.0.18', ttl: 255, protocol: 112, tos: 0xc0 },
      packet: { vrid: 51, priority: 241, addresses: ['10.60.1.51'], checksumForm: 'message', length: 20 },
    });
  });

  it('a VRRP advert in a VLAN', () => {
    const ip = { family: 4, ...IP4 } as const;
    const fields = { version: 3, vrid: 1, priority: 5, addresses: ['10.0.0.9'], intervalUs: 10_000 } as const;
    expect(frame(frame4(112, encodeAdvert(fields, ip), 42))).toMatchObject({
      kind: 'vrrp',
      vlan: 42,
      packet: { version: 3, priority: 5, checksumForm: 'pseudo-header' },
    });
  });

  it('a VRRP advert over IPv6', () => {
    const ip = { family: 6, source: 'fe80::1', destination: 'ff02::12' } as const;
    const fields = { version: 3, vrid: 1, priority: 5, addresses: ['fe80::9'], intervalUs: 10_000 } as const;
    const payload = encodeIpv6({ ...ip, ttl: 255, protocol: 112, tos: 0xc0, payload: encodeAdvert(fields, ip) });
    expect(frame(encodeEthernet({ ...LINK, vlan: undefined, etherType: 0x86dd, payload }))).toMatchObject({
      kind: 'vrrp',
      ip: { family: 6, ttl: 255 },
      packet: { addresses: ['fe80::9'], checksumForm: 'pseudo-header' },
    });
  });

  it('VRRP behind an Authentication Header', () => {
    expect(frame(AH)).toMatchObject({
      kind: 'ah',
      spi: 0x0a3c0001,
      sequence: 1,
      ip: { protocol: 51 },
      packet: { vrid: 51, priority: 241, authType: 2, checksumForm: 'message' },
    });
  });

  it('a gratuitous ARP', () => {
    expect(frame(GARP)).toMatchObject({
      kind: 'arp',
      arp: { operation: 1, senderAddress: '10.60.1.51', targetAddress: '10.60.1.51' },
    });
  });

  it('a neighbour advertisement', () => {
    const bytes = encodeUnsolicitedNeighbourAdvertisement({ mac: LINK.source, address: 'fe80::9', router: true });
    expect(frame(bytes)).toMatchObject({
      kind: 'neighbour-advertisement',
      ip: { source: 'fe80::9', destination: 'ff02::1' },
      advertisement: { target: 'fe80::9', mac: '02:00:00:00:00:01' },
    });
  });

  it.each([
    ['a VRRP message of seven bytes', frame4(112, new Uint8Array(7)), 'vrrp'],
    ['an Authentication Header that is cut', frame4(51, fromHex('7004 0000')), 'ah'],
    ['a VRRP message of seven bytes behind one', frame4(51, fromHex(`7001${'00'.repeat(10)}${'00'.repeat(7)}`)), 'ah'],
  ])('%s is told without packet', (_, bytes, kind) => {
    expect(frame(bytes)).toMatchObject({ kind, packet: undefined });
  });

  it.each([
    ['UDP', frame4(17, new Uint8Array(20)), { source: '10.0.0.1' }],
    ['an Authentication Header with something else', frame4(51, fromHex(`0601${'00'.repeat(10)}`)), { protocol: 51 }],
    ['ICMPv6 in IPv4', frame4(58, fromHex(`88${'00'.repeat(23)}`)), { protocol: 58 }],
    ['a later fragment of VRRP', withFragmentOffset(frame4(112, new Uint8Array(20))), { protocol: 112 }],
    ['a broken ARP', fromHex(`${GARP.slice(0, 40)}`), undefined],
    ['LLDP', encodeEthernet({ ...LINK, vlan: undefined, etherType: 0x88cc, payload: new Uint8Array(40) }), undefined],
  ])('%s is other', (_, bytes, ip) => {
    const decoded = frame(bytes);
    expect(decoded.kind).toBe('other');
    if (decoded.kind !== 'other') return;
    if (ip === undefined) expect(decoded.ip).toBeUndefined();
    else expect(decoded.ip).toMatchObject(ip);
  });

  it.each([
    ['nothing', '', 'truncated'],
    ['a tag without type', '01005e000012 020000000001 8100', 'truncated'],
    ['an IPv4 header that is cut', `${LINK4} 4500`, 'ip'],
    ['IPv6 in a frame that says IPv4', `${LINK4} 6${'0'.repeat(79)}`, 'ip'],
  ])('refuses %s', (_, hex, reason) => {
    expect(decodeFrame(fromHex(hex))).toEqual({ ok: false, reason });
  });
});

function withFragmentOffset(bytes: Uint8Array): Uint8Array {
  bytes[21] = 3;
  return bytes;
}
