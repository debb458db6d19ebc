// What passes the ports of a lab's switch, with the kernel's times. It takes no processor time while it only waits: frames
// lie in the kernel until they are asked for. On veth a frame is stamped within the sender's own send call.
import koffi from 'koffi';
import {
  AF_PACKET,
  ETH_P_ALL,
  SO_RCVBUFFORCE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_PACKET,
  SOL_SOCKET,
} from '../../src/linux/abi.ts';
import { libc } from '../../src/linux/libc.ts';
import { createMessageBuffer } from '../../src/linux/message-buffer.ts';
import { ADVERT_FILTER, attachFilter, type Instruction, NEIGHBOUR_FILTER } from '../../src/linux/packet-filter.ts';
import { sockaddrLl } from '../../src/linux/socket-address.ts';
import { decodeFrame } from '../../src/wire/frame.ts';
import type { Lab } from '../support/lab.ts';
import { portsOf } from '../support/lab.ts';
import { inNamespace } from './namespace.ts';

const PACKET_IGNORE_OUTGOING = 23;
const QUEUE = 512 << 20;
const nameToIndex = koffi.load('libc.so.6').func('uint32_t if_nametoindex(const char *name)');

interface Seen {
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number;
  /** Number of the host that sent it. */
  readonly from: number;
  readonly segment: number;
}

export interface SeenAdvert extends Seen {
  readonly kind: 'advert';
  readonly vrid: number;
  readonly priority: number;
}

/** Gratuitous ARP or unsolicited neighbour advertisement. */
export interface SeenAnnouncement extends Seen {
  readonly kind: 'announcement';
  readonly address: string;
}

export interface Observer {
  /** Everything since the last call or `discard`, in order of time. */
  take(): readonly (SeenAdvert | SeenAnnouncement)[];
  /** Forgets what has come so far. */
  discard(): void;
  close(): void;
}

/** Milliseconds since the epoch on the clock that stamps the frames. */
export function wallMs(): number {
  return Number(libc().realTimeNs() / 1000n) / 1000;
}

/** Looks at every port of the switch of a lab, or at those of some hosts. */
export function observe(lab: Lab, segments: number, hosts: readonly number[] = [...lab.hosts.keys()]): Observer {
  const c = libc();
  const buffer = createMessageBuffer(2048);
  const ports = inNamespace(lab.switchNamespace, () =>
    portsOf(hosts, segments).flatMap((port) =>
      [ADVERT_FILTER, NEIGHBOUR_FILTER].map((filter) => ({ ...port, fd: openPort(port.name, filter) })),
    ),
  );
  function read(each: (at: number, port: (typeof ports)[number], bytes: Uint8Array) => void): void {
    for (const port of ports) {
      for (let length = buffer.receive(port.fd); length >= 0; length = buffer.receive(port.fd)) {
        each(stampOf(buffer.control()), port, buffer.data(length));
      }
    }
  }
  return {
    take() {
      const seen: (SeenAdvert | SeenAnnouncement)[] = [];
      read((at, { from, segment }, bytes) => {
        const event = eventOf(bytes, { at, from, segment });
        if (event !== undefined) seen.push(event);
      });
      return seen.sort((a, b) => a.at - b.at);
    },
    discard: () => read(() => {}),
    close: () => {
      for (const { fd } of ports) c.close(fd);
    },
  };
}

function openPort(name: string, filter: readonly Instruction[]): number {
  const c = libc();
  const fd = c.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  attachFilter(fd, filter);
  c.setOption(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
  c.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, QUEUE);
  c.setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  const bound = c.bind(fd, sockaddrLl(indexOf(name), ETH_P_ALL));
  if (bound < 0) throw new Error(`cannot capture on ${name}: ${bound}`);
  return fd;
}

/** Of an interface of the namespace that this thread is in. */
function indexOf(name: string): number {
  const index = nameToIndex(name) as number;
  if (index === 0) throw new Error(`there is no interface ${name}`);
  return index;
}

function stampOf(messages: readonly { readonly level: number; readonly type: number; readonly data: Uint8Array }[]) {
  for (const { level, type, data } of messages) {
    if (level !== SOL_SOCKET || type !== SO_TIMESTAMPNS) continue;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return Number(view.getBigInt64(0, true)) * 1000 + Number(view.getBigInt64(8, true)) / 1e6;
  }
  return wallMs();
}

function eventOf(bytes: Uint8Array, seen: Seen): SeenAdvert | SeenAnnouncement | undefined {
  const decoded = decodeFrame(bytes);
  if (!decoded.ok) return undefined;
  const frame = decoded.value;
  if (frame.kind === 'vrrp' && frame.packet !== undefined) {
    const { vrid, priority } = frame.packet;
    return { kind: 'advert', ...seen, vrid, priority };
  }
  if (frame.kind === 'arp' && frame.arp.senderAddress === frame.arp.targetAddress)
    return { kind: 'announcement', ...seen, address: frame.arp.senderAddress };
  if (frame.kind === 'neighbour-advertisement' && !frame.advertisement.solicited)
    return { kind: 'announcement', ...seen, address: frame.advertisement.target };
  return undefined;
}
