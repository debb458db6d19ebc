// The whole node, resolved: what config/ produces and the engine runs.
import type { ProcessPattern } from '../ports/process-port.ts';
import type { Command, InstanceConfig, TrackWeight, VirtualAddress } from '../vrrp/config.ts';
import type { RouteSpec, RuleSpec } from '../wire/route.ts';

export interface ScriptConfig {
  readonly name: string;
  readonly command: Command;
  readonly intervalUs: number;
  /** Already resolved: `timeout` or, when that is 0 or absent, `interval`. */
  readonly timeoutUs: number;
  readonly weight: number;
  readonly reverse: boolean;
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
}

/** track_file: a number in a file. */
export interface TrackFileConfig extends TrackWeight {
  readonly path: string;
  /** init_file: written at the start, over what is there only with `overwrite`. */
  readonly init?: { readonly value: number; readonly overwrite: boolean };
}

/** vrrp_track_process: so many processes have to run. */
export interface TrackProcessConfig extends TrackWeight, ProcessPattern {
  readonly quorum: number;
  /** Absent: any number. */
  readonly quorumMax?: number;
  /** How long the quorum has to be there, or to be lost, before that counts, µs. */
  readonly forkDelayUs: number;
  readonly terminateDelayUs: number;
}

export interface GlobalConfig {
  /** Absent: the host name. */
  readonly routerId?: string;
  readonly scriptUser?: { readonly user: string; readonly group?: string };
  readonly enableScriptSecurity: boolean;
  readonly defaultInterface: string;
  readonly checkerLogAllFailures: boolean;
  readonly vrrpVersion: 2 | 3;
  /** vrrp_startup_delay, µs: no instance leaves BACKUP, and adverts are dropped, until then. */
  readonly startupDelayUs?: number;
  /** vrrp_delay_after_boot, µs: the same, counted from the boot of the host. */
  readonly delayAfterBootUs?: number;
  /** notify_fifo, vrrp_notify_fifo: every transition as a line. */
  readonly notifyFifos?: readonly NotifyFifoConfig[];
  /** fifo_write_vrrp_states_on_reload. */
  readonly fifoStatesOnReload?: boolean;
  /** nftables [NAME], nftables_priority, nftables_counters: absent where the keyword is. */
  readonly nftables?: { readonly table?: string; readonly priority?: number; readonly counters?: boolean };
  /** disable_local_igmp: no membership reports for 224.0.0.x. */
  readonly disableLocalIgmp?: boolean;
  readonly process?: ProcessConfig;
  readonly dumps?: DumpConfig;
  /** Chain names of vrrp_iptables; absent when the keyword is. */
  readonly vrrpIptables?: { readonly inChain: string; readonly outChain: string };
}

/** startup_script, shutdown_script. */
export interface LifeScript {
  readonly command: Command;
  readonly timeoutUs: number;
}

/** What the configuration says about the process itself. The engine does not look at it. */
export interface ProcessConfig {
  /** net_namespace: where sockets, addresses and scripts are. */
  readonly netNamespace?: string;
  /** instance: a name for this router beside others on the host. */
  readonly instanceName?: string;
  readonly startup?: LifeScript;
  readonly shutdown?: LifeScript;
  /** vrrp_process_name. */
  readonly name?: string;
  /** vrrp_priority (nice value), vrrp_rt_priority, vrrp_cpu_affinity. */
  readonly nice?: number;
  readonly realTimePriority?: number;
  readonly cpus?: readonly number[];
  readonly umask?: number;
  /** reload_time_file, reload_repeat, reload_file. */
  readonly reloadTimeFile?: string;
  readonly reloadRepeat?: boolean;
  readonly reloadFile?: string;
}

/** Where the dump files go, and in which form. */
export interface DumpConfig {
  /** state_dump_file, stats_dump_file, json_dump_file. */
  readonly dataFile?: string;
  readonly statsFile?: string;
  readonly jsonFile?: string;
  /** data_use_instance: network namespace and instance name in the names of the files. */
  readonly useInstance?: boolean;
  readonly jsonVersion?: 1 | 2;
}

export interface NotifyFifoConfig {
  readonly path: string;
  /** *_notify_fifo_script: started with the path as its last word. */
  readonly script?: Command;
}

/** vrrp_sync_group: its members change state together. */
export interface SyncGroupConfig {
  readonly name: string;
  /** Names of instances, in the order of the file. */
  readonly members: readonly string[];
  /** sync_group_tracking_weight: weights of trackers apply to members too. */
  readonly trackingWeight: boolean;
  readonly trackScripts: readonly TrackWeight[];
  readonly trackInterfaces: readonly TrackWeight[];
  readonly trackFiles?: readonly TrackWeight[];
  readonly trackProcesses?: readonly TrackWeight[];
  /** As of an instance; the generic one gets GROUP NAME STATE 0 appended. */
  readonly notify: InstanceConfig['notify'];
}

/** How far apart announcements are at least, µs: garp of IPv4, gna of IPv6; absent: nothing holds them. */
export interface PacingConfig {
  /** vrrp_garp_interval, vrrp_gna_interval: on each interface that is in no group. */
  readonly garpUs?: number;
  readonly gnaUs?: number;
  /** garp_group: on all its interfaces together. */
  readonly groups: readonly {
    readonly garpUs?: number;
    readonly gnaUs?: number;
    readonly interfaces: readonly string[];
  }[];
}

/** interface_up_down_delays: how long a link has to stay up or down before it counts, µs. */
export interface LinkDelays {
  readonly downUs: number;
  readonly upUs: number;
}

/** static_ipaddress, static_routes, static_rules. */
export interface StaticsConfig {
  readonly addresses?: readonly StaticAddress[];
  readonly routes?: readonly RouteSpec[];
  readonly rules?: readonly RuleSpec[];
}

export interface StaticAddress extends VirtualAddress {
  readonly trackGroup?: string;
}

export interface NodeConfig {
  readonly globals: GlobalConfig;
  readonly scripts: readonly ScriptConfig[];
  readonly trackFiles?: readonly TrackFileConfig[];
  readonly trackProcesses?: readonly TrackProcessConfig[];
  readonly instances: readonly InstanceConfig[];
  readonly statics?: StaticsConfig;
  /** track_group: instances that track static entries. */
  readonly trackGroups?: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly syncGroups?: readonly SyncGroupConfig[];
  readonly pacing?: PacingConfig;
  /** By interface. */
  readonly linkDelays?: Readonly<Record<string, LinkDelays>>;
}
