// Which instance of a new configuration continues which one of the old: by VRID, family, interface, virtual MAC, and
// unicast source, not by name (keepalived: vrrp_exist).
import type { InstanceConfig } from '../vrrp/config.ts';
import { differingKeys } from '../vrrp/same-value.ts';
import type { NodeConfig } from './config.ts';

export interface ReloadPlan {
  /** `changes`: names of the fields that differ; empty: nothing happens to this instance. */
  readonly kept: readonly {
    readonly before: InstanceConfig;
    readonly after: InstanceConfig;
    readonly changes: readonly string[];
  }[];
  readonly added: readonly InstanceConfig[];
  readonly removed: readonly InstanceConfig[];
}

/** Compares two configurations. In the order of the new one, then what is removed in the order of the old one. */
export function planReload(before: NodeConfig, after: NodeConfig): ReloadPlan {
  const left = new Map(before.instances.map((instance) => [identity(instance), instance]));
  const kept: ReloadPlan['kept'][number][] = [];
  const added: InstanceConfig[] = [];
  for (const instance of after.instances) {
    const old = left.get(identity(instance));
    if (old === undefined) {
      added.push(instance);
      continue;
    }
    left.delete(identity(instance));
    kept.push({ before: old, after: instance, changes: differingKeys(old, instance) });
  }
  return { kept, added, removed: [...left.values()] };
}

function identity({ vrid, family, interface: name, unicastPeers, source, vmac }: InstanceConfig): string {
  const how = unicastPeers.length > 0 ? `unicast ${source ?? ''}` : 'multicast';
  return [vrid, family, name, how, JSON.stringify(vmac ?? null)].join(' ');
}
