// The mutable middle of an engine: what the modules of this folder share while one event is handled.
import type { DeviceSpec, Link } from '../ports/network-port.ts';
import type { ProcessPattern } from '../ports/process-port.ts';
import type { VrrpChannel } from '../ports/vrrp-port.ts';
import type { Compat, InstanceConfig } from '../vrrp/config.ts';
import type { RejectReason } from '../vrrp/reject.ts';
import type { InstanceState, VrrpState } from '../vrrp/state.ts';
import type { IpAddress } from '../wire/address.ts';
import type { NodeConfig, ScriptConfig, SyncGroupConfig, TrackFileConfig, TrackProcessConfig } from './config.ts';
import type { Deadlines } from './deadlines.ts';
import type { EngineEffect } from './event.ts';
import type { Journal } from './journal.ts';
import type { Override } from './overrides.ts';
import type { Pacing } from './pacing.ts';
import type { Peers } from './peers.ts';
import type { Holdings } from './policy-holdings.ts';
import type { ProcessState } from './process-tracker.ts';
import type { EventRecord } from './record.ts';
import type { ScriptState } from './script-tracker.ts';
import type { StaticState } from './statics.ts';

export interface VirtualRouter {
  readonly config: InstanceConfig;
  state: InstanceState;
  readonly peers: Peers;
  readonly counters: {
    advertRcvd: number;
    advertSent: number;
    becomeMaster: number;
    releaseMaster: number;
    priZeroRcvd: number;
    priZeroSent: number;
    rejected: Partial<Readonly<Record<RejectReason, number>>>;
  };
  /** Addresses that were not there before this mastership: ours to remove, whatever else the interface has. */
  added: Set<IpAddress>;
  /** Routes and rules that were set with this mastership. */
  readonly policy: Holdings;
  /** The kernel has shown all addresses since this mastership began: one that is missing now was removed by somebody. */
  complete: boolean;
  /** Which change of state of the node was its last: at equal deadlines the earlier one is first. */
  changed: number;
  /** vmac_xmit_base: when each source was heard on the base last. */
  readonly heardOnBase: Map<IpAddress, number>;
  /** An address could not be added: in FAULT until then. */
  addressFault: { readonly text: string; readonly until: number } | undefined;
}

export interface SyncGroup {
  readonly config: SyncGroupConfig;
  /** In the order of the file. */
  readonly members: readonly VirtualRouter[];
  readonly allOwners: boolean;
  /** What notifications have said last. */
  state: VrrpState;
}

export interface Channel extends VrrpChannel {
  state: 'closed' | 'opening' | 'open' | 'failed';
  message: string;
  retryAt: number;
}

/** A notify script, or the one that reads a FIFO. */
export interface NotifyRun {
  readonly instance?: string;
  readonly notify: string;
  readonly fifo?: string;
}

/** An interface that this node makes for itself, in whatever state that is. */
export interface Device {
  readonly spec: DeviceSpec;
  state: 'waiting' | 'making' | 'made' | 'failed';
  message: string;
  retryAt: number;
}

export interface Node {
  /** With all that is made from it below, as of the last reload. */
  config: NodeConfig;
  readonly routerId: string;
  readonly startedAt: number;
  readonly compat: Compat;
  /** End of vrrp_startup_delay, µs. */
  readonly listensFrom: number;
  now: number;
  /** Collected while one event is handled. */
  out: EngineEffect[];
  routers: ReadonlyMap<string, VirtualRouter>;
  /** Of `routers`; made anew when they are others. */
  deadlines: Deadlines;
  /** Those whose adverts begin anew with the event at hand: MASTER just now, or with another configuration. */
  beginners: VirtualRouter[];
  groups: readonly SyncGroup[];
  scripts: ReadonlyMap<string, { readonly config: ScriptConfig; state: ScriptState }>;
  /** `value` undefined: not read yet. */
  files: ReadonlyMap<string, { readonly config: TrackFileConfig; value: number | undefined }>;
  processes: ReadonlyMap<string, { readonly config: TrackProcessConfig; state: ProcessState }>;
  readonly statics: StaticState;
  /** What the ports were asked to watch last. */
  readonly watching: { files: readonly string[]; processes: readonly ProcessPattern[] };
  channels: ReadonlyMap<string, Channel>;
  /** As they are believed (interface_up_down_delays). */
  readonly links: Map<string, Link>;
  /** Links that have become up or down, and when that will be believed, µs. */
  readonly unbelieved: Map<string, number>;
  readonly pacing: Pacing;
  devices: ReadonlyMap<string, Device>;
  /** What the firewall and the kernel settings were last asked to be, as text. */
  asked: { firewall: string; sysctls: string };
  /** All virtual addresses of all instances: never the source of an advert. */
  virtual: ReadonlySet<IpAddress>;
  overrides: Override[];
  /** When the first `addressFault` of an instance ends, µs; Infinity: there is none. */
  addressFaultsEnd: number;
  /** What each run of a script in progress is for. */
  readonly runs: Map<number, { readonly script: string } | NotifyRun>;
  lastId: number;
  lastChange: number;
  readonly unknownVrid: Record<string, number>;
  readonly journal: Journal;
  stopped: boolean;
}

/** Writes a line into the event log, with the time of the event at hand. */
export function log(node: Node, line: Omit<EventRecord, 'seq' | 'at'>, limit?: string): void {
  const record = node.journal.write({ ...line, at: node.now }, limit);
  if (record !== undefined) node.out.push({ kind: 'record', record });
}
