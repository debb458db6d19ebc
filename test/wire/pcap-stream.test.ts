import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePcap } from '../../src/wire/pcap.ts';
import { type CapturedPacket, type CaptureProblem, createCaptureReader } from '../../src/wire/pcap-stream.ts';
import { interfaceBlock, packetBlock, sectionBlock } from '../../src/wire/pcapng.ts';
import { fromHex } from './hex.ts';

const CLASSIC: readonly (readonly [string, string, readonly [number, number]])[] = [
  [
    'little endian, µs',
    'd4c3b2a1 0200 0400 00000000 00000000 00000400 01000000  0d02656b 40420f00 02000000 3c000000 aabb',
    [1_801_781_774_000_000, 0],
  ],
  [
    'big endian, µs',
    'a1b2c3d4 0002 0004 00000000 00000000 00040000 00000001  6b65020d 000f4240 00000002 0000003c aabb',
    [1_801_781_774_000_000, 0],
  ],
  [
    'little endian, ns',
    '4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000  0d02656b ffc99a3b 02000000 3c000000 aabb',
    [1_801_781_773_999_999, 999],
  ],
  [
    'big endian, ns',
    'a1b23c4d 0002 0004 00000000 00000000 00040000 00000001  6b65020d 3b9ac9ff 00000002 0000003c aabb',
    [1_801_781_773_999_999, 999],
  ],
];

interface Kept extends Omit<CapturedPacket, 'interface'> {
  readonly linkType: number;
  readonly name: string | undefined;
}

function readAll(file: Uint8Array, size = file.length): { packets: Kept[]; problem?: CaptureProblem; whole: boolean } {
  const packets: Kept[] = [];
  const reader = createCaptureReader(({ interface: { linkType, name }, bytes, ...packet }) => {
    packets.push({ linkType, name, ...packet, bytes: bytes.slice() });
  });
  let problem: CaptureProblem | undefined;
  for (let at = 0; at < file.length; at += size) problem = reader.push(file.slice(at, at + size));
  return { packets, whole: reader.whole, ...(problem && { problem }) };
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('a classic capture', () => {
  it.each(CLASSIC)('%s', (_, hex, [at, nanoseconds]) => {
    expect(readAll(fromHex(hex))).toEqual({
      whole: true,
      packets: [
        {
          linkType: 1,
          name: undefined,
          at,
          nanoseconds,
          bytes: fromHex('aabb'),
          originalLength: 60,
          direction: undefined,
        },
      ],
    });
  });

  it('is read the same in pieces of any size', () => {
    const packets = [1, 2, 3].map((n) => ({
      at: BigInt(n) * 1_500_000_000n,
      bytes: new Uint8Array(n * 40).fill(n),
      originalLength: 99,
    }));
    const file = writePcap({ linkType: 113, packets });
    const once = readAll(file);
    expect(once.packets.map(({ at, bytes }) => [at, bytes.length])).toEqual([
      [1_500_000, 40],
      [3_000_000, 80],
      [4_500_000, 120],
    ]);
    for (const size of [1, 3, 16, 17, 100]) expect(readAll(file, size)).toEqual(once);
  });

  it('that ends inside a record gives the packets before and says so', () => {
    const file = fromHex(CLASSIC[0]![1]);
    expect(readAll(concat(file, file.subarray(24, 50)).subarray(0, -1))).toMatchObject({
      whole: false,
      packets: [{ originalLength: 60 }],
    });
  });

  it('with a record of impossible length is broken there', () => {
    const file = fromHex(CLASSIC[0]![1]);
    const record = Uint8Array.from([...new Uint8Array(8), 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0]);
    expect(readAll(concat(file, record))).toMatchObject({ problem: 'broken', packets: [{ originalLength: 60 }] });
  });
});

it.each([
  ['text', '6e6f7420612063617074757265', 'format'],
  ['a section without byte order', `0a0d0d0a 1c000000 ${'00'.repeat(20)}`, 'broken'],
])('%s is refused', (_, hex, problem) => {
  expect(readAll(fromHex(hex))).toMatchObject({ problem, packets: [] });
});

describe('a pcapng capture', () => {
  const packet = {
    interface: 1,
    at: 1_801_781_773_999_999,
    nanoseconds: 999,
    bytes: fromHex('0102030405'),
    originalLength: 64,
  };

  it('that was written is read again: interfaces, nanoseconds, directions', () => {
    const file = concat(
      sectionBlock(),
      interfaceBlock({ linkType: 1, name: 'eth0' }),
      interfaceBlock({ linkType: 276, name: undefined }),
      packetBlock({ ...packet, direction: 'sent' }),
      packetBlock({ ...packet, interface: 0, direction: undefined }),
    );
    const { interface: _, ...rest } = packet;
    const expected = {
      whole: true,
      packets: [
        { linkType: 276, name: undefined, ...rest, direction: 'sent' },
        { linkType: 1, name: 'eth0', ...rest, direction: undefined },
      ],
    };
    for (const size of [file.length, 1, 13]) expect(readAll(file, size)).toEqual(expected);
  });

  it('big endian, µs by default, with a time offset, a simple packet and blocks that are not known', () => {
    const file = fromHex(`
      0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
      00000bad 00000010 deadbeef 00000010
      00000001 00000024 0001 0000 00040000  000e 0008 0000000000000064  0000 0000 00000024
      00000006 00000024 00000000 00000000 000f4240 00000002 0000003c aabb0000 00000024
      00000003 00000014 00000002 ccdd0000 00000014`);
    const { packets, whole } = readAll(file);
    expect(whole).toBe(true);
    expect(packets.map(({ at, bytes, originalLength }) => [at, [...bytes], originalLength])).toEqual([
      [101_000_000, [0xaa, 0xbb], 60],
      [101_000_000, [0xcc, 0xdd], 2],
    ]);
  });

  it('with times in 2^-n s', () => {
    const file = fromHex(`
      0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
      00000001 00000020 0001 0000 00040000  0009 0001 8a000000  0000 0000 00000020
      00000006 00000020 00000000 00000000 00000600 00000000 0000003c 00000020`);
    expect(readAll(file).packets).toMatchObject([{ at: 1_500_000, nanoseconds: 0 }]);
  });

  it('skips a huge block without holding it', () => {
    const huge = new Uint8Array(3 << 20);
    const view = new DataView(huge.buffer);
    view.setUint32(0, 0xbad, true);
    view.setUint32(4, huge.length, true);
    const file = [
      sectionBlock(),
      interfaceBlock({ linkType: 1, name: 'a' }),
      huge,
      packetBlock({ ...packet, interface: 0, direction: undefined }),
    ];
    const at: number[] = [];
    const reader = createCaptureReader((each) => at.push(each.at));
    for (const part of file) for (let i = 0; i < part.length; i += 65_536) reader.push(part.subarray(i, i + 65_536));
    expect([at, reader.whole]).toEqual([[packet.at], true]);
  });
});

it('takes any bytes behind any beginning without an exception', () => {
  const beginnings = [
    ...CLASSIC.map(([, hex]) => fromHex(hex)),
    concat(sectionBlock(), interfaceBlock({ linkType: 1, name: 'x' })),
    new Uint8Array(0),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...beginnings),
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: 1, max: 50 }),
      (start, rest, size) => {
        readAll(concat(start, rest), size);
      },
    ),
  );
});

it('takes a damaged capture without an exception', () => {
  const file = concat(
    sectionBlock(),
    interfaceBlock({ linkType: 1, name: 'eth0' }),
    ...[1, 2, 3].map((n) =>
      packetBlock({
        interface: 0,
        at: n,
        nanoseconds: 0,
        bytes: new Uint8Array(n),
        originalLength: n,
        direction: 'sent',
      }),
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 5 }), (damage) => {
      const copy = file.slice();
      for (const [at, value] of damage) copy[at] = value;
      readAll(copy, 7);
    }),
  );
});
