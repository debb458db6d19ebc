// What the lines of one vrrp_instance said, before anything is completed.
import type { ScriptConfig } from '../engine/config.ts';
import type { Command, InstanceOptions, TrackWeight } from '../vrrp/config.ts';
import type { Family, IpAddress } from '../wire/address.ts';
import type { RouteSpec, RuleSpec } from '../wire/route.ts';
import type { AddressLine } from './addresses.ts';
import type { ScriptUser } from './commands.ts';
import type { GarpSettings } from './garp.ts';
import type { HmacDraft } from './hmac.ts';
import type { HostFacts } from './host-facts.ts';
import type { PolicyReader } from './policy-blocks.ts';
import type { Report } from './report.ts';
import type { Span } from './source.ts';
import type { Word } from './statement.ts';

/** A value and the word it came from, for findings that only completion can make. */
export interface Written<T> {
  readonly value: T;
  readonly at: Word;
}

/** Options as far as they are said; absent means the next outer default. */
export type OptionsDraft = { -readonly [Key in keyof InstanceOptions]: InstanceOptions[Key] };

/** What global_defs says for all instances. */
export interface InstanceDefaults extends OptionsDraft {
  group4?: IpAddress;
  group6?: IpAddress;
  smtpAlertVrrp?: boolean;
  vmacPrefix: string;
  vmacAddrPrefix?: string;
}

export interface InstanceDraft {
  /** The `}` of the block. */
  closed?: Span;
  readonly name: Word;
  /** The last line of each keyword. */
  readonly seen: Map<string, Word>;
  interface?: Word;
  vrf?: Word;
  hmac?: HmacDraft;
  /** Set by the first address that is read; all others have to agree. */
  family?: Family;
  vrid?: Written<number>;
  priority?: number;
  state?: Written<'MASTER' | 'BACKUP'>;
  version?: 2 | 3;
  advertInterval?: Written<number>;
  nopreempt?: Word;
  preemptDelay?: Written<number>;
  /** accept or no_accept; undefined: neither. */
  accept?: boolean;
  source?: IpAddress;
  /** The first keyword that asks for unicast. */
  unicast?: Word;
  readonly peers: IpAddress[];
  readonly addresses: AddressLine[];
  readonly excluded: AddressLine[];
  readonly routes: RouteSpec[];
  readonly rules: RuleSpec[];
  authType?: Written<'PASS' | 'AH'>;
  authPass?: Written<string>;
  /** By name. */
  readonly trackScripts: Map<string, TrackWeight>;
  readonly trackInterfaces: Map<string, Written<TrackWeight>>;
  readonly trackFiles: Map<string, TrackWeight>;
  readonly trackProcesses: Map<string, TrackWeight>;
  readonly trackBfds: Map<string, TrackWeight>;
  readonly options: OptionsDraft;
  group?: IpAddress;
  /** unicast_fault_no_peer. */
  faultWithoutPeer?: boolean;
  /** no_virtual_ipaddress. */
  noAddresses?: boolean;
  device?: DeviceDraft;
  vmacXmitBase?: Word;
  /** use_vmac_addr. */
  vmacAddresses?: boolean;
  readonly garp: GarpSettings;
  readonly notify: NotifyDraft;
}

/** use_vmac or use_ipvlan as far as it is said. */
export interface DeviceDraft {
  readonly kind: 'macvlan' | 'ipvlan';
  readonly at: Word;
  name?: Word;
  /** Five or six bytes. */
  mac?: string;
  address?: IpAddress;
  mode?: 'bridge' | 'private' | 'vepa';
  group?: number;
}

/** The commands of an instance or a group as far as they are said. */
export interface NotifyDraft {
  deleted?: Command;
  master?: Command;
  backup?: Command;
  fault?: Command;
  stop?: Command;
  any?: Command;
  masterRxLowerPri?: Command;
}

/** A draft of which only the name is known. */
export function newDraft(name: Word): InstanceDraft {
  return {
    name,
    seen: new Map(),
    peers: [],
    addresses: [],
    excluded: [],
    routes: [],
    rules: [],
    trackScripts: new Map(),
    trackInterfaces: new Map(),
    trackFiles: new Map(),
    trackProcesses: new Map(),
    trackBfds: new Map(),
    options: {},
    garp: {},
    notify: {},
  };
}

/** What a reader may need besides its line. */
export interface ReadContext {
  readonly report: Report;
  /** The scripts defined so far, by name: keepalived looks them up at this very line. */
  readonly scripts: ReadonlyMap<string, ScriptConfig>;
  /** Names of scripts that had nothing to run. */
  readonly leftOut: ReadonlySet<string>;
  readonly scriptUser: ScriptUser | undefined;
  /** No script has a user to run as: keepalived leaves out those that name none themselves. */
  readonly noUser: boolean;
  readonly host: HostFacts | undefined;
  /** Names of the bfd_instance blocks. */
  readonly sessions: ReadonlySet<string>;
  readonly policy: PolicyReader;
  /** Names of track_file and vrrp_track_process blocks above, with their own weight. */
  readonly files: ReadonlyMap<string, TrackWeight>;
  readonly processes: ReadonlyMap<string, TrackWeight>;
}
