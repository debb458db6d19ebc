// Adverts in front of the IP stack (packet socket) and behind it (raw socket), counted side by side. No group is joined: a raw
// socket gets what any process on the host has joined.
import type { AdvertStream } from '../ports/host-state.ts';
import { addressFromBytes, type Family } from '../wire/address.ts';
import { AH_PROTOCOL, decodeAh } from '../wire/ah.ts';
import { decodeFrame } from '../wire/frame.ts';
import { decodeIpv4 } from '../wire/ipv4.ts';
import { VRRP_PROTOCOL } from '../wire/vrrp.ts';
import { AF_INET, AF_INET6, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_RAW } from './abi.ts';
import { createCapturePort } from './capture-port.ts';
import { monotonicUs } from './clock.ts';
import { libc } from './libc.ts';
import { createLinkTable } from './link-table.ts';
import { createMessageBuffer } from './message-buffer.ts';
import { createPoller } from './poller.ts';

export interface Listened {
  readonly streams: readonly AdvertStream[];
  readonly listenedUs: number;
  /** How late a timer was at most, µs. */
  readonly latestUs: number;
}

const TICK_MS = 20;
/** So many datagrams of one socket are read in a tick. */
const BUDGET = 256;

/** Listens on these interfaces. A message instead says why not. */
export async function listenForAdverts(
  interfaces: readonly string[],
  milliseconds: number,
): Promise<Listened | string> {
  const poller = createPoller();
  const capture = createCapturePort(poller, createLinkTable(poller));
  const streams = new Map<string, { -readonly [K in keyof AdvertStream]: AdvertStream[K] }>();
  const delivered = new Map<string, number>();
  capture.onFrame(({ interface: name, direction, bytes }) => {
    const frame = decodeFrame(bytes);
    if (!frame.ok || (frame.value.kind !== 'vrrp' && frame.value.kind !== 'ah')) return;
    const { ip, packet, sourceMac, vlan = 0 } = frame.value;
    // What has a tag belongs to another interface.
    if (packet === undefined || vlan > 0) return;
    const { family, protocol, source, destination } = ip;
    const key = [name, direction, protocol, source, destination, packet.vrid].join(' ');
    const known = streams.get(key);
    if (known !== undefined) Object.assign(known, { seen: known.seen + 1, priority: packet.priority });
    else {
      const { vrid, priority } = packet;
      const fields = { family, protocol, source, destination, mac: sourceMac, vrid, priority, direction };
      streams.set(key, { interface: name, ...fields, seen: 1, delivered: 0 });
    }
  });
  // On all interfaces at once: a macvlan may get what came in at its base.
  const sockets = [...rawSocket(4, VRRP_PROTOCOL), ...rawSocket(4, AH_PROTOCOL), ...rawSocket(6, VRRP_PROTOCOL)];
  const refused = interfaces.map((name) => capture.open(name)).find((result) => !result.ok);
  const start = monotonicUs();
  let latestUs = 0;
  if (refused === undefined) {
    for (let due = start + TICK_MS * 1000; due < start + milliseconds * 1000; due = monotonicUs() + TICK_MS * 1000) {
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      latestUs = Math.max(latestUs, monotonicUs() - due);
      for (const socket of sockets) drain(socket, delivered);
    }
  }
  capture.closeAll();
  for (const { fd } of sockets) libc().close(fd);
  poller.close();
  if (refused !== undefined && !refused.ok) return refused.message;
  for (const stream of streams.values()) {
    const { family, protocol, source, vrid } = stream;
    const counted = sockets.some((socket) => socket.family === family && socket.protocol === protocol);
    stream.delivered = counted ? (delivered.get([protocol, source, vrid].join(' ')) ?? 0) : undefined;
  }
  return { streams: [...streams.values()], listenedUs: monotonicUs() - start, latestUs };
}

interface RawSocket {
  readonly fd: number;
  readonly family: Family;
  readonly protocol: number;
}

function rawSocket(family: Family, protocol: number): RawSocket[] {
  const fd = libc().socket(family === 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  return fd < 0 ? [] : [{ fd, family, protocol }];
}

let buffer: ReturnType<typeof createMessageBuffer> | undefined;

function drain({ fd, family, protocol }: RawSocket, delivered: Map<string, number>): void {
  buffer ??= createMessageBuffer(2048);
  for (let i = 0; i < BUDGET; i++) {
    const length = buffer.receive(fd);
    if (length < 0) return;
    const datagram = read(family, protocol, buffer.data(length), buffer.name());
    if (datagram === undefined) continue;
    const key = [protocol, datagram.source, datagram.vrid].join(' ');
    delivered.set(key, (delivered.get(key) ?? 0) + 1);
  }
}

/** IPv4 comes with its header, IPv6 without: the sender stands in the address then (struct sockaddr_in6). */
function read(family: Family, protocol: number, bytes: Uint8Array, name: DataView) {
  let payload = bytes;
  let source: string;
  if (family === 4) {
    const ip = decodeIpv4(bytes);
    if (!ip.ok) return undefined;
    ({ payload, source } = ip.value);
  } else source = addressFromBytes(new Uint8Array(name.buffer, name.byteOffset + 8, 16), 0, 6);
  if (protocol === AH_PROTOCOL) {
    const ah = decodeAh(payload);
    if (!ah.ok || ah.value.nextHeader !== VRRP_PROTOCOL) return undefined;
    payload = ah.value.payload;
  }
  return payload.length < 2 ? undefined : { source, vrid: payload[1]! };
}
