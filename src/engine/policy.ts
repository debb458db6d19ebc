// The routes and rules of MASTERs: which are set, which are missing, and what it means when one goes.
import { policyOf, rulesFirst } from '../vrrp/policy.ts';
import { interfacesOf, isTracked, type PolicyEntry, type RouteSpec } from '../wire/route.ts';
import { advance } from './advance.ts';
import type { EngineEvent } from './event.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';
import { addPolicy, type Holdings, policyKey } from './policy-holdings.ts';
import { describeEntry } from './policy-text.ts';

/** What a crashed predecessor left behind is removed at the start: the kernel finds only what is marked as ours. */
export const residualPolicy: Part = {
  started(node) {
    for (const { config } of node.routers.values()) {
      const entries = rulesFirst(policyOf(config));
      if (entries.length > 0) node.out.push({ kind: 'removePolicy', entries });
    }
  },
};

/** keepalived logs it and goes on; here it is tried again when a link changes. */
export function policyFailed(node: Node, { entry, message }: Extract<EngineEvent, { kind: 'policyFailed' }>): void {
  const key = policyKey(entry);
  for (const [instance, holdings] of holders(node)) {
    const held = holdings.get(key);
    if (held === undefined) continue;
    held.state = 'missing';
    const text = `${describeEntry(entry, instance === undefined ? 'static' : 'virtual')} not set: ${message}`;
    log(node, { level: 'warning', kind: 'address', ...(instance && { instance }), text }, `policy ${key}`);
  }
}

/** Removed by somebody else. A tracked entry costs the mastership for the skew; static ones are put back. */
export function policyRemoved(node: Node, entry: PolicyEntry): void {
  const key = policyKey(entry);
  const held = node.statics.policy.get(key);
  if (held !== undefined) {
    log(node, { level: 'warning', kind: 'address', text: `Restoring deleted ${describeEntry(entry, 'static')}` });
    addPolicy(node, node.statics.policy, [held.entry]);
  }
  for (const router of node.routers.values()) {
    const own = router.policy.get(key);
    if (own === undefined) continue;
    own.state = 'gone';
    if (isTracked(own.entry)) advance(node, router, { kind: 'policyRemoved', what: describeEntry(own.entry) });
  }
}

/** With an interface the kernel drops its IPv4 routes without a word; of a route that names none nobody knows which it used. */
export function policyDropped(node: Node, name: string): void {
  for (const [, holdings] of holders(node)) {
    for (const held of holdings.values()) {
      if (held.state === 'set' && held.entry.kind === 'route' && mayUse(held.entry.spec, name)) held.state = 'missing';
    }
  }
}

/** What is missing is tried again whenever a link changes and its own are up (and not only believed to be). */
export function policyLinkChanged(node: Node): void {
  const isUp = (name: string): boolean => node.links.get(name)?.up === true && !node.unbelieved.has(name);
  for (const [, holdings] of holders(node)) {
    const missing = [...holdings.values()].filter(({ state }) => state === 'missing').map(({ entry }) => entry);
    addPolicy(
      node,
      holdings,
      missing.filter((entry) => interfacesOf(entry).every(isUp)),
    );
  }
}

function mayUse(spec: RouteSpec, name: string): boolean {
  const names = interfacesOf({ kind: 'route', spec });
  const ways = spec.gateway !== undefined || spec.nexthops !== undefined;
  return names.includes(name) || (ways && spec.interface === undefined);
}

/** Instances and, without a name, the node itself. */
function* holders(node: Node): Iterable<readonly [string | undefined, Holdings]> {
  if (node.statics.policy.size > 0) yield [undefined, node.statics.policy];
  for (const router of node.routers.values()) if (router.policy.size > 0) yield [router.config.name, router.policy];
}
