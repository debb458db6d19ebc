// Which route or rule a message of the kernel is about: one text for an entry and for the word of its removal. Pure.
import { addressBytes, addressFromBytes, type Family } from '../wire/address.ts';
import { type Network, type PolicyEntry, ROUTE_TYPES } from '../wire/route.ts';
import { AF_INET, AF_INET6 } from './abi.ts';
import { RT_TABLE_MAIN } from './attributes.ts';
import { cString, decodeAttributes, type NetlinkMessage } from './netlink.ts';
import { type IndexOf, RTA, RTM_DELROUTE } from './rtnetlink-route.ts';
import { FR_ACT, FRA, RTM_DELRULE } from './rtnetlink-rule.ts';

/** RTMGRP_IPV4_ROUTE, RTMGRP_IPV4_RULE, RTMGRP_IPV6_ROUTE, and the rules of IPv6. */
export const RTMGRP_POLICY = 0x40 | 0x80 | 0x400 | 0x40000;

const IP6_RT_PRIO_USER = 1024;

/**
 * What tells an entry from others, as far as the kernel's word of its removal (RTM_DELROUTE, RTM_DELRULE) has it. Routes
 * to several hops are one whatever their hops.
 */
export function keyOf({ kind, spec }: PolicyEntry, indexOf: IndexOf): string {
  if (kind === 'route') {
    const { family, type, destination, table = RT_TABLE_MAIN, tos = 0, nexthops, gateway } = spec;
    const metric = spec.metric ?? (family === 6 ? IP6_RT_PRIO_USER : 0);
    const index = spec.interface === undefined ? undefined : indexOf(spec.interface);
    const hop = nexthops === undefined && type === 'unicast' ? `${gateway ?? ''} ${index ?? ''}` : '';
    return ['route', family, ROUTE_TYPES[type], networkText(destination, family), table, tos, metric, hop].join(' ');
  }
  const { family, from, to, priority, action, inputInterface: iif = '', outputInterface: oif = '', mark = 0 } = spec;
  const what = [FR_ACT[action.kind], action.kind === 'table' ? action.table : 0];
  return ['rule', family, priority, networkText(from, family), networkText(to, family), iif, oif, mark, ...what].join(
    ' ',
  );
}

/**
 * The keys that a removal may have: a route that names no interface is told with the one that the kernel chose. None
 * for messages about something else.
 */
export function removedKeys({ type, body }: NetlinkMessage): readonly string[] {
  if ((type !== RTM_DELROUTE && type !== RTM_DELRULE) || body.length < 12) return [];
  const family = body[0] === AF_INET ? 4 : body[0] === AF_INET6 ? 6 : undefined;
  if (family === undefined) return [];
  const attributes = decodeAttributes(body.subarray(12));
  const read = (which: number, otherwise: number): number => {
    const bytes = attributes.get(which);
    return bytes === undefined ? otherwise : new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  };
  const network = (which: number, prefix: number): string => {
    const bytes = attributes.get(which);
    return networkText(bytes && { address: addressFromBytes(bytes, 0, family), prefix }, family);
  };
  if (type === RTM_DELROUTE) {
    const table = read(RTA.table, body[4]!);
    const head = ['route', family, body[7]!, network(RTA.dst, body[1]!), table, body[3]!, read(RTA.priority, 0)];
    const gateway = attributes.get(RTA.gateway);
    const way = gateway === undefined ? '' : addressFromBytes(gateway, 0, family);
    const index = attributes.has(RTA.oif) ? String(read(RTA.oif, 0)) : '';
    return [`${way} ${index}`, `${way} `, ` ${index}`, ''].map((hop) => [...head, hop].join(' '));
  }
  const name = (which: number): string => cString(attributes.get(which) ?? new Uint8Array(0));
  const action = body[7]!;
  const table = attributes.has(FRA.l3mdev) || action !== FR_ACT.table ? 0 : read(FRA.table, body[4]!);
  const ends = [network(FRA.src, body[2]!), network(FRA.dst, body[1]!), name(FRA.iifname), name(FRA.oifname)];
  return [['rule', family, read(FRA.priority, 0), ...ends, read(FRA.fwmark, 0), action, table].join(' ')];
}

function networkText(network: Network | undefined, family: Family): string {
  if (network === undefined || network.prefix === 0) return `any${family}`;
  const bits = addressBytes(network.address);
  const masked = bits.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, network.prefix - i * 8))) & 0xff);
  return `${addressFromBytes(masked, 0, family)}/${network.prefix}`;
}
