// Kernel settings that the configuration asks for (promote_secondaries, disable_local_igmp); the port restores them.
import type { Sysctl } from '../ports/network-port.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';

export const sysctls: Part = {
  started: syncSysctls,
  reloaded: syncSysctls,
  stopped(node) {
    if (node.asked.sysctls !== NO_SYSCTLS) node.out.push({ kind: 'setSysctls', settings: [] });
    node.asked.sysctls = NO_SYSCTLS;
  },
};

export const NO_SYSCTLS = '';

/** An interface that was made anew has lost its settings. */
export function syncSysctls(node: Node): void {
  const bases = promoted(node);
  const settings: Sysctl[] = bases.map((name) => ({ path: ['ipv4', 'conf', name, 'promote_secondaries'], value: '1' }));
  if (node.config.globals.disableLocalIgmp) {
    settings.push({ path: ['ipv4', 'igmp_link_local_mcast_reports'], value: '0' });
  }
  const indexes = bases.map((name) => node.links.get(name)?.index);
  const asked = settings.length === 0 ? NO_SYSCTLS : JSON.stringify([settings, indexes]);
  if (asked === node.asked.sysctls) return;
  node.asked.sysctls = asked;
  node.out.push({ kind: 'setSysctls', settings });
}

export function sysctlsSet(node: Node, problems: readonly string[]): void {
  for (const text of problems) log(node, { level: 'warning', kind: 'port', text }, `sysctl ${text}`);
}

/** Interfaces that are there and whose instances say promote_secondaries; a virtual MAC has it anyway. */
function promoted({ routers, links }: Node): readonly string[] {
  const wanted = [...routers.values()].filter(({ config }) => config.options?.promoteSecondaries && !config.vmac);
  return [...new Set(wanted.map(({ config }) => config.interface))].filter((name) => links.has(name));
}
