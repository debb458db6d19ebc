// What an observer tells, one value per happening. All times are µs on the clock of the frames.
import type { Family, IpAddress } from '../wire/address.ts';
import type { MacAddress } from '../wire/ethernet.ts';
import type { FindingEvent } from './finding.ts';

/** One virtual router on one segment. */
export interface SegmentId {
  /** Empty where the capture does not tell. */
  readonly interface: string;
  readonly vlan: number | undefined;
  readonly family: Family;
  readonly vrid: number;
}

/** Where a frame was seen. */
export type Place = Pick<SegmentId, 'interface' | 'vlan' | 'family'>;

/**
 * Why a router became MASTER. `first`: none was known before. `priority-0`: the one before resigned. `silence`: the one
 * before was not heard for a master-down time, or at least two intervals. `preemption`: it beats the one before, which was
 * alive. `unheard`: it does not beat the one before, which was alive: it does not hear or does not accept its adverts.
 */
export type ElectionCause = 'first' | 'priority-0' | 'silence' | 'preemption' | 'unheard';

/** How a router ceased to be MASTER. `yielded`: it heard one that beats it, and was silent from then on. */
export type LeaveCause = 'priority-0' | 'silence' | 'yielded';

/** A time as MASTER. */
export interface Reign {
  /** Counts up from 1 in its segment. */
  readonly order: number;
  readonly address: IpAddress;
  readonly version: number;
  /** Of its first advert. */
  readonly priority: number;
  readonly cause: ElectionCause;
  /** From the last advert of the MASTER before to the first of this one; undefined for the first. */
  readonly takeoverUs: number | undefined;
  /** It began although a better one was alive, and not by chance at the same moment. */
  readonly deaf: boolean;
  readonly first: number;
  /** Of its last advert so far; the one that resigns does not count. */
  last: number;
  adverts: number;
  end: { readonly at: number; readonly cause: LeaveCause } | undefined;
}

/** What changed in the adverts of one router. */
export type ChangeKind = 'priority' | 'interval' | 'version' | 'auth' | 'addresses' | 'mac';

/** Why the routers on the segment will not accept an advert. */
export type Refusal = 'version' | 'type' | 'length' | 'checksum' | 'interval' | 'ttl';

export interface OtherProtocol {
  readonly protocol: 'carp' | 'hsrp';
  /** Virtual host ID or standby group. */
  readonly group: number;
  readonly address: IpAddress;
  readonly mac: MacAddress;
  /** HSRP only. */
  readonly state: string | undefined;
  readonly priority: number | undefined;
}

type InSegment<Type extends string, Facts> = SegmentId & { readonly type: Type; readonly at: number } & Facts;
type AtPlace<Type extends string, Facts> = Place & { readonly type: Type; readonly at: number } & Facts;

export type ObserverEvent =
  /** A router is heard for the first time. */
  | InSegment<
      'speaker',
      {
        readonly address: IpAddress;
        readonly mac: MacAddress;
        readonly version: number;
        readonly priority: number;
        readonly intervalUs: number;
        readonly authType: number;
        readonly addresses: readonly IpAddress[];
      }
    >
  /** A router became MASTER: its own log would say so. */
  | InSegment<
      'master',
      {
        readonly address: IpAddress;
        /** The one before, also when it has resigned or gone silent. */
        readonly previous: IpAddress | undefined;
        readonly priority: number;
        readonly version: number;
        readonly cause: ElectionCause;
        readonly takeoverUs: number | undefined;
      }
    >
  /** A router is MASTER no more. `master`: who still is. */
  | InSegment<
      'left',
      {
        readonly address: IpAddress;
        readonly cause: LeaveCause;
        readonly master: IpAddress | undefined;
        readonly reign: Reign;
      }
    >
  /** Two go on sending although one of them should have yielded. The first of `addresses` is the one that should win. */
  | InSegment<'two-masters', { readonly addresses: readonly IpAddress[]; readonly since: number }>
  | InSegment<'one-master', { readonly address: IpAddress | undefined; readonly since: number }>
  | InSegment<
      'change',
      { readonly address: IpAddress; readonly what: ChangeKind; readonly from: string; readonly to: string }
    >
  /** An advert came so late that a BACKUP was near to taking over. */
  | InSegment<'near-miss', { readonly address: IpAddress; readonly gapUs: number; readonly masterDownUs: number }>
  /** The first advert of a router that is refused for this reason; the rest is counted. */
  | InSegment<'refused', { readonly address: IpAddress; readonly reason: Refusal }>
  /** A VIP is announced with another hardware address than before. */
  | InSegment<
      'owner',
      {
        readonly vip: IpAddress;
        readonly mac: MacAddress;
        readonly previous: MacAddress | undefined;
        /** The router that has this hardware address. */
        readonly router: IpAddress | undefined;
      }
    >
  /** A router that speaks something else than VRRP, heard for the first time or in a new state. */
  | AtPlace<'other-protocol', OtherProtocol>
  /** A router that asks who is in which multicast group (IGMP, MLD), heard for the first time. */
  | AtPlace<'querier', { readonly address: IpAddress }>
  /** Something is wrong, or no longer. */
  | FindingEvent;
