// RoutePort over rtnetlink: bursts of requests on one socket, and the kernel's word of what is gone on another.

import { done, type PortResult } from '../ports/result.ts';
import type { RoutePort } from '../ports/route-port.ts';
import type { PolicyEntry } from '../wire/route.ts';
import { EEXIST, ENOBUFS, ENODEV } from './abi.ts';
import { failure } from './libc.ts';
import type { LinkTable } from './link-table.ts';
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL } from './netlink.ts';
import { createNetlinkSocket, type NetlinkRequest, type NetlinkSocket } from './netlink-socket.ts';
import { keyOf, RTMGRP_POLICY, removedKeys } from './policy-key.ts';
import type { Poller, Watch } from './poller.ts';
import { RTM_DELROUTE, RTM_NEWROUTE, routeBody } from './rtnetlink-route.ts';
import { RTM_DELRULE, RTM_NEWRULE, ruleBody } from './rtnetlink-rule.ts';

const [ENOENT, ESRCH, EAFNOSUPPORT] = [-2, -3, -97];
const PLACEMENT = {
  add: NLM_F_CREATE | NLM_F_EXCL,
  prepend: NLM_F_CREATE,
  append: NLM_F_CREATE | NLM_F_APPEND,
} as const;

export interface LinuxRoutePort extends RoutePort {
  close(): void;
}

/** Opens nothing before the first entry. Needs CAP_NET_ADMIN; without it every entry fails with EPERM. */
export function createRoutePort(poller: Poller, table: LinkTable): LinuxRoutePort {
  const listeners: ((entry: PolicyEntry) => void)[] = [];
  /** What was added here and is there as far as is known, by key. */
  const installed = new Map<string, PolicyEntry>();
  const indexOf = (name: string) => table.find(name)?.index;
  let sockets: { readonly requests: NetlinkSocket; readonly monitor: NetlinkSocket; readonly watch: Watch } | undefined;

  function open() {
    if (sockets !== undefined) return sockets;
    // Before the first request: every removal after it is heard.
    const monitor = createNetlinkSocket(RTMGRP_POLICY);
    const watch = poller.watch(monitor.fd, listen);
    sockets = { requests: createNetlinkSocket(0), monitor, watch };
    return sockets;
  }

  /** Reads the removals that wait. Those of our own find nothing here any more. */
  function listen(): void {
    for (;;) {
      const messages = sockets?.monitor.receive() ?? [];
      // Lost for want of room: the next removal will be heard; what was missed is mended by the next mastership.
      if (messages === ENOBUFS) continue;
      if (typeof messages === 'number') return;
      if (messages.length === 0) return;
      for (const message of messages) {
        const key = removedKeys(message).find((each) => installed.has(each));
        if (key === undefined) continue;
        const entry = installed.get(key)!;
        installed.delete(key);
        poller.defer(() => {
          for (const listener of listeners) listener(entry);
        });
      }
    }
  }

  function change(entries: readonly PolicyEntry[], adding: boolean): readonly PortResult[] {
    if (entries.length === 0) return [];
    const { requests } = open();
    const results: PortResult[] = entries.map(() => done);
    const sent: { readonly at: number; readonly request: NetlinkRequest }[] = [];
    for (const [at, entry] of entries.entries()) {
      const request = requestFor(entry, indexOf, adding);
      if (request !== undefined) sent.push({ at, request });
      // Where the interface is gone, so is the route.
      else if (adding) results[at] = failure(ENODEV, `cannot add the ${entry.kind}`);
    }
    const fine = adding ? [0, EEXIST] : [0, ENOENT, ESRCH, ENODEV, EAFNOSUPPORT];
    const acks = requests.request(sent.map(({ request }) => request));
    for (const [i, { error, text }] of acks.entries()) {
      if (fine.includes(error)) continue;
      const { at } = sent[i]!;
      const failed = failure(error, `cannot ${adding ? 'add' : 'remove'} the ${entries[at]!.kind}`);
      results[at] = text === undefined ? failed : { ...failed, message: `${failed.message} (${text})` };
    }
    return results;
  }

  return {
    add(entries) {
      const results = change(entries, true);
      for (const [i, entry] of entries.entries()) if (results[i]!.ok) installed.set(keyOf(entry, indexOf), entry);
      return results;
    },
    remove(entries) {
      for (const entry of entries) installed.delete(keyOf(entry, indexOf));
      const results = change(entries, false);
      // The kernel has told of it already: heard later, it would be taken for the removal of what was added meanwhile.
      listen();
      return results;
    },
    onRemoved: (listener) => void listeners.push(listener),
    close() {
      sockets?.watch.close();
      sockets?.monitor.close();
      sockets?.requests.close();
      sockets = undefined;
    },
  };
}

function requestFor(
  entry: PolicyEntry,
  indexOf: (name: string) => number | undefined,
  adding: boolean,
): NetlinkRequest | undefined {
  if (entry.kind === 'rule') {
    const body = ruleBody(entry.spec);
    return adding
      ? { type: RTM_NEWRULE, flags: NLM_F_CREATE | NLM_F_EXCL, body }
      : { type: RTM_DELRULE, flags: 0, body };
  }
  const body = routeBody(entry.spec, indexOf, adding);
  if (body === undefined) return undefined;
  return adding
    ? { type: RTM_NEWROUTE, flags: PLACEMENT[entry.spec.placement], body }
    : { type: RTM_DELROUTE, flags: 0, body };
}
