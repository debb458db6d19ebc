// Linux "cooked" captures (LINKTYPE_LINUX_SLL and SLL2): what a capture on all interfaces has in place of Ethernet.
import type { Decoded } from './decoded.ts';
import { type EthernetFrame, macFromBytes, readEtherType } from './ethernet.ts';

export const LINKTYPE_ETHERNET = 1;
export const LINKTYPE_LINUX_SLL = 113;
export const LINKTYPE_LINUX_SLL2 = 276;

const SLL_LENGTH = 16;
const SLL2_LENGTH = 20;
const MAC_LENGTH = 6;
const OUTGOING = 4;
const NO_MAC = '00:00:00:00:00:00';

/** Whence a cooked frame is. */
export interface CookedOrigin {
  /** The packet type of the header: whether this host sent it. */
  readonly direction: 'sent' | 'received';
  /** SLL2 only: index of the interface. */
  readonly index: number | undefined;
}

/** Reads a frame of link type SLL or SLL2. The destination is not in it: zeros, as for a source that is no MAC. */
export function decodeCooked(bytes: Uint8Array, linkType: number): Decoded<EthernetFrame, 'truncated'> {
  const second = linkType === LINKTYPE_LINUX_SLL2;
  const length = second ? SLL2_LENGTH : SLL_LENGTH;
  if (bytes.length < length) return { ok: false, reason: 'truncated' };
  const macLength = second ? bytes[11]! : (bytes[4]! << 8) | bytes[5]!;
  const type = readEtherType(bytes, second ? 0 : length - 2, length - 2);
  if (type === undefined) return { ok: false, reason: 'truncated' };
  return {
    ok: true,
    value: {
      destination: NO_MAC,
      source: macLength === MAC_LENGTH ? macFromBytes(bytes, second ? 12 : 6) : NO_MAC,
      ...type,
    },
  };
}

/** The frame as it was on Ethernet, with zeros for the destination, which a cooked capture lacks. Undefined: it is cut. */
export function cookedAsEthernet(bytes: Uint8Array, linkType: number): Uint8Array | undefined {
  const second = linkType === LINKTYPE_LINUX_SLL2;
  const length = second ? SLL2_LENGTH : SLL_LENGTH;
  if (bytes.length < length) return undefined;
  const frame = new Uint8Array(2 * MAC_LENGTH + 2 + bytes.length - length);
  const mac = second ? 12 : 6;
  frame.set(bytes.subarray(mac, mac + MAC_LENGTH), MAC_LENGTH);
  const type = second ? 0 : length - 2;
  frame.set(bytes.subarray(type, type + 2), 2 * MAC_LENGTH);
  frame.set(bytes.subarray(length), 2 * MAC_LENGTH + 2);
  return frame;
}

/** What the header says beside addresses; undefined for other link types, and when it is cut. */
export function cookedOrigin(bytes: Uint8Array, linkType: number): CookedOrigin | undefined {
  const second = linkType === LINKTYPE_LINUX_SLL2;
  if (!second && linkType !== LINKTYPE_LINUX_SLL) return undefined;
  if (bytes.length < (second ? SLL2_LENGTH : SLL_LENGTH)) return undefined;
  return {
    direction: bytes[second ? 10 : 1] === OUTGOING ? 'sent' : 'received',
    index: second ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(4) : undefined,
  };
}
