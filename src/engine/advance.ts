// An event for one instance, and what follows from it for the other members of its sync group.
import type { InstanceEvent } from '../vrrp/state.ts';
import { followGroup } from './groups.ts';
import type { Node, VirtualRouter } from './node.ts';
import { step } from './step.ts';

export function advance(node: Node, router: VirtualRouter, event: InstanceEvent): void {
  const before = router.state.state;
  const effects = step(node, router, event);
  followGroup(node, router, before, effects);
}
