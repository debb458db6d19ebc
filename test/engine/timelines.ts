// Runs a node and tells its notify FIFO as keepalived's FIFO was observed: seconds to two places, and the line.
import type { NodeConfig, SyncGroupConfig } from '../../src/engine/config.ts';
import type { Link } from '../../src/ports/network-port.ts';
import type { Compat, InstanceConfig } from '../../src/vrrp/config.ts';
import { link, nodeConfig, type TestNode, testNode } from '../support/node.ts';

export interface Timeline {
  readonly node: TestNode;
  /** Lets time pass to `seconds`, then does it. */
  at(seconds: number, what: (node: TestNode) => unknown): void;
  /** `0.00 INSTANCE "VA" BACKUP 150` ... */
  readonly told: string[];
}

export function group(change: Partial<SyncGroupConfig> = {}): SyncGroupConfig {
  return {
    name: 'G',
    members: ['VA', 'VB'],
    trackingWeight: false,
    trackScripts: [],
    trackInterfaces: [],
    notify: {},
    ...change,
  };
}

/** VA on eth0 with VRID 1 and VB on eth1 with VRID 2, of these priorities. */
export function pair(a: number, b = a): readonly Partial<InstanceConfig>[] {
  const vip = (interface_: string, address: string) => ({ interface: interface_, address, prefix: 32, scope: 0 });
  return [
    { name: 'VA', vrid: 1, priority: a, addresses: [vip('eth0', '10.0.0.100')] },
    { name: 'VB', vrid: 2, priority: b, interface: 'eth1', addresses: [vip('eth1', '10.0.1.100')] },
  ];
}

export const ETH1 = link({ name: 'eth1', index: 3, ips: ['10.0.1.1'] });

interface TimelineOptions {
  readonly links?: readonly Link[];
  readonly compat?: Compat;
  readonly scriptsEnd?: boolean;
  readonly startupDelayUs?: number;
  readonly files?: Readonly<Record<string, string>>;
}

export function timeline(
  instances: readonly Partial<InstanceConfig>[],
  change: Partial<NodeConfig> = {},
  { links = [link(), ETH1], startupDelayUs = 0, ...options }: TimelineOptions = {},
): Timeline {
  const config = nodeConfig(instances);
  const globals = { ...config.globals, notifyFifos: [{ path: '/run/fifo' }], startupDelayUs };
  const told: string[] = [];
  const node = testNode({ ...config, ...change, globals }, links, {
    ...options,
    onEffect: (effect, now) => {
      if (effect.kind === 'notifyFifo') told.push(`${(now / 1e6).toFixed(2)} ${effect.line}`);
    },
  });
  return {
    node,
    told,
    at(seconds, what) {
      node.runTo(Math.round(seconds * 1e6));
      what(node);
    },
  };
}
