// One socket for each interface and family: opened when the interface is there, opened again after a failure.

import type { InstanceConfig } from '../vrrp/config.ts';
import type { Family } from '../wire/address.ts';
import type { Channel, Node } from './node.ts';
import { log } from './node.ts';

const RETRY_US = 1_000_000;

export function channelKey({
  interface: name,
  family,
}: {
  readonly interface: string;
  readonly family: Family;
}): string {
  return `${name} ${family}`;
}

/** The channels that a configuration needs, all closed. */
export function planChannels(instances: readonly InstanceConfig[]): ReadonlyMap<string, Channel> {
  const channels = new Map<string, Channel>();
  for (const { interface: name, family, unicastPeers, group, ...instance } of instances) {
    const key = channelKey({ interface: name, family });
    const before = channels.get(key);
    const groups = new Set(before?.groups);
    const ah = instance.ah || before?.ah;
    if (unicastPeers.length === 0) groups.add(group);
    const channel = { interface: name, family, groups: [...groups], ...(ah && { ah }) };
    channels.set(key, { ...channel, state: 'closed', message: '', retryAt: 0 });
  }
  return channels;
}

/** Opens what is closed and has its interface; closes what has lost it. */
export function syncChannels(node: Node): void {
  for (const channel of node.channels.values()) {
    const link = node.links.get(channel.interface);
    if (link === undefined && channel.state !== 'closed') {
      channel.state = 'closed';
      node.out.push({ kind: 'closeChannel', interface: channel.interface, family: channel.family });
    }
    const due = channel.state === 'closed' || (channel.state === 'failed' && (channel.retryAt <= node.now || link?.up));
    if (link !== undefined && due) open(node, channel);
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

export function nextRetry(node: Node): number {
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
