// What keepalived.data says of sockets, of the pace of announcements, and of delays of links.

import type { InstanceConfig } from '../vrrp/config.ts';
import type { NodeConfig, PacingConfig } from './config.ts';
import { transportOf } from './devices.ts';

/** Lines of the section `VRRP Sockpool`: a socket for each place, family, protocol, and source of unicast. */
export function sockpoolLines(instances: readonly InstanceConfig[]): readonly string[] {
  const sockets = new Map<string, { readonly head: readonly string[]; readonly users: string[] }>();
  for (const instance of instances) {
    const head = socketHead(instance);
    const key = head.join('\n');
    const known = sockets.get(key) ?? { head, users: [] };
    known.users.push(`     ${instance.name} vrid ${instance.vrid}`);
    sockets.set(key, known);
  }
  return [...sockets.values()].flatMap(({ head, users }) => [...head, '   VRRP instances', ...users]);
}

function socketHead(instance: InstanceConfig): readonly string[] {
  const unicast = instance.unicastPeers.length > 0;
  return [
    `   Interface = ${transportOf(instance)}`,
    `   Family = IPv${instance.family}`,
    `   Protocol = ${instance.ah ? 'AH' : 'VRRP'}`,
    `   Type = ${unicast ? 'Unicast' : 'Multicast'}`,
    ...(unicast && instance.source !== undefined ? [`   Address = ${instance.source}`] : []),
  ];
}

/** Lines of the section `Gratuitous ARP delays`: the groups of the file. */
export function pacingLines({ groups }: PacingConfig): readonly string[] {
  return groups.flatMap(({ garpUs, gnaUs, interfaces }, index) => [
    `------< GARP delay group ${index + 1} >------`,
    ...(garpUs === undefined ? [] : [` GARP interval = ${garpUs / 1e6}`]),
    ...(gnaUs === undefined ? [] : [` GNA interval = ${gnaUs / 1e6}`]),
    ' Interfaces',
    ...interfaces.map((name) => `  ${name}`),
  ]);
}

/** Of one interface in the section `Interfaces`: how long it has to be up or down. */
export function delayLines(name: string, { linkDelays }: NodeConfig): readonly string[] {
  const { upUs = 0, downUs = 0 } = linkDelays?.[name] ?? {};
  return [`   Up debounce timer = ${upUs}us`, `   Down debounce timer = ${downUs}us`];
}

/** Of one interface in the section `Interfaces`: how far apart announcements are. */
export function intervalLines(name: string, { pacing }: NodeConfig): readonly string[] {
  if (pacing === undefined) return [];
  const index = pacing.groups.findIndex(({ interfaces }) => interfaces.includes(name));
  const { garpUs, gnaUs } = pacing.groups[index] ?? pacing;
  return [
    ...(garpUs === undefined ? [] : [`   Gratuitous ARP interval ${garpUs / 1000}ms`]),
    ...(gnaUs === undefined ? [] : [`   Gratuitous NA interval ${gnaUs / 1000}ms`]),
    ...(index < 0 ? [] : [`   Gratuitous ARP aggregation group ${index + 1}`]),
  ];
}
