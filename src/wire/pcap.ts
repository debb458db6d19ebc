// Capture files in the classic pcap format: microsecond and nanosecond magic, both byte orders.
import { LINKTYPE_ETHERNET } from './cooked.ts';
import type { Decoded } from './decoded.ts';

const MAGIC_MICROSECOND = 0xa1b2c3d4;
export const MAGIC_NANOSECOND = 0xa1b23c4d;
export const FILE_HEADER = 24;
export const RECORD_HEADER = 16;
const SNAP_LENGTH = 262_144;

export interface PcapPacket {
  /** Nanoseconds since the Unix epoch. */
  readonly at: bigint;
  /** What was captured; a view into the file. */
  readonly bytes: Uint8Array;
  /** Length on the wire. */
  readonly originalLength: number;
}

export interface PcapFile {
  readonly nanosecond: boolean;
  /** 1 is Ethernet. */
  readonly linkType: number;
  readonly packets: readonly PcapPacket[];
  /** The file ends inside a record, which is left out. */
  readonly cut: boolean;
}

/** Reads a whole file. `truncated`: no file header. `magic`: not a pcap file (pcapng is another format). */
export function readPcap(bytes: Uint8Array): Decoded<PcapFile, 'truncated' | 'magic'> {
  if (bytes.length < 4) return { ok: false, reason: 'truncated' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = isMagic(view.getUint32(0, true));
  const magic = view.getUint32(0, little);
  if (!isMagic(magic)) return { ok: false, reason: 'magic' };
  if (bytes.length < FILE_HEADER) return { ok: false, reason: 'truncated' };
  const nanosecond = magic === MAGIC_NANOSECOND;
  const packets: PcapPacket[] = [];
  let at = FILE_HEADER;
  while (at + RECORD_HEADER <= bytes.length) {
    const start = at + RECORD_HEADER;
    const end = start + view.getUint32(at + 8, little);
    if (end > bytes.length) break;
    const fraction = BigInt(view.getUint32(at + 4, little)) * (nanosecond ? 1n : 1000n);
    packets.push({
      at: BigInt(view.getUint32(at, little)) * 1_000_000_000n + fraction,
      bytes: bytes.subarray(start, end),
      originalLength: view.getUint32(at + 12, little),
    });
    at = end;
  }
  // The upper bits of the link type field tell about a frame check sequence.
  const linkType = view.getUint32(20, little) & 0xffff;
  return { ok: true, value: { nanosecond, linkType, packets, cut: at < bytes.length } };
}

export function isMagic(value: number): boolean {
  return value === MAGIC_MICROSECOND || value === MAGIC_NANOSECOND;
}

/** The file header, little endian, nanoseconds: append records of `pcapRecord` to write a capture as it grows. */
export function pcapHeader(linkType: number = LINKTYPE_ETHERNET): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC_NANOSECOND, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAP_LENGTH, true);
  view.setUint32(20, linkType, true);
  return bytes;
}

/** One record of a nanosecond file. `originalLength` defaults to what is there. */
export function pcapRecord(
  packet: Omit<PcapPacket, 'originalLength'> & { readonly originalLength?: number },
): Uint8Array {
  const record = new Uint8Array(RECORD_HEADER + packet.bytes.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, Number(packet.at / 1_000_000_000n), true);
  view.setUint32(4, Number(packet.at % 1_000_000_000n), true);
  view.setUint32(8, packet.bytes.length, true);
  view.setUint32(12, packet.originalLength ?? packet.bytes.length, true);
  record.set(packet.bytes, RECORD_HEADER);
  return record;
}

/** A whole file with nanosecond times, little endian. */
export function writePcap(file: Pick<PcapFile, 'linkType' | 'packets'>): Uint8Array {
  const parts = [pcapHeader(file.linkType), ...file.packets.map(pcapRecord)];
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
