// One socket for each interface and family: opened when the interface is there, opened again after a failure.

import type { InstanceConfig } from '../vrrp/config.ts';
import type { Family } from '../wire/address.ts';
import { hearsOn, transportOf } from './devices.ts';
import type { Channel, Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';

const RETRY_US = 1_000_000;

export const channels: Part = {
  started: syncChannels,
  ticked: syncChannels,
  nextDeadline: nextRetry,
  reloaded(node) {
    reloadChannels(node);
    syncChannels(node);
  },
};

export function channelKey({
  interface: name,
  family,
}: {
  readonly interface: string;
  readonly family: Family;
}): string {
  return `${name} ${family}`;
}

/** Does this instance use the channel? */
export function isOn(
  config: InstanceConfig,
  channel: { readonly interface: string; readonly family: Family },
): boolean {
  return config.family === channel.family && transportOf(config) === channel.interface;
}

/** The channels that a configuration needs, all closed. */
export function planChannels(instances: readonly InstanceConfig[]): ReadonlyMap<string, Channel> {
  const planned = new Map<string, Channel>();
  for (const instance of instances) {
    const { family, unicastPeers, group } = instance;
    for (const name of hearsOn(instance)) {
      const key = channelKey({ interface: name, family });
      const before = planned.get(key);
      const groups = new Set(before?.groups);
      const ah = instance.ah || before?.ah;
      if (unicastPeers.length === 0) groups.add(group);
      const channel = { interface: name, family, groups: [...groups], ...(ah && { ah }) };
      planned.set(key, { ...channel, state: 'closed', message: '', retryAt: 0 });
    }
  }
  return planned;
}

/** Opens what is closed and has its interface; closes what has lost it. */
export function syncChannels(node: Node): void {
  for (const channel of node.channels.values()) {
    const link = node.links.get(channel.interface);
    const there = link !== undefined || channel.interface === '';
    if (!there && channel.state !== 'closed') {
      channel.state = 'closed';
      node.out.push({ kind: 'closeChannel', interface: channel.interface, family: channel.family });
    }
    const due = channel.state === 'closed' || (channel.state === 'failed' && (channel.retryAt <= node.now || link?.up));
    if (there && due) open(node, channel);
  }
}

export function channelOpened(node: Node, key: string): void {
  const channel = node.channels.get(key);
  if (channel === undefined) return;
  if (channel.message !== '')
    log(node, { level: 'info', kind: 'port', text: `socket on ${channel.interface} works again` });
  channel.state = 'open';
  channel.message = '';
}

export function channelFailed(node: Node, key: string, message: string): void {
  const channel = node.channels.get(key);
  if (channel === undefined) return;
  channel.state = 'failed';
  channel.message = message;
  channel.retryAt = node.now + RETRY_US;
  const text = `socket on ${channel.interface} failed: ${message}`;
  log(node, { level: 'error', kind: 'port', text }, `channel ${key}`);
}

function nextRetry(node: Node): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { state, retryAt } of node.channels.values()) if (state === 'failed') next = Math.min(next, retryAt);
  return next;
}

function open(node: Node, channel: Channel): void {
  // A channel that failed stays failed until it is open: its instances must not leave FAULT in between.
  if (channel.state === 'closed') channel.state = 'opening';
  channel.retryAt = node.now + RETRY_US;
  const { interface: name, family, groups, ah } = channel;
  node.out.push({ kind: 'openChannel', channel: { interface: name, family, groups, ...(ah && { ah }) } });
}

/** A channel with the same groups and protocols stays open; any other is opened anew. */
function reloadChannels(node: Node): void {
  const old = node.channels;
  const planned = planChannels(node.config.instances);
  const next = new Map<string, Channel>();
  for (const [key, channel] of planned) {
    const before = old.get(key);
    const same =
      before?.ah === channel.ah && JSON.stringify(before?.groups) === JSON.stringify(channel.groups)
        ? before
        : undefined;
    next.set(key, same ?? channel);
  }
  for (const before of old.values()) {
    const { interface: name, family, state } = before;
    if (next.get(channelKey(before)) === before || state === 'closed') continue;
    node.out.push({ kind: 'closeChannel', interface: name, family });
  }
  node.channels = next;
}
