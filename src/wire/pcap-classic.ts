// The records of a classic pcap file, one at a time: microsecond and nanosecond magic, both byte orders.
import { FILE_HEADER, isMagic, MAGIC_NANOSECOND, RECORD_HEADER } from './pcap.ts';
import type { CapturedPacket, CaptureInterface, CaptureParser } from './pcap-stream.ts';

/** Longer than any frame: such a length is no length. */
const MAX_RECORD = 1 << 20;

/** Undefined when the file does not begin as a pcap file does. `start` has at least four bytes. */
export function createClassicParser(
  start: Uint8Array,
  sink: (packet: CapturedPacket) => void,
): CaptureParser | undefined {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const little = isMagic(view.getUint32(0, true));
  const magic = view.getUint32(0, little);
  if (!isMagic(magic)) return undefined;
  const nano = magic === MAGIC_NANOSECOND;
  const shifts = little ? [0, 8, 16, 24] : [24, 16, 8, 0];
  const [a, b, c, d] = shifts as [number, number, number, number];
  const long = (bytes: Uint8Array, at: number): number =>
    ((bytes[at]! << a) | (bytes[at + 1]! << b) | (bytes[at + 2]! << c) | (bytes[at + 3]! << d)) >>> 0;
  let from: CaptureInterface | undefined;

  function next(bytes: Uint8Array, at: number): number {
    if (from === undefined) {
      if (bytes.length < at + FILE_HEADER) return 0;
      // The upper bits of the link type field tell about a frame check sequence.
      from = { linkType: long(bytes, at + 20) & 0xffff, name: undefined };
      return FILE_HEADER;
    }
    if (bytes.length < at + RECORD_HEADER) return 0;
    const length = long(bytes, at + 8);
    if (length > MAX_RECORD) return -1;
    const data = at + RECORD_HEADER;
    if (bytes.length < data + length) return 0;
    const fraction = long(bytes, at + 4);
    sink({
      interface: from,
      at: long(bytes, at) * 1_000_000 + (nano ? Math.floor(fraction / 1000) : fraction),
      nanoseconds: nano ? fraction % 1000 : 0,
      bytes: bytes.subarray(data, data + length),
      originalLength: long(bytes, at + 12),
      direction: undefined,
    });
    return RECORD_HEADER + length;
  }

  return { next };
}
