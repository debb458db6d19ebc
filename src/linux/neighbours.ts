// Reads the kernel's neighbour table over rtnetlink (linux/neighbour.h).
import type { Neighbour } from '../ports/neighbour-port.ts';
import { addressFromBytes } from '../wire/address.ts';
import { AF_INET, AF_INET6 } from './abi.ts';
import { concat, decodeAttributes, encodeAttribute, type NetlinkMessage } from './netlink.ts';
import { createNetlinkSocket } from './netlink-socket.ts';

const RTM_NEWNEIGH = 28;
const RTM_GETNEIGH = 30;
const HEADER = 12;
const NDA_DST = 1;
const NDA_CACHEINFO = 3;
const NDA_IFINDEX = 8;
/** INCOMPLETE, FAILED, NOARP, NONE: nobody is known to be there. */
const PRESENT = 0x02 | 0x04 | 0x08 | 0x10 | 0x80;
/** The unit of the times in NDA_CACHEINFO: USER_HZ, 100 a second everywhere. */
const TICK_US = 10_000;

/** The hosts that answer on a link, by its index. Empty when the kernel does not tell. */
export function readNeighbours(index: number): readonly Neighbour[] {
  const netlink = createNetlinkSocket(0);
  try {
    const dump = netlink.dump(RTM_GETNEIGH, dumpBody(index));
    return typeof dump === 'number' ? [] : dump.flatMap(decodeNeighbour);
  } finally {
    netlink.close();
  }
}

function dumpBody(index: number): Uint8Array {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, index, true);
  return concat([new Uint8Array(HEADER), encodeAttribute(NDA_IFINDEX, value)]);
}

function decodeNeighbour({ type, body }: NetlinkMessage): Neighbour[] {
  if (type !== RTM_NEWNEIGH || body.length < HEADER) return [];
  const family = body[0] === AF_INET ? 4 : body[0] === AF_INET6 ? 6 : undefined;
  const state = new DataView(body.buffer, body.byteOffset, HEADER).getUint16(8, true);
  const attributes = decodeAttributes(body.subarray(HEADER));
  const address = attributes.get(NDA_DST);
  const times = attributes.get(NDA_CACHEINFO);
  if (family === undefined || (state & PRESENT) === 0) return [];
  if (address?.length !== (family === 4 ? 4 : 16) || times === undefined || times.length < 16) return [];
  const confirmed = new DataView(times.buffer, times.byteOffset, 4).getUint32(0, true);
  return [{ address: addressFromBytes(address, 0, family), confirmedUs: confirmed * TICK_US }];
}
