// A MASTER without its address is a black hole: an instance whose address the kernel refuses is in FAULT for a while.
import { refreshConditions } from './conditions.ts';
import type { EngineEvent } from './event.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';

const ADDRESS_FAULT_US = 60_000_000;

export const addressFaults: Part = {
  ticked(node) {
    for (const router of node.routers.values()) {
      if (router.addressFault !== undefined && router.addressFault.until <= node.now) router.addressFault = undefined;
    }
  },
  nextDeadline(node) {
    let next = Number.POSITIVE_INFINITY;
    for (const { addressFault } of node.routers.values()) next = Math.min(next, addressFault?.until ?? next);
    return next;
  },
};

export function addressFailed(node: Node, event: Extract<EngineEvent, { kind: 'addressFailed' }>): void {
  const router = node.routers.get(event.instance);
  if (router === undefined || router.state.state !== 'MASTER') return;
  const text = `VIP ${event.address} cannot be added: ${event.message}`;
  log(node, { level: 'error', kind: 'address', instance: event.instance, text });
  router.addressFault = { text, until: node.now + ADDRESS_FAULT_US };
  refreshConditions(node);
}
