// The whole node, resolved: what config/ produces and the engine runs.
import type { Command, InstanceConfig } from '../vrrp/config.ts';

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

export interface GlobalConfig {
  /** Absent: the host name. */
  readonly routerId?: string;
  readonly scriptUser?: { readonly user: string; readonly group?: string };
  readonly enableScriptSecurity: boolean;
  readonly defaultInterface: string;
  readonly checkerLogAllFailures: boolean;
  readonly vrrpVersion: 2 | 3;
  /** Chain names of vrrp_iptables; absent when the keyword is. */
  readonly vrrpIptables?: { readonly inChain: string; readonly outChain: string };
}

export interface NodeConfig {
  readonly globals: GlobalConfig;
  readonly scripts: readonly ScriptConfig[];
  readonly instances: readonly InstanceConfig[];
}
