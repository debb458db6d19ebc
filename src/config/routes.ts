// Lines of virtual_routes, static_routes, virtual_rules and static_rules: what keepalived 2.2.7 says of them.
import { addressFamily, parseAddress } from '../wire/address.ts';
import { ROUTE_METRICS } from '../wire/route.ts';
import type { HostFacts } from './host-facts.ts';
import { judgeInterface } from './judge-host.ts';
import type { Report } from './report.ts';
import { type NameKind, numberOf, type RouteNames } from './route-names.ts';
import type { Statement, Word } from './statement.ts';

/** What lines are judged against besides themselves. */
export interface PolicyContext {
  readonly names: RouteNames;
  readonly host?: HostFacts | undefined;
  /** Names of track_group blocks: for static routes and rules only. */
  readonly groups: ReadonlySet<string> | undefined;
  readonly report: Report;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const TYPES = words('unicast local nat broadcast brd anycast multicast prohibit unreachable blackhole xresolve throw');
const FLAGS = words('onlink add prepend append no_track nexthop');
/** Names that iproute2's files give everywhere. */
const PROTOCOLS = words('gated mrt dnrouted xorp ntk mrouted babel openr bgp isis ospf rip eigrp');
const KEEPALIVED = ['keepalived', '18', '0x12'];

/** What is wrong with the word behind a keyword; undefined: nothing. */
type Check = (value: Word, context: PolicyContext) => string | undefined;

const isAddress: Check = ({ text }) => (parseAddress(text) === undefined ? 'this is no IP address' : undefined);
const isNetwork: Check = ({ text }) =>
  /^(?:any|all|default)$/.test(text) || parseAddress(text.split('/', 1)[0]!) !== undefined
    ? undefined
    : 'this is no IP address';
const isNumber =
  (most = 4_294_967_295): Check =>
  ({ text }) => {
    const value = numberOf(text);
    return value !== undefined && value <= most ? undefined : `this has to be a number up to ${most}`;
  };
const isName =
  (kind: NameKind): Check =>
  ({ text }, { names }) =>
    names.resolve(kind, text) === undefined && !(kind === 'protocol' && PROTOCOLS.has(text))
      ? `there is no ${kind} of this name`
      : undefined;
const isOneOf =
  (...these: readonly string[]): Check =>
  ({ text }) =>
    these.includes(text) ? undefined : `this has to be ${these.join(' or ')}`;
const isTime: Check = ({ text }) =>
  /^\d+(?:\.\d+)?(?:m?s|m?secs?)?$/.test(text) ? undefined : 'this has to be a time';
const isRealms: Check = ({ text }, { names }) =>
  text.split('/').every((part) => names.resolve('realm', part) !== undefined) ? undefined : 'these are no realms';
const isAnything: Check = () => undefined;
const isInterface: Check = (value, { host, report }) => {
  judgeInterface(value, host, report);
  return undefined;
};
const isGroup: Check = ({ text }, { groups }) =>
  groups?.has(text) ? undefined : 'there is no track_group of this name';

const METRICS: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(Object.keys(ROUTE_METRICS).map((name) => [name, isNumber()])),
  hoplimit: isNumber(255),
  features: isOneOf('ecn'),
  rtt: isTime,
  rttvar: isTime,
  rto_min: isTime,
  congctl: isAnything,
};

const ROUTE: Readonly<Record<string, Check>> = {
  ...METRICS,
  src: isAddress,
  via: isAddress,
  gw: isAddress,
  or: isAddress,
  from: isNetwork,
  dev: isInterface,
  oif: isInterface,
  weight: isNumber(256),
  table: isName('table'),
  protocol: isName('protocol'),
  scope: isName('scope'),
  tos: isName('dsfield'),
  dsfield: isName('dsfield'),
  realms: isRealms,
  metric: isNumber(),
  priority: isNumber(),
  preference: isNumber(),
  expires: isNumber(),
  pref: isOneOf('low', 'medium', 'high'),
  vrf: isAnything,
  'ttl-propagate': isOneOf('enabled', 'disabled'),
};

const OLD: Readonly<Record<string, string>> = {
  gw: "gw is an old spelling: use 'via'",
  or: "or is old: use 'nexthop'",
};

/** `virtual_routes`, `static_routes`: words that are wrong or old, and routes that cannot be tracked. */
export function judgeRoutes(block: Statement, context: PolicyContext): void {
  for (const line of block.lines) judgeRoute(line, context);
}

interface Seen {
  destination?: Word;
  family?: 4 | 6;
  protocol?: Word;
  isTunnel: boolean;
  readonly words: Set<string>;
}

function judgeRoute(line: readonly Word[], context: PolicyContext): void {
  const { report } = context;
  const seen: Seen = { isTunnel: false, words: new Set() };
  for (let index = 0; index < line.length; index++) {
    const taken = judgeRouteWord(line, index, seen, context);
    if (taken === undefined) return;
    index += taken;
  }
  if (seen.destination === undefined) report.error('missing-address', line[0]!, 'a route needs a destination');
  else judgeTracking(line[0]!, seen, report);
}

/** How many words after this one belong to it; undefined (and reported) when the line is left out. */
function judgeRouteWord(line: readonly Word[], at: number, seen: Seen, context: PolicyContext): number | undefined {
  const { report, groups } = context;
  const word = line[at]!;
  const { text } = word;
  const isWithin = seen.words.has('nexthop') || seen.isTunnel;
  if (!isWithin || text === 'nexthop') seen.words.add(text);
  if (OLD[text] !== undefined) report.warning('deprecated', word, OLD[text]);
  if (text === 'encap') {
    seen.isTunnel = true;
    return 1;
  }
  // keepalived's own slip: the family takes the next word with it.
  if (text === 'inet' || text === 'inet6') return 1;
  if (FLAGS.has(text) || (seen.destination === undefined && TYPES.has(text))) return 0;
  const check = text === 'track_group' && groups !== undefined ? isGroup : ROUTE[text];
  if (check !== undefined && text !== 'to') {
    const skipped =
      text in METRICS && line[at + 1]?.text === 'lock' ? 1 : /^inet6?$/.test(line[at + 1]?.text ?? '') ? 1 : 0;
    const value = line[at + 1 + skipped];
    if (text === 'protocol' && value !== undefined) seen.protocol = value;
    return judgeValue(word, value, check, seen, context) ? 1 + skipped : undefined;
  }
  if (seen.isTunnel) return 1;
  if (text === 'to') return 0;
  // Of several destinations the last counts.
  if (isDestination(text)) {
    seen.destination = word;
    if (!/^(?:default|any|all)$/.test(text)) seen.family ??= text.includes(':') || text === 'default6' ? 6 : 4;
    judgePrefix(word, report);
    return 0;
  }
  report.error('unknown-option', word, `'${text.slice(0, 64)}' is no word of a route; the line is left out`);
  return undefined;
}

/** False when the line is left out. */
function judgeValue(word: Word, value: Word | undefined, check: Check, seen: Seen, context: PolicyContext): boolean {
  const { report } = context;
  if (value === undefined) {
    report.error('missing-word', word, `${word.text} needs a word after it: keepalived would not start`);
    return false;
  }
  const fault = check(value, context) ?? familyFault(word.text, value, seen);
  if (fault === undefined) return true;
  report.error('invalid-value', value, `${word.text} '${value.text.slice(0, 64)}': ${fault}`);
  return check !== isAddress;
}

function familyFault(name: string, value: Word, seen: Seen): string | undefined {
  if ((name === 'expires' || name === 'pref') && seen.family !== 6) return 'this is for IPv6 only';
  const address = /^(?:via|gw|src)$/.test(name) ? parseAddress(value.text) : undefined;
  if (address === undefined) return undefined;
  const family = addressFamily(address);
  const before = seen.family;
  seen.family ??= family;
  return before !== undefined && before !== family && name === 'src' ? 'the route is of another family' : undefined;
}

function judgePrefix(word: Word, report: Report): void {
  const [host, length] = word.text.split('/');
  if (length === undefined) return;
  const longest = host!.includes(':') ? 128 : 32;
  if (/^\d+$/.test(length) && Number(length) <= longest) return;
  report.error('invalid-number', word, `the prefix length has to be 0 to ${longest}; ${longest} is used`);
}

/** keepalived finds a route again by its interface and its own protocol. */
function judgeTracking(at: Word, seen: Seen, report: Report): void {
  if (seen.words.has('no_track')) return;
  if (!seen.words.has('dev') && !seen.words.has('oif')) {
    report.warning('no-effect', at, 'a route without an interface cannot be tracked', {
      hint: 'add dev, or no_track',
    });
  } else if (seen.protocol !== undefined && !KEEPALIVED.includes(seen.protocol.text)) {
    report.warning('no-effect', seen.protocol, 'a route that is tracked has the protocol keepalived: this is ignored');
  }
}

function isDestination(text: string): boolean {
  return /^(?:default6?|any|all)$/.test(text) || parseAddress(text.split('/', 1)[0]!) !== undefined;
}

const isRange: Check = ({ text }) => {
  const [first, last] = text.split('-').map(Number);
  return /^\d+-\d+$/.test(text) && first! <= last! ? undefined : 'this has to be two numbers with a dash between';
};
const isMark: Check = ({ text }) =>
  text.split('/').every((part) => numberOf(part) !== undefined) ? undefined : 'this is no mark';
const isIpProtocol: Check = ({ text }) =>
  numberOf(text) !== undefined ||
  /^(?:icmp|igmp|tcp|udp|dccp|gre|esp|ah|ipv6-icmp|icmpv6|ospf|vrrp|sctp|udplite)$/i.test(text)
    ? undefined
    : 'there is no protocol of this name';
const isTable: Check = (value, context) => (value.text === '0' ? 'table 0 is none' : isName('table')(value, context));

const RULE: Readonly<Record<string, Check>> = {
  from: isNetwork,
  to: isNetwork,
  table: isTable,
  lookup: isTable,
  priority: isNumber(),
  preference: isNumber(),
  order: isNumber(),
  tos: isName('dsfield'),
  dsfield: isName('dsfield'),
  fwmark: isMark,
  realms: isRealms,
  suppress_prefixlength: isNumber(),
  suppress_prefixlen: isNumber(),
  sup_pl: isNumber(),
  suppress_ifgroup: isNumber(),
  sup_group: isNumber(),
  dev: isInterface,
  iif: isInterface,
  oif: isInterface,
  'tunnel-id': isNumber(),
  uidrange: isRange,
  protocol: isNumber(255),
  ipproto: isIpProtocol,
  sport: isRange,
  dport: isRange,
  goto: isNumber(),
  type: isAnything,
};
const RULE_FLAGS = words('not no_track');
const ACTIONS = words('nop blackhole unreachable prohibit l3mdev');

/** `virtual_rules`, `static_rules`. */
export function judgeRules(block: Statement, context: PolicyContext): void {
  for (const line of block.lines) judgeRule(line, context);
}

function judgeRule(line: readonly Word[], context: PolicyContext): void {
  const { report, groups } = context;
  const said = new Map<string, Word>();
  for (let index = 0; index < line.length; index++) {
    const word = line[index]!;
    const { text } = word;
    if (RULE_FLAGS.has(text) || ACTIONS.has(text)) {
      said.set(ACTIONS.has(text) ? 'action' : text, word);
      continue;
    }
    if (text === 'inet' || text === 'inet6') {
      index += 1;
      continue;
    }
    const check = text === 'track_group' && groups !== undefined ? isGroup : RULE[text];
    if (check === undefined) {
      report.error('unknown-option', word, `'${text.slice(0, 64)}' is no word of a rule; the line is left out`);
      return;
    }
    const value = line[index + 1];
    if (value === undefined) {
      report.error('missing-word', word, `${text} needs a word after it: keepalived would not start`);
      return;
    }
    const fault = check(value, context);
    if (fault !== undefined) {
      report.error('invalid-value', value, `${text} '${value.text.slice(0, 64)}': ${fault}; the line is left out`);
      return;
    }
    if (text === 'from' || text === 'to') judgePrefix(value, report);
    said.set(text === 'lookup' ? 'table' : text === 'order' || text === 'priority' ? 'preference' : text, value);
    index += 1;
  }
  judgeWholeRule(line[0]!, said, report);
}

function judgeWholeRule(at: Word, said: ReadonlyMap<string, Word>, report: Report): void {
  const families = ['from', 'to']
    .map((name) => parseAddress(said.get(name)?.text.split('/', 1)[0] ?? ''))
    .flatMap((address) => (address === undefined ? [] : [addressFamily(address)]));
  const actions = ['table', 'goto', 'action'].filter((name) => said.has(name));
  const preference = said.get('preference');
  const target = said.get('goto');
  const protocol = said.get('protocol');
  if (families.length === 2 && families[0] !== families[1]) {
    report.error('invalid-address', at, 'from and to are of different families; the line is left out');
  } else if (actions.length === 0) {
    report.error('missing-value', at, 'this rule says nothing of what is to be done; the line is left out');
  } else if (actions.length > 1) {
    report.error('duplicate', at, 'a rule does one thing only; the line is left out');
  } else if (preference === undefined) {
    report.warning('missing-value', at, 'a rule without preference gets one from 16384 downwards');
  } else if (target !== undefined && Number(target.text) <= Number(preference.text)) {
    report.error('out-of-range', target, 'goto has to lead to a larger preference; the line is left out');
  } else if (protocol !== undefined && !said.has('no_track') && !KEEPALIVED.includes(protocol.text)) {
    report.warning('no-effect', protocol, 'a rule that is tracked has the protocol keepalived: this is ignored');
  }
}
