// One vrrp_instance, resolved: defaults filled in, units fixed. Words are keepalived's.
import type { Family, IpAddress } from '../wire/address.ts';
import type { RouteSpec, RuleSpec } from '../wire/route.ts';

/** A line of keepalived versions that behave alike: 2.2 is Debian's 2.2.7, 2.4 the newest. */
export type Compat = '2.2' | '2.4';

export interface VirtualAddress {
  readonly interface: string;
  readonly address: IpAddress;
  /** Default 32 or 128. */
  readonly prefix: number;
  /** rtnetlink scope: 0 global, 200 site, 253 link, 254 host. */
  readonly scope: number;
  readonly label?: string;
  readonly broadcast?: IpAddress;
  /** no_track: the state of its interface does not matter. */
  readonly noTrack?: boolean;
  /** peer: the other end of a point-to-point link. */
  readonly peer?: IpAddress;
  /** noprefixroute: no route to its network is set with it. */
  readonly noPrefixRoute?: boolean;
  /** -nodad: IPv6 looks for duplicates first. */
  readonly duplicateDetection?: boolean;
  /** home, mngtmpaddr, autojoin: flags of the kernel. */
  readonly home?: boolean;
  readonly manageTemporary?: boolean;
  readonly autoJoin?: boolean;
  /** preferred_lft of IPv6, seconds; FOREVER: without end. Absent: 0 for a /128, else without end. */
  readonly preferredLifetime?: number;
  /** use_vmac: its device is made for it. */
  readonly useVmac?: boolean;
}

export interface TrackWeight {
  readonly name: string;
  /** 0: a failure is a FAULT. Above 0: added while good. Below 0: subtracted while bad. -253..253. */
  readonly weight: number;
  readonly reverse: boolean;
}

/** A command to run: already split into words. `text` is what the file said. */
export interface Command {
  readonly argv: readonly string[];
  readonly text: string;
  readonly user?: string;
  readonly group?: string;
}

/** When and how often addresses are announced (garp_master_*, garp_lower_prio_*). */
export interface AnnouncementConfig {
  /** µs between becoming MASTER and the second burst; 0: no second burst. */
  readonly delayUs: number;
  /** Rounds in a burst, at least 1. */
  readonly repeat: number;
  /** µs between refresh bursts; 0: none. */
  readonly refreshUs: number;
  readonly refreshRepeat: number;
  /** The burst after an advert of lower priority was heard as MASTER. Repeat 0: none. */
  readonly lowerPrioDelayUs: number;
  readonly lowerPrioRepeat: number;
  /** garp_extra_if: again and again on interfaces with addresses where no adverts leave; not `all`: on devices of ours. */
  readonly extra?: { readonly intervalUs: number; readonly all: boolean };
}

export interface InstanceConfig {
  readonly name: string;
  /** Where adverts leave and are heard; a VRF device (vrf); or empty: unicast by whatever route the kernel takes. */
  readonly interface: string;
  readonly family: Family;
  readonly version: 2 | 3;
  readonly vrid: number;
  /** Base priority 1..255; 255 is the address owner. */
  readonly priority: number;
  readonly initialState: 'MASTER' | 'BACKUP';
  readonly advertIntervalUs: number;
  readonly preempt: boolean;
  readonly preemptDelayUs: number;
  readonly accept: boolean;
  /** mcast_src_ip or unicast_src_ip; absent: the interface's primary (link-local for IPv6). */
  readonly source?: IpAddress;
  /** Empty: multicast to `group`. */
  readonly unicastPeers: readonly IpAddress[];
  readonly group: IpAddress;
  readonly addresses: readonly VirtualAddress[];
  readonly excluded: readonly VirtualAddress[];
  /** virtual_routes, virtual_rules: there while it is MASTER. */
  readonly routes?: readonly RouteSpec[];
  readonly rules?: readonly RuleSpec[];
  /** v2 only; cut at 8 bytes. Absent: no authentication. */
  readonly password?: string;
  /** auth_hmac: adverts are signed; then there is no password. */
  readonly hmac?: HmacConfig;
  /** auth_type AH: `password` is its key (cut at 8 bytes). */
  readonly ah?: boolean;
  readonly trackScripts: readonly TrackWeight[];
  readonly trackInterfaces: readonly TrackWeight[];
  /** track_file, by the name of its block. */
  readonly trackFiles?: readonly TrackWeight[];
  /** track_process, by the name of its block. */
  readonly trackProcesses?: readonly TrackWeight[];
  /** track_bfd, by the name of its bfd_instance. */
  readonly trackBfds?: readonly TrackWeight[];
  /** use_vmac, use_ipvlan: the device made over `interface`, and whether adverts leave through that (vmac_xmit_base). */
  readonly vmac?: VirtualDevice & { readonly xmitBase: boolean };
  /** Devices for addresses on other interfaces (use_vmac_addr, `use_vmac` of an address). */
  readonly addressDevices?: readonly VirtualDevice[];
  readonly announcements: AnnouncementConfig;
  readonly notify: {
    readonly master?: Command;
    readonly backup?: Command;
    readonly fault?: Command;
    readonly stop?: Command;
    /** notify_deleted, where it names a script. */
    readonly deleted?: Command;
    /** The generic `notify`: INSTANCE NAME STATE PRIO are appended. */
    readonly any?: Command;
    readonly masterRxLowerPri?: Command;
  };
  /** What few configurations say; absent: keepalived's default. */
  readonly options?: InstanceOptions;
}

/** An interface that the router makes for itself over another one. */
export interface VirtualDevice {
  readonly name: string;
  /** The file names none: a reload keeps the name. */
  readonly autoName?: boolean;
  /** The interface under it. */
  readonly base: string;
  readonly kind: 'macvlan' | 'ipvlan';
  /** `00:00:5e:00:01:33`; absent for an ipvlan, which has the address of its base. */
  readonly mac?: string;
  /** Default: private for a macvlan, bridge for an ipvlan. */
  readonly mode?: 'bridge' | 'private' | 'vepa';
  /** Source address of an ipvlan over IPv4. */
  readonly address?: IpAddress;
  /** Link group (`ip link set group`). */
  readonly group?: number;
}

/** auth_hmac of keepalived 2.4. */
export interface HmacConfig {
  /** 32 to 64 bytes each, as hexadecimal digits. */
  readonly keys: readonly { readonly id: number; readonly hex: string }[];
  /** Which one signs. */
  readonly activeKey: number;
  /** `time`: the clocks of sender and receiver may differ by this much. Each advert has to be newer in any case. */
  readonly antiReplay: 'time' | 'monotonic';
  readonly windowSeconds: number;
  /** permissive: adverts without a signature count too; receive-only: and ours have none. */
  readonly mode: 'enforce' | 'permissive' | 'receive-only';
}

export interface InstanceOptions {
  /** Whose rules hold where versions of keepalived differ; default 2.4. */
  readonly compat?: Compat;
  /** down_timer_adverts, 1..100; default 3. */
  readonly downTimerAdverts?: number;
  /** lower_prio_no_advert, higher_prio_send_advert. */
  readonly lowerPrioNoAdvert?: boolean;
  readonly higherPrioSendAdvert?: boolean;
  /** owner_ignore_adverts: an owner hears nothing. */
  readonly ownerIgnoreAdverts?: boolean;
  /** timer_expired_backup N (with nopreempt): priority for whose skew a late MASTER steps down. */
  readonly timerExpiredBackup?: number;
  /** dont_track_primary: the state of the instance's own interface does not matter. */
  readonly dontTrackPrimary?: boolean;
  /** check_unicast_src, and the TTL limits of single peers (min_ttl, max_ttl). */
  readonly checkUnicastSource?: boolean;
  readonly peerTtl?: Readonly<Record<IpAddress, { readonly min?: number; readonly max?: number }>>;
  /** unicast_ttl, 0..255. */
  readonly unicastTtl?: number;
  /** v3_checksum_as_v2: no pseudo-header is sent, the checksum is not checked. */
  readonly v3ChecksumAsV2?: boolean;
  /** old_unicast_checksum: forced, never, or found out (absent). */
  readonly oldUnicastChecksum?: 'force' | 'never';
  /** strict_mode / vrrp_strict; its consequences are already in the other fields. */
  readonly strict?: boolean;
  /** skip_check_adv_addr. */
  readonly skipCheckAdvertAddresses?: boolean;
  /** notify_priority_changes. */
  readonly notifyPriorityChanges?: boolean;
  /** notify_deleted: a reload that removes the instance reports DELETED rather than FAULT. */
  readonly notifyDeleted?: boolean;
  /** It has no interface of its own: unicast by the routes of the host, or of a VRF. */
  readonly routed?: boolean;
  /** track_src_ip: the configured source has to be on the interface. */
  readonly trackSource?: boolean;
  /** unicast_fault_no_peer, where unicast is asked for and no peer is named: in FAULT for good. */
  readonly noPeerFault?: boolean;
  /** smtp_alert, of the instance or of global_defs. */
  readonly smtpAlert?: boolean;
  /** promote_secondaries: the sysctl of the interface. */
  readonly promoteSecondaries?: boolean;
  /** debug, 0..4: shown only. */
  readonly debug?: number;
}
