// The rule messages of rtnetlink (linux/fib_rules.h). Pure.
import type { RuleAction, RuleSpec } from '../wire/route.ts';
import {
  bigEndian64,
  familyNumber,
  networkAttribute,
  number,
  PROTOCOL_KEEPALIVED,
  portRange,
  text,
  uint32,
} from './attributes.ts';
import { concat, encodeAttribute } from './netlink.ts';

export const RTM_NEWRULE = 32;
export const RTM_DELRULE = 33;

/** Attributes of a rule, by the names that fib_rules.h has for them. */
export const FRA = {
  dst: 1,
  src: 2,
  iifname: 3,
  goto: 4,
  priority: 6,
  fwmark: 10,
  flow: 11,
  tunId: 12,
  suppressIfgroup: 13,
  suppressPrefixlen: 14,
  table: 15,
  fwmask: 16,
  oifname: 17,
  l3mdev: 19,
  uidRange: 20,
  protocol: 21,
  ipProto: 22,
  sportRange: 23,
  dportRange: 24,
} as const;
export const FR_ACT = { table: 1, goto: 2, nop: 3, blackhole: 6, unreachable: 7, prohibit: 8, l3mdev: 1 } as const;
const FIB_RULE_INVERT = 2;

/** Body of RTM_NEWRULE or RTM_DELRULE. */
export function ruleBody(spec: RuleSpec): Uint8Array {
  const { family, from, to, action, protocol = PROTOCOL_KEEPALIVED } = spec;
  const table = action.kind === 'table' ? action.table : 0;
  const header = Uint8Array.of(
    familyNumber(family),
    to?.prefix ?? 0,
    from?.prefix ?? 0,
    spec.tos ?? 0,
    table < 256 ? table : 0,
    0,
    0,
    FR_ACT[action.kind],
    spec.inverted ? FIB_RULE_INVERT : 0,
    0,
    0,
    0,
  );
  return concat([
    header,
    ...networkAttribute(FRA.dst, to),
    ...networkAttribute(FRA.src, from),
    ...number(FRA.priority, spec.priority),
    ...number(FRA.fwmark, spec.mark),
    ...number(FRA.fwmask, spec.markMask),
    ...number(FRA.flow, spec.realms),
    ...number(FRA.suppressIfgroup, spec.suppressGroup),
    ...number(FRA.suppressPrefixlen, spec.suppressPrefixLength),
    ...(spec.inputInterface === undefined ? [] : [encodeAttribute(FRA.iifname, text(spec.inputInterface))]),
    ...(spec.outputInterface === undefined ? [] : [encodeAttribute(FRA.oifname, text(spec.outputInterface))]),
    ...(spec.tunnelId === undefined ? [] : [encodeAttribute(FRA.tunId, bigEndian64(spec.tunnelId))]),
    ...(spec.users === undefined ? [] : [encodeAttribute(FRA.uidRange, concat(spec.users.map(uint32)))]),
    encodeAttribute(FRA.protocol, Uint8Array.of(protocol)),
    ...(spec.ipProtocol === undefined ? [] : [encodeAttribute(FRA.ipProto, Uint8Array.of(spec.ipProtocol))]),
    ...portRange(FRA.sportRange, spec.sourcePorts),
    ...portRange(FRA.dportRange, spec.destinationPorts),
    ...actionAttributes(action),
  ]);
}

function actionAttributes(action: RuleAction): Uint8Array[] {
  if (action.kind === 'table') return number(FRA.table, action.table);
  if (action.kind === 'goto') return number(FRA.goto, action.target);
  return action.kind === 'l3mdev' ? [encodeAttribute(FRA.l3mdev, Uint8Array.of(1))] : [];
}
