// The packets that the screen holds as a pcapng file.
import type { Snapshot } from '../engine/snapshot.ts';
import type { Packet } from '../session/messages.ts';
import { interfaceBlock, packetBlock, sectionBlock } from '../wire/pcapng.ts';

const ETHERNET = 1;

/** The whole file. The snapshot tells what the engine's clock means in time of day. */
export function packetFile(packets: readonly Packet[], { wallTime, takenAt }: Snapshot): Uint8Array {
  const names = [...new Set(packets.map((packet) => packet.interface))];
  const blocks = [
    sectionBlock(),
    ...names.map((name) => interfaceBlock({ linkType: ETHERNET, name })),
    ...packets.map((packet) =>
      packetBlock({
        interface: names.indexOf(packet.interface),
        at: Math.round(wallTime * 1000) + packet.at - takenAt,
        nanoseconds: 0,
        bytes: packet.bytes,
        originalLength: packet.length,
        direction: packet.direction,
      }),
    ),
  ];
  const file = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    file.set(block, at);
    at += block.length;
  }
  return file;
}
