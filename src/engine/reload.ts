// A new configuration for a running node: what continues keeps its state and says nothing; the rest ends or begins.
import type { VirtualAddress } from '../vrrp/config.ts';
import type { Fault } from '../vrrp/state.ts';
import { advance } from './advance.ts';
import { channelKey, planChannels, syncChannels } from './channels.ts';
import { refreshConditions } from './conditions.ts';
import type { NodeConfig } from './config.ts';
import { planGroups } from './groups.ts';
import type { Channel, Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import { planReload } from './reload-plan.ts';
import { tickScripts } from './script-runs.ts';
import { initialScript } from './script-tracker.ts';

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
    if (changes.length > 0) advance(node, old, { kind: 'reloading' });
    return { before, changes, router: changes.length === 0 ? old : { ...old, config: after } };
  });
  const byNewName = new Map(continued.map(({ router }) => [router.config.name, router]));
  const renamed = new Map(continued.map(({ before, router }) => [before.name, router.config.name]));
  node.config = config;
  node.routers = new Map(
    config.instances.map((instance) => [instance.name, byNewName.get(instance.name) ?? create(instance)]),
  );
  node.virtual = virtualAddresses(config);
  node.overrides = node.overrides.flatMap((override) => {
    const instance = renamed.get(override.instance);
    return instance === undefined ? [] : [{ ...override, instance }];
  });
  const groups = new Map(node.groups.map((group) => [group.config.name, group.state]));
  node.groups = planGroups(config, node.routers).map((group) => ({
    ...group,
    state: groups.get(group.config.name) ?? group.state,
  }));
  reloadScripts(node);
  reloadChannels(node);
  syncChannels(node);
  tickScripts(node);
  refreshConditions(node);
  for (const { before, changes, router } of continued) {
    if (changes.length > 0) advance(node, router, { kind: 'reconfigured', before });
  }
  const changed = plan.kept.filter(({ changes }) => changes.length > 0).length;
  const text = `Reloaded: ${plan.kept.length - changed} unchanged, ${changed} changed, ${plan.added.length} new, ${plan.removed.length} removed`;
  log(node, { level: 'info', kind: 'node', text });
}

/** All virtual addresses of a configuration. */
export function virtualAddresses({ instances }: NodeConfig): ReadonlySet<VirtualAddress['address']> {
  return new Set(instances.flatMap(({ addresses, excluded }) => [...addresses, ...excluded].map((vip) => vip.address)));
}

function remove(node: Node, router: VirtualRouter): void {
  const conditions = { ...router.state.conditions, faults: [REMOVED] };
  advance(node, router, { kind: 'conditionsChanged', conditions });
}

/** A script whose command is the same keeps its results. */
function reloadScripts(node: Node): void {
  const old = node.scripts;
  node.scripts = new Map(
    node.config.scripts.map((config) => {
      const before = old.get(config.name);
      const same = before !== undefined && JSON.stringify(before.config.command) === JSON.stringify(config.command);
      const state = same
        ? { ...before.state, level: levelOf(before.state.ok, config) }
        : initialScript(config, node.now);
      return [config.name, { config, state }];
    }),
  );
  for (const [id, run] of node.runs) {
    if (!('script' in run) || node.scripts.get(run.script)?.state.running?.id === id) continue;
    node.out.push({ kind: 'signalScript', id, signal: 'SIGTERM' });
    node.runs.delete(id);
  }
}

/** rise and fall may be others: a good script stands at the top again, a bad one at the bottom. */
function levelOf(ok: boolean | undefined, { rise, fall }: NodeConfig['scripts'][number]): number {
  return ok ? rise + fall - 1 : 0;
}

/** A channel with the same groups and protocols stays open; any other is opened anew. */
function reloadChannels(node: Node): void {
  const old = node.channels;
  const planned = planChannels(node.config.instances);
  const channels = new Map<string, Channel>();
  for (const [key, channel] of planned) {
    const before = old.get(key);
    const same =
      before?.ah === channel.ah && JSON.stringify(before?.groups) === JSON.stringify(channel.groups)
        ? before
        : undefined;
    channels.set(key, same ?? channel);
  }
  for (const before of old.values()) {
    const { interface: name, family, state } = before;
    if (channels.get(channelKey(before)) === before || state === 'closed') continue;
    node.out.push({ kind: 'closeChannel', interface: name, family });
  }
  node.channels = channels;
}
