// interface_up_down_delays: a link that goes up or down is believed when it has stayed so for a while.
import type { Link } from '../ports/network-port.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';

/** The link as it is to be believed now: a change of its state may have to wait. */
export function debounce(node: Node, name: string, link: Link | undefined): Link | undefined {
  const believed = node.links.get(name);
  const delays = node.config.linkDelays?.[name];
  // Another interface of that name is believed at once.
  const same = link !== undefined && believed?.index === link.index;
  if (!same || believed.up === link.up || delays === undefined) {
    node.unbelieved.delete(name);
    return link;
  }
  if (!node.unbelieved.has(name)) {
    const delayUs = link.up ? delays.upUs : delays.downUs;
    if (delayUs === 0) return link;
    node.unbelieved.set(name, node.now + delayUs);
    const text = `interface ${name} goes ${link.up ? 'up' : 'down'}: believed in ${delayUs / 1_000_000} s`;
    log(node, { level: 'info', kind: 'link', text });
  }
  return { ...link, up: believed.up };
}

/** Links that have stayed long enough as they are: from now on they are believed, each as it is returned. */
export function takeBelieved(node: Node): readonly Link[] {
  return [...node.unbelieved].flatMap(([name, at]) => {
    const link = node.links.get(name);
    if (at > node.now || link === undefined) return [];
    node.unbelieved.delete(name);
    return [{ ...link, up: !link.up }];
  });
}

/** When the next one is, µs. */
export function nextBelieved({ unbelieved }: Node): number {
  return unbelieved.size === 0 ? Number.POSITIVE_INFINITY : Math.min(...unbelieved.values());
}
