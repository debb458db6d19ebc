// Each finding from frames alone: the trouble, what is told of it, and that it goes when it is mended.
import { describe, expect, it } from 'vitest';
import { readPages } from '../../src/cli/explain.ts';
import { ETHERTYPE, encodeEthernet, multicastMac } from '../../src/wire/ethernet.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { type AdvertOptions, advert, announcement, every, type Heard, hearing, macOf } from './wire-lab.ts';

const A = '192.0.2.11';
const B = '192.0.2.12';
const VIP = '192.0.2.100';
const VMAC = '00:00:5e:00:01:33';

/** Both send once a second from `first` to `last`, B half a second later: neither hears the other. */
function both(lab: Heard, a: AdvertOptions, b: AdvertOptions, first = 1, last = 9): void {
  for (const at of every(1, first, last)) {
    lab.adverts(A, [at], { priority: 150, ...a });
    lab.adverts(B, [at + 0.5], b);
  }
}

/** A alone, from `first` to `last`. */
function alone(lab: Heard, first: number, last: number, options: AdvertOptions = {}): void {
  lab.adverts(A, every(options.intervalS ?? 1, first, last), { priority: 150, ...options });
}

interface Case {
  readonly name: string;
  readonly trouble: (lab: Heard) => void;
  /** Ids that are open then, with severity and confidence. */
  readonly open: readonly string[];
  /** What the evidence of the first of them has to name. */
  readonly evidence: readonly string[];
  /** What mends it; what is open is gone after it. Absent: time, two hours of it. */
  readonly mend?: (lab: Heard) => void;
}

const CASES: readonly Case[] = [
  {
    name: 'two MASTERs at once',
    trouble: (lab) => both(lab, {}, {}),
    open: ['D01 error proven'],
    evidence: [A, B, 'priority 150', 'priority 100', macOf(B)],
    mend: (lab) => alone(lab, 10, 35),
  },
  {
    name: 'a router that becomes MASTER beside a better one, and is not heard again',
    trouble: (lab) => {
      alone(lab, 1, 5);
      lab.adverts(B, [5.5]);
      alone(lab, 6, 15);
    },
    open: ['D01 warning likely'],
    evidence: [B, 'priority 100'],
    mend: (lab) => alone(lab, 16, 40),
  },
  {
    name: 'two MASTERs with the virtual hardware address',
    trouble: (lab) => both(lab, { mac: VMAC }, { mac: VMAC }),
    open: ['D01 error proven', 'D27 error proven'],
    evidence: [VMAC],
    mend: (lab) => alone(lab, 10, 35, { mac: VMAC }),
  },
  {
    name: 'a VRID that strangers use too',
    trouble: (lab) => both(lab, {}, { addresses: ['198.51.100.7'] }),
    open: ['D01 error proven', 'D06 error proven'],
    evidence: [A, B],
  },
  {
    name: 'lists of addresses that have drifted apart',
    trouble: (lab) => both(lab, { addresses: [VIP, '192.0.2.101'] }, { addresses: [VIP] }),
    open: ['D01 error proven', 'D07 error proven'],
    evidence: [A, B],
  },
  {
    name: 'a BACKUP whose list differed when it was heard last',
    trouble: (lab) => {
      lab.adverts(B, [1, 2, 3], { addresses: [VIP, '192.0.2.101'] });
      alone(lab, 4, 12);
    },
    open: ['D07 warning likely'],
    evidence: [`${A} (${macOf(A)}): addresses ${VIP}`, `addresses ${VIP} 192.0.2.101`],
    mend: (lab) => {
      lab.adverts(B, [12.1, 12.2]);
      alone(lab, 13, 40);
    },
  },
  {
    name: 'passwords that differ',
    trouble: (lab) => both(lab, { password: 'secret99' }, { password: 'secret98' }),
    open: ['D01 error proven', 'D20 error proven'],
    evidence: [A, B],
  },
  {
    name: 'authentication on one side only',
    trouble: (lab) => both(lab, { password: 'secret99' }, {}),
    open: ['D01 error proven', 'D20 error proven'],
    evidence: [A, B],
  },
  {
    name: 'intervals that differ',
    trouble: (lab) => {
      for (const at of every(1, 1, 12)) {
        lab.adverts(A, [at], { priority: 150 });
        if (at % 2 === 0) lab.adverts(B, [at + 0.5], { intervalS: 2 });
      }
    },
    open: ['D01 error proven', 'D21 error proven', 'D34 info proven'],
    evidence: [A, B],
  },
  {
    name: 'an interval that is told and not kept',
    trouble: (lab) => lab.adverts(A, every(1, 1, 30), { intervalS: 2, priority: 150 }),
    open: ['D21 warning likely', 'D34 info proven'],
    evidence: ['says 2 s', 'median of 29'],
  },
  {
    name: 'versions that differ',
    trouble: (lab) => both(lab, {}, { version: 3 }),
    open: ['D01 error proven', 'D22 error proven'],
    evidence: [A, B],
  },
  {
    name: 'checksums that are wrong',
    trouble: (lab) => alone(lab, 1, 9, { damage: (message) => message.set([1, 2], 6) }),
    open: ['D23 error likely'],
    evidence: ['right in no reading', A],
    mend: (lab) => alone(lab, 10, 35),
  },
  {
    name: 'a TTL other than 255',
    trouble: (lab) => alone(lab, 1, 9, { ttl: 64 }),
    open: ['D43 warning likely'],
    evidence: ['TTL 64', macOf(A)],
    mend: (lab) => alone(lab, 10, 35),
  },
  {
    name: 'a new MASTER that does not announce the address',
    trouble: (lab) => {
      lab.hear(1, advert(B), announcement(VIP, macOf(B)));
      lab.adverts(B, [2, 3]);
      alone(lab, 3.5, 9.5);
    },
    open: ['D08 error likely'],
    evidence: [VIP, macOf(B), B, macOf(A)],
    mend: (lab) => {
      lab.hear(10, announcement(VIP, macOf(A)));
      alone(lab, 10.5, 20.5);
    },
  },
  {
    name: 'a BACKUP that still announces the address',
    trouble: (lab) => {
      lab.hear(1, advert(B), announcement(VIP, macOf(B)));
      lab.hear(1.5, advert(A, { priority: 150 }), announcement(VIP, macOf(A)));
      alone(lab, 2.5, 5.5);
      lab.hear(6, announcement(VIP, macOf(B)));
      alone(lab, 6.5, 9.5);
    },
    open: ['D37 error likely'],
    evidence: [VIP, macOf(B), B],
    mend: (lab) => {
      lab.hear(10, announcement(VIP, macOf(A)));
      alone(lab, 10.5, 20.5);
    },
  },
  {
    name: 'a loser that announced the address last: the winner never ceased to be MASTER',
    trouble: (lab) => {
      lab.hear(1, advert(A, { priority: 150 }), announcement(VIP, macOf(A)));
      both(lab, {}, {}, 2, 9);
      lab.hear(9.6, announcement(VIP, macOf(B)));
      alone(lab, 10, 24);
    },
    open: ['D08 error likely'],
    evidence: [VIP, macOf(B), B],
    mend: (lab) => {
      lab.hear(25, announcement(VIP, macOf(A)));
      alone(lab, 25.5, 60);
    },
  },
  {
    name: 'a stranger that announces the address',
    trouble: (lab) => {
      lab.hear(1, advert(A, { priority: 150 }), announcement(VIP, macOf(A)));
      lab.hear(2, announcement(VIP, '02:00:00:00:00:66'));
      alone(lab, 2.5, 9.5);
    },
    open: ['D42 error likely'],
    evidence: [VIP, '02:00:00:00:00:66'],
    mend: (lab) => {
      lab.hear(10, announcement(VIP, macOf(A)));
      alone(lab, 10.5, 20.5);
    },
  },
  {
    name: 'a stranger that announces the address as a MASTER does: its adverts do not arrive',
    trouble: (lab) => {
      lab.hear(1, advert(A, { priority: 150 }), announcement(VIP, macOf(A)));
      alone(lab, 2, 400);
      for (const at of [400.1, 400.2, 400.3]) lab.hear(at, announcement(VIP, macOf(B)));
      alone(lab, 401, 410);
    },
    open: ['D03 error likely'],
    evidence: [VIP, macOf(B), 'announced 3 times', A, 'no querier (IGMP) was heard'],
    mend: (lab) => {
      lab.hear(410.5, announcement(VIP, macOf(A)));
      alone(lab, 411, 421);
    },
  },
  {
    name: 'a router that was silent for long and announces the address as a MASTER does, in sight of a querier',
    trouble: (lab) => {
      lab.adverts(B, [1, 2, 3]);
      lab.adverts(B, [3.2], { priority: 0 });
      lab.hear(4, advert(A, { priority: 150 }), announcement(VIP, macOf(A)));
      alone(lab, 5, 30);
      lab.hear(30.1, igmpQuery('192.0.2.1'));
      for (const at of [30.2, 30.3, 30.4]) lab.hear(at, announcement(VIP, macOf(B)));
      alone(lab, 31, 40);
    },
    open: ['D03 error likely'],
    evidence: [VIP, macOf(B), 'a querier (IGMP) was heard'],
    mend: (lab) => {
      lab.hear(40.5, announcement(VIP, macOf(A)));
      alone(lab, 41, 51);
    },
  },
  {
    name: 'a stranger that takes over',
    trouble: (lab) => {
      alone(lab, 1, 90);
      lab.adverts(B, every(1, 90.5, 99.5), { priority: 200 });
    },
    open: ['D44 warning hint'],
    evidence: [macOf(B), 'priority 150'],
  },
  {
    name: 'sequence numbers that have passed',
    trouble: (lab) => {
      for (const at of every(1, 1, 9)) lab.adverts(A, [at], { sequence: 40 + at, priority: 150 });
      lab.adverts(A, [9.5], { sequence: 45, priority: 150 });
      for (const at of every(1, 10, 14)) lab.adverts(A, [at], { sequence: 40 + at, priority: 150 });
    },
    open: ['D45 warning likely'],
    evidence: [macOf(A), 'sequence number 45 after 49, 1 times'],
    mend: (lab) => {
      for (const at of every(1, 15, 80)) lab.adverts(A, [at], { sequence: 40 + at, priority: 150 });
    },
  },
  {
    name: 'a new MASTER that pauses after its first advert',
    trouble: (lab) => {
      lab.adverts(B, [1, 2, 3]);
      lab.adverts(B, [3.2], { priority: 0 });
      alone(lab, 4, 4);
      alone(lab, 7, 12);
    },
    open: ['D09 info hint', 'D50 warning likely'],
    evidence: [`${A}`, 'its second advert, due after 1.000 s', '1 addresses'],
  },
  {
    name: 'a new MASTER that pauses until it is taken for gone',
    trouble: (lab) => {
      alone(lab, 1, 1);
      alone(lab, 6, 12);
    },
    open: ['D50 warning likely'],
    evidence: ['its second advert'],
  },
  {
    name: 'a MASTER that changes again and again',
    trouble: (lab) => {
      for (const start of [0, 10, 20]) {
        alone(lab, start + 1, start + 3);
        lab.adverts(B, [start + 6.7, start + 7.7, start + 8.7, start + 9.7, start + 10.7]);
      }
      alone(lab, 31, 33);
    },
    open: ['D09 warning likely'],
    evidence: ['became MASTER by silence', 'became MASTER by preemption', B],
  },
  {
    name: 'adverts that are nearly too late',
    trouble: (lab) => lab.adverts(A, [1, 2, 3, 5.5, 6.5, 7.5, 8.5], { priority: 150 }),
    open: ['D09 info hint'],
    evidence: ['1 gaps near to the 3.414 s', 'longest 2.500 s'],
    mend: (lab) => alone(lab, 9.5, 700),
  },
  {
    name: 'equal priorities',
    trouble: (lab) => {
      lab.adverts(A, [1, 2, 3]);
      lab.adverts(B, every(1, 3.5, 9.5));
    },
    open: ['D39 info likely'],
    evidence: ['priority 100', A, B],
  },
  {
    name: 'two owners',
    trouble: (lab) => both(lab, { priority: 255 }, { priority: 255 }),
    open: ['D01 error proven', 'D39 error proven'],
    evidence: [A, B],
  },
  {
    name: 'an IPv6 list without a link-local address in front',
    trouble: (lab) => lab.adverts('fe80::11', every(1, 1, 9), { addresses: ['2001:db8::1', 'fe80::100'] }),
    open: ['D29 warning proven'],
    evidence: ['2001:db8::1'],
    mend: (lab) => lab.adverts('fe80::11', every(1, 10, 20)),
  },
  {
    name: 'an address of its own without being the owner',
    trouble: (lab) => alone(lab, 1, 9, { addresses: [A] }),
    open: ['D42 warning proven'],
    evidence: ['priority 150', A],
    mend: (lab) => alone(lab, 10, 35),
  },
  {
    name: 'more addresses than usual routers read',
    trouble: (lab) => alone(lab, 1, 9, { addresses: Array.from({ length: 21 }, (_, i) => `192.0.2.${100 + i}`) }),
    open: ['D41 info hint'],
    evidence: ['21 addresses'],
    mend: (lab) => alone(lab, 10, 35),
  },
  {
    name: 'a crash that is noticed late',
    trouble: (lab) => alone(lab, 1, 60, { intervalS: 10 }),
    open: ['D34 info proven'],
    evidence: ['interval 10 s'],
    mend: (lab) => alone(lab, 61, 80),
  },
];

function open(lab: Heard): string[] {
  return lab.observer
    .findings()
    .map(({ id, severity, confidence }) => `${id} ${severity} ${confidence}`)
    .sort();
}

/** A membership query of IGMPv2 to all hosts. */
function igmpQuery(source: string): Uint8Array {
  const payload = Uint8Array.of(0x11, 0x64, 0xee, 0x9b, 0, 0, 0, 0);
  const packet = encodeIpv4({ source, destination: '224.0.0.1', ttl: 1, tos: 0, protocol: 2, id: 1, payload });
  const ends = { destination: multicastMac('224.0.0.1'), source: macOf(source), vlan: undefined };
  return encodeEthernet({ ...ends, etherType: ETHERTYPE.ipv4, payload: packet });
}

describe('findings', () => {
  it.each(CASES)('$name', ({ trouble, open: expected, evidence, mend }) => {
    const lab = hearing();
    trouble(lab);
    lab.observer.finish();
    expect(open(lab)).toEqual([...expected].sort());
    const told = lab.observer.findings().find(({ id }) => expected.some((line) => line.startsWith(id)));
    const texts = lab.observer
      .findings()
      .flatMap((finding) => finding.evidence.map((one) => ('text' in one ? one.text : '')));
    for (const text of evidence) expect(texts.join('\n')).toContain(text);
    expect(told).toMatchObject({ segment: { interface: 'eth0', vrid: 51 }, resolved: undefined });
    for (const { title, why, fix, firstSeen, lastSeen } of lab.observer.findings()) {
      for (const text of [title, why, fix]) expect(text.length).toBeGreaterThan(20);
      expect(lastSeen).toBeGreaterThanOrEqual(firstSeen);
    }
    expect(JSON.stringify(lab.events)).not.toContain('secret');

    if (mend === undefined) for (const hour of [1, 2, 3]) lab.observer.tick(hour * 3_600_000_000 + 60_000_000);
    else mend(lab);
    lab.observer.finish();
    expect(open(lab)).toEqual([]);
    const ids = (lines: readonly string[]) => [...new Set(lines.map((line) => line.split(' ')[2]))].sort();
    const ends = lab.told('finding').filter((line) => line.endsWith('resolved'));
    expect(ids(ends)).toEqual(ids(lab.told('finding')));
  });

  it('each has a page', () => {
    const pages = readPages().map(({ id }) => id);
    const ids = CASES.flatMap(({ open: lines }) => lines.map((line) => line.split(' ')[0]!));
    expect(pages).toEqual(expect.arrayContaining(ids));
  });

  it('a healthy pair yields none: start, orderly takeover, crash, return', () => {
    const lab = hearing();
    lab.hear(1, advert(A, { priority: 150 }), announcement(VIP, macOf(A)));
    alone(lab, 2, 5);
    lab.adverts(A, [5.2], { priority: 0 });
    lab.hear(5.8, advert(B), announcement(VIP, macOf(B)));
    lab.adverts(B, every(1, 6.8, 9.8));
    lab.hear(10, advert(A, { priority: 150 }), announcement(VIP, macOf(A)));
    lab.adverts(B, [10.001]);
    alone(lab, 11, 15);
    lab.hear(18.61, advert(B), announcement(VIP, macOf(B)));
    lab.adverts(B, every(1, 19.61, 40));
    lab.observer.finish();
    expect(lab.told('finding')).toEqual([]);
  });

  it('takes no router for a stranger that is weaker, has a known hardware address, or is heard from the beginning', () => {
    const lab = hearing();
    alone(lab, 1, 90);
    lab.adverts(B, [90.5], { priority: 100 });
    lab.adverts('192.0.2.13', [91.5], { priority: 200, mac: macOf(A) });
    lab.adverts('192.0.2.14', [92.5], { priority: 200, mac: VMAC });
    lab.observer.finish();
    expect(lab.told('finding').join('\n')).not.toContain('D44');
  });

  it('takes a frame that is captured twice for no repetition of its sequence number', () => {
    const lab = hearing();
    for (const at of every(1, 1, 5)) lab.adverts(A, [at, at + 0.0005], { sequence: at, priority: 150 });
    lab.observer.finish();
    expect(lab.told('finding')).toEqual([]);
  });

  it('is told once while it lasts, and again when it becomes worse', () => {
    const lab = hearing();
    lab.adverts(B, [1, 2, 3], { addresses: [VIP, '192.0.2.101'] });
    alone(lab, 4, 12);
    both(lab, {}, { addresses: [VIP, '192.0.2.101'] }, 13, 18);
    const d07 = lab.told('finding').filter((line) => line.includes('D07'));
    expect(d07.map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'finding D07 warning likely',
      'finding D07 error proven',
    ]);
  });
});
