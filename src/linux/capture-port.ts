// CapturePort over packet sockets: VRRP, AH, ARP, neighbour advertisements and the like, both directions, before netfilter.
// Adverts have a queue of their own on each interface, so that no flood of ARP can push them out.
import type { CapturedFrame, CapturePort } from '../ports/capture-port.ts';
import { done, type PortResult } from '../ports/result.ts';
import { addressFamily, type IpAddress } from '../wire/address.ts';
import { ENODEV } from './abi.ts';
import { type CaptureQueue, openCaptureQueue } from './capture-queue.ts';
import { failure } from './libc.ts';
import type { LinkTable } from './link-table.ts';
import { createMessageBuffer, type MessageBuffer } from './message-buffer.ts';
import { ADVERT_FILTER, announcementFilter, type Instruction, NEIGHBOUR_FILTER } from './packet-filter.ts';
import type { Poller } from './poller.ts';

/** An advert of 255 addresses fits; longer frames are cut. */
const FRAME_LENGTH = 9216;
const PER_SECOND = 10_000;

/** Frames that the kernel dropped since the interface was opened, because more came than are read. */
export interface CaptureDrops {
  readonly adverts: number;
  /** ARP, neighbour advertisements and all the rest. */
  readonly others: number;
}

export interface LinuxCapturePort extends CapturePort {
  dropped(name: string): CaptureDrops;
  /** Of ARP requests for others only those of these senders are captured from now on; without a call all are. */
  heed(addresses: readonly IpAddress[]): void;
  closeAll(): void;
}

export interface CaptureOptions {
  /** So many frames a second are read at most from each of the two queues of an interface; default 10,000. */
  readonly perSecond?: number;
}

interface OpenCapture {
  readonly index: number;
  readonly adverts: CaptureQueue;
  readonly others: CaptureQueue;
}

/** Needs CAP_NET_RAW; without it `open` fails with EPERM. */
export function createCapturePort(poller: Poller, table: LinkTable, options: CaptureOptions = {}): LinuxCapturePort {
  const { perSecond = PER_SECOND } = options;
  const listeners: ((frame: CapturedFrame) => void)[] = [];
  const wanted = new Set<string>();
  const captures = new Map<string, OpenCapture>();
  let buffer: MessageBuffer | undefined;
  let othersFilter: readonly Instruction[] = NEIGHBOUR_FILTER;

  function stop(name: string): void {
    const capture = captures.get(name);
    captures.delete(name);
    capture?.adverts.close();
    capture?.others.close();
  }

  function open(name: string): PortResult {
    const link = table.find(name);
    if (link === undefined) return failure(ENODEV, `cannot capture on ${name}`);
    if (captures.get(name)?.index === link.index) return done;
    stop(name);
    buffer ??= createMessageBuffer(FRAME_LENGTH);
    const common = { poller, buffer, link, perSecond, onReady: () => read(name) };
    const adverts = openCaptureQueue({ ...common, filter: ADVERT_FILTER });
    if (typeof adverts === 'number') return failure(adverts, `cannot capture on ${name}`);
    const others = openCaptureQueue({ ...common, filter: othersFilter });
    if (typeof others === 'number') {
      adverts.close();
      return failure(others, `cannot capture on ${name}`);
    }
    wanted.add(name);
    captures.set(name, { index: link.index, adverts, others });
    return done;
  }

  /** Both queues, whichever has something: the frames of a turn come in order of time. */
  function read(name: string): void {
    const capture = captures.get(name);
    if (capture === undefined) return;
    const frames: CapturedFrame[] = [];
    const good = [capture.adverts, capture.others].map((queue) => queue.readInto(frames));
    frames.sort((a, b) => a.at - b.at);
    for (const frame of frames) {
      for (const listener of listeners) listener(frame);
      if (captures.get(name) !== capture) return;
    }
    if (good.includes(false)) stop(name);
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
      return { adverts: capture?.adverts.dropped() ?? 0, others: capture?.others.dropped() ?? 0 };
    },
    heed: (addresses) => {
      othersFilter = announcementFilter(addresses.filter((address) => addressFamily(address) === 4));
      for (const { others } of captures.values()) others.filter(othersFilter);
    },
    closeAll: () => {
      for (const name of [...wanted]) close(name);
    },
  };
}
