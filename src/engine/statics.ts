// Static addresses, routes and rules (static_ipaddress, static_routes, static_rules): set at the start, put back when they
// go, removed at the end; instances of their track_group are in FAULT while they cannot be there.
import type { AddressSpec } from '../ports/network-port.ts';
import { newIn, policyOf, rulesFirst } from '../vrrp/policy.ts';
import type { Fault } from '../vrrp/state.ts';
import { interfacesOf } from '../wire/route.ts';
import { isPresent, removable } from './addresses.ts';
import type { NodeConfig, StaticAddress } from './config.ts';
import { addressText } from './dump-values.ts';
import type { Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';
import { addPolicy, type Holdings, policyKey, removePolicy } from './policy-holdings.ts';
import { shownPolicy } from './policy-text.ts';
import type { EntrySnapshot } from './snapshot.ts';

export interface StaticState {
  readonly policy: Holdings;
  /** Addresses that were not there before: ours to remove. */
  readonly added: Set<StaticAddress>;
  /** Addresses that have been seen on their interface: who misses one of them restores it. */
  readonly seen: Set<StaticAddress>;
}

export function noStatics(): StaticState {
  return { policy: new Map(), added: new Set(), seen: new Set() };
}

export const statics: Part = {
  started(node) {
    addAddresses(node, node.config.statics?.addresses ?? []);
    addPolicy(node, node.statics.policy, policyOf(node.config.statics ?? {}));
  },
  reloaded(node, before) {
    const [had, has] = [before.statics, node.config.statics];
    removePolicy(node, node.statics.policy, rulesFirst(newIn(policyOf(had ?? {}), policyOf(has ?? {}))));
    removeAddresses(node, newIn(had?.addresses ?? [], has?.addresses ?? []));
    adopt(node, has?.addresses ?? []);
    addAddresses(node, newIn(has?.addresses ?? [], had?.addresses ?? []));
    addPolicy(node, node.statics.policy, newIn(policyOf(has ?? {}), policyOf(had ?? {})));
  },
  stopped(node) {
    removePolicy(node, node.statics.policy, rulesFirst([...node.statics.policy.values()].map(({ entry }) => entry)));
    removeAddresses(node, node.config.statics?.addresses ?? []);
  },
};

/** An address that somebody removed, or that went with its interface, is put back as soon as that is up. */
export function staticsLinkChanged(node: Node, name: string): void {
  const link = node.links.get(name);
  for (const spec of node.config.statics?.addresses ?? []) {
    if (spec.interface !== name) continue;
    if (isPresent(node.links, spec)) node.statics.seen.add(spec);
    else if (link?.up) {
      if (node.statics.seen.delete(spec))
        log(node, {
          level: 'warning',
          kind: 'address',
          text: `Restoring deleted static address ${addressText(spec, name)}`,
        });
      node.out.push({ kind: 'addAddresses', instance: undefined, addresses: [spec] });
    }
  }
}

/** All entries as a snapshot shows them. */
export function staticEntries(node: Node): readonly EntrySnapshot[] {
  const { addresses = [], ...policy } = node.config.statics ?? {};
  const shown = addresses.map((spec) => ({
    kind: 'address' as const,
    text: addressText(spec, spec.interface),
    present: isPresent(node.links, spec),
  }));
  return [...shown, ...shownPolicy(policy, node.statics.policy)];
}

/** What concerns an instance of a track_group. */
export function staticFaults(node: Node, { config }: VirtualRouter): readonly Fault[] {
  const { statics, trackGroups } = node.config;
  if (statics === undefined || trackGroups === undefined) return [];
  const groups = new Set(trackGroups.flatMap(({ name, members }) => (members.includes(config.name) ? [name] : [])));
  if (groups.size === 0) return [];
  const tracked = (group: string | undefined): boolean => group !== undefined && groups.has(group);
  const addresses = (statics.addresses ?? []).filter(({ trackGroup }) => tracked(trackGroup));
  const entries = policyOf(statics).filter(({ spec }) => tracked(spec.trackGroup));
  const names = new Set([...addresses.map(({ interface: name }) => name), ...entries.flatMap(interfacesOf)]);
  const down = [...names].filter((name) => node.links.get(name)?.up !== true);
  const missing = entries.filter((entry) => node.statics.policy.get(policyKey(entry))?.state === 'missing');
  return [
    ...down.map((name) => fault(name, `interface ${name} of a static entry in its track_group is down`)),
    ...(down.length === 0 ? missing : []).map((entry) =>
      fault(policyKey(entry), `a static ${entry.kind} of its track_group cannot be set`),
    ),
  ];
}

function fault(subject: string, text: string): Fault {
  return { kind: 'static', key: `static ${subject}`, text };
}

function addAddresses(node: Node, addresses: readonly StaticAddress[]): void {
  for (const spec of addresses) {
    if (isPresent(node.links, spec)) node.statics.seen.add(spec);
    else node.statics.added.add(spec);
  }
  if (addresses.length > 0) node.out.push({ kind: 'addAddresses', instance: undefined, addresses });
}

function removeAddresses(node: Node, addresses: readonly StaticAddress[]): void {
  const { added, seen } = node.statics;
  const equal = (set: ReadonlySet<StaticAddress>, spec: StaticAddress) =>
    [...set].find((each) => JSON.stringify(each) === JSON.stringify(spec));
  const held = new Set<AddressSpec>(removable(node.links, addresses, node.devices));
  const doomed = addresses.filter((spec) => equal(added, spec) !== undefined || held.has(spec));
  for (const spec of addresses) {
    added.delete(equal(added, spec) ?? spec);
    seen.delete(equal(seen, spec) ?? spec);
  }
  if (doomed.length > 0) node.out.push({ kind: 'removeAddresses', instance: undefined, addresses: doomed });
}

/** What stays over a reload is the same under another object. */
function adopt(node: Node, addresses: NonNullable<NodeConfig['statics']>['addresses'] & {}): void {
  for (const set of [node.statics.added, node.statics.seen]) {
    const known = new Set([...set].map((each) => JSON.stringify(each)));
    set.clear();
    for (const spec of addresses) if (known.has(JSON.stringify(spec))) set.add(spec);
  }
}
