// `watch -r FILE` with a screen: the frames of a capture that tell something, in memory, so that they can be wound.
import { interpretFrame } from '../observe/interpret.ts';
import type { ObservedFrame } from '../observe/observer.ts';
import { createRecall, RECALLED_LINK_TYPE } from '../observe/recall.ts';
import type { RecordedFrame, Recording } from '../session/replay.ts';
import { cookedAsEthernet, LINKTYPE_ETHERNET } from '../wire/cooked.ts';
import { readCapture } from './watch-file.ts';
import type { Recorder } from './watch-recorder.ts';

/** Frames that are kept. */
const KEPT = 500_000;
/** Bytes of many frames lie in one piece: a piece for each would cost three times its size. */
const PIECE = 1 << 20;

/** The recording, what is wrong with the file, and what of it was left out. Throws what reading it throws. */
export async function readRecording(
  path: string,
  recorder: Recorder | undefined,
): Promise<{ readonly recording: Recording; readonly problem: string | undefined; readonly left: string | undefined }> {
  const frames: RecordedFrame[] = [];
  const recall = createRecall((bytes) => interpretFrame(bytes, RECALLED_LINK_TYPE, false));
  const keep = createStore();
  let start: number | undefined;
  let end = 0;
  let beyond = 0;
  const problem = await readCapture(path, (frame, packet) => {
    const { bytes, linkType, cut } = frame;
    start ??= packet.at;
    // A step back of the clock counts as no time, as for the observer.
    end = Math.max(end, packet.at, start);
    const plain = linkType === RECALLED_LINK_TYPE && !cut;
    const seen = plain ? recall(bytes) : interpretFrame(bytes, linkType, cut);
    recorder?.record(packet, seen);
    if (seen === undefined) return;
    if (frames.length >= KEPT) beyond++;
    else {
      const direction = packet.direction ?? 'received';
      frames.push({ interface: frame.interface, direction, at: end, bytes: keep(ethernetOf(frame)), cut });
    }
  });
  const last = beyond > 0 ? frames.at(-1)!.at : end;
  const left =
    beyond > 0 ? `only the first ${KEPT} frames about virtual routers are shown, ${beyond} are not` : undefined;
  return { recording: { frames, start: start ?? 0, end: last }, problem, left };
}

function ethernetOf({ bytes, linkType }: ObservedFrame): Uint8Array {
  if (linkType === LINKTYPE_ETHERNET) return bytes;
  return cookedAsEthernet(bytes, linkType) ?? new Uint8Array(0);
}

/** Copies what it is given: the frames lie in the buffer of the file. */
function createStore(): (bytes: Uint8Array) => Uint8Array {
  let piece = new Uint8Array(PIECE);
  let used = 0;
  return (bytes) => {
    if (bytes.length > PIECE) return bytes.slice();
    if (used + bytes.length > PIECE) {
      piece = new Uint8Array(PIECE);
      used = 0;
    }
    const kept = piece.subarray(used, used + bytes.length);
    kept.set(bytes);
    used += bytes.length;
    return kept;
  };
}
