// One line of virtual_rules or static_rules as a rule. What is wrong with a line is judged elsewhere (routes.ts).
import { addressFamily, type Family } from '../wire/address.ts';
import type { Network, NumberRange, RuleAction, RuleSpec } from '../wire/route.ts';
import { decimal64, defined, readRealms } from './route-line.ts';
import { numberOf, type RouteNames } from './route-names.ts';
import type { Word } from './statement.ts';
import { everything, WordReader } from './word-reader.ts';

/** What rules without a preference get, from here downwards in the order of the file. */
export const FIRST_PREFERENCE = 16_384;

type Draft = { -readonly [Key in keyof RuleSpec]?: RuleSpec[Key] } & {
  told?: Family;
  fromAll?: boolean;
  readonly words: WordReader;
  readonly names: RouteNames;
};

const EVERYTHING = ['any', 'all', 'default'];

const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
  udplite: 136,
};

/** The rule of a line; undefined where keepalived would leave it out. `preference` is called where the line has none. */
export function readRule(line: readonly Word[], names: RouteNames, preference: () => number): RuleSpec | undefined {
  const draft: Draft = { words: new WordReader(line), names };
  for (let word = draft.words.next(); word !== undefined; word = draft.words.next()) {
    const reader = Object.hasOwn(READERS, word.text) ? READERS[word.text] : undefined;
    if (reader === undefined) return undefined;
    Object.assign(draft, reader(draft.words, draft));
  }
  return draft.words.failed ? undefined : complete(draft, preference);
}

/** Reads what follows a word; returns what it adds to the rule. */
type Reader = (words: WordReader, draft: Draft) => Partial<Draft>;

const act =
  (read: (words: WordReader, draft: Draft) => RuleAction): Reader =>
  (words, draft) => {
    if (draft.action !== undefined) words.fail();
    return { action: read(words, draft) };
  };
const table = act((words, { names }) => {
  const number = words.need(names.resolve('table', words.text()), 0);
  if (number === 0) words.fail();
  return { kind: 'table', table: number };
});
const priority: Reader = (words) => ({ priority: words.number() });
const tos: Reader = (words, { names }) => ({ tos: words.need(names.resolve('dsfield', words.text()), 0) });
const input: Reader = (words) => ({ inputInterface: words.text() });
const suppressPrefix: Reader = (words) => ({ suppressPrefixLength: words.number(128) });
const suppressGroup: Reader = (words) => ({ suppressGroup: words.number() });
const ipProtocol: Reader = (words) => {
  const text = words.text();
  return { ipProtocol: words.need(IP_PROTOCOLS[text.toLowerCase()] ?? numberOf(text), 0) & 255 };
};
const simple = (kind: 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | 'l3mdev') => act(() => ({ kind }));

const READERS: Readonly<Record<string, Reader>> = {
  inet: () => ({ told: 4 }),
  inet6: () => ({ told: 6 }),
  not: () => ({ inverted: true }),
  from: (words) => (words.take(...EVERYTHING) ? { fromAll: true } : { from: words.network() }),
  to: (words) => (words.take(...EVERYTHING) ? {} : { to: words.network() }),
  table,
  lookup: table,
  preference: priority,
  order: priority,
  priority,
  tos,
  dsfield: tos,
  fwmark: (words) => {
    const [mark, mask, surplus] = words.text().split('/');
    if (surplus !== undefined) words.fail();
    const value = words.need(numberOf(mark!), 0);
    return mask === undefined ? { mark: value } : { mark: value, markMask: words.need(numberOf(mask), 0) };
  },
  realms: (words, { names }) => ({ realms: readRealms(words, names) }),
  suppress_prefixlength: suppressPrefix,
  sup_pl: suppressPrefix,
  suppress_ifgroup: suppressGroup,
  sup_group: suppressGroup,
  dev: input,
  iif: input,
  oif: (words) => ({ outputInterface: words.text() }),
  'tunnel-id': (words) => ({ tunnelId: words.need(decimal64(words.text()), '0') }),
  uidrange: (words) => ({ users: readRange(words, 0xffff_ffff) }),
  protocol: (words, { names }) => ({ protocol: words.need(names.resolve('protocol', words.text()), 0) }),
  ipproto: ipProtocol,
  ip_proto: ipProtocol,
  sport: (words) => ({ sourcePorts: readRange(words, 0xffff) }),
  dport: (words) => ({ destinationPorts: readRange(words, 0xffff) }),
  no_track: () => ({ noTrack: true }),
  track_group: (words) => ({ trackGroup: words.text() }),
  type: () => ({}),
  goto: act((words) => ({ kind: 'goto', target: words.number() })),
  nop: simple('nop'),
  blackhole: simple('blackhole'),
  unreachable: simple('unreachable'),
  prohibit: simple('prohibit'),
  l3mdev: simple('l3mdev'),
};

/** `A-B`, or one number for both. */
function readRange(words: WordReader, most: number): NumberRange {
  const [first, last = first, ...surplus] = words.text().split('-').map(numberOf);
  if (first !== undefined && last !== undefined && surplus.length === 0 && first <= last && last <= most)
    return [first, last];
  words.fail();
  return [0, 0];
}

function complete(draft: Draft, preference: () => number): RuleSpec | undefined {
  const { told, fromAll, words: _words, names: _names, action, protocol, ...said } = draft;
  const sample = said.from ?? said.to;
  const family = told ?? (sample === undefined ? 4 : addressFamily(sample.address));
  const agrees = (network: Network | undefined) => network === undefined || addressFamily(network.address) === family;
  if (action === undefined || !agrees(said.from) || !agrees(said.to)) return undefined;
  const priority = said.priority ?? preference();
  // To a smaller number the kernel would go round in circles.
  if (action.kind === 'goto' && action.target <= priority) return undefined;
  return {
    family,
    ...defined(said),
    ...(fromAll && { from: everything(family) }),
    priority,
    // keepalived finds what it tracks by its own protocol.
    ...(said.noTrack && defined({ protocol })),
    action,
  };
}
