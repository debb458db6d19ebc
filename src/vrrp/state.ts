// What one virtual router is at a moment, what can happen to it, and what it asks for. Plain readonly values.
import type { IpAddress } from '../wire/address.ts';
import type { HmacSequence } from '../wire/hmac.ts';
import type { PolicyEntry } from '../wire/route.ts';
import type { AdvertFields } from '../wire/vrrp.ts';
import type { InstanceConfig, VirtualAddress } from './config.ts';
import type { Advert } from './validate.ts';

export type VrrpState = 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT';

/** What notify scripts and FIFOs are told of: states, a lower priority heard as MASTER, another priority of ours. */
export type NotifyState =
  | VrrpState
  | 'STOP'
  | 'DELETED'
  | 'MASTER_RX_LOWER_PRI'
  | 'MASTER_PRIORITY'
  | 'BACKUP_PRIORITY';

/** One reason to be in FAULT. Equal reasons have equal `key`s. */
export interface Fault {
  readonly kind:
    | 'forced'
    | 'interface'
    | 'source'
    | 'script'
    | 'tracked-interface'
    | 'tracked-file'
    | 'tracked-process'
    | 'static'
    | 'port'
    | 'address'
    | 'group'
    | 'config'
    | 'removed';
  readonly key: string;
  /** One clear line for the operator. */
  readonly text: string;
}

/** All that decides about an instance from outside the protocol. */
export interface Conditions {
  readonly faults: readonly Fault[];
  /** Not to start yet: a weight-0 script has no result so far, or the socket is not open. */
  readonly hold: boolean;
  /** Source of its adverts; undefined makes a fault. */
  readonly source: IpAddress | undefined;
  readonly basePriority: number;
  /** Sum of what the trackers add. */
  readonly contribution: number;
  readonly preempt: boolean;
  /** vrrp_startup_delay: no master-down timer starts before, µs. */
  readonly notBefore?: number;
  /** Member of a sync group, of owners only or not. An owner does not start as MASTER by itself then. */
  readonly syncGroup?: 'owners' | 'mixed';
}

export interface InstanceState {
  readonly state: VrrpState;
  /** µs when `state` began, and why, in words. */
  readonly since: number;
  readonly cause: string;
  readonly conditions: Conditions;
  readonly effectivePriority: number;
  /** An owner that gave up its 255 for 254, because another router insists on owning the addresses. */
  readonly reduced: boolean;
  /** That other router, while our MASTER waits for it to see reason: adverts still to send, then until when. */
  readonly rogue: { readonly intervalUs: number; readonly adverts: number; readonly until: number } | undefined;
  /** A unicast peer was heard whose v3 checksum has the group in its pseudo-header: ours has it too from now on. */
  readonly oldUnicastChecksum: boolean;
  /** auth_type AH: the highest sequence number sent or heard, because keepalived counts both in one. */
  readonly ahSequence: number;
  /** The last sequence number of each sender. */
  readonly ahHeard: Readonly<Record<IpAddress, number>>;
  /** auth_hmac: the last number of each sender. */
  readonly hmacHeard: Readonly<Record<IpAddress, HmacSequence>>;
  /** The MASTER's interval: learnt in v3, ours in v2. */
  readonly masterIntervalUs: number;
  /** The router that spoke last, followed or not; priority 0 when it has resigned. */
  readonly master:
    | { readonly address: IpAddress; readonly priority: number; readonly lastAdvertAt: number }
    | undefined;
  readonly lastAdvertSentAt: number | undefined;
  /** Its timer has expired and nothing was heard since that it would follow (keepalived: wantstate). */
  readonly wantsMaster: boolean;
  /** Deadlines, µs; undefined: the timer does not run. */
  readonly masterDownAt: number | undefined;
  readonly advertAt: number | undefined;
  /** End of preempt_delay, once a lower-priority MASTER was heard. May lie in the past: the delay is over. */
  readonly preemptAt: number | undefined;
  /** Second burst after becoming MASTER, periodic refresh, second burst after a lower-priority advert. */
  readonly announceAgainAt: number | undefined;
  readonly refreshAt: number | undefined;
  readonly lowerPrioAnnounceAt: number | undefined;
  /** garp_extra_if. */
  readonly extraAnnounceAt: number | undefined;
}

export type InstanceEvent =
  | { readonly kind: 'conditionsChanged'; readonly conditions: Conditions }
  | { readonly kind: 'advertReceived'; readonly advert: Advert }
  /** `mayLead` false: other members of the sync group do not want to be MASTER yet. */
  | { readonly kind: 'ticked'; readonly mayLead?: boolean }
  /** Another member of the sync group became MASTER, gave way, or met a lower priority. */
  | { readonly kind: 'groupMaster'; readonly cause: string }
  | { readonly kind: 'groupBackup'; readonly cause: string }
  | { readonly kind: 'groupAnnounce' }
  /** Somebody else removed one of our addresses while we are MASTER. */
  | { readonly kind: 'addressRemoved'; readonly address: IpAddress }
  /** The same of a virtual route or rule, in words. */
  | { readonly kind: 'policyRemoved'; readonly what: string }
  /** The configuration is another one from now on; `before` is the old one. First all give up, then they take. */
  | { readonly kind: 'withdrawing' | 'reconfigured'; readonly before: InstanceConfig }
  /** Before another configuration is taken up (`--compat 2.2`). */
  | { readonly kind: 'reloading' }
  /** A reload takes the instance away, and that is to be told as DELETED (notify_deleted). */
  | { readonly kind: 'deleted' }
  | { readonly kind: 'stopped' };

/** What must be done, in this order (ARCHITECTURE.md: the order is contract). */
export type InstanceEffect =
  | {
      readonly kind: 'sendAdvert';
      readonly fields: AdvertFields;
      readonly source: IpAddress;
      readonly destinations: readonly IpAddress[];
      /** Absent: 255. */
      readonly ttl?: number;
    }
  | { readonly kind: 'addAddresses'; readonly addresses: readonly VirtualAddress[] }
  | { readonly kind: 'removeAddresses'; readonly addresses: readonly VirtualAddress[] }
  /** Behind the addresses. */
  | { readonly kind: 'addPolicy'; readonly entries: readonly PolicyEntry[] }
  /** In front of the addresses. */
  | { readonly kind: 'removePolicy'; readonly entries: readonly PolicyEntry[] }
  /** One frame an entry, in this order: round after round over all addresses. */
  | { readonly kind: 'announce'; readonly addresses: readonly VirtualAddress[] }
  | { readonly kind: 'notify'; readonly state: NotifyState }
  | {
      readonly kind: 'record';
      readonly level: 'info' | 'warning' | 'error';
      readonly about: 'state' | 'priority' | 'advert' | 'address';
      readonly text: string;
      /** Lines with the same key are written at most once in ten seconds. */
      readonly limit?: string;
      readonly state?: VrrpState | 'STOP';
      readonly cause?: string;
    };

export interface Step {
  readonly state: InstanceState;
  readonly effects: readonly InstanceEffect[];
}
