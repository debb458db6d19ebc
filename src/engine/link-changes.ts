// A link appeared, went, or changed its state or addresses.
import type { Link } from '../ports/network-port.ts';
import type { VirtualAddress } from '../vrrp/config.ts';
import { addressFamily } from '../wire/address.ts';
import { isPresent } from './addresses.ts';
import { advance } from './advance.ts';
import { syncChannels } from './channels.ts';
import { refreshConditions } from './conditions.ts';
import { debounce, nextBelieved, takeBelieved } from './debounce.ts';
import { devicesOf, syncDevices } from './devices.ts';
import { syncFirewall } from './firewall.ts';
import type { Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';
import { policyDropped, policyLinkChanged } from './policy.ts';
import { staticsLinkChanged } from './statics.ts';
import { syncSysctls } from './sysctls.ts';
import { tracksOf } from './tracks.ts';

export const linkDelays: Part = {
  ticked(node) {
    for (const link of takeBelieved(node)) believe(node, link.name, link);
  },
  nextDeadline: nextBelieved,
};

export function linkChanged(node: Node, name: string, link: Link | undefined): void {
  const before = node.links.get(name);
  const wasUp = before !== undefined && before.up !== node.unbelieved.has(name);
  // Whatever is believed: the kernel has dropped its routes.
  if (wasUp && link?.up !== true) policyDropped(node, name);
  believe(node, name, debounce(node, name, link));
}

function believe(node: Node, name: string, link: Link | undefined): void {
  const before = node.links.get(name);
  if (link === undefined) node.links.delete(name);
  else node.links.set(name, link);
  if (before?.up !== link?.up && uses(node, name)) {
    const state = link === undefined ? 'is gone' : link.up ? 'is up' : 'is down';
    log(node, {
      level: link?.up ? 'info' : 'warning',
      kind: 'link',
      subject: name,
      text: `interface ${name} ${state}`,
    });
  }
  policyLinkChanged(node);
  staticsLinkChanged(node, name);
  if (before === undefined || link === undefined || relevant(node, before) !== relevant(node, link)) {
    syncFirewall(node);
    syncSysctls(node);
    syncDevices(node);
    syncChannels(node);
    refreshConditions(node);
  }
  for (const router of node.routers.values()) noticeRemoval(node, router);
}

/**
 * Once the kernel has shown all addresses of a MASTER, one that is missing was removed by somebody else. Not before:
 * on the way there its word may still be of the time when we removed them ourselves.
 */
function noticeRemoval(node: Node, router: VirtualRouter): void {
  if (router.state.state !== 'MASTER') return;
  const { config } = router;
  const absent = (vip: VirtualAddress): boolean => !vip.noTrack && !isPresent(node.links, vip);
  const missing = config.addresses.find(absent) ?? config.excluded.find(absent);
  if (missing === undefined) router.complete = true;
  else if (router.complete) advance(node, router, { kind: 'addressRemoved', address: missing.address });
}

/**
 * What conditions can see of a link. Not the virtual addresses: a takeover of a thousand would look at all instances a
 * thousand times. But where a family has no other, an owner speaks from one of them.
 */
function relevant(node: Node, link: Link): string {
  const own = link.addresses.filter(({ address }) => !node.virtual.has(address));
  const families = new Set(own.map(({ address }) => addressFamily(address)));
  const alone = link.addresses.filter(({ address }) => !families.has(addressFamily(address)));
  return JSON.stringify({ ...link, addresses: [...own, ...alone] });
}

function uses(node: Node, name: string): boolean {
  return [...node.routers.values()].some((router) => {
    const { interface: own, addresses, excluded } = router.config;
    return (
      own === name ||
      devicesOf(router.config).some((device) => device.name === name) ||
      [...addresses, ...excluded].some((vip) => vip.interface === name) ||
      tracksOf(node, router, 'interface').some((track) => track.name === name)
    );
  });
}
