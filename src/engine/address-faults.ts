// A MASTER without its address is a black hole: an instance whose address the kernel refuses is in FAULT for a while.
import { refreshConditions } from './conditions.ts';
import type { EngineEvent } from './event.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';

const ADDRESS_FAULT_US = 60_000_000;

export const addressFaults: Part = {
  ticked(node) {
    if (node.addressFaultsEnd > node.now) return;
    node.addressFaultsEnd = Number.POSITIVE_INFINITY;
    for (const router of node.routers.values()) {
      const { addressFault } = router;
      if (addressFault === undefined) continue;
      if (addressFault.until <= node.now) router.addressFault = undefined;
      else node.addressFaultsEnd = Math.min(node.addressFaultsEnd, addressFault.until);
    }
  },
  nextDeadline: (node) => node.addressFaultsEnd,
};

export function addressFailed(node: Node, event: Extract<EngineEvent, { kind: 'addressFailed' }>): void {
  if (event.instance === undefined) {
    const text = `static address ${event.address} cannot be added: ${event.message}`;
    return log(node, { level: 'error', kind: 'address', text }, `static ${event.address}`);
  }
  const router = node.routers.get(event.instance);
  if (router === undefined || router.state.state !== 'MASTER') return;
  const text = `VIP ${event.address} cannot be added: ${event.message}`;
  log(node, { level: 'error', kind: 'address', instance: event.instance, text });
  router.addressFault = { text, until: node.now + ADDRESS_FAULT_US };
  node.addressFaultsEnd = Math.min(node.addressFaultsEnd, router.addressFault.until);
  refreshConditions(node);
}
