import { describe, expect, it } from 'vitest';
import {
  ADVERT_FILTER,
  announcementFilter,
  encodeFilter,
  HOP_LIMIT_FILTER,
  type Instruction,
  NEIGHBOUR_FILTER,
  vridFilter,
} from '../../src/linux/packet-filter.ts';

/** What the kernel does with a program (Documentation/networking/filter.rst), as far as ours go. */
function runFilter(program: readonly Instruction[], packet: Uint8Array, networkHeader = 14): boolean {
  let a = 0;
  let x = 0;
  for (let pc = 0; pc < program.length; pc++) {
    const [code, jt, jf, k] = program[pc]!;
    const at = k >= 0xfff00000 ? networkHeader + (k - 0xfff00000) : k;
    if (code === 0x30 || code === 0x28 || code === 0x50 || code === 0x48 || code === 0x20) {
      const length = code === 0x20 ? 4 : code === 0x30 || code === 0x50 ? 1 : 2;
      const from = code >= 0x40 ? at + x : at;
      if (from + length > packet.length) return false;
      a = packet.subarray(from, from + length).reduce((sum, byte) => sum * 256 + byte, 0);
    } else if (code === 0xb1) {
      if (at >= packet.length) return false;
      x = (packet[at]! & 0x0f) * 4;
    } else if (code === 0x07) x = a;
    else if (code === 0x05) pc += k;
    else if (code === 0x1d) pc += a === x ? jt : jf;
    else if (code === 0x15) pc += a === k ? jt : jf;
    else if (code === 0x35) pc += a >= k ? jt : jf;
    else if (code === 0x06) return k !== 0;
    else throw new Error(`instruction ${code}`);
  }
  throw new Error('ran off the end');
}

const MACS = new Array(12).fill(2);
const IPV4 = (protocol: number) => [0x08, 0x00, 0x45, 0xc0, 0, 32, 0, 1, 0, 0, 255, protocol, ...new Array(20).fill(0)];
const IPV6 = (next: number, type = 0) => [
  0x86,
  0xdd,
  0x60,
  0,
  0,
  0,
  0,
  8,
  next,
  255,
  ...new Array(32).fill(0),
  type,
  0,
  0,
  0,
];
const ARP = [0x08, 0x06, ...new Array(28).fill(0)];

/** Which sockets a frame would be queued in. */
function queuesOf(frame: readonly number[]): string[] {
  const filters = { adverts: ADVERT_FILTER, others: NEIGHBOUR_FILTER };
  return Object.entries(filters).flatMap(([name, filter]) => (runFilter(filter, Uint8Array.from(frame)) ? [name] : []));
}

describe('capture filters', () => {
  const cases: [string, number[], 'adverts' | 'others' | undefined][] = [
    ['VRRP over IPv4', IPV4(112), 'adverts'],
    ['AH over IPv4', IPV4(51), 'adverts'],
    ['ARP', ARP, 'others'],
    ['VRRP over IPv6', IPV6(112), 'adverts'],
    ['AH over IPv6', IPV6(51), 'adverts'],
    ['a neighbour advertisement', IPV6(58, 136), 'others'],
    ['a neighbour solicitation', IPV6(58, 135), undefined],
    ['an echo request over IPv6', IPV6(58, 128), undefined],
    ['TCP over IPv4', IPV4(6), undefined],
    ['UDP over IPv6', IPV6(17, 136), undefined],
    ['ICMPv6 number in IPv4', IPV4(58), undefined],
    ['HSRP', [...IPV4(17).slice(0, 22), 7, 0xc1, 7, 0xc1, 0, 0], 'others'],
    ['another UDP port', [...IPV4(17).slice(0, 22), 7, 0xc1, 0, 53, 0, 0], undefined],
    ['HSRP over IPv6', [...IPV6(17, 7).slice(0, 42), 7, 0xed, 7, 0xed], 'others'],
    [
      'an IGMP query behind a router alert',
      [0x08, 0x00, 0x46, ...IPV4(2).slice(3, 22), 148, 4, 0, 0, 0x11, 0],
      'others',
    ],
    ['an IGMP report', [...IPV4(2).slice(0, 22), 0x22, 0], 'others'],
    ['an IGMP leave message', [...IPV4(2).slice(0, 22), 0x17, 0], undefined],
    ['an MLD query', [...IPV6(0, 58), 5, 2, 0, 0, 130, 0, 0, 0], 'others'],
    ['an MLD report', [...IPV6(0, 58), 5, 2, 0, 0, 143, 0, 0, 0], 'others'],
    ['an MLD done message', [...IPV6(0, 58), 5, 2, 0, 0, 132, 0, 0, 0], undefined],
    ['other hop-by-hop options', [...IPV6(0, 17), 5, 2, 0, 0, 130, 0, 0, 0], undefined],
    ['LLDP', [0x88, 0xcc, ...new Array(40).fill(112)], undefined],
    ['a cut frame', [0x08], undefined],
  ];
  it.each(cases)('decides on %s', (_, frame, wanted) => {
    expect(queuesOf([...MACS, ...frame])).toEqual(wanted === undefined ? [] : [wanted]);
  });
  it.each(cases.slice(0, -1))('decides on %s behind a VLAN tag in the frame', (_, frame, wanted) => {
    for (const tag of [
      [0x81, 0x00, 0, 42],
      [0x88, 0xa8, 0, 42],
    ]) {
      expect(queuesOf([...MACS, ...tag, ...frame])).toEqual(wanted === undefined ? [] : [wanted]);
    }
  });
});

describe('hop limit filter', () => {
  it.each([
    [255, true],
    [254, false],
    [0, false],
    [64, false],
  ])('with hop limit %i: %s', (hopLimit, wanted) => {
    const header = Uint8Array.from([0x60, 0, 0, 0, 0, 8, 112, hopLimit, ...new Array(40).fill(0)]);
    expect(runFilter(HOP_LIMIT_FILTER, header, 0)).toBe(wanted);
  });
});

describe('VRID filter', () => {
  const vrids = Array.from({ length: 255 }, (_, i) => i + 1).filter((vrid) => vrid % 2 === 1);

  it.each([1, 2, 50, 51, 255])('lets VRID %i pass when it is ours', (vrid) => {
    const message = [0x31, vrid, 100, 0, 0, 10, 0, 0];
    const wanted = vrids.includes(vrid);
    const short = [0x45, ...new Array(7).fill(0), 255, ...new Array(7).fill(0), 224, 0, 0, 18];
    const long = [0x46, ...short.slice(1), 0, 0, 0, 0];
    expect(runFilter(vridFilter(4, vrids, false), Uint8Array.from([...short, ...message]))).toBe(wanted);
    expect(runFilter(vridFilter(4, vrids, false), Uint8Array.from([...long, ...message]))).toBe(wanted);
    expect(runFilter(vridFilter(6, vrids, false), Uint8Array.from(message))).toBe(wanted);
  });

  it.each([
    ['TTL 64 to a group', 64, 224, [0x31, 51, 100, 0, 0, 10, 0, 0], false],
    ['TTL 64 to one', 64, 192, [0x31, 51, 100, 0, 0, 10, 0, 0], true],
    ['version 2', 255, 224, [0x21, 51, 100, 0, 0, 10, 0, 0], true],
    ['version 5', 255, 224, [0x51, 51, 100, 0, 0, 10, 0, 0], false],
    ['another type', 255, 224, [0x32, 51, 100, 0, 0, 10, 0, 0], false],
    ['seven bytes', 255, 224, [0x31, 51, 100, 0, 0, 10, 0], false],
  ])('judges what can be no advert of ours: %s', (_, ttl, first, message, wanted) => {
    const header = [0x45, ...new Array(7).fill(0), ttl, ...new Array(7).fill(0), first, 0, 0, 18];
    expect(runFilter(vridFilter(4, [51], false), Uint8Array.from([...header, ...message]))).toBe(wanted);
  });

  it.each([
    [255, true],
    [254, false],
  ])('looks at hop limit %i where it is asked to', (hopLimit, wanted) => {
    // The network header lies in front of what an IPv6 socket sees; the machine of this test has it behind.
    const packet = Uint8Array.from([0x31, 51, 100, 0, 0, 10, 0, 0, 0x60, 0, 0, 0, 0, 8, 112, hopLimit]);
    expect(runFilter(vridFilter(6, [51], true), packet, 8)).toBe(wanted);
  });
});

describe('encodeFilter', () => {
  it('writes struct sock_filter', () => {
    expect(Buffer.from(encodeFilter([[0x15, 1, 2, 0x0806]])).toString('hex')).toBe('1500010206080000');
  });
});

describe('a filter for announcements of known addresses', () => {
  const [VIP, OTHER, HOST] = [
    [192, 0, 2, 100],
    [192, 0, 2, 101],
    [10, 0, 0, 9],
  ];
  const arp = (operation: number, sender: number[], target: number[]): number[] => [
    ...[0, 1, 8, 0, 6, 4, 0, operation],
    ...[2, 0, 0, 0, 0, 1, ...sender, 0, 0, 0, 0, 0, 0, ...target],
  ];
  const cases: [string, number[], boolean][] = [
    ['a request of a host for another', arp(1, HOST, OTHER), false],
    ['a request of a host for a virtual address', arp(1, HOST, VIP), false],
    ['a request that a virtual address sends', arp(1, VIP, HOST), true],
    ['a request that the last of the addresses sends', arp(1, OTHER, HOST), true],
    ['a gratuitous request of any address', arp(1, HOST, HOST), true],
    ['a reply of any address', arp(2, HOST, OTHER), true],
    ['a request that is cut short', arp(1, VIP, HOST).slice(0, 20), false],
  ];
  const filters = [announcementFilter(['192.0.2.100', '192.0.2.101']), announcementFilter(many(510, VIP, OTHER))];

  it.each(cases)('%s', (_, packet, passes) => {
    for (const filter of filters) {
      expect(runFilter(filter, Uint8Array.from([...MACS, 0x08, 0x06, ...packet]))).toBe(passes);
      expect(runFilter(filter, Uint8Array.from([...MACS, 0x81, 0x00, 0, 7, 0x08, 0x06, ...packet]))).toBe(passes);
    }
  });

  it('lets all else pass that tells of virtual routers, and every request when there are too many addresses', () => {
    const [filter] = filters;
    expect(runFilter(filter!, Uint8Array.from([...MACS, ...IPV6(58, 136)]))).toBe(true);
    expect(runFilter(filter!, Uint8Array.from([...MACS, ...IPV6(58, 135)]))).toBe(false);
    expect(announcementFilter(many(600))).toBe(NEIGHBOUR_FILTER);
    expect(runFilter(announcementFilter([]), Uint8Array.from([...MACS, 0x08, 0x06, ...arp(1, HOST, VIP)]))).toBe(false);
  });

  it('is small enough for jumps of eight bits', () => {
    for (const [, jt, jf] of filters[1]!) expect(Math.max(jt, jf)).toBeLessThan(256);
  });

  function many(count: number, ...last: number[][]): string[] {
    const list = Array.from({ length: count }, (_, i) => `10.9.${i >> 8}.${i & 255}`);
    return [...list, ...last.map((bytes) => bytes.join('.'))];
  }
});
