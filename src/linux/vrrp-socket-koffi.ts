// VRRP sockets straight through libc: no compiler needed at install, hop limit and destination known for IPv6 too.
import { addressFromBytes } from '../wire/address.ts';
import {
  AF_INET,
  AF_INET6,
  EAGAIN,
  EINTR,
  IP_ADD_MEMBERSHIP,
  IP_HDRINCL,
  IP_MULTICAST_ALL,
  IP_MULTICAST_IF,
  IP_MULTICAST_LOOP,
  IPV6_HOPLIMIT,
  IPV6_JOIN_GROUP,
  IPV6_MULTICAST_ALL,
  IPV6_MULTICAST_IF,
  IPV6_MULTICAST_LOOP,
  IPV6_PKTINFO,
  IPV6_RECVHOPLIMIT,
  IPV6_RECVPKTINFO,
  SO_BINDTODEVICE,
  SO_PRIORITY,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_IP,
  SOL_IPV6,
  SOL_SOCKET,
} from './abi.ts';
import { failure, libc } from './libc.ts';
import { type ControlMessage, createMessageBuffer, type MessageBuffer } from './message-buffer.ts';
import { attachFilter, detachFilter } from './packet-filter.ts';
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
  type VrrpSocketOptions,
} from './vrrp-socket.ts';

/** So many datagrams are read in one turn of the event loop; the rest waits in the kernel for the next. */
const BUDGET = 64;

type Option = readonly [level: number, option: number, value: Uint8Array | number];

/** Opens VRRP sockets that `poller` watches. */
export function koffiVrrpSockets(poller: Poller): OpenVrrpSocket {
  let buffer: MessageBuffer | undefined;
  return (options) => {
    buffer ??= createMessageBuffer(RECEIVE_LENGTH);
    return open(poller, buffer, options);
  };
}

function socketOptions({ link, family, groups }: VrrpSocketOptions): Option[] {
  if (family === 4) {
    return [
      [SOL_IP, IP_HDRINCL, 1],
      [SOL_IP, IP_MULTICAST_IF, ipMreqn(undefined, link.index)],
      [SOL_IP, IP_MULTICAST_LOOP, 0],
      // Without this the groups that other programs joined are delivered too.
      [SOL_IP, IP_MULTICAST_ALL, 0],
      ...groups.map((group): Option => [SOL_IP, IP_ADD_MEMBERSHIP, ipMreqn(group, link.index)]),
    ];
  }
  return [
    [SOL_IPV6, IPV6_MULTICAST_IF, link.index],
    [SOL_IPV6, IPV6_MULTICAST_LOOP, 0],
    [SOL_IPV6, IPV6_MULTICAST_ALL, 0],
    [SOL_IPV6, IPV6_RECVHOPLIMIT, 1],
    [SOL_IPV6, IPV6_RECVPKTINFO, 1],
    ...groups.map((group): Option => [SOL_IPV6, IPV6_JOIN_GROUP, in6AddressAndIndex(group, link.index)]),
  ];
}

function open(poller: Poller, buffer: MessageBuffer, options: VrrpSocketOptions): ReturnType<OpenVrrpSocket> {
  const c = libc();
  const { link, family, protocol } = options;
  const fd = c.socket(family === 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0) return failure(fd, 'cannot open a VRRP socket');
  const required: Option[] = [[SOL_SOCKET, SO_BINDTODEVICE, deviceName(link.name)], ...socketOptions(options)];
  for (const [level, option, value] of required) {
    const result = c.setOption(fd, level, option, value);
    if (result >= 0) continue;
    c.close(fd);
    return failure(result, `cannot prepare a VRRP socket on ${link.name}`);
  }
  c.setOption(fd, SOL_SOCKET, SO_PRIORITY, 7);
  c.setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  if (c.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_QUEUE) < 0)
    c.setOption(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_QUEUE);
  // Until it was bound to the device the socket heard all interfaces.
  while (buffer.receive(fd) >= 0);

  let closed = false;
  const watch = poller.watch(fd, () => {
    for (let i = 0; i < BUDGET; i++) {
      const length = buffer.receive(fd);
      if (length === EAGAIN) return;
      if (length === EINTR) continue;
      if (length < 0) return options.onBroken(failure(length, `VRRP socket on ${link.name}`).message);
      if (family === 4) deliverIpv4(buffer, length, options);
      else deliverIpv6(buffer, length, options);
      if (closed) return;
    }
  });

  return {
    send: sender(fd, options, buffer),
    sieve: (vrids) => {
      if (vrids === undefined) detachFilter(fd);
      else attachFilter(fd, sieveOf(family, vrids, false));
    },
    dropped: () => socketDrops(fd),
    close: () => {
      closed = true;
      watch.close();
      c.close(fd);
    },
  };
}

function deliverIpv4(buffer: MessageBuffer, length: number, options: VrrpSocketOptions): void {
  const datagram = ipv4Datagram(options.link.name, buffer.data(length).slice());
  if (datagram === undefined) return;
  const stamp = buffer.control().find(isStamp);
  options.onDatagram(stamp === undefined ? datagram : { ...datagram, at: stampTime(stamp) });
}

function deliverIpv6(buffer: MessageBuffer, length: number, options: VrrpSocketOptions): void {
  const name = buffer.name();
  const source = addressFromBytes(new Uint8Array(name.buffer, name.byteOffset, name.byteLength), 8, 6);
  let ttl: number | undefined;
  let destination: string | undefined;
  let at: number | undefined;
  for (const message of buffer.control()) {
    const { level, type, data } = message;
    if (isStamp(message)) at = stampTime(message);
    if (level !== SOL_IPV6) continue;
    if (type === IPV6_HOPLIMIT) ttl = data[0];
    if (type === IPV6_PKTINFO) destination = addressFromBytes(data, 0, 6);
  }
  const payload = buffer.data(length).slice();
  const arrival = at !== undefined && { at };
  options.onDatagram({ interface: options.link.name, family: 6, source, destination, ttl, payload, ...arrival });
}

function isStamp({ level, type }: ControlMessage): boolean {
  return level === SOL_SOCKET && type === SO_TIMESTAMPNS;
}

function stampTime({ data }: ControlMessage): number {
  return arrivedAt(new DataView(data.buffer, data.byteOffset, data.byteLength));
}
