// The links and addresses of this network namespace, kept current by rtnetlink events.
import type { Link, LinkAddress } from '../ports/network-port.ts';
import { AF_INET, AF_INET6, ENOBUFS } from './abi.ts';
import type { NetlinkMessage } from './netlink.ts';
import { createNetlinkSocket } from './netlink-socket.ts';
import type { Poller } from './poller.ts';
import {
  decodeAddress,
  decodeLink,
  dumpBody,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTMGRP_IPV4_IFADDR,
  RTMGRP_IPV6_IFADDR,
  RTMGRP_LINK,
} from './rtnetlink.ts';

/** After a look it rests so many times as long as that took: who takes over a thousand addresses makes a thousand events. */
const REST = 4;

/** `link` is undefined when the name is gone. A link deleted and made anew between two looks comes with a new index. */
export type LinkListener = (name: string, link: Link | undefined) => void;

export interface LinkTable {
  /** All links as they are now: events that wait are read first. */
  all(): readonly Link[];
  /** The link of that name as it was at the last event, looked for anew only when it is unknown. */
  find(name: string): Link | undefined;
  onChange(listener: LinkListener): void;
  close(): void;
}

/** Reads all links and subscribes to their changes. Works without privileges. */
export function createLinkTable(poller: Poller): LinkTable {
  // Subscribed before the first dump: nothing can happen in between unseen.
  const events = createNetlinkSocket(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);
  const requests = createNetlinkSocket(0);
  const listeners: LinkListener[] = [];
  let links = new Map<number, Link>();
  let names = new Map<string, Link>();
  /** What the listeners were told last. */
  let told = new Map<string, string>();
  let deferred = false;
  let rest: NodeJS.Timeout | undefined;

  /** Undefined when the kernel does not answer: what is known stays then. */
  function addressesOf(index: number): LinkAddress[] | undefined {
    const found: LinkAddress[] = [];
    for (const family of [AF_INET, AF_INET6]) {
      const dump = requests.dump(RTM_GETADDR, dumpBody(RTM_GETADDR, family, index));
      if (typeof dump === 'number') return undefined;
      for (const message of dump) {
        const entry = decodeAddress(message);
        // Kernels before 4.20 do not filter.
        if (entry?.index === index) found.push(entry.address);
      }
    }
    return found;
  }

  function readAll(): void {
    const dump = requests.dump(RTM_GETLINK, dumpBody(RTM_GETLINK));
    if (typeof dump === 'number') return;
    const fresh = new Map<number, Link & { addresses: LinkAddress[] }>();
    for (const message of dump) {
      const link = decodeLink(message);
      if (link !== undefined) fresh.set(link.index, { ...link, addresses: [] });
    }
    for (const family of [AF_INET, AF_INET6]) {
      const addresses = requests.dump(RTM_GETADDR, dumpBody(RTM_GETADDR, family));
      if (typeof addresses === 'number') return;
      for (const message of addresses) {
        const entry = decodeAddress(message);
        if (entry !== undefined) fresh.get(entry.index)?.addresses.push(entry.address);
      }
    }
    links = fresh;
    index();
  }

  function index(): void {
    names = new Map([...links.values()].map((link) => [link.name, link]));
  }

  function apply(messages: readonly NetlinkMessage[], moved: Set<number>): void {
    for (const message of messages) {
      if (message.type === RTM_NEWLINK || message.type === RTM_DELLINK) {
        const link = decodeLink(message);
        if (link === undefined) continue;
        if (message.type === RTM_DELLINK) links.delete(link.index);
        else links.set(link.index, { ...link, addresses: links.get(link.index)?.addresses ?? [] });
      } else if (message.type === RTM_NEWADDR || message.type === RTM_DELADDR) {
        // The order of addresses is the kernel's business, so the link's list is read again.
        const entry = decodeAddress(message);
        if (entry !== undefined) moved.add(entry.index);
      }
    }
  }

  /** Reads what waits; true when there was something. */
  function drain(): boolean {
    const moved = new Set<number>();
    let lost = false;
    let any = false;
    for (;;) {
      const received = events.receive();
      if (typeof received === 'number') {
        // ENOBUFS: events were lost, and the next read gives what is left. Anything else would come again for ever.
        lost = true;
        if (received !== ENOBUFS) break;
      } else if (received.length === 0) break;
      else apply(received, moved);
      any = true;
    }
    if (!any) return false;
    if (lost) readAll();
    else {
      for (const each of moved) {
        const link = links.get(each);
        const addresses = link && addressesOf(each);
        if (link && addresses) links.set(each, { ...link, addresses });
      }
      index();
    }
    return true;
  }

  function tell(): void {
    deferred = false;
    const now = new Map([...names].map(([name, link]) => [name, JSON.stringify(link)]));
    const before = told;
    told = now;
    for (const name of before.keys()) if (!now.has(name)) for (const listener of listeners) listener(name, undefined);
    for (const [name, text] of now) {
      if (before.get(name) !== text) for (const listener of listeners) listener(name, names.get(name));
    }
  }

  readAll();
  told = new Map([...names].map(([name, link]) => [name, JSON.stringify(link)]));
  const watch = poller.watch(events.fd, () => {
    const began = performance.now();
    if (drain()) tell();
    watch.pause();
    rest = setTimeout(() => watch.resume(), REST * (performance.now() - began)).unref();
  });

  function all(): readonly Link[] {
    if (drain() && !deferred) {
      deferred = true;
      poller.defer(tell);
    }
    return [...links.values()];
  }

  return {
    all,
    find: (name) => names.get(name) ?? all().find((link) => link.name === name),
    onChange: (listener) => void listeners.push(listener),
    close: () => {
      clearTimeout(rest);
      watch.close();
      events.close();
      requests.close();
    },
  };
}
