// A LAN: carries Ethernet frames between the attached interfaces, with delay and jitter, and with the faults it is told.
import type { Clock } from '../ports/clock.ts';
import type { IpAddress } from '../wire/address.ts';
import type { LanFault } from './faults.ts';
import type { Random } from './random.ts';

/** An interface as the LAN sees it. */
export interface Attachment {
  readonly host: string;
  readonly mac: string;
  /** The interface whose cable it uses too; frames do not pass between such. */
  readonly over?: Attachment;
  /** Cable in and link up: it sends and hears. */
  connected(): boolean;
  /** It has this IP address and would answer for it. */
  owns(address: IpAddress): boolean;
  receive(frame: Uint8Array): void;
}

export interface SegmentOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** µs on the way: `delayUs` plus up to `jitterUs`. */
  readonly delayUs?: number;
  readonly jitterUs?: number;
}

export interface Segment {
  attach(attachment: Attachment): void;
  detach(attachment: Attachment): void;
  /** Takes a frame from an attached interface. Frames between two interfaces stay in order unless a fault reorders them. */
  send(from: Attachment, frame: Uint8Array): void;
  /** Adds faults; each holds during its own span. */
  addFaults(faults: readonly LanFault[]): void;
  /**
   * MAC of the interface that answers for an address as `from` would find out; undefined when nobody does. ARP and
   * neighbour solicitation take no time and no frames here: only announcements are of interest.
   */
  macOf(address: IpAddress, from: Attachment): string | undefined;
  /** Whether a partition separates two hosts now. */
  separated(a: string, b: string): boolean;
  /** Upper bound of the time a frame needs when no fault holds (µs). */
  readonly longestDelayUs: number;
}

/** An empty LAN. Default delay 200 µs, jitter 100 µs. */
export function createSegment(options: SegmentOptions): Segment {
  const { clock, random, delayUs = 200, jitterUs = 100 } = options;
  const attachments: Attachment[] = [];
  const faults: LanFault[] = [];
  const lastArrival = new Map<string, number>();

  const active = () => faults.filter((fault) => fault.at <= clock.now() && clock.now() < fault.until);
  const separated = (a: string, b: string) => active().some((fault) => isSeparatedBy(fault, a, b));
  const deliverAt = (at: number, to: Attachment, frame: Uint8Array) => {
    clock.wakeAt(at, () => {
      if (to.connected()) to.receive(frame);
    });
  };
  const carry = (from: Attachment, to: Attachment, frame: Uint8Array) => {
    const now = clock.now();
    const fate = decideFate(active(), from.host, to.host, random);
    if (fate.lost) return;
    const arrival = now + delayUs + random.between(0, jitterUs) + fate.delayUs;
    const pair = `${from.mac}>${to.mac}`;
    const inOrder = Math.max(arrival, lastArrival.get(pair) ?? 0);
    if (fate.heldBackUs === 0) lastArrival.set(pair, inOrder);
    for (let copy = 0; copy < fate.copies; copy++) deliverAt(inOrder + fate.heldBackUs, to, frame);
  };
  return {
    attach: (attachment) => attachments.push(attachment),
    detach: (attachment) => {
      const at = attachments.indexOf(attachment);
      if (at >= 0) attachments.splice(at, 1);
    },
    send: (from, frame) => {
      if (!from.connected()) return;
      const cable = from.over ?? from;
      for (const to of [...attachments]) if ((to.over ?? to) !== cable && to.connected()) carry(from, to, frame);
    },
    addFaults: (more) => {
      faults.push(...more);
    },
    macOf: (address, from) =>
      attachments.find((to) => to.connected() && to.owns(address) && !separated(from.host, to.host))?.mac,
    separated,
    longestDelayUs: delayUs + jitterUs,
  };
}

interface Fate {
  readonly lost: boolean;
  readonly copies: number;
  readonly delayUs: number;
  /** Above 0: later frames may overtake. */
  readonly heldBackUs: number;
}

function decideFate(active: readonly LanFault[], from: string, to: string, random: Random): Fate {
  let lost = false;
  let copies = 1;
  let delayUs = 0;
  let heldBackUs = 0;
  for (const fault of active) {
    if (fault.kind === 'partition') {
      lost ||= isSeparatedBy(fault, from, to);
      continue;
    }
    if ((fault.from ?? from) !== from || (fault.to ?? to) !== to) continue;
    if (fault.kind === 'delay') delayUs += fault.byUs;
    else if (random.chance(fault.rate)) {
      if (fault.kind === 'drop') lost = true;
      else if (fault.kind === 'duplicate') copies++;
      else heldBackUs += random.between(1, fault.byUs);
    }
  }
  return { lost, copies, delayUs, heldBackUs };
}

function isSeparatedBy(fault: LanFault, a: string, b: string): boolean {
  return fault.kind === 'partition' && a !== b && !fault.groups.some((group) => group.includes(a) && group.includes(b));
}
