import { describe, expect, it } from 'vitest';
import { ETHERTYPE, encodeEthernet, multicastMac } from '../../src/wire/ethernet.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeIpv6 } from '../../src/wire/ipv6.ts';
import { advert, announcement, every, hearing, macOf } from './wire-lab.ts';

const A = '192.0.2.11';
const B = '192.0.2.12';
const ELECTION = ['master', 'left', 'two-masters', 'one-master'] as const;
const strong = { priority: 150 };
const at = (seconds: number): number => Math.round(seconds * 1e6);

describe('elections', () => {
  it('the first router that is heard is MASTER', () => {
    const lab = hearing();
    lab.adverts(A, [1], strong);
    expect(lab.events).toMatchObject([
      { type: 'speaker', at: at(1), interface: 'eth0', family: 4, vrid: 51, address: A, mac: macOf(A), priority: 150 },
      {
        type: 'master',
        at: at(1),
        address: A,
        previous: undefined,
        priority: 150,
        cause: 'first',
        takeoverUs: undefined,
      },
    ]);
  });

  it('a resignation, and the takeover measured from it', () => {
    const lab = hearing();
    lab.adverts(A, every(1, 1, 4), strong);
    lab.adverts(A, [4.2], { priority: 0 });
    lab.adverts(B, [4.81]);
    expect(lab.told(...ELECTION)).toEqual([
      '1 master 192.0.2.11 first',
      '4.2 left 192.0.2.11 priority-0',
      '4.81 master 192.0.2.12 priority-0',
    ]);
    expect(lab.events.at(-1)).toMatchObject({ previous: A, takeoverUs: 610_000 });
  });

  it('silence: given up after the master-down time, without anybody speaking', () => {
    const lab = hearing();
    lab.adverts(A, [1, 2], strong);
    const deadline = lab.observer.nextDeadline()!;
    expect(deadline).toBeLessThanOrEqual(at(2) + 3_414_062);
    lab.observer.tick(at(5.4));
    expect(lab.told('left')).toEqual([]);
    lab.observer.tick(at(5.5));
    expect(lab.told('left')).toEqual(['5.414062 left 192.0.2.11 silence']);
    lab.adverts(B, [5.61]);
    expect(lab.told('master').at(-1)).toBe('5.61 master 192.0.2.12 silence');
    expect(lab.events.at(-1)).toMatchObject({ previous: A, takeoverUs: 3_610_000 });
  });

  it('where nothing can happen any more there is no deadline', () => {
    const lab = hearing();
    expect(lab.observer.nextDeadline()).toBeUndefined();
    lab.adverts(A, [1], strong);
    lab.observer.tick(at(4.5));
    expect(lab.told('left')).toHaveLength(1);
    lab.observer.tick(at(20));
    expect(lab.observer.nextDeadline()).toBeUndefined();
  });

  it('a better one takes over, the other yields: an advert that was under way is no second MASTER', () => {
    const lab = hearing();
    lab.adverts(B, every(1, 1, 3));
    lab.adverts(A, [3.5], strong);
    lab.adverts(B, [3.501]);
    lab.adverts(A, [4.5, 5.5], strong);
    expect(lab.told(...ELECTION)).toEqual([
      '1 master 192.0.2.12 first',
      '3.5 master 192.0.2.11 preemption',
      '5.001 left 192.0.2.12 yielded',
    ]);
    const [segment] = lab.observer.snapshot().segments;
    expect(segment).toMatchObject({
      master: A,
      speakers: [
        { address: B, role: 'BACKUP' },
        { address: A, role: 'MASTER' },
      ],
    });
  });

  it('with equal priority the higher address is the better one', () => {
    const lab = hearing();
    lab.adverts(A, [1, 2]);
    lab.adverts(B, [2.5]);
    expect(lab.told('master').at(-1)).toBe('2.5 master 192.0.2.12 preemption');
  });

  it('a MASTER that lowers its priority is taken over by preemption', () => {
    const lab = hearing();
    lab.adverts(A, [1, 2], strong);
    lab.adverts(A, [3, 4, 5, 6], { priority: 90 });
    lab.adverts(B, [6.6, 7.6, 8.6]);
    expect(lab.told(...ELECTION, 'change')).toEqual([
      '1 master 192.0.2.11 first',
      '3 change 192.0.2.11 priority: 150 -> 90',
      '6.6 master 192.0.2.12 preemption',
      '8.1 left 192.0.2.11 yielded',
    ]);
  });

  it('two that do not hear each other are MASTER at once until one stops', () => {
    const lab = hearing();
    for (let i = 0; i < 40; i++) {
      lab.adverts(A, [1 + i], strong);
      if (i >= 3 && i < 7) lab.adverts(B, [1.3 + i]);
    }
    // It heard A at 5 s at the latest, and should have been silent from then on.
    expect(lab.told(...ELECTION)).toEqual([
      '1 master 192.0.2.11 first',
      '4.3 master 192.0.2.12 unheard',
      '7.3 two-masters 192.0.2.11 192.0.2.12',
      '9.85 left 192.0.2.12 yielded',
      '9.85 one-master 192.0.2.11',
    ]);
    expect(lab.events.find(({ type }) => type === 'one-master')).toMatchObject({ since: at(5) });
  });

  it('one that is silenced by the adverts it refuses stays MASTER until it is silent for long', () => {
    const lab = hearing();
    for (const second of every(1, 1, 60)) {
      lab.adverts(A, [second], strong);
      if ([4, 5, 12, 20, 21].includes(second)) lab.adverts(B, [second + 0.3], { password: 'secret99' });
    }
    expect(lab.told(...ELECTION)).toEqual([
      '1 master 192.0.2.11 first',
      '4.3 master 192.0.2.12 unheard',
      '12.3 two-masters 192.0.2.11 192.0.2.12',
      '51.3 left 192.0.2.12 yielded',
      '51.3 one-master 192.0.2.11',
    ]);
  });

  it('one that another had silenced has a master-down time to speak again when that one is gone', () => {
    const lab = hearing();
    lab.adverts(A, [1, 2, 3], strong);
    lab.adverts(B, every(1, 3.3, 9.3), { password: 'secret99' });
    lab.adverts(B, [9.5], { priority: 0 });
    lab.observer.tick(at(12.9));
    expect(lab.told('left')).toEqual(['9.5 left 192.0.2.12 priority-0']);
    lab.observer.tick(at(13));
    expect(lab.told('left').at(-1)).toBe('12.914062 left 192.0.2.11 silence');
  });

  it('two that begin at the same moment: the weaker yields as usual', () => {
    const lab = hearing();
    lab.hear(1, advert(A, strong), advert(B));
    lab.adverts(A, [2, 3, 4], strong);
    expect(lab.told(...ELECTION).at(-1)).toBe('3.5 left 192.0.2.12 yielded');
  });

  it('one who returns after a freeze is MASTER anew', () => {
    const lab = hearing();
    lab.adverts(A, [1, 2], strong);
    lab.adverts(B, [5.6, 6.6]);
    lab.adverts(A, [7], strong);
    expect(lab.told('master')).toEqual([
      '1 master 192.0.2.11 first',
      '5.6 master 192.0.2.12 silence',
      '7 master 192.0.2.11 preemption',
    ]);
  });

  it('a resignation of a router that was never MASTER makes it none', () => {
    const lab = hearing();
    lab.adverts(A, [1], { priority: 0 });
    expect(lab.told(...ELECTION)).toEqual([]);
    expect(lab.observer.snapshot().segments[0]).toMatchObject({ master: undefined, speakers: [{ role: 'SILENT' }] });
  });

  it('interfaces, VLANs, families and VRIDs are elections of their own', () => {
    const lab = hearing();
    lab.hear(1, advert(A), advert(B, { vlan: 7 }), advert(B, { vrid: 52 }), advert('fe80::11'));
    lab.observer.observe({ interface: 'eth1', linkType: 1, bytes: advert(B), cut: false }, at(1));
    const ids = lab.observer.snapshot().segments.map((s) => [s.interface, s.vlan, s.family, s.vrid, s.master]);
    expect(ids).toEqual([
      ['eth0', undefined, 4, 51, A],
      ['eth0', 7, 4, 51, B],
      ['eth0', undefined, 4, 52, B],
      ['eth0', undefined, 6, 51, 'fe80::11'],
      ['eth1', undefined, 4, 51, B],
    ]);
  });

  it('keeps the times as MASTER with their causes', () => {
    const lab = hearing();
    lab.adverts(A, [1, 2, 3], strong);
    lab.adverts(A, [3.5], { priority: 0 });
    lab.adverts(B, [4.1]);
    expect(lab.observer.snapshot().segments[0]!.reigns).toMatchObject([
      { order: 1, address: A, first: at(1), last: at(3), adverts: 3, end: { at: at(3.5), cause: 'priority-0' } },
      { order: 2, address: B, cause: 'priority-0', first: at(4.1), adverts: 1, end: undefined },
    ]);
  });
});

describe('what a router says', () => {
  it('changes of interval, version, auth type, addresses and hardware address are told once each', () => {
    const lab = hearing();
    lab.adverts(A, [1]);
    lab.adverts(A, [2], { intervalS: 2 });
    lab.adverts(A, [3], { intervalS: 2, password: 'secret99' });
    lab.adverts(A, [4], { intervalS: 2, version: 3 });
    lab.adverts(A, [5], { intervalS: 2, version: 3, addresses: ['192.0.2.101', '192.0.2.100'] });
    lab.adverts(A, [6], { intervalS: 2, version: 3, addresses: ['192.0.2.100', '192.0.2.101'] });
    lab.adverts(A, [7], {
      intervalS: 2,
      version: 3,
      addresses: ['192.0.2.100', '192.0.2.101'],
      mac: '00:00:5e:00:01:33',
    });
    expect(lab.told('change')).toEqual([
      '2 change 192.0.2.11 interval: 1 -> 2',
      '3 change 192.0.2.11 auth: none -> PASS',
      '4 change 192.0.2.11 version: 2 -> 3',
      '4 change 192.0.2.11 auth: PASS -> none',
      '5 change 192.0.2.11 addresses: 192.0.2.100 -> 192.0.2.100 192.0.2.101',
      '7 change 192.0.2.11 mac: 02:00:00:00:00:11 -> 00:00:5e:00:01:33',
    ]);
  });

  it('no event and no view holds a password', () => {
    const lab = hearing();
    lab.adverts(A, [1, 2], { password: 'secret99' });
    const all = JSON.stringify([lab.events, lab.observer.snapshot()]);
    expect(all).not.toMatch(/secret|115,101,99|73656372/);
  });

  it('an advert that is late by more than two thirds of the master-down time is a near miss', () => {
    const lab = hearing();
    lab.adverts(A, [1, 2, 4.2, 6.5, 7.5], strong);
    expect(lab.told('near-miss')).toEqual(['6.5 near-miss 192.0.2.11 2.3']);
    const [speaker] = lab.observer.snapshot().segments[0]!.speakers;
    expect(speaker!.gaps).toMatchObject({ count: 4, maxUs: 2_300_000, nearMisses: 1 });
  });

  it('counts gaps in bounded memory: percentiles right to 3 %', () => {
    const lab = hearing();
    let now = 0;
    const gaps = every(0.001, 0.9, 1.4);
    for (const gap of gaps) {
      now += gap;
      lab.adverts(A, [now]);
    }
    const [speaker] = lab.observer.snapshot().segments[0]!.speakers;
    expect(speaker!.gaps.p50Us / 1_150_000).toBeCloseTo(1, 1.2);
    expect(speaker!.gaps.p99Us / 1_395_000).toBeCloseTo(1, 1.2);
    expect(speaker!.gaps.maxUs).toBeGreaterThan(1_399_000);
  });

  it.each([
    ['a wrong checksum', { damage: (m: Uint8Array) => m.set([m[6]! ^ 1], 6) }, 'checksum'],
    ['an address too few', { damage: (m: Uint8Array) => m.set([2], 3) }, 'length'],
    ['a TTL that came through a router', { ttl: 254 }, 'ttl'],
    ['version 4', { damage: (m: Uint8Array) => m.set([0x41], 0) }, 'version'],
    ['another type', { damage: (m: Uint8Array) => m.set([0x22], 0) }, 'type'],
    ['interval 0', { intervalS: 0 }, 'interval'],
  ])('%s is refused, told once, counted, and makes nobody MASTER', (_, options, reason) => {
    const lab = hearing();
    lab.adverts(A, [1, 2, 3], options);
    expect(lab.told('refused', 'master', 'speaker')).toEqual([`1 refused 192.0.2.11 ${reason}`]);
    expect(lab.observer.snapshot()).toMatchObject({
      counts: { adverts: 0, refused: 3 },
      segments: [{ master: undefined, speakers: [{ refused: { [reason]: 3 } }] }],
    });
  });

  it.each([
    ['a TTL below 255 towards a unicast peer', { destination: '192.0.2.13', ttl: 64 }],
    ['version 3 without a pseudo-header in its checksum', { version: 3, damage: withoutPseudoHeader }],
  ] as const)('%s is accepted', (_, options) => {
    const lab = hearing();
    lab.adverts(A, [1], options);
    expect(lab.told('master', 'refused')).toEqual(['1 master 192.0.2.11 first']);
  });

  it('a capture that is cut tells enough: lengths and checksums do not count', () => {
    const lab = hearing();
    const bytes = advert(A).subarray(0, 14 + 20 + 8);
    lab.observer.observe({ interface: '', linkType: 1, bytes, cut: true }, at(1));
    expect(lab.told('master', 'refused')).toEqual(['1 master 192.0.2.11 first']);
  });
});

/** RFC 9568 §5.2.8 over IPv4. */
function withoutPseudoHeader(message: Uint8Array): void {
  message.fill(0, 6, 8);
  let sum = 0;
  for (let i = 0; i < message.length; i += 2) sum += message[i]! * 256 + message[i + 1]!;
  sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
  message.set([sum >> 8, sum & 0xff], 6);
}

describe('who has a VIP', () => {
  it.each([
    ['gratuitous ARP', '192.0.2.11', '192.0.2.12', '192.0.2.100'],
    ['neighbour advertisements', 'fe80::11', 'fe80::12', 'fe80::100'],
  ])('follows %s; others than VIPs are left out', (_, a, b, vip) => {
    const lab = hearing();
    lab.hear(1, advert(a, strong), announcement(vip, macOf(a)), announcement(a, macOf(a)));
    lab.hear(2, announcement(vip, macOf(a)), announcement(vip, '02:00:00:00:00:66'));
    lab.hear(3, advert(b), announcement(vip, macOf(b)));
    expect(lab.told('owner')).toEqual([
      `1 owner ${vip} ${macOf(a)} ${a}`,
      `2 owner ${vip} 02:00:00:00:00:66 undefined`,
      `3 owner ${vip} ${macOf(b)} ${b}`,
    ]);
    const { vips } = lab.observer.snapshot().segments[0]!;
    expect(vips).toEqual([{ address: vip, mac: macOf(b), router: b, since: at(3), last: at(3) }]);
  });

  it("the virtual router's own hardware address is that of the MASTER", () => {
    const lab = hearing();
    lab.hear(1, advert(A, { mac: '00:00:5e:00:01:33' }), announcement('192.0.2.100', '00:00:5e:00:01:33'));
    expect(lab.told('owner')).toEqual(['1 owner 192.0.2.100 00:00:5e:00:01:33 192.0.2.11']);
  });
});

describe('other protocols', () => {
  const udp = (port: number, data: number[]): number[] => [
    port >> 8,
    port & 255,
    port >> 8,
    port & 255,
    0,
    0,
    0,
    0,
    ...data,
  ];
  const frame4 = (destination: string, protocol: number, data: number[]): Uint8Array =>
    encodeEthernet({
      destination: multicastMac(destination),
      source: '02:00:00:00:00:21',
      vlan: undefined,
      etherType: ETHERTYPE.ipv4,
      payload: encodeIpv4({
        source: '192.0.2.21',
        destination,
        ttl: 255,
        tos: 0,
        id: 1,
        protocol,
        payload: Uint8Array.from(data),
      }),
    });
  const carp = [0x21, 5, 100, 7, 0, 1, 0, 0, ...new Array(28).fill(9)];
  const hsrp1 = (state: number): number[] => [
    0,
    0,
    state,
    3,
    10,
    110,
    9,
    0,
    ...new Array(8).fill(0x63),
    192,
    0,
    2,
    254,
  ];
  const hsrp2 = [1, 40, 2, 0, 6, 4, 1, 44, 2, 0, 0, 0, 0, 33, 0, 0, 0, 120, ...new Array(24).fill(0)];

  it('CARP has the same protocol number and is told apart by its header', () => {
    const lab = hearing();
    lab.hear(1, frame4('224.0.0.18', 112, carp), frame4('224.0.0.18', 112, carp));
    expect(lab.told('other-protocol', 'master', 'refused')).toEqual([
      '1 other-protocol carp 5 192.0.2.21 undefined 155',
    ]);
  });

  it('VRRPv2 with seven addresses is not CARP', () => {
    const lab = hearing();
    lab.adverts(A, [1], { addresses: [1, 2, 3, 4, 5, 6, 7].map((n) => `192.0.2.${100 + n}`) });
    expect(lab.told('master', 'other-protocol')).toEqual(['1 master 192.0.2.11 first']);
  });

  it('HSRP of both versions, told again when its state changes', () => {
    const lab = hearing();
    lab.hear(1, frame4('224.0.0.2', 17, udp(1985, hsrp1(8))), frame4('224.0.0.2', 17, udp(1985, hsrp1(8))));
    lab.hear(2, frame4('224.0.0.2', 17, udp(1985, hsrp1(16))), frame4('224.0.0.102', 17, udp(1985, hsrp2)));
    expect(lab.told('other-protocol')).toEqual([
      '1 other-protocol hsrp 9 192.0.2.21 standby 110',
      '2 other-protocol hsrp 9 192.0.2.21 active 110',
      '2 other-protocol hsrp 300 192.0.2.21 active 120',
    ]);
  });

  it('queriers of IGMP and MLD', () => {
    const lab = hearing();
    const mld = encodeEthernet({
      destination: multicastMac('ff02::1'),
      source: '02:00:00:00:00:21',
      vlan: undefined,
      etherType: ETHERTYPE.ipv6,
      payload: encodeIpv6({
        source: 'fe80::1',
        destination: 'ff02::1',
        ttl: 1,
        tos: 0,
        protocol: 0,
        payload: Uint8Array.from([58, 0, 5, 2, 0, 0, 1, 0, 130, ...new Array(27).fill(0)]),
      }),
    });
    lab.hear(
      1,
      frame4('224.0.0.1', 2, [0x11, 100, 0, 0, 0, 0, 0, 0]),
      frame4('224.0.0.22', 2, [0x22, 0, 0, 0, 0, 0, 0, 1]),
      mld,
      mld,
    );
    expect(lab.told('querier')).toEqual(['1 querier 192.0.2.21', '1 querier fe80::1']);
  });
});

describe('bounds', () => {
  it('more routers than there is room for are counted, and the known ones go on', () => {
    const lab = hearing(3);
    for (let i = 1; i <= 50; i++) lab.adverts(`192.0.2.${i}`, [1 + i / 1000], { vrid: i });
    lab.adverts('192.0.2.1', [2], { vrid: 1 });
    expect(lab.observer.snapshot()).toMatchObject({ counts: { adverts: 4, untracked: 47 } });
    expect(lab.observer.snapshot().segments).toHaveLength(3);
  });

  it('those that were silent for long make room', () => {
    const lab = hearing(1);
    lab.adverts(A, [1]);
    lab.adverts(B, [2, 700], { vrid: 52 });
    expect(lab.observer.snapshot().segments.map(({ vrid }) => vrid)).toEqual([52]);
  });

  it('time that steps back counts as no time', () => {
    const lab = hearing();
    lab.adverts(A, [10, 9, 8, 11]);
    expect(lab.told('master', 'left', 'near-miss')).toEqual(['10 master 192.0.2.11 first']);
  });

  it('the same frames give the same events', () => {
    const run = (): unknown => {
      const lab = hearing();
      for (let i = 0; i < 40; i++) lab.hear(i * 0.7, advert(i % 3 === 0 ? A : B, { priority: 100 + (i % 5) }));
      return [lab.events, lab.observer.snapshot()];
    };
    expect(run()).toEqual(run());
  });
});
