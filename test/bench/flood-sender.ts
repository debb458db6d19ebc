// A process of its own that fills a segment: `flood-sender KIND INTERFACE RATE SECONDS`, in the namespace it is started in. Prints
// how many frames the kernel took.
import koffi from 'koffi';
import { AF_PACKET, SOCK_CLOEXEC, SOCK_RAW } from '../../src/linux/abi.ts';
import { libc } from '../../src/linux/libc.ts';
import { sockaddrLl } from '../../src/linux/socket-address.ts';
import { addressBytes } from '../../src/wire/address.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { BROADCAST_MAC, ETHERTYPE, encodeEthernet, multicastMac } from '../../src/wire/ethernet.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { VRRP_GROUP, VRRP_PROTOCOL } from '../../src/wire/vrrp.ts';

/** Adverts of virtual routers that nobody here has; bad packets for those that there are; ARP requests. */
export const FLOODS = ['foreign', 'own', 'arp'] as const;
export type FloodKind = (typeof FLOODS)[number];

/** So many different frames, each of a sender of its own. */
const VARIETY = 4096;
/** Frames of one system call. */
const BATCH = 64;
/** What was not sent in time is sent later, but not more than this of it at once. */
const BEHIND_MS = 50;
const FOREIGN_VRIDS = 128;
const MAC = '02:00:00:00:00:f0';

/** Sends at `rate` frames a second, as evenly as timers of a millisecond allow. */
export async function sendFlood([kind, name, rate, seconds]: readonly string[]): Promise<void> {
  const perMs = Number(rate) / 1000;
  const send = openSender(name ?? '', framesOf(kind as FloodKind));
  const began = performance.now();
  const end = began + 1000 * Number(seconds);
  let paid = began;
  let sent = 0;
  for (let now = began; now < end; now = performance.now()) {
    paid = Math.max(paid, now - BEHIND_MS);
    const due = Math.floor((now - paid) * perMs);
    paid += due / perMs;
    for (let left = due; left > 0; left -= BATCH) sent += send(Math.min(left, BATCH));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  console.log(sent);
}

/** A function that sends the next frames in one system call, and says how many were taken. */
function openSender(name: string, frames: readonly Uint8Array[]): (count: number) => number {
  const c = libc();
  const sendmmsg = koffi.load(null).func('int sendmmsg(int fd, uint64_t messages, uint32_t count, int flags)');
  const fd = c.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  // Protocol 0: nothing is received.
  const bound = c.bind(fd, sockaddrLl(indexOf(name), 0));
  if (bound < 0) throw new Error(`cannot send on ${name}: ${bound}`);
  const length = frames.reduce((sum, frame) => sum + frame.length, 0);
  const { address, bytes, view } = c.allocate(frames.length * 80 + length);
  let at = frames.length * 80;
  for (const [i, frame] of frames.entries()) {
    const vector = frames.length * 64 + i * 16;
    // struct mmsghdr: struct msghdr with one iovec and no name, then what was sent.
    view.setBigUint64(i * 64 + 16, address + BigInt(vector), true);
    view.setBigUint64(i * 64 + 24, 1n, true);
    view.setBigUint64(vector, address + BigInt(at), true);
    view.setBigUint64(vector + 8, BigInt(frame.length), true);
    bytes.set(frame, at);
    at += frame.length;
  }
  let next = 0;
  return (count) => {
    const taken = sendmmsg(fd, address + BigInt(next * 64), Math.min(count, frames.length - next), 0) as number;
    if (taken < 0) throw new Error(`sendmmsg: error ${koffi.errno()}`);
    next = (next + taken) % frames.length;
    return taken;
  };
}

function indexOf(name: string): number {
  const index = koffi.load(null).func('uint32_t if_nametoindex(const char *name)')(name) as number;
  if (index === 0) throw new Error(`there is no interface ${name}`);
  return index;
}

function framesOf(kind: FloodKind): readonly Uint8Array[] {
  return Array.from({ length: VARIETY }, (_, i) => {
    const source = `10.0.${16 + (i >> 8)}.${i & 0xff}`;
    return kind === 'arp' ? arpRequest(source) : advert(kind, source, i);
  });
}

function advert(kind: FloodKind, source: string, i: number): Uint8Array {
  const destination = VRRP_GROUP[4];
  const vrid = kind === 'own' ? 1 + (i % 10) : 255 - (i % FOREIGN_VRIDS);
  const fields = { version: 3, vrid, priority: 100, addresses: ['10.0.9.9'], intervalUs: 100_000 } as const;
  const payload = encodeAdvert(fields, { family: 4, source, destination });
  // Of four for our own virtual routers: wrong checksum, wrong TTL, another version, cut short.
  const wrong = kind === 'own' ? i % 4 : undefined;
  if (wrong === 0) payload[6]! ^= 0x55;
  if (wrong === 2) payload[0] = 0x51;
  const packet = encodeIpv4({
    ...{ source, destination, ttl: wrong === 1 ? 64 : 255, tos: 0xc0, id: i, protocol: VRRP_PROTOCOL },
    payload: wrong === 3 ? payload.subarray(0, 6) : payload,
  });
  const mac = { destination: multicastMac(destination), source: MAC, vlan: undefined };
  return encodeEthernet({ ...mac, etherType: ETHERTYPE.ipv4, payload: packet });
}

/** Who has an address that nobody has? */
function arpRequest(source: string): Uint8Array {
  const own = [2, 0, 0, 0, 0, 0xf0, ...addressBytes(source)];
  const payload = Uint8Array.of(0, 1, 8, 0, 6, 4, 0, 1, ...own, 0, 0, 0, 0, 0, 0, 10, 0, 7, 7);
  const mac = { destination: BROADCAST_MAC, source: MAC, vlan: undefined };
  return encodeEthernet({ ...mac, etherType: ETHERTYPE.arp, payload });
}
