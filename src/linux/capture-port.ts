// CapturePort over packet sockets: VRRP, AH, ARP, neighbour advertisements and the like, both directions, before netfilter.
import type { CapturedFrame, CapturePort } from '../ports/capture-port.ts';
import { done, type PortResult } from '../ports/result.ts';
import { ETHERTYPE, multicastMac, writeMac } from '../wire/ethernet.ts';
import { VRRP_GROUP } from '../wire/vrrp.ts';
import {
  AF_PACKET,
  EAGAIN,
  EINTR,
  ENETDOWN,
  ENODEV,
  ETH_P_ALL,
  PACKET_ADD_MEMBERSHIP,
  PACKET_AUXDATA,
  PACKET_MR_MULTICAST,
  PACKET_OUTGOING,
  PACKET_STATISTICS,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_PACKET,
  SOL_SOCKET,
} from './abi.ts';
import { monotonicUs } from './clock.ts';
import { failure, libc } from './libc.ts';
import type { LinkTable } from './link-table.ts';
import { type ControlMessage, createMessageBuffer, type MessageBuffer } from './message-buffer.ts';
import { attachFilter, CAPTURE_FILTER } from './packet-filter.ts';
import type { Poller, Watch } from './poller.ts';
import { packetMreq, sockaddrLl } from './socket-address.ts';

const RECEIVE_QUEUE = 4 << 20;
/** An advert of 255 addresses fits; longer frames are cut. */
const FRAME_LENGTH = 9216;
/** So many frames are read in one turn of the event loop. */
const TURN_BUDGET = 32;
/** After so many frames within one period the socket rests until the period is over: the kernel queues, then drops. */
const PERIOD_BUDGET = 1000;
const PERIOD_MS = 100;

/** Version 1, version 2, IPv6. */
const HSRP_GROUPS = ['224.0.0.2', '224.0.0.102', 'ff02::66'];
const TP_STATUS_VLAN_VALID = 0x10;
const TP_STATUS_VLAN_TPID_VALID = 0x40;

export interface LinuxCapturePort extends CapturePort {
  /** Frames that the kernel dropped since the interface was opened, because more came than are read. */
  dropped(name: string): number;
  closeAll(): void;
}

interface OpenCapture {
  readonly fd: number;
  readonly index: number;
  readonly watch: Watch;
  dropped: number;
  periodStart: number;
  frames: number;
  rest: NodeJS.Timeout | undefined;
}

/** Needs CAP_NET_RAW; without it `open` fails with EPERM. */
export function createCapturePort(poller: Poller, table: LinkTable): LinuxCapturePort {
  const listeners: ((frame: CapturedFrame) => void)[] = [];
  const wanted = new Set<string>();
  const captures = new Map<string, OpenCapture>();
  let buffer: MessageBuffer | undefined;

  function stop(name: string): void {
    const capture = captures.get(name);
    if (capture === undefined) return;
    captures.delete(name);
    clearTimeout(capture.rest);
    capture.watch.close();
    libc().close(capture.fd);
  }

  function open(name: string): PortResult {
    const link = table.find(name);
    if (link === undefined) return failure(ENODEV, `cannot capture on ${name}`);
    if (captures.get(name)?.index === link.index) return done;
    stop(name);
    const fd = openPacketSocket(link.index);
    if (fd < 0) return failure(fd, `cannot capture on ${name}`);
    const watch = poller.watch(fd, () => read(name));
    wanted.add(name);
    captures.set(name, { fd, index: link.index, watch, dropped: 0, periodStart: 0, frames: 0, rest: undefined });
    return done;
  }

  function read(name: string): void {
    const capture = captures.get(name);
    if (capture === undefined) return;
    buffer ??= createMessageBuffer(FRAME_LENGTH);
    const now = monotonicUs();
    // The kernel stamps in wall time; both clocks are read together, so a step in between does no harm.
    const wallNs = libc().realTimeNs();
    if (now - capture.periodStart > PERIOD_MS * 1000) Object.assign(capture, { periodStart: now, frames: 0 });
    for (let i = 0; i < TURN_BUDGET; i++) {
      const length = buffer.receive(capture.fd);
      // A link that goes down is reported once; the socket stays good and hears again when it is back.
      if (length === EINTR || length === ENETDOWN) continue;
      if (length < 0) return length === EAGAIN ? undefined : stop(name);
      capture.frames++;
      const frame = frameOf(name, buffer, length, now, wallNs);
      for (const listener of listeners) listener(frame);
      if (captures.get(name) !== capture) return;
    }
    if (capture.frames >= PERIOD_BUDGET) takeRest(capture, now);
  }

  function takeRest(capture: OpenCapture, now: number): void {
    capture.watch.pause();
    const left = PERIOD_MS - (now - capture.periodStart) / 1000;
    capture.rest = setTimeout(() => capture.watch.resume(), Math.max(left, 1));
  }

  // An interface that is removed may come back with another index; it was asked for by its name.
  table.onChange((name, link) => {
    if (!wanted.has(name) || captures.get(name)?.index === link?.index) return;
    stop(name);
    if (link !== undefined) open(name);
  });

  function close(name: string): void {
    wanted.delete(name);
    stop(name);
  }

  return {
    open,
    close,
    onFrame: (listener) => void listeners.push(listener),
    dropped: (name) => {
      const capture = captures.get(name);
      if (capture === undefined) return 0;
      const statistics = new Uint8Array(8);
      // Reading clears the kernel's counters.
      if (libc().getOption(capture.fd, SOL_PACKET, PACKET_STATISTICS, statistics) >= 0) {
        capture.dropped += new DataView(statistics.buffer).getUint32(4, true);
      }
      return capture.dropped;
    },
    closeAll: () => {
      for (const name of [...wanted]) close(name);
    },
  };
}

/** A packet socket on one interface, or a negative errno. */
function openPacketSocket(index: number): number {
  const c = libc();
  // Protocol 0: nothing is queued before the filter is in place; the bind starts the capture.
  const fd = c.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  const steps = [
    () => attachFilter(fd, CAPTURE_FILTER),
    () => c.setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1),
    () => c.setOption(fd, SOL_PACKET, PACKET_AUXDATA, 1),
    () => c.bind(fd, sockaddrLl(index, ETH_P_ALL)),
  ];
  for (const step of steps) {
    const result = step();
    if (result >= 0) continue;
    c.close(fd);
    return result;
  }
  if (c.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_QUEUE) < 0)
    c.setOption(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_QUEUE);
  // The network card filters what nobody joined. Not joined by IGMP: who only watches must not show up as a member.
  for (const group of [VRRP_GROUP[4], VRRP_GROUP[6], 'ff02::1', ...HSRP_GROUPS]) {
    const mac = new Uint8Array(6);
    writeMac(mac, 0, multicastMac(group));
    c.setOption(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, packetMreq(index, PACKET_MR_MULTICAST, mac));
  }
  return fd;
}

function frameOf(name: string, buffer: MessageBuffer, length: number, now: number, wallNs: bigint): CapturedFrame {
  const frame = buffer.data(length);
  let stampNs = wallNs;
  let tag: Uint8Array | undefined;
  for (const message of buffer.control()) {
    if (message.level === SOL_SOCKET && message.type === SO_TIMESTAMPNS) stampNs = stampOf(message);
    if (message.level === SOL_PACKET && message.type === PACKET_AUXDATA) tag = vlanTag(message);
  }
  // struct sockaddr_ll: sll_pkttype.
  const direction = buffer.name().getUint8(10) === PACKET_OUTGOING ? 'sent' : 'received';
  const at = now - Number((wallNs - stampNs) / 1000n);
  const stamp = { us: Number(stampNs / 1000n), ns: Number(stampNs % 1000n) };
  return { interface: name, direction, at, stamp, bytes: tag === undefined ? frame.slice() : withTag(frame, tag) };
}

/** struct timespec. */
function stampOf({ data }: ControlMessage): bigint {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return view.getBigInt64(0, true) * 1_000_000_000n + view.getBigInt64(8, true);
}

/** struct tpacket_auxdata: the tag that the kernel took out of the frame. */
function vlanTag({ data }: ControlMessage): Uint8Array | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const status = view.getUint32(0, true);
  if ((status & TP_STATUS_VLAN_VALID) === 0) return undefined;
  const tci = view.getUint16(16, true);
  const tpid = (status & TP_STATUS_VLAN_TPID_VALID) === 0 ? ETHERTYPE.vlan : view.getUint16(18, true);
  return Uint8Array.of(tpid >> 8, tpid & 0xff, tci >> 8, tci & 0xff);
}

function withTag(frame: Uint8Array, tag: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length + 4);
  bytes.set(frame.subarray(0, 12), 0);
  bytes.set(tag, 12);
  bytes.set(frame.subarray(12), 16);
  return bytes;
}
