// `watch -r FILE` as lines: reads a capture to its end, as fast as it can be read, in bounded memory.
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createObserver, type ObservedFrame } from '../observe/observer.ts';
import { cookedOrigin, LINKTYPE_ETHERNET } from '../wire/cooked.ts';
import { type CapturedPacket, createCaptureReader } from '../wire/pcap-stream.ts';
import type { Recorder } from './watch-recorder.ts';
import type { WatchSink } from './watch-sink.ts';

const CHUNK = 1 << 18;

/** What is wrong with the file, in words; undefined: it was read to its end. Throws what reading it throws. */
export async function watchFile(
  path: string,
  sink: WatchSink,
  recorder: Recorder | undefined,
): Promise<string | undefined> {
  const observer = createObserver({ onEvent: sink.event });
  const problem = await readCapture(path, (frame, packet) => {
    const seen = observer.observe(frame, packet.at);
    recorder?.record(packet, seen);
  });
  observer.finish();
  sink.end(observer.snapshot());
  return problem;
}

/** Hands on all frames of a kind that is read; their bytes are good until the next. Returns and throws as `watchFile`. */
export async function readCapture(
  path: string,
  take: (frame: ObservedFrame, packet: CapturedPacket) => void,
): Promise<string | undefined> {
  const unread = new Set<number>();
  const reader = createCaptureReader((packet) => {
    const { bytes, originalLength } = packet;
    const { linkType } = packet.interface;
    const origin = cookedOrigin(bytes, linkType);
    if (linkType !== LINKTYPE_ETHERNET && origin === undefined) {
      unread.add(linkType);
      return;
    }
    const name = packet.interface.name ?? (origin?.index === undefined ? '' : `if${origin.index}`);
    const frame = { interface: name, linkType, bytes, cut: bytes.length < originalLength };
    take(frame, withDirection(packet, origin?.direction));
  });
  let problem: string | undefined;
  for await (const chunk of path === '-' ? process.stdin : piecesOf(path)) {
    problem = reader.push(chunk);
    if (problem !== undefined) break;
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }
  if (problem === 'format') return 'neither pcap nor pcapng';
  if (problem === 'broken') return 'a record has an impossible length: what follows cannot be read';
  if (!reader.whole) return 'it is empty, or ends within a record';
  return unread.size === 0 ? undefined : `link types that are not read: ${[...unread].join(', ')}`;
}

/** The file in pieces, all in the same buffer: each is good until the next is asked for. */
export async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  const buffer = new Uint8Array(CHUNK);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function withDirection(packet: CapturedPacket, direction: CapturedPacket['direction']): CapturedPacket {
  return packet.direction === undefined ? { ...packet, direction } : packet;
}
