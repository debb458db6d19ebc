// What an observer knows, as plain values for screens, lines and findings. All times are µs.
import type { IpAddress } from '../wire/address.ts';
import type { MacAddress } from '../wire/ethernet.ts';
import { masterOf } from './election.ts';
import type { OtherProtocol, Place, Refusal, Reign, SegmentId } from './event.ts';
import { holderOf } from './ownership.ts';
import type { Segment } from './segment.ts';
import type { AdvertFacts, InferredRole, Speaker } from './speaker.ts';

export interface SpeakerView extends AdvertFacts {
  readonly address: IpAddress;
  readonly role: InferredRole;
  readonly masterDownUs: number;
  readonly firstHeard: number;
  readonly lastHeard: number;
  readonly adverts: number;
  /** Between adverts of one time as MASTER; percentiles are right to 3 %. */
  readonly gaps: {
    readonly count: number;
    readonly p50Us: number;
    readonly p99Us: number;
    readonly maxUs: number;
    readonly nearMisses: number;
  };
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
}

export interface VipView {
  readonly address: IpAddress;
  readonly mac: MacAddress;
  /** Who has that hardware address. */
  readonly router: IpAddress | undefined;
  readonly since: number;
  readonly last: number;
}

export interface SegmentView extends SegmentId {
  /** The MASTER; of several the one that should win. */
  readonly master: IpAddress | undefined;
  readonly splitSince: number | undefined;
  /** In the order in which they were first heard. */
  readonly speakers: readonly SpeakerView[];
  readonly vips: readonly VipView[];
  readonly reigns: readonly Reign[];
}

export interface ObserverCounts {
  readonly frames: number;
  readonly adverts: number;
  readonly refused: number;
  readonly malformed: number;
  readonly announcements: number;
  /** Adverts of more routers than are kept. */
  readonly untracked: number;
}

export interface ObserverSnapshot {
  readonly now: number;
  readonly counts: ObserverCounts;
  /** In the order in which they were first heard. */
  readonly segments: readonly SegmentView[];
  readonly others: readonly (Place & OtherProtocol & { readonly last: number })[];
  readonly queriers: readonly (Place & { readonly address: IpAddress; readonly last: number })[];
}

export function viewSegment(segment: Segment): SegmentView {
  const vips = [...segment.assertions].map(([address, { mac, since, last }]) => {
    return { address, mac, router: holderOf(segment, mac)?.address, since, last };
  });
  return {
    ...segment.id,
    master: masterOf(segment)?.address,
    splitSince: segment.splitSince,
    speakers: [...segment.speakers.values()].map(viewSpeaker),
    vips,
    reigns: segment.reigns.map((reign) => ({ ...reign })),
  };
}

function viewSpeaker(speaker: Speaker): SpeakerView {
  const { address, role, firstHeard, lastHeard, adverts, nearMisses, gaps, refused } = speaker;
  return {
    ...speaker.facts,
    address,
    role,
    priority: speaker.priority,
    masterDownUs: speaker.masterDownUs,
    firstHeard,
    lastHeard,
    adverts,
    gaps: {
      count: gaps.count,
      p50Us: gaps.percentile(0.5),
      p99Us: gaps.percentile(0.99),
      maxUs: gaps.maxUs,
      nearMisses,
    },
    refused: { ...refused },
  };
}
