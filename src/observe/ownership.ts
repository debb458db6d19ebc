// Which hardware address each VIP was last announced with (gratuitous ARP, neighbour advertisements).
import type { IpAddress } from '../wire/address.ts';
import type { MacAddress } from '../wire/ethernet.ts';
import type { Seen } from './interpret.ts';
import type { Emit, Segment } from './segment.ts';
import type { Speaker } from './speaker.ts';

/** More VIPs than a segment can advertise are the work of someone who invents them. */
const MAX_VIPS = 1024;

/** Finds the segments of a VIP; bounded by what adverts can list. */
export interface VipIndex {
  /** The list of a speaker is new: announcements of these addresses belong to its segment. */
  add(segment: Segment, addresses: readonly IpAddress[]): void;
  find(interfaceName: string, vlan: number | undefined, vip: IpAddress): readonly Segment[];
  remove(segment: Segment): void;
}

export function createVipIndex(): VipIndex {
  const segments = new Map<string, Segment[]>();
  const listed = new Map<Segment, Set<string>>();
  return {
    add: (segment, addresses) => {
      const keys = listed.get(segment) ?? new Set();
      listed.set(segment, keys);
      for (const address of addresses) {
        const key = keyOf(segment.id.interface, segment.id.vlan, address);
        if (keys.has(key) || keys.size >= MAX_VIPS) continue;
        keys.add(key);
        const found = segments.get(key);
        if (found === undefined) segments.set(key, [segment]);
        else found.push(segment);
      }
    },
    find: (name, vlan, vip) => segments.get(keyOf(name, vlan, vip)) ?? [],
    remove: (segment) => {
      for (const key of listed.get(segment) ?? []) {
        const left = (segments.get(key) ?? []).filter((each) => each !== segment);
        if (left.length === 0) segments.delete(key);
        else segments.set(key, left);
      }
      listed.delete(segment);
    },
  };
}

function keyOf(interfaceName: string, vlan: number | undefined, vip: IpAddress): string {
  return `${interfaceName}|${vlan ?? ''}|${vip}`;
}

/** Takes an announcement of a VIP of this segment. */
export function takeAnnouncement(
  segment: Segment,
  { address: vip, mac, gratuitous }: Extract<Seen, { kind: 'announcement' }>,
  at: number,
  emit: Emit,
): void {
  const before = segment.assertions.get(vip);
  const same = before?.mac === mac;
  const count = (same ? before.gratuitous : 0) + (gratuitous ? 1 : 0);
  segment.assertions.set(vip, { mac, since: same ? before.since : at, last: at, gratuitous: count });
  if (same) return;
  const router = holderOf(segment, mac)?.address;
  emit({ type: 'owner', at, ...segment.id, vip, mac, previous: before?.mac, router });
}

/**
 * Which router has this hardware address. The virtual router's own is that of whoever is MASTER: of several MASTERs it
 * cannot be told which.
 */
export function holderOf({ id, speakers, masters }: Segment, mac: MacAddress): Speaker | undefined {
  if (mac === virtualMac(id.family, id.vrid)) return masters.length === 1 ? masters[0] : undefined;
  let holder: Speaker | undefined;
  for (const speaker of speakers.values()) {
    if (speaker.facts.mac !== mac) continue;
    // Behind a router all have the same one: the MASTER is meant.
    if (holder === undefined || speaker.role === 'MASTER') holder = speaker;
  }
  return holder;
}

/** RFC 9568 §7.3. */
export function virtualMac(family: 4 | 6, vrid: number): MacAddress {
  return `00:00:5e:00:0${family === 4 ? 1 : 2}:${vrid.toString(16).padStart(2, '0')}`;
}
