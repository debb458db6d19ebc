// One packet socket on one interface: a queue of its own in the kernel, frames with time, direction and VLAN tag.
import type { CapturedFrame } from '../ports/capture-port.ts';
import { ETHERTYPE, multicastMac, writeMac } from '../wire/ethernet.ts';
import { VRRP_GROUP } from '../wire/vrrp.ts';
import {
  AF_PACKET,
  EAGAIN,
  EINTR,
  ENETDOWN,
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
import { libc } from './libc.ts';
import type { ControlMessage, MessageBuffer } from './message-buffer.ts';
import { attachFilter, type Instruction } from './packet-filter.ts';
import type { Poller } from './poller.ts';
import { packetMreq, sockaddrLl } from './socket-address.ts';

const RECEIVE_QUEUE = 4 << 20;
/** So many frames are read in one turn of the event loop. */
const TURN_BUDGET = 16;
const PERIOD_MS = 100;

/** Version 1, version 2, IPv6. */
const HSRP_GROUPS = ['224.0.0.2', '224.0.0.102', 'ff02::66'];
const TP_STATUS_VLAN_VALID = 0x10;
const TP_STATUS_VLAN_TPID_VALID = 0x40;

export interface CaptureQueueOptions {
  readonly poller: Poller;
  readonly buffer: MessageBuffer;
  readonly link: { readonly name: string; readonly index: number };
  readonly filter: readonly Instruction[];
  /** After so many frames a second it rests: the kernel queues, then drops. */
  readonly perSecond: number;
  /** Something can be read. */
  readonly onReady: () => void;
}

export interface CaptureQueue {
  /** Adds what has come, at most a turn's worth. false: the socket is of no use any more. */
  readInto(frames: CapturedFrame[]): boolean;
  /** From now on only what passes this one is queued. */
  filter(program: readonly Instruction[]): void;
  /** Frames that the kernel dropped since it was opened, because more came than are read. */
  dropped(): number;
  close(): void;
}

/** The socket, or a negative errno. */
export function openCaptureQueue(options: CaptureQueueOptions): CaptureQueue | number {
  const { poller, buffer, link, filter, perSecond, onReady } = options;
  const fd = openPacketSocket(link.index, filter);
  if (fd < 0) return fd;
  const budget = (perSecond * PERIOD_MS) / 1000;
  const watch = poller.watch(fd, onReady);
  const statistics = new Uint8Array(8);
  let lost = 0;
  let periodStart = 0;
  let frames = 0;
  let rest: NodeJS.Timeout | undefined;

  function takeRest(now: number): void {
    watch.pause();
    const left = PERIOD_MS - (now - periodStart) / 1000;
    rest = setTimeout(
      () => {
        rest = undefined;
        watch.resume();
      },
      Math.max(left, 1),
    );
  }

  return {
    readInto(into) {
      if (rest !== undefined) return true;
      const now = monotonicUs();
      // The kernel stamps in wall time; both clocks are read together, so a step in between does no harm.
      const wallNs = libc().realTimeNs();
      if (now - periodStart > PERIOD_MS * 1000) {
        periodStart = now;
        frames = 0;
      }
      for (let i = 0; i < TURN_BUDGET; i++) {
        const length = buffer.receive(fd);
        // A link that goes down is reported once; the socket stays good and hears again when it is back.
        if (length === EINTR || length === ENETDOWN) continue;
        if (length < 0) return length === EAGAIN;
        frames++;
        into.push(frameOf(link.name, buffer, length, now, wallNs));
      }
      if (frames >= budget) takeRest(now);
      return true;
    },
    filter: (program) => void attachFilter(fd, program),
    dropped() {
      // Reading clears the kernel's counters.
      if (libc().getOption(fd, SOL_PACKET, PACKET_STATISTICS, statistics) >= 0) {
        lost += new DataView(statistics.buffer).getUint32(4, true);
      }
      return lost;
    },
    close() {
      clearTimeout(rest);
      watch.close();
      libc().close(fd);
    },
  };
}

/** A packet socket on one interface, or a negative errno. */
function openPacketSocket(index: number, filter: readonly Instruction[]): number {
  const c = libc();
  // Protocol 0: nothing is queued before the filter is in place; the bind starts the capture.
  const fd = c.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  const steps = [
    () => attachFilter(fd, filter),
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
