// What frames said, by their bytes: an advert is sent again and again without a change, and reading it anew each time costs
// several times what looking it up does.
import { AH_PROTOCOL } from '../wire/ah.ts';
import { LINKTYPE_ETHERNET } from '../wire/cooked.ts';

const SLOTS = 4096;
const MAX_LENGTH = 512;
const VLAN_TAG = 0x81;
/** One of so many new frames takes the place of another: a flood in which no two are alike must not fill the old generation. */
const REPLACED = 8;

interface Slot<Value> {
  readonly bytes: Uint8Array;
  readonly value: Value;
}

/**
 * `read`, remembered for Ethernet frames of usual length, at most `SLOTS` of them. Frames that are alike but for id and
 * checksum of the IPv4 header count as the same, so `read` must look at neither; what it returns must hold no view.
 */
export function createRecall<Value>(read: (bytes: Uint8Array) => Value): (bytes: Uint8Array) => Value {
  const slots = new Array<Slot<Value> | undefined>(SLOTS);
  let turned = 0;
  return (bytes) => {
    if (bytes.length > MAX_LENGTH) return read(bytes);
    const ipAt = bytes[12] === VLAN_TAG ? 18 : 14;
    // Behind an Authentication Header no two are alike.
    if (bytes[ipAt + 9] === AH_PROTOCOL) return read(bytes);
    const index = hash(bytes, ipAt) % SLOTS;
    const slot = slots[index];
    if (slot !== undefined && isAlike(slot.bytes, bytes, ipAt)) return slot.value;
    if (slot !== undefined && ++turned % REPLACED !== 0) return read(bytes);
    const kept = Uint8Array.from(bytes);
    const value = read(kept);
    slots[index] = { bytes: kept, value };
    return value;
  };
}

/** Only this link type has its IPv4 header where it is looked for. */
export const RECALLED_LINK_TYPE = LINKTYPE_ETHERNET;

/** The id (4, 5) and the checksum (10, 11) of an IPv4 header at `ipAt`. */
function isChanging(at: number, ipAt: number): boolean {
  const offset = at - ipAt;
  return offset === 4 || offset === 5 || offset === 10 || offset === 11;
}

function hash(bytes: Uint8Array, ipAt: number): number {
  let sum = 0x811c9dc5 ^ bytes.length;
  for (let at = 0; at < bytes.length; at++) {
    if (!isChanging(at, ipAt)) sum = Math.imul(sum ^ bytes[at]!, 0x01000193);
  }
  return (sum ^ (sum >>> 15)) >>> 0;
}

function isAlike(a: Uint8Array, b: Uint8Array, ipAt: number): boolean {
  if (a.length !== b.length) return false;
  const ipv4 = a[ipAt - 2] === 0x08 && a[ipAt - 1] === 0x00;
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at] && !(ipv4 && isChanging(at, ipAt))) return false;
  }
  return true;
}
