// Which instances of several hosts are one virtual router: same VRID and family, and something that shows it. The names of
// instances and of interfaces may differ from host to host.
import type { InstanceConfig } from '../vrrp/config.ts';
import { addressBytes, addressFamily, type IpAddress } from '../wire/address.ts';
import type { ConfiguredHost, Member } from './configured-host.ts';

export interface RouterGroup {
  readonly vrid: number;
  readonly family: 4 | 6;
  /** At most one of each host, in the order of the files. */
  readonly members: readonly Member[];
}

/** Virtual routers in the order of the files; groups of one are instances that no other file has. */
export function matchInstances(hosts: readonly ConfiguredHost[]): RouterGroup[] {
  const groups: Growing[] = [];
  const byKey = new Map<string, Growing[]>();
  for (const host of hosts) {
    const members = host.config.instances.map((instance) => ({ host, instance }));
    const pairs = members.flatMap((member) =>
      (byKey.get(keyOf(member.instance)) ?? [])
        .map((group) => ({ member, group, score: likeness(member.instance, group) }))
        .filter(({ score }) => score > 0),
    );
    const placed = new Set<Member>();
    for (const { member, group } of pairs.sort((a, b) => b.score - a.score)) {
      if (placed.has(member) || group.members.some((other) => other.host === host)) continue;
      group.members.push(member);
      placed.add(member);
    }
    for (const member of members) {
      if (placed.has(member)) continue;
      const { vrid, family } = member.instance;
      const group = { vrid, family, members: [member] };
      groups.push(group);
      byKey.set(keyOf(group), [...(byKey.get(keyOf(group)) ?? []), group]);
    }
  }
  return groups;
}

interface Growing extends RouterGroup {
  readonly members: Member[];
}

function keyOf({ vrid, family }: Pick<RouterGroup, 'vrid' | 'family'>): string {
  return `${vrid} ${family}`;
}

/** 0: nothing in common but the VRID. Shared addresses say most, the name of the interface least. */
function likeness(instance: InstanceConfig, { members }: RouterGroup): number {
  return Math.max(...members.map(({ instance: other }) => alike(instance, other)));
}

function alike(a: InstanceConfig, b: InstanceConfig): number {
  const mine = addressesOf(a);
  const shared = addressesOf(b).filter((address) => mine.includes(address)).length;
  const peers = isPeer(a, b) || isPeer(b, a);
  const near = mine.some((one) => addressesOf(b).some((other) => isNear(one, other)));
  const named = a.interface === b.interface;
  return shared * 1000 + (peers ? 500 : 0) + (near ? 10 : 0) + (named ? 1 : 0);
}

function isPeer({ source }: InstanceConfig, { unicastPeers }: InstanceConfig): boolean {
  return source !== undefined && unicastPeers.includes(source);
}

/** Every address that moves with the virtual router. */
export function addressesOf({ addresses, excluded }: InstanceConfig): IpAddress[] {
  return [...addresses, ...excluded].map(({ address }) => address);
}

/** In one /24 or /64, the sizes that most networks have. */
function isNear(a: IpAddress, b: IpAddress): boolean {
  if (addressFamily(a) !== addressFamily(b)) return false;
  const [left, right] = [addressBytes(a), addressBytes(b)];
  const length = left.length === 4 ? 3 : 8;
  return left.subarray(0, length).every((byte, i) => byte === right[i]);
}
