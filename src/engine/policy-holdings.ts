// Which routes and rules an instance, or the node itself, holds.
import type { InstanceConfig } from '../vrrp/config.ts';
import { policyOf } from '../vrrp/policy.ts';
import { interfacesOf, isTracked, type PolicyEntry } from '../wire/route.ts';
import type { Node } from './node.ts';

/**
 * `set`: the kernel has taken it. `missing`: it has not, or dropped it with an interface; it is tried again when a link
 * changes. `gone`: somebody removed it; it comes back with the next mastership.
 */
export type Holding = 'set' | 'missing' | 'gone';

/** Entries by `policyKey`. */
export type Holdings = Map<string, { readonly entry: PolicyEntry; state: Holding }>;

/** Equal for entries that are one and the same in the kernel: it knows nothing of who tracks them. */
export function policyKey({ kind, spec }: PolicyEntry): string {
  const { noTrack: _, trackGroup: __, ...told } = spec;
  return JSON.stringify({ kind, spec: told });
}

/** Of an instance, or of the node itself (static_routes, static_rules). */
export function addPolicy(node: Node, holdings: Holdings, entries: readonly PolicyEntry[]): void {
  for (const entry of entries) holdings.set(policyKey(entry), { entry, state: 'set' });
  if (entries.length > 0) node.out.push({ kind: 'addPolicy', entries });
}

/** What another holder has set too stays: keepalived takes it away from that one. */
export function removePolicy(node: Node, holdings: Holdings, entries: readonly PolicyEntry[]): void {
  for (const entry of entries) holdings.delete(policyKey(entry));
  const doomed = entries.filter((entry) => !isHeld(node, policyKey(entry)));
  if (doomed.length > 0) node.out.push({ kind: 'removePolicy', entries: doomed });
}

function isHeld(node: Node, key: string): boolean {
  if (node.statics.policy.get(key)?.state === 'set') return true;
  for (const { policy } of node.routers.values()) if (policy.get(key)?.state === 'set') return true;
  return false;
}

const interfaces = new WeakMap<InstanceConfig, readonly string[]>();

/** Interfaces whose loss is a FAULT because a tracked route or rule of the instance names them (keepalived). */
export function policyInterfaces(config: InstanceConfig): readonly string[] {
  const known = interfaces.get(config);
  if (known !== undefined) return known;
  // A configuration never changes, and is asked for often.
  const names = [...new Set(policyOf(config).filter(isTracked).flatMap(namedBy))];
  interfaces.set(config, names);
  return names;
}

function namedBy(entry: PolicyEntry): readonly string[] {
  if (entry.kind === 'rule') return interfacesOf(entry);
  return entry.spec.interface === undefined ? [] : [entry.spec.interface];
}
