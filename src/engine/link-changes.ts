// A link appeared, went, or changed its state or addresses.
import type { Link } from '../ports/network-port.ts';
import { isPresent } from './addresses.ts';
import { advance } from './advance.ts';
import { syncChannels } from './channels.ts';
import { refreshConditions } from './conditions.ts';
import type { Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import { tracksOf } from './tracks.ts';

export function linkChanged(node: Node, name: string, link: Link | undefined): void {
  const before = node.links.get(name);
  if (link === undefined) node.links.delete(name);
  else node.links.set(name, link);
  if (uses(node, name) && before?.up !== link?.up) {
    const state = link === undefined ? 'is gone' : link.up ? 'is up' : 'is down';
    log(node, { level: link?.up ? 'info' : 'warning', kind: 'link', text: `interface ${name} ${state}` });
  }
  syncChannels(node);
  refreshConditions(node);
  for (const router of node.routers.values()) noticeRemoval(node, router);
}

/**
 * Once the kernel has shown all addresses of a MASTER, one that is missing was removed by somebody else. Not before:
 * on the way there its word may still be of the time when we removed them ourselves.
 */
function noticeRemoval(node: Node, router: VirtualRouter): void {
  if (router.state.state !== 'MASTER') return;
  const { config } = router;
  const missing = [...config.addresses, ...config.excluded].find((vip) => !isPresent(node.links, vip));
  if (missing === undefined) router.complete = true;
  else if (router.complete) advance(node, router, { kind: 'addressRemoved', address: missing.address });
}

function uses(node: Node, name: string): boolean {
  return [...node.routers.values()].some((router) => {
    const { interface: own, addresses, excluded } = router.config;
    return (
      own === name ||
      [...addresses, ...excluded].some((vip) => vip.interface === name) ||
      tracksOf(node, router, 'interface').some((track) => track.name === name)
    );
  });
}
