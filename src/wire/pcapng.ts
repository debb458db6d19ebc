// The pcapng format (draft-ietf-opsawg-pcapng): the numbers of its blocks and options, and the blocks that we write.
import type { CaptureInterface } from './pcap-stream.ts';

export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  enhancedPacket: 6,
} as const;
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
export const OPTION = { end: 0, interfaceName: 2, packetFlags: 2, timeResolution: 9, timeOffset: 14 } as const;
/** epb_flags, the two lowest bits. */
export const DIRECTION = { received: 1, sent: 2 } as const;

/** Type, length, and the length again behind the body. */
export const BLOCK_OVERHEAD = 12;
const SNAP_LENGTH = 262_144;
const NANOSECONDS = 9;
const utf8 = new TextEncoder();

/** What begins a file: a section of unknown length, little endian. */
export function sectionBlock(): Uint8Array {
  return block(BLOCK.section, 16, (view) => {
    view.setUint32(0, BYTE_ORDER_MAGIC, true);
    view.setUint16(4, 1, true);
    view.setBigInt64(8, -1n, true);
  });
}

/** Tells of an interface with nanosecond times; the first one told of has number 0. */
export function interfaceBlock({ linkType, name = '' }: CaptureInterface): Uint8Array {
  const text = utf8.encode(name);
  const nameLength = text.length === 0 ? 0 : 4 + align4(text.length);
  return block(BLOCK.interface, 8 + nameLength + 8 + 4, (view, bytes) => {
    view.setUint16(0, linkType, true);
    view.setUint32(4, SNAP_LENGTH, true);
    let at = 8;
    if (nameLength > 0) {
      view.setUint16(at, OPTION.interfaceName, true);
      view.setUint16(at + 2, text.length, true);
      bytes.set(text, at + 4);
      at += nameLength;
    }
    view.setUint16(at, OPTION.timeResolution, true);
    view.setUint16(at + 2, 1, true);
    view.setUint8(at + 4, NANOSECONDS);
  });
}

/** What is written of a packet. */
export interface WrittenPacket {
  /** Number of its interface in this section. */
  readonly interface: number;
  /** Microseconds since the Unix epoch, and the nanoseconds (0 to 999) beyond them. */
  readonly at: number;
  readonly nanoseconds: number;
  readonly bytes: Uint8Array;
  readonly originalLength: number;
  readonly direction: 'sent' | 'received' | undefined;
}

/** An Enhanced Packet Block. */
export function packetBlock(packet: WrittenPacket): Uint8Array {
  const { bytes: data, direction } = packet;
  const padded = align4(data.length);
  return block(BLOCK.enhancedPacket, 20 + padded + (direction === undefined ? 0 : 12), (view, bytes) => {
    const time = BigInt(packet.at) * 1000n + BigInt(packet.nanoseconds);
    view.setUint32(0, packet.interface, true);
    view.setUint32(4, Number((time >> 32n) & 0xffffffffn), true);
    view.setUint32(8, Number(time & 0xffffffffn), true);
    view.setUint32(12, data.length, true);
    view.setUint32(16, packet.originalLength, true);
    bytes.set(data, 20);
    if (direction === undefined) return;
    view.setUint16(20 + padded, OPTION.packetFlags, true);
    view.setUint16(22 + padded, 4, true);
    view.setUint32(24 + padded, DIRECTION[direction], true);
  });
}

/** A block whose body has `length` bytes (a multiple of four), zeros where `fill` writes nothing. */
function block(type: number, length: number, fill: (view: DataView, body: Uint8Array) => void): Uint8Array {
  const bytes = new Uint8Array(BLOCK_OVERHEAD + length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  view.setUint32(8 + length, bytes.length, true);
  fill(new DataView(bytes.buffer, 8, length), bytes.subarray(8, 8 + length));
  return bytes;
}

/** Rounded up to a multiple of four. */
export function align4(length: number): number {
  return (length + 3) & ~3;
}
