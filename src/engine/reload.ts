// A new configuration for a running node: what continues keeps its state and says nothing; the rest ends or begins.
import type { VirtualAddress } from '../vrrp/config.ts';
import type { Fault } from '../vrrp/state.ts';
import { advance } from './advance.ts';
import { refreshConditions } from './conditions.ts';
import type { NodeConfig } from './config.ts';
import { createDeadlines } from './deadlines.ts';
import { writeStates } from './fifos.ts';
import { planGroups } from './groups.ts';
import type { Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import { PARTS } from './parts.ts';
import { planReload } from './reload-plan.ts';

/** keepalived reports an instance that is gone as FAULT. */
const REMOVED: Fault = { kind: 'removed', key: 'removed', text: 'removed from the configuration' };

/** `create` makes the router of an instance that is new. */
export function reload(
  node: Node,
  config: NodeConfig,
  create: (instance: NodeConfig['instances'][number]) => VirtualRouter,
): void {
  const plan = planReload(node.config, config);
  for (const { name } of plan.removed) remove(node, node.routers.get(name)!);
  const continued = plan.kept.map(({ before, after, changes }) => {
    const old = node.routers.get(before.name)!;
    // keepalived speaks before it reads, lest its peers lose patience. Here the file has been read already.
    if (changes.length > 0 && node.compat === '2.2') advance(node, old, { kind: 'reloading' });
    return { before, changes, router: changes.length === 0 ? old : { ...old, config: after } };
  });
  const byNewName = new Map(continued.map(({ router }) => [router.config.name, router]));
  const renamed = new Map(continued.map(({ before, router }) => [before.name, router.config.name]));
  const previous = node.config;
  node.routers = new Map(
    config.instances.map((instance) => [instance.name, byNewName.get(instance.name) ?? create(instance)]),
  );
  // What is equal stays the same object: it is kept once, and what was found out about it holds on.
  const instances = config.instances.map((instance) => byNewName.get(instance.name)?.config ?? instance);
  node.config = { ...config, instances };
  node.deadlines = createDeadlines(node.routers);
  node.virtual = virtualAddresses(node.config);
  node.overrides = node.overrides.flatMap((override) => {
    const instance = renamed.get(override.instance);
    return instance === undefined ? [] : [{ ...override, instance }];
  });
  const groups = new Map(node.groups.map((group) => [group.config.name, group.state]));
  node.groups = planGroups(node.config, node.routers).map((group) => ({
    ...group,
    state: groups.get(group.config.name) ?? group.state,
  }));
  for (const part of PARTS) part.reloaded?.(node, previous);
  refreshConditions(node);
  const changing = continued.filter(({ changes }) => changes.length > 0);
  for (const { before, router } of changing) advance(node, router, { kind: 'withdrawing', before });
  for (const { before, router } of changing) {
    advance(node, router, { kind: 'reconfigured', before });
    node.beginners.push(router);
  }
  writeStates(node);
  const text = `Reloaded: ${continued.length - changing.length} unchanged, ${changing.length} changed, ${plan.added.length} new, ${plan.removed.length} removed`;
  log(node, { level: 'info', kind: 'node', text });
}

/** All virtual addresses of a configuration. */
export function virtualAddresses({ instances }: NodeConfig): ReadonlySet<VirtualAddress['address']> {
  return new Set(instances.flatMap(({ addresses, excluded }) => [...addresses, ...excluded].map((vip) => vip.address)));
}

function remove(node: Node, router: VirtualRouter): void {
  if (router.config.options?.notifyDeleted) return advance(node, router, { kind: 'deleted' });
  const conditions = { ...router.state.conditions, faults: [REMOVED] };
  advance(node, router, { kind: 'conditionsChanged', conditions });
}
