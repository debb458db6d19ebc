// A rtnetlink socket. The kernel answers a request before the send call returns, so requests are synchronous here.
import {
  AF_NETLINK,
  EAGAIN,
  MSG_DONTWAIT,
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_NETLINK,
  SOL_SOCKET,
} from './abi.ts';
import { errnoName, libc } from './libc.ts';
import {
  concat,
  decodeAck,
  decodeMessages,
  encodeMessage,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
} from './netlink.ts';

/** So many requests go in one send: were all refused, the answers fit into the default receive buffer. */
const BURST = 64;
const RECEIVE_BUFFER = 4 << 20;

export interface NetlinkRequest {
  readonly type: number;
  readonly flags: number;
  readonly body: Uint8Array;
}

/** 0 or a negative errno, and the kernel's own words where it gives some. */
export interface NetlinkAck {
  readonly error: number;
  readonly text: string | undefined;
}

export interface NetlinkSocket {
  readonly fd: number;
  /** Performs all requests in order; what became of each. */
  request(requests: readonly NetlinkRequest[]): readonly NetlinkAck[];
  /** All messages of a dump, or a negative errno. */
  dump(type: number, body: Uint8Array): readonly NetlinkMessage[] | number;
  /** Messages that wait now; empty when there are none; a negative errno (ENOBUFS: messages were lost). */
  receive(): readonly NetlinkMessage[] | number;
  close(): void;
}

/** Opens a socket subscribed to `groups` (RTMGRP_*). Throws when the kernel has no rtnetlink: nothing works then. */
export function createNetlinkSocket(groups: number): NetlinkSocket {
  const c = libc();
  const fd = c.socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new Error(`cannot open a netlink socket: ${errnoName(fd)}`);
  const address = new Uint8Array(12);
  new DataView(address.buffer).setUint16(0, AF_NETLINK, true);
  new DataView(address.buffer).setUint32(8, groups, true);
  const bound = c.bind(fd, address);
  if (bound < 0) throw new Error(`cannot bind a netlink socket: ${errnoName(bound)}`);
  if (c.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) < 0)
    c.setOption(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
  for (const option of [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK])
    c.setOption(fd, SOL_NETLINK, option, 1);

  const buffer = new Uint8Array(64 << 10);
  const kernel = new Uint8Array(12);
  new DataView(kernel.buffer).setUint16(0, AF_NETLINK, true);
  let sequence = 0;

  function receive(): readonly NetlinkMessage[] | number {
    const length = c.recv(fd, buffer, MSG_DONTWAIT);
    if (length === EAGAIN) return [];
    return length < 0 ? length : decodeMessages(buffer.slice(0, length));
  }

  /** The kernel answers the last one, and before it those that it refuses. */
  function burst(requests: readonly NetlinkRequest[]): NetlinkAck[] {
    const first = sequence + 1;
    const last = requests.length - 1;
    const messages = requests.map((request, i) => {
      const flags = request.flags | NLM_F_REQUEST | (i === last ? NLM_F_ACK : 0);
      return encodeMessage({ ...request, flags, sequence: ++sequence });
    });
    const sent = c.sendto(fd, concat(messages), 0, kernel);
    if (sent < 0) return requests.map(() => ({ error: sent, text: undefined }));
    const answers = new Map<number, NetlinkAck>();
    while (!answers.has(last)) {
      const received = receive();
      if (typeof received === 'number' || received.length === 0) break;
      for (const message of received) {
        const at = message.sequence - first;
        if (message.type === NLMSG_ERROR && at >= 0 && at <= last) answers.set(at, decodeAck(message));
      }
    }
    // Without the word of the last one nothing is known of the others.
    const silent: NetlinkAck = { error: answers.has(last) ? 0 : EAGAIN, text: undefined };
    return requests.map((_, i) => answers.get(i) ?? silent);
  }

  function dumpOnce(type: number, body: Uint8Array): { messages: NetlinkMessage[]; torn: boolean } | number {
    const wanted = ++sequence;
    const sent = c.sendto(
      fd,
      encodeMessage({ type, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence: wanted, body }),
      0,
      kernel,
    );
    if (sent < 0) return sent;
    const messages: NetlinkMessage[] = [];
    let torn = false;
    for (;;) {
      const received = receive();
      if (typeof received === 'number') return received;
      if (received.length === 0) return EAGAIN;
      for (const message of received) {
        if (message.sequence !== wanted) continue;
        torn ||= (message.flags & NLM_F_DUMP_INTR) !== 0;
        if (message.type === NLMSG_ERROR) return decodeAck(message).error;
        if (message.type === NLMSG_DONE) return { messages, torn };
        messages.push(message);
      }
    }
  }

  return {
    fd,
    receive,
    request: (requests) => {
      const acks: NetlinkAck[] = [];
      for (let at = 0; at < requests.length; at += BURST) acks.push(...burst(requests.slice(at, at + BURST)));
      return acks;
    },
    dump: (type, body) => {
      let result = dumpOnce(type, body);
      // Something changed while the kernel was listing: the list may lack an entry.
      for (let tries = 0; tries < 3 && typeof result !== 'number' && result.torn; tries++)
        result = dumpOnce(type, body);
      return typeof result === 'number' ? result : result.messages;
    },
    close: () => void c.close(fd),
  };
}
