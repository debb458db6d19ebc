// Which address is whose: the source of adverts, and which addresses may be taken off an interface.
import type { AddressSpec, Link, LinkAddress } from '../ports/network-port.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import type { IpAddress } from '../wire/address.ts';
import { addressFamily, isLinkLocal } from '../wire/address.ts';
import { OWNER_PRIORITY } from '../wire/vrrp.ts';

export type Links = ReadonlyMap<string, Link>;

/**
 * Source of an instance's adverts: configured, else the first IPv4 address or the IPv6 link-local one of its interface
 * (`link`) that is no virtual address. Undefined when there is none (a fault).
 */
export function sourceAddress(
  config: InstanceConfig,
  link: Link | undefined,
  virtual: ReadonlySet<IpAddress>,
): IpAddress | undefined {
  if (config.source !== undefined) return config.source;
  const usable = ({ address, tentative }: LinkAddress): boolean =>
    !tentative && addressFamily(address) === config.family && (config.family === 4 || isLinkLocal(address));
  const own = link?.addresses.find((held) => !virtual.has(held.address) && usable(held));
  if (own !== undefined || config.priority !== OWNER_PRIORITY) return own?.address;
  // An owner's own address is a virtual one too.
  return link?.addresses.find(usable)?.address;
}

const held = new WeakMap<Link, ReadonlySet<IpAddress>>();

/** The addresses of a link, which never changes: a thousand instances ask for theirs. */
function addressesOf(link: Link): ReadonlySet<IpAddress> {
  const known = held.get(link);
  if (known !== undefined) return known;
  const addresses = new Set(link.addresses.map(({ address }) => address));
  held.set(link, addresses);
  return addresses;
}

/** Is this address on its interface now? */
export function isPresent(
  links: Links,
  { interface: name, address }: Pick<AddressSpec, 'interface' | 'address'>,
): boolean {
  const link = links.get(name);
  return link !== undefined && addressesOf(link).has(address);
}

/**
 * Of `specs`, those that are on an interface now and may be removed: an interface keeps at least one address of each
 * family (its first), however it got there. keepalived removes it, and cuts its operator's session. Devices of our own
 * keep nothing.
 */
export function removable(
  links: Links,
  specs: readonly AddressSpec[],
  own: { has(name: string): boolean },
): readonly AddressSpec[] {
  const doomed = new Set(specs.map(({ interface: name, address }) => `${name} ${address}`));
  return specs.filter((spec) => {
    if (!isPresent(links, spec)) return false;
    if (own.has(spec.interface)) return true;
    const held = links.get(spec.interface)!.addresses;
    const family = held.filter((other) => addressFamily(other.address) === addressFamily(spec.address));
    const staying = family.filter((other) => !isDoomed(doomed, spec.interface, other));
    return staying.length > 0 || family[0]!.address !== spec.address;
  });
}

function isDoomed(doomed: ReadonlySet<string>, name: string, { address }: LinkAddress): boolean {
  return doomed.has(`${name} ${address}`);
}
