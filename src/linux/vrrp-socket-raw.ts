// VRRP sockets of the package raw-socket, where its addon was built. Main thread only. It opens and receives; adverts are
// sent as all else is (raw-socket sends no ancillary data, and tells errors in words).
import { Buffer } from 'node:buffer';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type { PortResult } from '../ports/result.ts';
import {
  AF_INET,
  AF_INET6,
  IP_ADD_MEMBERSHIP,
  IP_HDRINCL,
  IP_MULTICAST_ALL,
  IP_MULTICAST_IF,
  IP_MULTICAST_LOOP,
  IPV6_JOIN_GROUP,
  IPV6_MULTICAST_ALL,
  IPV6_MULTICAST_IF,
  IPV6_MULTICAST_LOOP,
  SIOCGSTAMPNS,
  SO_ATTACH_FILTER,
  SO_BINDTODEVICE,
  SO_DOMAIN,
  SO_PRIORITY,
  SO_PROTOCOL,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOL_IP,
  SOL_IPV6,
  SOL_SOCKET,
} from './abi.ts';
import { int32, libc } from './libc.ts';
import { createMessageBuffer, type MessageBuffer } from './message-buffer.ts';
import { attachFilter, detachFilter, HOP_LIMIT_FILTER, sockFprog } from './packet-filter.ts';
import type { Poller } from './poller.ts';
import { in6AddressAndIndex, ipMreqn } from './socket-address.ts';
import {
  arrivedAt,
  deviceName,
  ipv4Datagram,
  type OpenVrrpSocket,
  RECEIVE_LENGTH,
  RECEIVE_QUEUE,
  sender,
  sieveOf,
  socketDrops,
  type VrrpSocket,
  type VrrpSocketOptions,
} from './vrrp-socket.ts';

/** The part of raw-socket 1.8 that is used. It has no types of its own. */
interface RawSocket {
  on(event: 'message', listener: (bytes: Buffer, source: string) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  setOption(level: number, option: number, value: Buffer, length: number): void;
  close(): void;
  /** The native object: its calls are synchronous and throw, unlike the queue around it. */
  readonly wrap: {
    recv(into: Buffer, received: () => void): void;
  };
}

interface RawSocketModule {
  createSocket(options: { addressFamily: number; protocol: number; bufferSize: number }): RawSocket;
  readonly AddressFamily: { readonly IPv4: number; readonly IPv6: number };
}

type Option = readonly [level: number, option: number, value: Uint8Array | number];

interface Context {
  readonly poller: Poller;
  readonly buffer: MessageBuffer;
}

/** Every open socket by its descriptor: one without a reference is collected and silently stops to receive. */
const open = new Map<number, RawSocket>();

/** Opens VRRP sockets with raw-socket. Undefined where it was not built, or in a worker. */
export function rawVrrpSockets(poller: Poller): OpenVrrpSocket | undefined {
  if (!isMainThread) return undefined;
  const raw = load();
  if (raw === undefined) return undefined;
  const context = { poller, buffer: createMessageBuffer(RECEIVE_LENGTH) };
  return (options) => openSocket(raw, context, options);
}

function load(): RawSocketModule | undefined {
  try {
    return createRequire(import.meta.url)('raw-socket') as RawSocketModule;
  } catch {
    return undefined;
  }
}

function socketOptions({ link, family, groups }: VrrpSocketOptions): Option[] {
  const common: Option[] = [
    [SOL_SOCKET, SO_BINDTODEVICE, deviceName(link.name)],
    [SOL_SOCKET, SO_PRIORITY, 7],
    [SOL_SOCKET, SO_RCVBUF, RECEIVE_QUEUE],
  ];
  if (family === 4) {
    return [
      ...common,
      [SOL_IP, IP_HDRINCL, 1],
      [SOL_IP, IP_MULTICAST_IF, ipMreqn(undefined, link.index)],
      [SOL_IP, IP_MULTICAST_LOOP, 0],
      [SOL_IP, IP_MULTICAST_ALL, 0],
      ...groups.map((group): Option => [SOL_IP, IP_ADD_MEMBERSHIP, ipMreqn(group, link.index)]),
    ];
  }
  return [
    ...common,
    // The hop limit of what is received cannot be read, so the kernel checks it. Unicast peers may use any.
    ...(groups.length > 0 ? [[SOL_SOCKET, SO_ATTACH_FILTER, sockFprog(HOP_LIMIT_FILTER)] as const] : []),
    [SOL_IPV6, IPV6_MULTICAST_IF, link.index],
    [SOL_IPV6, IPV6_MULTICAST_LOOP, 0],
    [SOL_IPV6, IPV6_MULTICAST_ALL, 0],
    ...groups.map((group): Option => [SOL_IPV6, IPV6_JOIN_GROUP, in6AddressAndIndex(group, link.index)]),
  ];
}

function openSocket(raw: RawSocketModule, context: Context, options: VrrpSocketOptions): ReturnType<OpenVrrpSocket> {
  const { link, family, protocol } = options;
  const addressFamily = family === 4 ? raw.AddressFamily.IPv4 : raw.AddressFamily.IPv6;
  const domain = family === 4 ? AF_INET : AF_INET6;
  let socket: RawSocket | undefined;
  try {
    socket = raw.createSocket({ addressFamily, protocol, bufferSize: RECEIVE_LENGTH });
    socket.on('error', () => {});
    // Of this protocol there are no others than ours.
    const fd = descriptors().find((each) => !open.has(each) && isSocket(each, domain, protocol));
    if (fd === undefined) throw new Error('its descriptor is not in /proc/self/fd');
    // Else every script would inherit it.
    libc().closeOnExec(fd);
    for (const option of socketOptions(options)) setOption(socket, option);
    // Beyond net.core.rmem_max, where we may; else what was asked for above holds.
    libc().setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_QUEUE);
    discardWaiting(socket);
    open.set(fd, socket);
    return wire(socket, fd, context, options);
  } catch (error) {
    socket?.close();
    return refused(error, `cannot open a VRRP socket on ${link.name}`);
  }
}

function wire(socket: RawSocket, fd: number, { poller, buffer }: Context, options: VrrpSocketOptions): VrrpSocket {
  const { link, family } = options;
  let closed = false;
  const stamp = new Uint8Array(16);
  const stampView = new DataView(stamp.buffer);
  // The first question makes the kernel keep the time of what it delivers; the answer is of the datagram read last.
  const arrival = (): { at?: number } => {
    return libc().ioctl(fd, SIOCGSTAMPNS, stamp) < 0 ? {} : { at: arrivedAt(stampView) };
  };
  arrival();

  function later(work: () => void): void {
    poller.defer(() => {
      if (!closed) work();
    });
  }
  socket.on('message', (bytes, source) => {
    // The buffer is the library's and holds the next datagram soon.
    const copy = Uint8Array.from(bytes);
    const datagram =
      family === 4
        ? ipv4Datagram(link.name, copy)
        : { interface: link.name, family, source, destination: undefined, ttl: undefined, payload: copy };
    if (datagram === undefined) return;
    const stamped = { ...datagram, ...arrival() };
    later(() => options.onDatagram(stamped));
  });
  socket.on('error', (error) => {
    const { code, message } = refused(error, `VRRP socket on ${link.name}`);
    if (code !== 'EAGAIN' && code !== 'EINTR') later(() => options.onBroken(message));
  });

  const hopLimit = family === 6 && options.groups.length > 0;
  return {
    send: sender(fd, options, buffer),
    sieve: (vrids) => {
      if (vrids !== undefined) attachFilter(fd, sieveOf(family, vrids, hopLimit));
      else if (hopLimit) attachFilter(fd, HOP_LIMIT_FILTER);
      else detachFilter(fd);
    },
    dropped: () => socketDrops(fd),
    close: () => {
      if (closed) return;
      closed = true;
      open.delete(fd);
      socket.close();
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function setOption(socket: RawSocket, [level, option, value]: Option): void {
  const bytes = asBuffer(typeof value === 'number' ? int32(value) : value);
  socket.setOption(level, option, bytes, bytes.length);
}

/** Until it was bound to the device the socket heard all interfaces; recv throws when nothing is left. */
function discardWaiting(socket: RawSocket): void {
  const scratch = Buffer.alloc(RECEIVE_LENGTH);
  try {
    for (;;) socket.wrap.recv(scratch, () => {});
  } catch {}
}

/** All that is open now. raw-socket does not tell the number of the one it opened. */
function descriptors(): number[] {
  return readdirSync('/proc/self/fd').map(Number);
}

function isSocket(fd: number, domain: number, protocol: number): boolean {
  const value = new Uint8Array(4);
  const is = (option: number, wanted: number): boolean =>
    libc().getOption(fd, SOL_SOCKET, option, value) === 4 && new DataView(value.buffer).getInt32(0, true) === wanted;
  return is(SO_DOMAIN, domain) && is(SO_PROTOCOL, protocol);
}

/** raw-socket throws the words of strerror(3) only. */
const ERRNO_OF: Readonly<Record<string, string>> = {
  'Operation not permitted': 'EPERM',
  'Permission denied': 'EACCES',
  'Interrupted system call': 'EINTR',
  'Resource temporarily unavailable': 'EAGAIN',
  'No such device or address': 'ENXIO',
  'No such device': 'ENODEV',
  'Invalid argument': 'EINVAL',
  'Message too long': 'EMSGSIZE',
  'Protocol not available': 'ENOPROTOOPT',
  'Address family not supported by protocol': 'EAFNOSUPPORT',
  'Cannot assign requested address': 'EADDRNOTAVAIL',
  'Network is down': 'ENETDOWN',
  'Network is unreachable': 'ENETUNREACH',
  'No route to host': 'EHOSTUNREACH',
  'No buffer space available': 'ENOBUFS',
};

function refused(error: unknown, what: string): PortResult & { readonly ok: false } {
  const text = error instanceof Error ? error.message : String(error);
  return { ok: false, code: ERRNO_OF[text] ?? 'EUNKNOWN', message: `${what}: ${text.toLowerCase()}` };
}
