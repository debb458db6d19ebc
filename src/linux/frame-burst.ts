// Many frames in one call of sendmmsg(2): the announcements of a takeover.
import { EINTR } from './abi.ts';
import { libc } from './libc.ts';
import { sockaddrLl } from './socket-address.ts';

/** So many go in one call. */
const SLOTS = 64;
// struct mmsghdr is a msghdr (56 bytes) and the length that was sent; each slot has its parts behind all of those.
const HEADER = 64;
const IOVEC = 16;
const NAME = 24;
const NAME_LENGTH = 20;
/** A gratuitous ARP has 42 bytes, an unsolicited neighbour advertisement 86. */
const FRAME = 128;

export interface OutgoingFrame {
  /** Number of the interface. */
  readonly index: number;
  /** From the Ethernet header on; at most 128 bytes. */
  readonly bytes: Uint8Array;
}

/** Sends on a packet socket, in this order; 0 or a negative errno for each frame. One that fails does not stop the others. */
export type FrameBurst = (fd: number, frames: readonly OutgoingFrame[]) => readonly number[];

/** With memory of its own, used again by each burst. */
export function createFrameBurst(): FrameBurst {
  const { address, bytes, view } = libc().allocate(SLOTS * (HEADER + IOVEC + NAME + FRAME));
  const iovecs = SLOTS * HEADER;
  const names = iovecs + SLOTS * IOVEC;
  const data = names + SLOTS * NAME;
  for (let i = 0; i < SLOTS; i++) {
    view.setBigUint64(i * HEADER, address + BigInt(names + i * NAME), true);
    view.setUint32(i * HEADER + 8, NAME_LENGTH, true);
    view.setBigUint64(i * HEADER + 16, address + BigInt(iovecs + i * IOVEC), true);
    view.setBigUint64(i * HEADER + 24, 1n, true);
    view.setBigUint64(iovecs + i * IOVEC, address + BigInt(data + i * FRAME), true);
  }

  function fill(slot: number, { index, bytes: frame }: OutgoingFrame): void {
    const etherType = (frame[12]! << 8) | frame[13]!;
    bytes.set(sockaddrLl(index, etherType, frame.subarray(0, 6)), names + slot * NAME);
    bytes.set(frame, data + slot * FRAME);
    view.setUint32(iovecs + slot * IOVEC + 8, frame.length, true);
  }

  return (fd, frames) => {
    const results: number[] = [];
    for (let from = 0; from < frames.length; from += SLOTS) {
      const slots = frames.slice(from, from + SLOTS);
      for (const [slot, frame] of slots.entries()) fill(slot, frame);
      // The kernel stops at the first that fails, and tells why when that is the first of a call.
      for (let slot = 0; slot < slots.length; ) {
        const sent = libc().sendmmsg(fd, address + BigInt(slot * HEADER), slots.length - slot, 0);
        if (sent === EINTR) continue;
        for (let i = 0; i < sent; i++) results.push(0);
        if (sent <= 0) results.push(sent);
        slot += Math.max(sent, 1);
      }
    }
    return results;
  };
}
