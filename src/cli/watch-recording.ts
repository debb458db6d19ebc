// `watch -r FILE` with a screen: the frames of a capture that tell something, in memory, so that they can be wound.
import { interpretFrame } from '../observe/interpret.ts';
import type { ObservedFrame } from '../observe/observer.ts';
import type { RecordedFrame, Recording } from '../session/replay.ts';
import { cookedAsEthernet, LINKTYPE_ETHERNET } from '../wire/cooked.ts';
import { readCapture } from './watch-file.ts';
import type { Recorder } from './watch-recorder.ts';

/** Frames that are kept: some 150 MB. */
const KEPT = 500_000;

/** The recording, and what is wrong with the file or was left out. Throws what reading it throws. */
export async function readRecording(
  path: string,
  recorder: Recorder | undefined,
): Promise<{ readonly recording: Recording; readonly problem: string | undefined }> {
  const frames: RecordedFrame[] = [];
  let start: number | undefined;
  let end = 0;
  let beyond = 0;
  const problem = await readCapture(path, (frame, packet) => {
    start ??= packet.at;
    // A step back of the clock counts as no time, as for the observer.
    end = Math.max(end, packet.at, start);
    const seen = interpretFrame(frame.bytes, frame.linkType, frame.cut);
    recorder?.record(packet, seen);
    if (seen === undefined) return;
    if (frames.length >= KEPT) beyond++;
    else
      frames.push({ interface: frame.interface, direction: packet.direction ?? 'received', at: end, ...keptOf(frame) });
  });
  const last = beyond > 0 ? frames.at(-1)!.at : end;
  const left =
    beyond > 0 ? `only the first ${KEPT} frames about virtual routers are shown, ${beyond} are not` : undefined;
  return { recording: { frames, start: start ?? 0, end: last }, problem: problem ?? left };
}

/** A copy: the bytes lie in the buffer of the file. */
function keptOf({ bytes, linkType, cut }: ObservedFrame): Pick<RecordedFrame, 'bytes' | 'cut'> {
  if (linkType === LINKTYPE_ETHERNET) return { bytes: bytes.slice(), cut };
  return { bytes: cookedAsEthernet(bytes, linkType) ?? new Uint8Array(0), cut };
}
