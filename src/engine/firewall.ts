// The packet filter that belongs to this node: MASTERs that do not accept (no_accept), and reports of its devices.
// A virtual address is local only while we are MASTER, so the rules may stand all the time: nothing waits for them later.
import type { FirewallRules } from '../ports/firewall-port.ts';
import type { PortResult } from '../ports/result.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import { addressFamily } from '../wire/address.ts';
import { OWNER_PRIORITY } from '../wire/vrrp.ts';
import { devicesOf, lentSource } from './devices.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';

const TABLE = 'kavtui';
/** Before the filters of the host (0): keepalived's nftables_priority. */
const PRIORITY = -1;

export const firewall: Part = {
  // Before the devices: their first membership report must not leave with the virtual MAC address.
  started(node) {
    replace(node, true);
    // What a crash has left would close addresses that are open by now.
    if (node.asked.firewall === NOTHING) {
      node.out.push({ kind: 'replaceFirewall', rules: undefined, table: tableOf(node.config), wait: false });
    }
  },
  reloaded: (node, before) => {
    // The old name has to go too.
    if (tableOf(before) !== tableOf(node.config)) remove(node, tableOf(before));
    replace(node, false);
  },
  stopped: (node) => remove(node, tableOf(node.config)),
};

/** Devices have their base by number: another base asks for other rules. */
export function syncFirewall(node: Node): void {
  replace(node, false);
}

export function firewallReplaced(node: Node, result: PortResult): void {
  if (result.ok) return;
  const closed = [...node.routers.values()].filter(({ config }) => isClosed(config)).map(({ config }) => config.name);
  const then =
    closed.length > 0
      ? `${closed.join(', ')} will answer on virtual addresses as MASTER in spite of no_accept`
      : 'membership reports of devices leave with the virtual MAC address';
  log(node, { level: 'error', kind: 'port', text: `${result.message}: ${then}` }, 'firewall');
}

function replace(node: Node, wait: boolean): void {
  const rules = rulesOf(node);
  const text = JSON.stringify(rules ?? null);
  if (text === node.asked.firewall) return;
  node.asked.firewall = text;
  node.out.push({ kind: 'replaceFirewall', rules, table: tableOf(node.config), wait });
}

function remove(node: Node, table: string): void {
  if (node.asked.firewall === NOTHING) return;
  node.asked.firewall = NOTHING;
  node.out.push({ kind: 'replaceFirewall', rules: undefined, table, wait: true });
}

/** As asked for before anything was. */
export const NOTHING = 'null';

function tableOf({ globals }: Node['config']): string {
  return globals.nftables?.table ?? TABLE;
}

/** no_accept, or strict mode without accept (RFC 9568 §6.1: Accept_Mode). An owner always accepts. */
export function isClosed({ accept, priority }: InstanceConfig): boolean {
  return !accept && priority !== OWNER_PRIORITY;
}

function rulesOf(node: Node): FirewallRules | undefined {
  const { config, links } = node;
  const closed = config.instances
    .filter(isClosed)
    .flatMap(({ addresses, excluded }) => [...addresses, ...excluded])
    .map(({ address, interface: name }) => ({ address, interface: name }));
  const devices = config.instances.flatMap((instance) =>
    devicesOf(instance).flatMap(({ name, base, kind }) => {
      const index = links.get(base)?.index;
      if (index === undefined || kind !== 'macvlan') return [];
      const held = [...instance.addresses, ...instance.excluded].filter((vip) => vip.interface === name);
      const families = new Set([instance.family, ...held.map(({ address }) => addressFamily(address))]);
      const lent = name === instance.vmac?.name ? lentSource(node, instance)?.address : undefined;
      return [...families].map((family) => {
        const shared = family === 6 && lent !== undefined && { shared: lent };
        return { name, family, baseIndex: index, ...shared };
      });
    }),
  );
  if (closed.length === 0 && devices.length === 0) return undefined;
  const { priority = PRIORITY, counters = false } = config.globals.nftables ?? {};
  return { priority, counters, closed, devices };
}
