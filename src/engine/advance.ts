// One step of one instance inside its node: counts, remembers, and turns its effects into the node's.

import type { AddressSpec } from '../ports/network-port.ts';
import { stepInstance } from '../vrrp/instance.ts';
import type { InstanceEffect, InstanceEvent } from '../vrrp/state.ts';
import { RESIGN_PRIORITY } from '../wire/vrrp.ts';
import { isPresent, removable } from './addresses.ts';
import type { Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import { notifyCommands } from './notify.ts';

export function advance(node: Node, router: VirtualRouter, event: InstanceEvent): void {
  const before = router.state.state;
  const { state, effects } = stepInstance(router.config, router.state, event, node.now);
  router.state = state;
  if (before !== 'MASTER' && state.state === 'MASTER') router.counters.becomeMaster += 1;
  if (before === 'MASTER' && state.state !== 'MASTER') router.counters.releaseMaster += 1;
  for (const effect of effects) translate(node, router, effect);
}

function translate(node: Node, router: VirtualRouter, effect: InstanceEffect): void {
  const { config, counters } = router;
  const instance = config.name;
  switch (effect.kind) {
    case 'sendAdvert': {
      counters.advertSent += 1;
      if (effect.fields.priority === RESIGN_PRIORITY) counters.priZeroSent += 1;
      const { interface: name, family } = config;
      node.out.push({ ...effect, instance, interface: name, family });
      break;
    }
    case 'addAddresses': {
      router.complete = false;
      router.added = new Set(
        effect.addresses.filter((vip) => !isPresent(node.links, vip)).map(({ address }) => address),
      );
      node.out.push({ kind: 'addAddresses', instance, addresses: effect.addresses });
      break;
    }
    case 'removeAddresses': {
      const held = new Set(removable(node.links, effect.addresses));
      const addresses = effect.addresses.filter((vip) => router.added.has(vip.address) || held.has(vip));
      router.added = new Set();
      router.complete = false;
      if (addresses.length > 0) removeAddresses(node, instance, addresses);
      break;
    }
    case 'announce':
      node.out.push({ kind: 'announce', instance, announcements: effect.addresses });
      break;
    case 'notify':
      for (const command of notifyCommands(config, effect.state, router.state.effectivePriority)) {
        node.lastId += 1;
        node.runs.set(node.lastId, { instance, notify: command.text });
        const { argv, user, group } = command;
        const run = { id: node.lastId, argv, ...(user && { user }), ...(group && { group }) };
        node.out.push({ kind: 'startScript', run });
      }
      break;
    case 'record': {
      const { level, about, text, limit, state, cause } = effect;
      log(node, { level, kind: about, instance, text, ...(state && { state }), ...(cause && { cause }) }, limit);
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
