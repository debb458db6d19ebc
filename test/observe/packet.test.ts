import { describe, expect, it } from 'vitest';
import { describeFrame, type PacketRecord } from '../../src/observe/packet.ts';
import { encodeGratuitousArp } from '../../src/wire/arp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { encodeEthernet } from '../../src/wire/ethernet.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeIpv6 } from '../../src/wire/ipv6.ts';
import { encodeUnsolicitedNeighbourAdvertisement } from '../../src/wire/neighbour.ts';
import type { AdvertFields } from '../../src/wire/vrrp.ts';

const MAC = '02:00:00:00:00:01';
const IP = { family: 4, source: '10.0.0.1', destination: '224.0.0.18' } as const;
const IP6 = { family: 6, source: 'fe80::1', destination: 'ff02::12' } as const;
const FIELDS: AdvertFields = { version: 2, vrid: 51, priority: 100, addresses: ['10.0.0.100'], intervalUs: 1_000_000 };
const V3: AdvertFields = { ...FIELDS, version: 3, intervalUs: 100_000 };

interface Changes {
  readonly ttl?: number;
  readonly protocol?: number;
  readonly vlan?: number;
  readonly destination?: string;
}

function frame4(payload: Uint8Array, { ttl = 255, protocol = 112, vlan, destination = IP.destination }: Changes = {}) {
  const ip = encodeIpv4({ source: IP.source, destination, ttl, protocol, tos: 0xc0, id: 1, payload });
  return encodeEthernet({ destination: '01:00:5e:00:00:12', source: MAC, vlan, etherType: 0x0800, payload: ip });
}

function frame6(payload: Uint8Array) {
  const ip = encodeIpv6({ ...IP6, ttl: 255, protocol: 112, tos: 0xc0, payload });
  return encodeEthernet({
    destination: '33:33:00:00:00:12',
    source: MAC,
    vlan: undefined,
    etherType: 0x86dd,
    payload: ip,
  });
}

function record(bytes: Uint8Array): PacketRecord | undefined {
  return describeFrame({ interface: 'eth0', direction: 'received', at: 5_000_000, bytes }, 7);
}

/** `message` with the bytes at `offset` replaced. */
function patched(message: Uint8Array, offset: number, ...bytes: number[]): Uint8Array {
  message.set(bytes, offset);
  return message;
}

const AH_HEADER = [112, 4, 0, 0, 10, 0, 0, 1, 0, 0, 0, 1, ...new Array<number>(12).fill(0xee)];

/** `message` behind an Authentication Header. */
function behindAh(message: Uint8Array): Uint8Array {
  return frame4(Uint8Array.from([...AH_HEADER, ...message]), { protocol: 51 });
}

it('an advert is one row with all that the list and its filters need', () => {
  const bytes = frame4(encodeAdvert(FIELDS, IP), { vlan: 10 });
  expect(record(bytes)).toEqual({
    seq: 7,
    at: 5_000_000,
    interface: 'eth0',
    direction: 'received',
    protocol: 'vrrp',
    vlan: 10,
    source: '10.0.0.1',
    destination: '224.0.0.18',
    ttl: 255,
    version: 2,
    vrid: 51,
    priority: 100,
    intervalUs: 1_000_000,
    addresses: ['10.0.0.100'],
    marks: [],
    summary: 'VRRPv2 vrid 51 prio 100 int 1s 10.0.0.100',
    length: 58,
  });
});

describe('summary', () => {
  it.each([
    ['version 3', frame4(encodeAdvert(V3, IP)), 'VRRPv3 vrid 51 prio 100 int 0.1s 10.0.0.100'],
    [
      'IPv6',
      frame6(encodeAdvert({ ...V3, addresses: ['fe80::9', 'fd00::9'] }, IP6)),
      'VRRPv3 vrid 51 prio 100 int 0.1s fe80::9 fd00::9',
    ],
    [
      'three addresses and a count of the others',
      frame4(encodeAdvert({ ...V3, addresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'] }, IP)),
      'VRRPv3 vrid 51 prio 100 int 0.1s 10.0.0.1 10.0.0.2 10.0.0.3 +2',
    ],
    ['no address', frame4(encodeAdvert({ ...V3, addresses: [] }, IP)), 'VRRPv3 vrid 51 prio 100 int 0.1s'],
    [
      'another type',
      frame4(patched(encodeAdvert(V3, IP), 0, 0x32)),
      'VRRPv3 vrid 51 prio 100 int 0.1s type 2 10.0.0.100',
    ],
  ])('%s', (_, bytes, summary) => {
    expect(record(bytes)?.summary).toBe(summary);
  });

  it('says that there is a password and never which', () => {
    const row = record(frame4(encodeAdvert({ ...FIELDS, password: 'hunter2' }, IP)))!;
    expect(row.summary).toBe('VRRPv2 vrid 51 prio 100 int 1s auth PASS 10.0.0.100');
    expect(JSON.stringify(row)).not.toContain('hunter2');
    expect(JSON.stringify(row)).not.toContain('104,117,110');
  });
});

describe('marks', () => {
  const pass = { ...FIELDS, password: 'x' };
  it.each([
    ['nothing wrong, version 2 with PASS', frame4(encodeAdvert(pass, IP)), []],
    ['nothing wrong, IPv6', frame6(encodeAdvert({ ...V3, addresses: ['fe80::9'] }, IP6)), []],
    ['priority 0', frame4(encodeAdvert({ ...V3, priority: 0 }, IP)), ['PRIO0']],
    ['TTL 254 on multicast', frame4(encodeAdvert(V3, IP), { ttl: 254 }), ['TTL']],
    [
      'TTL 64 on unicast',
      frame4(encodeAdvert(V3, { ...IP, destination: '10.0.0.2' }), { ttl: 64, destination: '10.0.0.2' }),
      [],
    ],
    ['a wrong checksum', frame4(patched(encodeAdvert(V3, IP), 6, 0, 0)), ['CSUM']],
    [
      'version 2 with a pseudo-header',
      frame4(summed(encodeAdvert(FIELDS, IP), 0x0a00 + 0x0001 + 0xe000 + 0x0012 + 112 + 20)),
      ['CSUM'],
    ],
    ['version 3 over the message alone', frame4(summed(encodeAdvert(V3, IP))), []],
    ['IPv6 over the message alone', frame6(summed(encodeAdvert({ ...V3, addresses: ['fe80::9'] }, IP6))), ['CSUM']],
    ['an unknown authentication type', frame4(summed(patched(encodeAdvert(FIELDS, IP), 4, 9))), ['AUTH']],
    ['type AH without its header', frame4(summed(patched(encodeAdvert(FIELDS, IP), 4, 2))), ['AUTH']],
    ['type AH behind its header', behindAh(summed(patched(encodeAdvert(FIELDS, IP), 4, 2))), []],
    ['type PASS behind an AH header', behindAh(encodeAdvert(pass, IP)), ['AUTH']],
    ['a count above what is there', frame4(summed(patched(encodeAdvert(FIELDS, IP), 3, 2))), ['LEN']],
    ['bytes behind the end', frame4(Uint8Array.from([...encodeAdvert(V3, IP), 0, 0, 0, 0])), ['LEN']],
    ['version 4', frame4(summed(patched(encodeAdvert(V3, IP), 0, 0x41))), ['VER']],
    ['version 1', frame4(summed(patched(encodeAdvert(FIELDS, IP), 0, 0x11))), ['VER']],
  ])('%s', (_, bytes, marks) => {
    expect(record(bytes)?.marks).toEqual(marks);
  });
});

/** The message with a checksum over itself and a pseudo-header of this sum; without one, over itself alone. */
function summed(message: Uint8Array, pseudoHeader = 0): Uint8Array {
  message.set([0, 0], 6);
  let sum = pseudoHeader;
  for (let i = 0; i < message.length; i += 2) sum += message[i]! * 256 + message[i + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  message.set([(~sum >> 8) & 0xff, ~sum & 0xff], 6);
  return message;
}

describe('what is not whole', () => {
  it.each([
    ['VRRP', frame4(new Uint8Array(7)), 'malformed VRRP, 7 bytes'],
    ['VRRP without any byte', frame4(new Uint8Array(0)), 'malformed VRRP, 0 bytes'],
    ['AH', frame4(new Uint8Array(5), { protocol: 51 }), 'malformed AH, 5 bytes'],
    ['VRRP behind AH', behindAh(new Uint8Array(3)), 'malformed AH, 27 bytes'],
  ])('%s is malformed', (_, bytes, summary) => {
    const expected = { protocol: 'malformed', source: '10.0.0.1', ttl: 255, vrid: undefined, marks: ['LEN'], summary };
    expect(record(bytes)).toMatchObject(expected);
  });
});

describe('announcements', () => {
  it('a gratuitous ARP request', () => {
    expect(record(encodeGratuitousArp({ mac: MAC, address: '10.0.0.100' }))).toMatchObject({
      protocol: 'arp',
      source: '10.0.0.100',
      destination: '10.0.0.100',
      ttl: undefined,
      addresses: ['10.0.0.100'],
      marks: ['GARP'],
      summary: `gratuitous ARP request 10.0.0.100 is at ${MAC}`,
      length: 42,
    });
  });

  it('a gratuitous ARP reply', () => {
    const bytes = patched(encodeGratuitousArp({ mac: MAC, address: '10.0.0.100' }), 21, 2);
    expect(record(bytes)).toMatchObject({
      marks: ['GARP'],
      summary: `gratuitous ARP reply 10.0.0.100 is at ${MAC}`,
    });
  });

  it('an unsolicited neighbour advertisement', () => {
    const bytes = encodeUnsolicitedNeighbourAdvertisement({ mac: MAC, address: 'fe80::9', router: true });
    expect(record(bytes)).toMatchObject({
      protocol: 'na',
      source: 'fe80::9',
      destination: 'ff02::1',
      ttl: 255,
      addresses: ['fe80::9'],
      marks: [],
      summary: `NA fe80::9 is at ${MAC} (router override)`,
    });
  });

  it('one with a wrong hop limit and checksum', () => {
    const bytes = encodeUnsolicitedNeighbourAdvertisement({ mac: MAC, address: 'fe80::9', router: false });
    expect(record(patched(patched(bytes, 21, 64), 56, 0, 0))?.marks).toEqual(['TTL', 'CSUM']);
  });
});

it.each([
  ['an ARP question', patched(encodeGratuitousArp({ mac: MAC, address: '10.0.0.100' }), 41, 99)],
  ['UDP', frame4(new Uint8Array(20), { protocol: 17 })],
  ['a broken IP header', frame4(new Uint8Array(20)).subarray(0, 30)],
  ['nothing', new Uint8Array(0)],
])('%s has no row', (_, bytes) => {
  expect(record(bytes)).toBeUndefined();
});
