// The one picture of a node: what the screen, the log, the socket and the metrics are drawn from.
// Plain data (structured clone, JSON). Times are absolute, in µs of the engine's clock: who draws counts down by itself.

import type { RejectReason } from '../vrrp/reject.ts';
import type { Fault, VrrpState } from '../vrrp/state.ts';
import type { Family, IpAddress } from '../wire/address.ts';

export interface AddressSnapshot {
  readonly address: IpAddress;
  readonly prefix: number;
  readonly interface: string;
  readonly excluded: boolean;
  /** Really on the interface, as the kernel reports it. */
  readonly present: boolean;
}

/** A virtual or static route or rule, or a static address. */
export interface EntrySnapshot {
  readonly kind: 'route' | 'rule' | 'address';
  /** keepalived's words. */
  readonly text: string;
  /** The kernel has it, as far as is known. */
  readonly present: boolean;
}

export interface TrackerSnapshot {
  readonly name: string;
  readonly kind: 'script' | 'interface' | 'file' | 'process';
  /** Undefined: not known yet (first result outstanding). */
  readonly ok: boolean | undefined;
  /** 0 means that failing is a FAULT. */
  readonly weight: number;
  readonly reverse: boolean;
  /** What it adds to the priority now. */
  readonly contribution: number;
  /** What is known of it: the number in a file, `3 of 2..4` processes. */
  readonly detail?: string;
}

export interface PeerSnapshot {
  readonly address: IpAddress;
  /** µs of the last accepted or rejected packet. */
  readonly lastHeardAt: number;
  /** Of the last accepted advert that was not priority 0; undefined when none was. */
  readonly priority: number | undefined;
  readonly version: number;
  readonly accepted: number;
  readonly rejected: Partial<Readonly<Record<RejectReason, number>>>;
  /** Adverts that were accepted although the list of addresses differs. */
  readonly addressMismatches: number;
  /** Has been seen as MASTER (it sent an advert with a priority above 0). */
  readonly wasMaster: boolean;
}

/** Field names follow keepalived's JSON dump. */
export interface CounterSnapshot {
  readonly advertRcvd: number;
  readonly advertSent: number;
  readonly becomeMaster: number;
  readonly releaseMaster: number;
  readonly priZeroRcvd: number;
  readonly priZeroSent: number;
  readonly rejected: Partial<Readonly<Record<RejectReason, number>>>;
}

export interface DeviceSnapshot {
  readonly name: string;
  readonly kind: 'macvlan' | 'ipvlan';
  /** Its virtual MAC address; absent for an ipvlan. */
  readonly mac?: string;
  /** vmac_xmit_base: adverts leave through the interface under it. */
  readonly xmitBase: boolean;
  /** It is there and up. */
  readonly up: boolean;
}

export interface InstanceSnapshot {
  readonly name: string;
  readonly interface: string;
  readonly family: Family;
  /** The interface that it made for itself (use_vmac, use_ipvlan). */
  readonly device?: DeviceSnapshot;
  readonly vrid: number;
  /** Name of its sync group. */
  readonly syncGroup?: string;
  readonly version: 2 | 3;
  readonly state: VrrpState;
  /** When this state began. */
  readonly since: number;
  /** Why it is in this state, in words: `master-down timer expired (10.0.0.2 silent)`. */
  readonly cause: string;
  /** One clear line each; empty outside FAULT. */
  readonly faults: readonly string[];
  /** The same with what each is about. */
  readonly faultReasons?: readonly Fault[];
  readonly configuredPriority: number;
  /** configuredPriority, or what an override put in its place. */
  readonly basePriority: number;
  readonly effectivePriority: number;
  readonly preempt: boolean;
  readonly preemptDelayUs: number;
  readonly advertIntervalUs: number;
  /** Interval of the MASTER as learnt (v3), or our own. */
  readonly masterIntervalUs: number;
  readonly skewUs: number;
  readonly masterDownUs: number;
  /** When the next of each timer fires; absent when it does not run. */
  readonly advertAt?: number;
  readonly masterDownAt?: number;
  readonly preemptAt?: number;
  readonly announceAt?: number;
  /** The MASTER as this router knows it; undefined when none is known. */
  readonly master?: {
    readonly self: boolean;
    readonly address: IpAddress;
    readonly priority: number;
    /** Last advert heard from it (or sent, when self). */
    readonly lastAdvertAt: number;
  };
  readonly source: IpAddress | undefined;
  /** Group, or the unicast peers. */
  readonly destinations: readonly IpAddress[];
  readonly unicast: boolean;
  readonly authentication: 'none' | 'PASS' | 'AH' | 'HMAC';
  readonly addresses: readonly AddressSnapshot[];
  /** virtual_routes and virtual_rules, in the order of the file. */
  readonly policy: readonly EntrySnapshot[];
  readonly trackers: readonly TrackerSnapshot[];
  readonly peers: readonly PeerSnapshot[];
  readonly counters: CounterSnapshot;
}

export interface ScriptRunSnapshot {
  readonly at: number;
  readonly ok: boolean;
  readonly durationUs: number;
}

export interface ScriptSnapshot {
  readonly name: string;
  readonly command: string;
  readonly intervalUs: number;
  readonly timeoutUs: number;
  readonly rise: number;
  readonly fall: number;
  /** Undefined before the first result. */
  readonly ok: boolean | undefined;
  readonly running: boolean;
  readonly passes: number;
  readonly failures: number;
  /** Equal results in a row up to now. */
  readonly streak: number;
  /** `exited 0`, `exited 1`, `timed out after 5 s`, `cannot be executed: ENOENT`; empty before the first result. */
  readonly lastResult: string;
  /** Hostile text: strip before drawing. */
  readonly lastOutput: string;
  readonly lastDurationUs: number | undefined;
  readonly nextRunAt: number | undefined;
  /** The last 60, oldest first. */
  readonly history: readonly ScriptRunSnapshot[];
  readonly usedBy: readonly string[];
}

/** A track_file block. */
export interface FileSnapshot {
  readonly name: string;
  readonly path: string;
  /** Undefined: not read, because nothing tracks it. */
  readonly value: number | undefined;
  readonly usedBy: readonly string[];
}

/** A vrrp_track_process block. */
export interface ProcessSnapshot {
  readonly name: string;
  /** Process and parameters, with blanks between. */
  readonly command: string;
  /** How many run now; undefined: not counted, because nothing tracks them. */
  readonly count: number | undefined;
  readonly quorum: number;
  readonly quorumMax?: number;
  /** The quorum as it counts: a change of it may wait for its delay, until `changesAt`. */
  readonly ok: boolean | undefined;
  readonly changesAt?: number;
  readonly usedBy: readonly string[];
}

export interface OverrideSnapshot {
  readonly id: number;
  readonly instance: string;
  readonly kind: 'force-fault' | 'priority' | 'nopreempt';
  /** `forced FAULT`, `priority 100 -> 90`, `nopreempt on`. */
  readonly text: string;
  readonly setAt: number;
  readonly expiresAt: number;
  /** Who set it and why, as told; hostile text. */
  readonly who?: string;
  readonly why?: string;
}

/** A router of which more is known than the wire tells (the other routers of a simulated cluster). */
export interface KnownRouter {
  readonly name: string;
  readonly address: IpAddress;
  readonly interface: string;
  readonly vrid: number;
  readonly effectivePriority: number;
  readonly state: VrrpState;
  readonly preempt: boolean;
}

/** A host of which something other than an advert tells that it is there now: a healthy backup is silent. */
export interface ReachableHost {
  readonly address: IpAddress;
  readonly interface: string;
  /** It is in the kernel's neighbour table; or it has reported membership in the VRRP group (IGMP, MLD). */
  readonly how: 'neighbour' | 'report';
  /** When that was last seen. */
  readonly at: number;
}

export interface Snapshot {
  readonly takenAt: number;
  /** Milliseconds since the Unix epoch at `takenAt`. */
  readonly wallTime: number;
  readonly startedAt: number;
  readonly routerId: string;
  readonly instances: readonly InstanceSnapshot[];
  readonly scripts: readonly ScriptSnapshot[];
  /** static_ipaddress, static_routes, static_rules. */
  readonly statics: readonly EntrySnapshot[];
  readonly files: readonly FileSnapshot[];
  readonly processes: readonly ProcessSnapshot[];
  readonly overrides: readonly OverrideSnapshot[];
  /** Adverts for VRIDs that no instance has, per interface. */
  readonly unknownVrid: Readonly<Record<string, number>>;
  readonly knownRouters: readonly KnownRouter[];
  /** Absent where nobody looks. */
  readonly reachable?: readonly ReachableHost[];
}
