// One line of virtual_routes or static_routes as a route. What is wrong with a line is judged elsewhere (routes.ts): here
// a line is read, or it is none.
import { addressFamily, type Family, type IpAddress } from '../wire/address.ts';
import {
  type Encapsulation,
  type Hop,
  type Network,
  type Nexthop,
  ROUTE_METRICS,
  ROUTE_TYPES,
  type RouteMetric,
  type RouteSpec,
  type RouteType,
} from '../wire/route.ts';
import { type NameKind, numberOf, type RouteNames } from './route-names.ts';
import type { Word } from './statement.ts';
import { everything, networkOf, WordReader } from './word-reader.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Draft extends Writable<Partial<RouteSpec>> {
  words: WordReader;
  names: RouteNames;
  told?: Family;
  everywhere?: boolean;
  second?: IpAddress;
  hop: Writable<Hop>;
  numbers: Partial<Record<RouteMetric, number>>;
  fixed: RouteMetric[];
  hops: Writable<Nexthop>[];
}

const PREFERENCES: Readonly<Record<string, number>> = { low: 3, medium: 0, high: 1 };

/** The route of a line; undefined where keepalived would leave it out, a text where it is more than is built here. */
export function readRoute(line: readonly Word[], names: RouteNames): RouteSpec | string | undefined {
  const draft: Draft = { words: new WordReader(line), names, hop: {}, numbers: {}, fixed: [], hops: [] };
  for (let word = draft.words.next(); word !== undefined; word = draft.words.next()) {
    const unbuilt = readWord(word.text, draft);
    if (unbuilt !== undefined) return unbuilt;
  }
  return draft.words.failed ? undefined : complete(draft);
}

function readWord(text: string, draft: Draft): string | undefined {
  const { words } = draft;
  if (text === 'vrf') return 'vrf of a route';
  if (text === 'encap') return readEncapsulation(draft.hop, words);
  if (text === 'nexthop') {
    const hop: Draft['hops'][number] = {};
    const unbuilt = readHop(hop, draft);
    draft.hops.push(hop);
    return unbuilt;
  }
  if (isMetric(text)) readMetric(text, draft);
  else if (Object.hasOwn(READERS, text)) Object.assign(draft, READERS[text]!(words, draft));
  else readPlace(text, draft);
  return undefined;
}

/** Reads what follows a word; returns what it adds to the route. */
type Reader = (words: WordReader, draft: Draft) => Partial<Draft>;

const onHop =
  (read: (words: WordReader, draft: Draft) => Hop): Reader =>
  (words, draft) => ({ hop: { ...draft.hop, ...read(words, draft) } });
const named = (kind: NameKind, words: WordReader, { names }: Draft): number =>
  words.need(names.resolve(kind, words.text()), 0);
const gateway = onHop((words) => ({ gateway: words.address() }));
const device = onHop((words) => ({ interface: words.text() }));
const tos: Reader = (words, draft) => ({ tos: named('dsfield', words, draft) });
const metric: Reader = (words) => ({ metric: words.number() });

const READERS: Readonly<Record<string, Reader>> = {
  inet: () => ({ told: 4 }),
  inet6: () => ({ told: 6 }),
  src: (words) => ({ source: words.address() }),
  via: gateway,
  gw: gateway,
  or: (words) => ({ second: words.address() }),
  from: (words) => ({ from: words.network() }),
  dev: device,
  oif: device,
  onlink: onHop(() => ({ onlink: true })),
  realms: onHop((words, { names }) => ({ realms: readRealms(words, names) })),
  tos,
  dsfield: tos,
  table: (words, draft) => ({ table: named('table', words, draft) }),
  protocol: (words, draft) => ({ protocol: named('protocol', words, draft) }),
  scope: (words, draft) => ({ scope: named('scope', words, draft) }),
  metric,
  priority: metric,
  preference: metric,
  expires: (words) => ({ expires: words.number() }),
  pref: (words) => {
    const text = words.text();
    return { preference: words.need(PREFERENCES[text] ?? numberOf(text), 0) };
  },
  'ttl-propagate': (words) => {
    const text = words.text();
    if (text !== 'enabled' && text !== 'disabled') words.fail();
    return { ttlPropagate: text === 'enabled' };
  },
  congctl: (words) => {
    const locked = words.take('lock');
    return { congestionControl: { name: words.text(), ...(locked && { locked }) } };
  },
  no_track: () => ({ noTrack: true }),
  track_group: (words) => ({ trackGroup: words.text() }),
  add: () => ({ placement: 'add' }),
  prepend: () => ({ placement: 'prepend' }),
  append: () => ({ placement: 'append' }),
};

function isMetric(text: string): text is RouteMetric {
  return Object.hasOwn(ROUTE_METRICS, text);
}

/** `[lock] VALUE`, in the units of the kernel. */
function readMetric(name: RouteMetric, { words, numbers, fixed }: Draft): void {
  if (words.take('lock')) fixed.push(name);
  if (name === 'features') {
    if (!words.take('ecn')) words.fail();
    numbers.features = 1;
  } else if (name === 'rtt' || name === 'rttvar' || name === 'rto_min')
    numbers[name] = words.need(readTime(name, words.text()), 0);
  else numbers[name] = words.number(name === 'hoplimit' ? 255 : undefined);
}

/** The kernel's units in a millisecond. */
const TIMES = { rtt: 8, rttvar: 4, rto_min: 1 } as const;
/** keepalived raises shorter times to this. */
const SHORTEST_MS = 200;

/** A bare number is in the kernel's units, others in ms or s. */
function readTime(name: keyof typeof TIMES, text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|msec|msecs|s|sec|secs)?$/.exec(text);
  if (match === null) return undefined;
  const [, value, unit] = match;
  const scale = unit === undefined ? 1 : TIMES[name] * (unit.startsWith('m') ? 1 : 1000);
  return Math.floor(Math.max(Number(value) * scale, SHORTEST_MS * TIMES[name]));
}

/** `[FROM/]TO`. */
export function readRealms(words: WordReader, names: RouteNames): number {
  const parts = words.text().split('/');
  const [first, second] = parts.map((part) => words.need(names.resolve('realm', part), 0));
  if (parts.length > 2) words.fail();
  return second === undefined ? first! : first! * 0x1_0000 + second;
}

/** `[to] [TYPE] DESTINATION`. */
function readPlace(text: string, draft: Draft): void {
  const { words } = draft;
  const word = text === 'to' ? words.text() : text;
  const type = word === 'brd' ? 'broadcast' : word;
  if (draft.type === undefined && Object.hasOwn(ROUTE_TYPES, type)) {
    draft.type = type as RouteType;
    return;
  }
  if (draft.destination !== undefined || draft.everywhere) words.fail();
  const network = networkOf(word);
  if (network !== undefined) draft.destination = network;
  else if (/^(?:default6?|any|all)$/.test(word)) {
    draft.everywhere = true;
    if (word === 'default6') draft.told = 6;
  } else words.fail();
}

function readHop(hop: Draft['hops'][number], { words, names }: Draft): string | undefined {
  for (;;) {
    if (words.take('via')) hop.gateway = words.address();
    else if (words.take('dev', 'oif')) hop.interface = words.text();
    else if (words.take('weight')) hop.weight = Math.max(1, words.number(256));
    else if (words.take('onlink')) hop.onlink = true;
    else if (words.take('realms')) hop.realms = readRealms(words, names);
    else if (words.take('encap')) {
      const unbuilt = readEncapsulation(hop, words);
      if (unbuilt !== undefined) return unbuilt;
    } else return undefined;
  }
}

function readEncapsulation(hop: Writable<Hop>, words: WordReader): string | undefined {
  const kind = words.text();
  if (kind === 'mpls') {
    const labels = words.text().split('/').map(Number);
    if (labels.some((label) => !(label >= 0 && label < 2 ** 20))) words.fail();
    hop.encapsulation = { kind, labels };
    return undefined;
  }
  if (kind !== 'ip' && kind !== 'ip6') return `encap ${kind.slice(0, 16)} of a route`;
  const tunnel: Writable<Exclude<Encapsulation, { kind: 'mpls' }>> = { kind };
  for (;;) {
    if (words.take('id')) tunnel.id = words.need(decimal64(words.text()), '0');
    else if (words.take('dst')) tunnel.destination = words.address();
    else if (words.take('src')) tunnel.source = words.address();
    else if (words.take(kind === 'ip' ? 'tos' : 'tc')) tunnel.tos = words.number(255);
    else if (words.take(kind === 'ip' ? 'ttl' : 'hoplimit')) tunnel.ttl = words.number(255);
    else if (words.take('flags')) tunnel.flags = words.number(0xffff);
    else break;
  }
  hop.encapsulation = tunnel;
  return undefined;
}

/** An unsigned 64-bit number, as decimal text. */
export function decimal64(text: string): string | undefined {
  if (!/^(?:\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text)) return undefined;
  return String(BigInt.asUintN(64, BigInt(text)));
}

function complete(draft: Draft): RouteSpec | undefined {
  const { told, hop, hops, source, second, tos, table, scope, metric, expires, preference, ttlPropagate } = draft;
  const { congestionControl, noTrack, trackGroup, from, numbers, fixed, type = 'unicast' } = draft;
  const sample = [draft.destination?.address, source, from?.address, hop.gateway].find((each) => each !== undefined);
  const family = told ?? (sample === undefined ? 4 : addressFamily(sample));
  const destination: Network | undefined = draft.destination ?? (draft.everywhere ? everything(family) : undefined);
  if (destination === undefined || addressFamily(destination.address) !== family) return undefined;
  const both = second === undefined ? hops : [hop, { ...hop, gateway: second }];
  const tracked = noTrack !== true && hop.interface !== undefined;
  return {
    family,
    type,
    destination,
    ...defined({ source, from, tos, table, scope, metric, expires, preference, ttlPropagate, congestionControl }),
    // keepalived finds what it tracks by its own protocol.
    ...(!tracked && defined({ protocol: draft.protocol })),
    ...(second === undefined ? hop : {}),
    ...(both.length > 0 && { nexthops: both }),
    ...(Object.keys(numbers).length > 0 && { metrics: numbers }),
    ...(fixed.length > 0 && { locked: fixed }),
    placement: draft.placement ?? (type === 'unicast' ? 'prepend' : 'add'),
    ...defined({ noTrack, trackGroup }),
  };
}

/** An object without what is undefined. */
export function defined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
