// The blocks of a pcapng file, one at a time: sections of either byte order, interfaces, packets of all three kinds.
import type { CapturedPacket, CaptureInterface, CaptureParser } from './pcap-stream.ts';
import { align4, BLOCK, BLOCK_OVERHEAD, BYTE_ORDER_MAGIC, DIRECTION, OPTION } from './pcapng.ts';
import { stripControl } from './text.ts';

/** Blocks beyond this are skipped without being held in memory. */
const MAX_BLOCK = 1 << 20;
/** A section that tells of more interfaces is no capture of ours. */
const MAX_INTERFACES = 4096;
const MICROSECONDS = 6;

/** How an interface counts time: in 10^-n s, or in 2^-n s. */
interface NgInterface extends CaptureInterface {
  readonly exponent: number;
  readonly binary: boolean;
  readonly offsetSeconds: number;
}

/** Undefined when the file does not begin as a pcapng file does. `start` has at least four bytes. */
export function createNgParser(start: Uint8Array, sink: (packet: CapturedPacket) => void): CaptureParser | undefined {
  if (new DataView(start.buffer, start.byteOffset, start.byteLength).getUint32(0) !== BLOCK.section) return undefined;
  let little = true;
  let interfaces: NgInterface[] = [];
  let last = { at: 0, nanoseconds: 0 };

  function next(bytes: Uint8Array, at: number): number {
    if (bytes.length < at + BLOCK_OVERHEAD) return 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
    // The type of a section reads the same both ways; the magic behind its length tells the order of all that follows.
    const section = view.getUint32(0) === BLOCK.section;
    if (section) {
      little = view.getUint32(8, true) === BYTE_ORDER_MAGIC;
      if (!little && view.getUint32(8) !== BYTE_ORDER_MAGIC) return -1;
      interfaces = [];
    }
    const length = view.getUint32(4, little);
    if (length < BLOCK_OVERHEAD || length % 4 !== 0) return -1;
    if (length > MAX_BLOCK) return length;
    if (bytes.length < at + length) return 0;
    const body = new DataView(view.buffer, view.byteOffset + 8, length - BLOCK_OVERHEAD);
    if (!section) read(view.getUint32(0, little), body);
    return length;
  }

  function read(type: number, body: DataView): void {
    if (type === BLOCK.interface && body.byteLength >= 8 && interfaces.length < MAX_INTERFACES)
      interfaces.push(readInterface(body, little));
    else if (type === BLOCK.enhancedPacket && body.byteLength >= 20) readPacket(body, body.getUint32(0, little));
    // The obsolete block has a 16-bit number and a drop count in the place of the 32-bit one.
    else if (type === BLOCK.obsoletePacket && body.byteLength >= 20) readPacket(body, body.getUint16(0, little));
    else if (type === BLOCK.simplePacket && body.byteLength >= 4) readSimple(body);
  }

  function readPacket(body: DataView, number: number): void {
    const from = interfaces[number];
    const length = body.getUint32(12, little);
    if (from === undefined || 20 + length > body.byteLength) return;
    last = timeOf(from, body.getUint32(4, little), body.getUint32(8, little));
    sink({
      interface: from,
      ...last,
      bytes: new Uint8Array(body.buffer, body.byteOffset + 20, length),
      originalLength: body.getUint32(16, little),
      direction: readDirection(body, 20 + align4(length), little),
    });
  }

  /** Has no time and no interface of its own: the first one, and the time of the packet before. */
  function readSimple(body: DataView): void {
    const from = interfaces[0];
    if (from === undefined) return;
    const originalLength = body.getUint32(0, little);
    const length = Math.min(originalLength, body.byteLength - 4);
    const bytes = new Uint8Array(body.buffer, body.byteOffset + 4, length);
    sink({ interface: from, ...last, bytes, originalLength, direction: undefined });
  }

  return { next };
}

function readInterface(body: DataView, little: boolean): NgInterface {
  let name: string | undefined;
  let resolution = MICROSECONDS;
  let offset = 0;
  eachOption(body, 8, little, (code, value) => {
    if (code === OPTION.interfaceName) name = stripControl(new TextDecoder().decode(bytesOf(value)));
    if (code === OPTION.timeResolution && value.byteLength >= 1) resolution = value.getUint8(0);
    if (code === OPTION.timeOffset && value.byteLength >= 8) offset = Number(value.getBigInt64(0, little));
  });
  return {
    linkType: body.getUint16(0, little),
    name,
    exponent: resolution & 0x7f,
    binary: (resolution & 0x80) !== 0,
    offsetSeconds: offset,
  };
}

function readDirection(body: DataView, at: number, little: boolean): 'sent' | 'received' | undefined {
  let flags = 0;
  eachOption(body, at, little, (code, value) => {
    if (code === OPTION.packetFlags && value.byteLength >= 4) flags = value.getUint32(0, little) & 3;
  });
  if (flags === DIRECTION.sent) return 'sent';
  return flags === DIRECTION.received ? 'received' : undefined;
}

function eachOption(
  body: DataView,
  start: number,
  little: boolean,
  take: (code: number, value: DataView) => void,
): void {
  for (let at = start; at + 4 <= body.byteLength; ) {
    const code = body.getUint16(at, little);
    const length = body.getUint16(at + 2, little);
    if (code === OPTION.end || at + 4 + length > body.byteLength) return;
    take(code, new DataView(body.buffer, body.byteOffset + at + 4, length));
    at += 4 + align4(length);
  }
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** The two usual resolutions without big integers: this is done for each packet. */
function timeOf(from: NgInterface, high: number, low: number): { at: number; nanoseconds: number } {
  const { exponent, binary, offsetSeconds } = from;
  const offset = offsetSeconds * 1_000_000;
  if (!binary && exponent === MICROSECONDS) return { at: high * 0x1_0000_0000 + low + offset, nanoseconds: 0 };
  if (!binary && exponent === 9) {
    // 2^32 = 4_294_967 · 1000 + 296
    const part = high * 296 + low;
    return { at: high * 4_294_967 + Math.floor(part / 1000) + offset, nanoseconds: part % 1000 };
  }
  const ticks = (BigInt(high) << 32n) | BigInt(low);
  const ns = binary ? (ticks * 1_000_000_000n) >> BigInt(exponent) : (ticks * 1_000_000_000n) / 10n ** BigInt(exponent);
  return { at: Number(ns / 1000n) + offset, nanoseconds: Number(ns % 1000n) };
}
