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

export function policyKey(entry: PolicyEntry): string {
  return JSON.stringify(entry);
}

/** Of an instance, or of the node itself (static_routes, static_rules). */
export function addPolicy(node: Node, holdings: Holdings, entries: readonly PolicyEntry[]): void {
  for (const entry of entries) holdings.set(policyKey(entry), { entry, state: 'set' });
  if (entries.length > 0) node.out.push({ kind: 'addPolicy', entries });
}

export function removePolicy(node: Node, holdings: Holdings, entries: readonly PolicyEntry[]): void {
  for (const entry of entries) holdings.delete(policyKey(entry));
  if (entries.length > 0) node.out.push({ kind: 'removePolicy', entries });
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
