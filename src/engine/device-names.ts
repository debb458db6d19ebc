// Made-up names of devices over a reload: what continues keeps its name, whatever stands before it in the file now.
import type { InstanceConfig, VirtualDevice } from '../vrrp/config.ts';
import type { NodeConfig } from './config.ts';
import { devicesOf } from './devices.ts';

/** `after` with the names that devices have in `before`, as keepalived looks for an interface that fits. */
export function keepDeviceNames(before: NodeConfig, after: NodeConfig): NodeConfig {
  const made = madeUp(after);
  if (made.length === 0) return after;
  const known = new Map(madeUp(before).map(({ key, name }) => [key, name]));
  const devices = made.map(({ key, name }) => ({ name, kept: known.get(key) }));
  if (devices.every(({ name, kept }) => kept === undefined || kept === name)) return after;
  const chosen = after.instances.flatMap(devicesOf).filter(({ autoName }) => !autoName);
  const taken = new Set(chosen.map(({ name }) => name));
  const names = new Map<string, string>();
  for (const { name, kept } of devices) {
    if (kept === undefined || taken.has(kept)) continue;
    names.set(name, kept);
    taken.add(kept);
  }
  for (const { name } of devices) {
    if (names.has(name)) continue;
    const free = taken.has(name) ? devices.find((other) => !taken.has(other.name))?.name : name;
    names.set(name, free ?? name);
    taken.add(free ?? name);
  }
  return { ...after, instances: after.instances.map((instance) => rename(instance, names)) };
}

function madeUp({ instances }: NodeConfig): readonly { readonly key: string; readonly name: string }[] {
  return instances.flatMap((instance) => {
    const devices = devicesOf(instance).filter(({ autoName }) => autoName);
    if (devices.length === 0) return [];
    const { vrid, family, interface: on, unicastPeers, source } = instance;
    const who = [vrid, family, on, unicastPeers.length > 0 ? `unicast ${source ?? ''}` : 'multicast'];
    return devices.map(({ base, kind, mac, name }) => ({ key: [...who, base, kind, mac].join(' '), name }));
  });
}

function rename(instance: InstanceConfig, names: ReadonlyMap<string, string>): InstanceConfig {
  const own = new Set(devicesOf(instance).flatMap(({ name, autoName }) => (autoName ? [name] : [])));
  const nameOf = (name: string): string => (own.has(name) ? (names.get(name) ?? name) : name);
  const device = <Device extends VirtualDevice>(each: Device): Device => ({ ...each, name: nameOf(each.name) });
  const place = (vip: InstanceConfig['addresses'][number]) => ({ ...vip, interface: nameOf(vip.interface) });
  return {
    ...instance,
    ...(instance.vmac && { vmac: device(instance.vmac) }),
    ...(instance.addressDevices && { addressDevices: instance.addressDevices.map(device) }),
    addresses: instance.addresses.map(place),
    excluded: instance.excluded.map(place),
  };
}
