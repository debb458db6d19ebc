// One step of one instance inside its node: counts, remembers, and turns its effects into the node's.
// Callers want engine/advance, which lets the sync group follow.

import type { AddressSpec } from '../ports/network-port.ts';
import { stepInstance } from '../vrrp/instance.ts';
import type { InstanceEffect, InstanceEvent } from '../vrrp/state.ts';
import { RESIGN_PRIORITY } from '../wire/vrrp.ts';
import { isPresent, removable } from './addresses.ts';
import { transportOf } from './devices.ts';
import type { Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import { tell } from './notify.ts';
import { announce } from './pacing.ts';
import { addPolicy, removePolicy } from './policy-holdings.ts';

export function step(node: Node, router: VirtualRouter, event: InstanceEvent): readonly InstanceEffect[] {
  const before = router.state.state;
  const { state, effects } = stepInstance(router.config, router.state, event, node.now);
  router.state = state;
  if (before !== state.state) {
    node.lastChange += 1;
    router.changed = node.lastChange;
  }
  if (before !== 'MASTER' && state.state === 'MASTER') {
    router.counters.becomeMaster += 1;
    node.beginners.push(router);
  }
  if (before === 'MASTER' && state.state !== 'MASTER') router.counters.releaseMaster += 1;
  node.deadlines.moved(router);
  for (const effect of effects) translate(node, router, effect);
  return effects;
}

function translate(node: Node, router: VirtualRouter, effect: InstanceEffect): void {
  const { config, counters, state } = router;
  const instance = config.name;
  switch (effect.kind) {
    case 'sendAdvert': {
      counters.advertSent += 1;
      if (effect.fields.priority === RESIGN_PRIORITY) counters.priZeroSent += 1;
      // Without a spread: V8 may make a hidden class for each outcome, garbage that only the long collections take away.
      const { kind, fields, source, destinations, ttl } = effect;
      const advert = {
        kind,
        instance,
        interface: transportOf(config),
        family: config.family,
        fields,
        source,
        destinations,
      };
      node.out.push(ttl === undefined ? advert : { ...advert, ttl });
      break;
    }
    case 'addAddresses': {
      router.complete = false;
      for (const vip of effect.addresses) if (!isPresent(node.links, vip)) router.added.add(vip.address);
      node.out.push({ kind: 'addAddresses', instance, addresses: effect.addresses });
      break;
    }
    case 'removeAddresses': {
      const held = new Set(removable(node.links, effect.addresses, node.devices));
      const addresses = effect.addresses.filter((vip) => router.added.has(vip.address) || held.has(vip));
      for (const { address } of effect.addresses) router.added.delete(address);
      router.complete = false;
      if (addresses.length > 0) removeAddresses(node, instance, addresses);
      break;
    }
    case 'addPolicy':
      addPolicy(node, router.policy, effect.entries);
      break;
    case 'removePolicy':
      removePolicy(node, router.policy, effect.entries);
      break;
    case 'announce':
      announce(node, router, effect.addresses);
      break;
    case 'notify':
      tell(node, { kind: 'INSTANCE', name: instance, notify: config.notify }, effect.state, state.effectivePriority);
      break;
    case 'record': {
      const { level, about, text, limit, state: entered, cause } = effect;
      const where = entered && { state: entered };
      log(node, { level, kind: about, instance, text, ...where, ...(cause && { cause }) }, limit);
      break;
    }
  }
}

/** Asks for the removal, and knows at once that it is done: the kernel's own word comes later. */
export function removeAddresses(node: Node, instance: string, addresses: readonly AddressSpec[]): void {
  node.out.push({ kind: 'removeAddresses', instance, addresses });
  for (const { interface: name, address } of addresses) {
    const link = node.links.get(name);
    if (link === undefined) continue;
    node.links.set(name, { ...link, addresses: link.addresses.filter((held) => held.address !== address) });
  }
}
