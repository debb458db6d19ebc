// Capture files as a stream: pcap or pcapng, told apart by the first bytes, in pieces of any size and bounded memory.
import { createClassicParser } from './pcap-classic.ts';
import { createNgParser } from './pcapng-parser.ts';

/** Where a packet was captured. */
export interface CaptureInterface {
  /** 1 is Ethernet; see wire/cooked for the others that are read. */
  readonly linkType: number;
  /** pcapng only, and not always. */
  readonly name: string | undefined;
}

export interface CapturedPacket {
  readonly interface: CaptureInterface;
  /** Microseconds since the Unix epoch, and the nanoseconds (0 to 999) beyond them. */
  readonly at: number;
  readonly nanoseconds: number;
  /** A view, good until the next `push`: copy what is kept. */
  readonly bytes: Uint8Array;
  /** Length on the wire. */
  readonly originalLength: number;
  /** pcapng only, and not always. */
  readonly direction: 'sent' | 'received' | undefined;
}

/** `format`: neither pcap nor pcapng. `broken`: a record of impossible length; nothing behind it can be read. */
export type CaptureProblem = 'format' | 'broken';

/** What a parser did with the bytes at hand. */
export interface CaptureParser {
  /**
   * Reads the record at `at`. Returns its length, which may reach beyond the bytes that are there (the rest is skipped);
   * 0 when more bytes are needed; -1 when it is broken.
   */
  next(bytes: Uint8Array, at: number): number;
}

export interface CaptureReader {
  /** Takes the next piece of the file and hands on the packets that are whole. A problem ends the reading for good. */
  push(chunk: Uint8Array): CaptureProblem | undefined;
  /** Whether the file ends here without cutting a record. */
  readonly whole: boolean;
}

const MAGIC_LENGTH = 4;
const NONE = new Uint8Array(0);

/** A reader that calls `sink` for each packet, in the order of the file. */
export function createCaptureReader(sink: (packet: CapturedPacket) => void): CaptureReader {
  let parser: CaptureParser | undefined;
  let rest: Uint8Array = NONE;
  let skip = 0;
  let problem: CaptureProblem | undefined;

  function push(chunk: Uint8Array): CaptureProblem | undefined {
    if (problem !== undefined) return problem;
    const bytes = rest.length === 0 ? plainView(chunk) : joined(rest, chunk);
    let at = Math.min(skip, bytes.length);
    skip -= at;
    if (parser === undefined && bytes.length >= MAGIC_LENGTH) {
      parser = createClassicParser(bytes, sink) ?? createNgParser(bytes, sink);
      if (parser === undefined) problem = 'format';
    }
    while (parser !== undefined && at < bytes.length) {
      const length = parser.next(bytes, at);
      if (length === 0) break;
      if (length < 0) {
        problem = 'broken';
        break;
      }
      at += length;
    }
    skip += Math.max(at - bytes.length, 0);
    // A copy: what is kept must not hold on to the whole piece.
    rest = problem !== undefined || at >= bytes.length ? NONE : bytes.slice(at);
    return problem;
  }

  return {
    push,
    get whole() {
      return problem === undefined && parser !== undefined && rest.length === 0 && skip === 0;
    },
  };
}

/** Node's Buffer is a Uint8Array whose `slice` is no copy; those who read packets shall not have to know. */
function plainView({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a, 0);
  bytes.set(b, a.length);
  return bytes;
}
