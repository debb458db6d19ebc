// One virtual router on one segment: who speaks for it, who is MASTER, and who says to have its addresses.
import type { IpAddress } from '../wire/address.ts';
import type { MacAddress } from '../wire/ethernet.ts';
import type { ObserverEvent, Reign, SegmentId } from './event.ts';
import type { Speaker } from './speaker.ts';

/** The last announcement of a VIP. */
export interface Assertion {
  readonly mac: MacAddress;
  /** Since when this hardware address is announced, and when it was last. */
  readonly since: number;
  readonly last: number;
  /** Announcements for nothing else since then: a MASTER makes several, a host whose link came up one or two. */
  readonly gratuitous: number;
}

export interface Segment {
  readonly id: SegmentId;
  readonly speakers: Map<IpAddress, Speaker>;
  /** Those that send adverts now, in the order in which they began. */
  masters: Speaker[];
  /** Who was MASTER last, when there is none now. */
  lastMaster: Speaker | undefined;
  /** Since when two are MASTER that should not be. */
  splitSince: number | undefined;
  /** The latest ones, oldest first. */
  readonly reigns: Reign[];
  reignCount: number;
  readonly assertions: Map<IpAddress, Assertion>;
}

export type Emit = (event: ObserverEvent) => void;

export function createSegment(id: SegmentId): Segment {
  return {
    id,
    speakers: new Map(),
    masters: [],
    lastMaster: undefined,
    splitSince: undefined,
    reigns: [],
    reignCount: 0,
    assertions: new Map(),
  };
}

/** More routers of one VRID are the work of someone who invents them: the rest is heard and not judged. */
const JUDGED = 32;

/** Those that findings are about: the first that were heard, so that who comes later cannot drive them out. */
export function judgedSpeakers({ speakers }: Segment): readonly Speaker[] {
  const judged: Speaker[] = [];
  for (const speaker of speakers.values()) {
    if (judged.push(speaker) >= JUDGED) break;
  }
  return judged;
}
