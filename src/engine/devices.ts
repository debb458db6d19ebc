// The interfaces that a node makes for itself (use_vmac, use_ipvlan): which ones, when, and with what source address.
import type { DeviceSpec, LinkAddress } from '../ports/network-port.ts';
import type { InstanceConfig, VirtualDevice } from '../vrrp/config.ts';
import { addressFamily, isLinkLocal } from '../wire/address.ts';
import type { NodeConfig } from './config.ts';
import type { EngineEvent } from './event.ts';
import type { Device, Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';

const RETRY_US = 1_000_000;
const IPV6_LINK_PREFIX = 64;
const SCOPE_LINK = 253;

export const devices: Part = {
  started: syncDevices,
  ticked(node) {
    if (nextRetry(node) <= node.now) syncDevices(node);
  },
  nextDeadline: nextRetry,
  reloaded(node) {
    const before = node.devices;
    const planned = planDevices(node.config);
    const kept = [...planned].map(([name, device]): [string, Device] => {
      const old = before.get(name);
      return [name, old !== undefined && sameSpec(old, device) ? old : device];
    });
    node.devices = new Map(kept);
    remove(
      node,
      [...before].filter(([name, { spec }]) => !canStay(spec, node.devices.get(name)?.spec)).map(([name]) => name),
    );
    syncDevices(node);
  },
  stopped(node) {
    remove(node, [...node.devices.keys()]);
  },
};

function nextRetry(node: Node): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { state, retryAt } of node.devices.values()) if (state === 'failed') next = Math.min(next, retryAt);
  return next;
}

/** Where the adverts of an instance leave and arrive. */
export function transportOf({ interface: base, vmac }: InstanceConfig): string {
  return vmac === undefined || vmac.xmitBase ? base : vmac.name;
}

/**
 * Where adverts for an instance may arrive. A macvlan swallows what comes from its own MAC address: adverts of a peer
 * without vmac_xmit_base never reach the base, and keepalived does not hear them.
 */
export function hearsOn(config: InstanceConfig): readonly string[] {
  const { vmac, unicastPeers } = config;
  const transport = transportOf(config);
  return vmac?.kind === 'macvlan' && vmac.xmitBase && unicastPeers.length === 0 ? [transport, vmac.name] : [transport];
}

/** The instance waits for the making of its devices; a failure would be known. */
export function isMaking(node: Node, config: InstanceConfig): boolean {
  return devicesOf(config).some(({ name }) => node.devices.get(name)?.state === 'making');
}

export function devicesOf({ vmac, addressDevices = [] }: InstanceConfig): readonly VirtualDevice[] {
  return vmac === undefined ? addressDevices : [vmac, ...addressDevices];
}

/** The devices that a configuration needs, none of them made yet. */
export function planDevices({ instances }: NodeConfig): ReadonlyMap<string, Device> {
  const planned = new Map<string, Device>();
  for (const instance of instances) {
    for (const device of devicesOf(instance)) {
      planned.set(device.name, { spec: specOf(device, instance), state: 'waiting', message: '', retryAt: 0 });
    }
  }
  return planned;
}

function specOf(device: VirtualDevice, { family, addresses, excluded }: InstanceConfig): DeviceSpec {
  const { name, base, kind, mode = kind === 'macvlan' ? 'private' : 'bridge', mac, group } = device;
  const held = [...addresses, ...excluded].filter((vip) => vip.interface === name);
  const has = (wanted: 4 | 6): boolean =>
    family === wanted || held.some(({ address }) => addressFamily(address) === wanted);
  return { name, base, kind, mode, ...(mac && { mac }), ...(group && { group }), ipv4: has(4), ipv6: has(6) };
}

/** What else is different can be corrected, without the loss of its addresses. */
function canStay(old: DeviceSpec, spec: DeviceSpec | undefined): boolean {
  return spec !== undefined && old.base === spec.base && old.kind === spec.kind;
}

function sameSpec(a: Device, b: Device): boolean {
  return JSON.stringify(a.spec) === JSON.stringify(b.spec);
}

/** Asks for the devices that are missing and whose base is there, and gives them the source address of their base. */
export function syncDevices(node: Node): void {
  const specs: DeviceSpec[] = [];
  for (const device of node.devices.values()) {
    const { spec, state, retryAt } = device;
    // What is there at the start may be of an earlier run: the port looks at it.
    const wanted = state === 'waiting' || (state === 'failed' && retryAt <= node.now);
    const lost = state === 'made' && !node.links.has(spec.name);
    if (!(wanted || lost)) continue;
    if (!node.links.has(spec.base)) {
      device.state = 'waiting';
      continue;
    }
    device.state = 'making';
    device.retryAt = node.now + RETRY_US;
    specs.push(spec);
  }
  if (specs.length > 0) node.out.push({ kind: 'createDevices', specs });
  for (const router of node.routers.values()) lendSource(node, router.config);
}

export function devicesMade(node: Node, { devices: made }: Extract<EngineEvent, { kind: 'devicesMade' }>): void {
  for (const { name, link, result, reused, problems } of made) {
    const device = node.devices.get(name);
    if (device === undefined) continue;
    const { base, mac } = device.spec;
    for (const text of problems) log(node, { level: 'warning', kind: 'link', text }, `device ${text}`);
    if (result.ok && link !== undefined) {
      node.links.set(name, link);
      const text = `${reused ? 'took over' : 'made'} the interface ${name} on ${base}${mac ? ` with MAC ${mac}` : ''}`;
      log(node, { level: 'info', kind: 'link', text });
      device.state = 'made';
      device.message = '';
    } else {
      device.state = 'failed';
      device.message = result.ok ? `the interface ${name} is gone again` : result.message;
      device.retryAt = node.now + RETRY_US;
      log(node, { level: 'error', kind: 'link', text: device.message }, `device ${name}`);
    }
  }
  syncDevices(node);
}

/** IPv6 sends from a link-local address of the very interface: that of the base is set on the device too. */
function lendSource(node: Node, config: InstanceConfig): void {
  const { vmac } = config;
  if (vmac === undefined || node.devices.get(vmac.name)?.state !== 'made') return;
  const link = node.links.get(vmac.name);
  const lent = lentSource(node, config);
  if (link === undefined || lent === undefined) return;
  const stale = link.addresses.filter(
    ({ address, scope }) =>
      address !== lent.address && scope === lent.scope && isLinkLocal(address) && !node.virtual.has(address),
  );
  const spec = { interface: vmac.name, ...lent };
  if (stale.length > 0) {
    const addresses = stale.map(({ address, prefix, scope }) => ({ ...spec, address, prefix, scope }));
    node.out.push({ kind: 'removeAddresses', instance: config.name, addresses });
  }
  const missing = !link.addresses.some(({ address }) => address === lent.address);
  if (missing) node.out.push({ kind: 'addAddresses', instance: config.name, addresses: [spec] });
  if (missing || stale.length > 0) {
    const staying = link.addresses.filter((held) => !stale.includes(held));
    const fresh = { ...lent, secondary: false, tentative: false };
    node.links.set(vmac.name, { ...link, addresses: missing ? [...staying, fresh] : staying });
  }
}

/** The source address that a device gets from its base, or as an ipvlan by itself; undefined where it needs none. */
export function lentSource(
  node: Node,
  { interface: base, family, vmac, source }: InstanceConfig,
): Pick<LinkAddress, 'address' | 'prefix' | 'scope'> | undefined {
  if (vmac === undefined || vmac.xmitBase) return undefined;
  if (family === 4) {
    return vmac.kind === 'ipvlan' && vmac.address ? { address: vmac.address, prefix: 32, scope: 0 } : undefined;
  }
  const held = node.links.get(base)?.addresses ?? [];
  const own = held.find((one) => !one.tentative && isLinkLocal(one.address) && !node.virtual.has(one.address));
  const address = source ?? own?.address;
  return address === undefined ? undefined : { address, prefix: IPV6_LINK_PREFIX, scope: SCOPE_LINK };
}

function remove(node: Node, names: readonly string[]): void {
  if (names.length === 0) return;
  node.out.push({ kind: 'removeDevices', names });
  for (const name of names) node.links.delete(name);
}
