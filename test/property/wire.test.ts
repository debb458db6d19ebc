import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { describeFrame } from '../../src/observe/packet.ts';
import { addressFromBytes, type Family, parseAddress } from '../../src/wire/address.ts';
import { decodeAh } from '../../src/wire/ah.ts';
import { decodeArp, encodeGratuitousArp } from '../../src/wire/arp.ts';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { decodeEthernet, encodeEthernet, macFromBytes } from '../../src/wire/ethernet.ts';
import { decodeFrame } from '../../src/wire/frame.ts';
import { decodeIpv4, encodeIpv4 } from '../../src/wire/ipv4.ts';
import { decodeIpv6, encodeIpv6 } from '../../src/wire/ipv6.ts';
import { formatIpv6, parseIpv6 } from '../../src/wire/ipv6-text.ts';
import { decodeNeighbourAdvertisement, encodeUnsolicitedNeighbourAdvertisement } from '../../src/wire/neighbour.ts';
import { readPcap, writePcap } from '../../src/wire/pcap.ts';
import { stripControl } from '../../src/wire/text.ts';
import { type AdvertFields, authDataLength, type IpContext } from '../../src/wire/vrrp.ts';

const octet = fc.integer({ min: 0, max: 255 });
const word = fc.integer({ min: 0, max: 0xffff });
const family = fc.constantFrom<Family>(4, 6);
/** Sixteen bytes with many zeros, so that `::` has something to do. */
const sixteen = fc
  .array(fc.oneof(fc.constant(0), fc.constant(0), word), { minLength: 8, maxLength: 8 })
  .map((words) => Uint8Array.from(words.flatMap((value) => [value >> 8, value & 0xff])));
const address4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => addressFromBytes(bytes, 0, 4));
const address6 = sixteen.map((bytes) => addressFromBytes(bytes, 0, 6));
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) => macFromBytes(bytes, 0));
const payload = fc.uint8Array({ maxLength: 200 });

function addressOf(family: Family) {
  return family === 4 ? address4 : address6;
}

/** An advert of any version and family, and the IP facts that go with it. */
const advert = fc.tuple(family, fc.constantFrom<2 | 3>(2, 3)).chain(([family, version]) =>
  fc.record({
    fields: fc.record<AdvertFields, 'version' | 'vrid' | 'priority' | 'addresses' | 'intervalUs'>(
      {
        version: fc.constant(version),
        vrid: octet,
        priority: octet,
        addresses: fc.array(addressOf(family), { maxLength: 30 }),
        intervalUs:
          version === 2 ? octet.map((s) => s * 1_000_000) : fc.integer({ min: 0, max: 4095 }).map((cs) => cs * 10_000),
        password: fc.string({ unit: 'binary', maxLength: 10 }),
      },
      { requiredKeys: ['version', 'vrid', 'priority', 'addresses', 'intervalUs'] },
    ),
    ip: fc.record({ family: fc.constant(family), source: addressOf(family), destination: addressOf(family) }),
  }),
);

const frame = fc.oneof(
  fc.record({ mac, address: address4 }).map(encodeGratuitousArp),
  fc.record({ mac, address: address6, router: fc.boolean() }).map(encodeUnsolicitedNeighbourAdvertisement),
  fc.tuple(advert, fc.option(fc.integer({ min: 0, max: 4095 }), { nil: undefined })).map(([{ fields, ip }, vlan]) => {
    const facts = { ...ip, ttl: 255, protocol: 112, tos: 0xc0, id: 1, payload: encodeAdvert(fields, ip) };
    const [etherType, packet] = ip.family === 4 ? [0x0800, encodeIpv4(facts)] : [0x86dd, encodeIpv6(facts)];
    const link = { destination: '01:00:5e:00:00:12', source: '02:00:00:00:00:01', vlan };
    return encodeEthernet({ ...link, etherType, payload: packet });
  }),
);

/** Arbitrary bytes, and frames that were good once: some bytes changed, the end missing or too much behind it. */
const bytes = fc.oneof(
  payload,
  fc
    .tuple(frame, fc.array(fc.tuple(fc.nat(150), octet), { maxLength: 4 }), fc.integer({ min: -60, max: 60 }))
    .map(([good, changes, longer]) => {
      const bad = new Uint8Array(Math.max(0, good.length + longer));
      bad.set(good.subarray(0, bad.length));
      for (const [at, value] of changes) if (at < bad.length) bad[at] = value;
      return bad;
    }),
);

const IPV6: IpContext = { family: 6, source: 'fe80::1', destination: 'ff02::12' };
const IPV4: IpContext = { family: 4, source: '10.0.0.1', destination: '224.0.0.18' };
const ND = { source: 'fe80::1', destination: 'ff02::1' };

describe('decoding any bytes', () => {
  it.each([
    ['decodeVrrp over IPv4', (some: Uint8Array) => decodeVrrp(some, IPV4)],
    ['decodeVrrp over IPv6', (some: Uint8Array) => decodeVrrp(some, IPV6)],
    ['decodeVrrp without destination', (some: Uint8Array) => decodeVrrp(some, { ...IPV6, destination: undefined })],
    ['decodeEthernet', decodeEthernet],
    ['decodeIpv4', decodeIpv4],
    ['decodeIpv6', decodeIpv6],
    ['decodeArp', decodeArp],
    ['decodeNeighbourAdvertisement', (some: Uint8Array) => decodeNeighbourAdvertisement(some, ND)],
    ['decodeAh', decodeAh],
    ['decodeFrame', decodeFrame],
    ['readPcap', readPcap],
  ])('%s gives a value or a reason, and does not look beyond them', (_, decode) => {
    const check = (some: Uint8Array) => {
      const decoded = decode(some);
      if (!decoded.ok) expect(decoded.reason).toMatch(/^[a-z-]+$/);
      // The same bytes in the middle of others must mean the same.
      const surrounded = new Uint8Array(some.length + 60).fill(0x5a);
      surrounded.set(some, 30);
      expect(decode(surrounded.subarray(30, 30 + some.length))).toEqual(decoded);
    };
    fc.assert(fc.property(bytes, check), { numRuns: 500 });
    // Deeper headers of the good frames, which arbitrary bytes would hardly ever be.
    fc.assert(
      fc.property(bytes, fc.constantFrom(14, 34, 54), (some, skip) => check(some.subarray(skip))),
      {
        numRuns: 500,
      },
    );
  });

  it('describeFrame gives a row of one line or nothing', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const row = describeFrame({ interface: 'eth0', direction: 'sent', at: 0, bytes: some }, 1);
        if (row === undefined) return;
        expect(row.summary).toMatch(/^[\x20-\x7e]+$/);
        expect(row.length).toBe(some.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('a file of packets with any lengths is read to its end', () => {
    const header = writePcap({ linkType: 1, packets: [] });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (rest) => {
        const file = readPcap(Uint8Array.from([...header, ...rest]));
        if (!file.ok) throw new Error(file.reason);
        const held = file.value.packets.reduce((sum, packet) => sum + 16 + packet.bytes.length, 0);
        expect(file.value.cut).toBe(held < rest.length);
      }),
    );
  });
});

describe('what is encoded is decoded again', () => {
  it('adverts of every version and family', () => {
    fc.assert(
      fc.property(advert, ({ fields, ip }) => {
        const { password, ...plain } = fields;
        const message = encodeAdvert(fields, ip);
        const authLength = authDataLength(fields.version, ip.family);
        const authData = new Uint8Array(authLength);
        authData.set(new TextEncoder().encode(password ?? '').subarray(0, authLength));
        const decoded = decodeVrrp(message, ip);
        expect(decoded).toMatchObject({
          ok: true,
          value: {
            ...plain,
            type: 1,
            count: fields.addresses.length,
            authType: fields.version === 2 && password !== undefined ? 1 : 0,
            authData: authLength > 0 ? authData : undefined,
            length: message.length,
            expectedLength: message.length,
          },
        });
        const form = fields.version === 2 && ip.family === 4 ? 'message' : 'pseudo-header';
        if (decoded.ok) expect([form, 'both']).toContain(decoded.value.checksumForm);
      }),
    );
  });

  it('any single bit that is changed on the way is noticed', () => {
    fc.assert(
      fc.property(advert, fc.nat(), fc.nat(7), ({ fields, ip }, at, bit) => {
        const message = encodeAdvert(fields, ip);
        const index = at % message.length;
        // Version and count say what the sum covers.
        fc.pre(index !== 0 && index !== 3);
        const before = decodeVrrp(message, ip);
        message[index] = message[index]! ^ (1 << bit);
        const after = decodeVrrp(message, ip);
        if (!before.ok || !after.ok) throw new Error('truncated');
        expect(after.value.checksumForm).not.toBe(before.value.checksumForm);
      }),
    );
  });

  it('IPv4 and IPv6 packets', () => {
    const fields = { ttl: octet, tos: octet, id: word, payload };
    const v4 = fc.record({ source: address4, destination: address4, protocol: octet, ...fields });
    fc.assert(
      fc.property(v4, (packet) => {
        const value = { ...packet, family: 4, headerLength: 20, checksumOk: true, fragment: undefined };
        expect(decodeIpv4(encodeIpv4(packet))).toMatchObject({ ok: true, value });
      }),
    );
    const protocol = octet.filter((next) => next !== 0 && next !== 60);
    const v6 = fc.record({ source: address6, destination: address6, ...fields, protocol });
    fc.assert(
      fc.property(v6, ({ id: _, ...packet }) => {
        expect(decodeIpv6(encodeIpv6(packet))).toMatchObject({ ok: true, value: { ...packet, family: 6 } });
      }),
    );
  });

  it('Ethernet frames', () => {
    const etherType = word.filter((type) => type !== 0x8100 && type !== 0x88a8);
    const vlan = fc.option(fc.integer({ min: 0, max: 4095 }), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ destination: mac, source: mac, vlan, etherType, payload }), (value) => {
        expect(decodeEthernet(encodeEthernet(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('gratuitous ARP and unsolicited neighbour advertisements', () => {
    fc.assert(
      fc.property(mac, address4, address6, fc.boolean(), (mac, four, six, router) => {
        const arp = { senderMac: mac, senderAddress: four, targetAddress: four };
        expect(decodeFrame(encodeGratuitousArp({ mac, address: four }))).toMatchObject({ value: { kind: 'arp', arp } });
        const bytes = encodeUnsolicitedNeighbourAdvertisement({ mac, address: six, router });
        const advertisement = { target: six, mac, router, override: true, solicited: false, checksumOk: true };
        const value = { kind: 'neighbour-advertisement', advertisement };
        expect(decodeFrame(bytes)).toMatchObject({ value });
      }),
    );
  });

  it('capture files', () => {
    const at = fc.bigInt({ min: 0n, max: 0xffff_ffffn * 1_000_000_000n });
    const packet = fc.record({ at, bytes: payload, originalLength: fc.integer({ min: 0, max: 0xffff_ffff }) });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 5 }), word, (packets, linkType) => {
        const value = { nanosecond: true, linkType, packets, cut: false };
        expect(readPcap(writePcap({ linkType, packets }))).toEqual({ ok: true, value });
      }),
    );
  });
});

describe('IPv6 text', () => {
  it('is what ipaddr.js writes', () => {
    fc.assert(
      fc.property(sixteen, (bytes) => {
        expect(formatIpv6(bytes, 0)).toBe(new ipaddr.IPv6(Array.from(bytes)).toRFC5952String());
      }),
      { numRuns: 2000 },
    );
  });

  it('is read again', () => {
    fc.assert(
      fc.property(sixteen, (bytes) => {
        expect(parseIpv6(formatIpv6(bytes, 0))).toEqual(bytes);
      }),
    );
  });

  it('in every spelling is read as ipaddr.js reads it', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 1, maxLength: 5 });
    const text = fc.array(fc.oneof(hex, hex, fc.constant('')), { maxLength: 9 }).map((words) => words.join(':'));
    const spelling = fc.oneof(
      text,
      text,
      fc.ipV6().filter((some) => !some.includes('.')),
    );
    fc.assert(
      fc.property(spelling, (some) => {
        const known = ipaddr.IPv6.isValid(some) ? ipaddr.IPv6.parse(some).toByteArray() : undefined;
        expect(parseIpv6(some)).toEqual(known && Uint8Array.from(known));
      }),
      { numRuns: 5000 },
    );
  });

  it('of any characters is an address or none, and never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...':.0a1f%/ x') }), (text) => {
        const address = parseAddress(text);
        if (address !== undefined) expect(parseAddress(address)).toBe(address);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('stripControl', () => {
  const sequence = fc.constantFrom(
    '\x1b',
    '\x1b[',
    '\x1b]',
    '\x1bP',
    '\x9b',
    '\x9d',
    '\x07',
    '\x1b\\',
    '\u202e',
    '\ud83d',
  );
  const hostile = fc
    .array(fc.oneof(sequence, fc.string({ unit: 'binary', maxLength: 3 }), fc.string({ maxLength: 3 })))
    .map((parts) => parts.join(''));

  it('leaves nothing that a terminal obeys, and nothing to do for a second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const clean = stripControl(text);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(stripControl(clean)).toBe(clean);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves printable text alone, also between escape sequences', () => {
    const printable = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text));
    fc.assert(
      fc.property(printable, printable, (a, b) => {
        expect(stripControl(a + b)).toBe(a + b);
        expect(stripControl(`${a}\x1b[1;31m${b}\x1b]0;t\x07`)).toBe(a + b);
      }),
    );
  });
});
