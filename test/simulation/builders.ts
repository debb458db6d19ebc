// Configurations and router specifications with sensible defaults, for scenarios and stories.
import type { NodeConfig, ScriptConfig, SyncGroupConfig } from '../../src/engine/config.ts';
import type { RouterSpec } from '../../src/sim/cluster.ts';
import { type ScriptTable, steadyScript } from '../../src/sim/script-table.ts';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import type { Family, IpAddress } from '../../src/wire/address.ts';
import { VRRP_GROUP } from '../../src/wire/vrrp.ts';

export const SECOND = 1_000_000;

/** keepalived's defaults: VRRPv2, VRID 51, one VIP, priority 100, preempt, one second. */
export function instance(change: Partial<InstanceConfig> = {}): InstanceConfig {
  const family = change.family ?? 4;
  return {
    name: 'VI_1',
    interface: 'eth0',
    family,
    version: 2,
    vrid: 51,
    priority: 100,
    initialState: 'BACKUP',
    advertIntervalUs: SECOND,
    preempt: true,
    preemptDelayUs: 0,
    accept: true,
    unicastPeers: [],
    group: VRRP_GROUP[family],
    addresses: [virtualAddress('10.0.0.100')],
    excluded: [],
    trackScripts: [],
    trackInterfaces: [],
    announcements: {
      delayUs: 5 * SECOND,
      repeat: 5,
      refreshUs: 0,
      refreshRepeat: 1,
      lowerPrioDelayUs: 5 * SECOND,
      lowerPrioRepeat: 5,
    },
    notify: {},
    ...change,
  };
}

export function virtualAddress(address: IpAddress): InstanceConfig['addresses'][number] {
  return { interface: 'eth0', address, prefix: address.includes(':') ? 128 : 32, scope: 0 };
}

/** A script that runs every second, and decides after one result. Its command is its name. */
export function script(change: Partial<ScriptConfig> = {}): ScriptConfig {
  const name = change.name ?? 'check';
  return {
    name,
    command: { argv: [name], text: name },
    intervalUs: SECOND,
    timeoutUs: SECOND,
    weight: 0,
    reverse: false,
    rise: 1,
    fall: 1,
    initFail: false,
    ...change,
  };
}

/** Own address of router number `n` (1 is lb1). */
export function addressOf(n: number, family: Family = 4): IpAddress {
  return family === 4 ? `10.0.0.${n}` : `fe80::${n}`;
}

/** Router `lb<n>` with one interface eth0 (10.0.0.n, fe80::n); all its scripts succeed. */
export function router(
  n: number,
  instances: readonly InstanceConfig[],
  scripts: readonly ScriptConfig[] = [],
  { inSync = false }: { inSync?: boolean } = {},
): RouterSpec {
  const table: ScriptTable = new Map(scripts.map(({ command }) => [command.argv.join(' '), steadyScript(0, 20_000)]));
  return {
    name: `lb${n}`,
    config: { ...nodeConfig(instances, scripts), ...(inSync && { syncGroups: [syncGroup(instances)] }) },
    interfaces: [
      {
        name: 'eth0',
        mac: `02:00:00:00:00:0${n}`,
        addresses: [
          { address: addressOf(n), prefix: 24 },
          { address: addressOf(n, 6), prefix: 64 },
        ],
      },
    ],
    scripts: table,
  };
}

/** All instances of a router in one group. */
function syncGroup(instances: readonly InstanceConfig[]): SyncGroupConfig {
  const members = instances.map(({ name }) => name);
  return { name: 'SG', members, trackingWeight: false, trackScripts: [], trackInterfaces: [], notify: {} };
}

function nodeConfig(instances: readonly InstanceConfig[], scripts: readonly ScriptConfig[]): NodeConfig {
  return {
    globals: {
      enableScriptSecurity: false,
      defaultInterface: 'eth0',
      checkerLogAllFailures: false,
      vrrpVersion: 2,
    },
    scripts,
    instances,
  };
}
