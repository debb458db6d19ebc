// What an nftables ruleset (`nft -j list ruleset`) does with one packet, as far as that can be told without sending it.
import { addressBytes, addressFamily, compareAddresses, parseAddress } from '../wire/address.ts';
import {
  type Chain,
  chainNamed,
  chainText,
  type Json,
  type Rule,
  type Ruleset,
  readRuleset,
  record,
  ruleText,
} from './nft-ruleset.ts';

/** A packet of which some things are known; undefined: it could be anything. */
export interface ImaginedPacket {
  readonly hook: 'input' | 'output';
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly interface: string;
  readonly source: string | undefined;
  readonly destination: string | undefined;
}

/** `unsure`: it depends on something that is not known. `by`: the rule or policy in words. */
export type NftVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'drop' | 'unsure'; readonly by: string; readonly packets?: number };

/** Hooks that a packet passes on its way in or out. */
const HOOKS = { input: ['ingress', 'prerouting', 'input'], output: ['output', 'postrouting'] } as const;

/** The first chain that drops it decides; all have to accept it. */
export function nftVerdict(json: unknown, packet: ImaginedPacket): NftVerdict {
  const ruleset = readRuleset(json);
  const hooks: readonly string[] = HOOKS[packet.hook];
  const families = ['netdev', 'inet', packet.family === 4 ? 'ip' : 'ip6'];
  const passed = ruleset.chains
    .filter(({ hook, family }) => hook !== undefined && hooks.includes(hook) && families.includes(family))
    .filter(({ hook, devices }) => hook !== 'ingress' || devices.length === 0 || devices.includes(packet.interface))
    .sort((a, b) => hooks.indexOf(a.hook!) - hooks.indexOf(b.hook!) || a.priority - b.priority);
  let unsure: NftVerdict | undefined;
  for (const chain of passed) {
    const verdict = throughChain({ ruleset, packet, doubts: {} }, chain);
    const elsewhere = chain.hook === 'ingress' && chain.devices.length === 0;
    if (verdict.verdict === 'drop' && !elsewhere) return verdict;
    if (verdict.verdict !== 'accept') unsure ??= { ...verdict, verdict: 'unsure' };
  }
  return unsure ?? { verdict: 'accept' };
}

interface Passage {
  readonly ruleset: Ruleset;
  readonly packet: ImaginedPacket;
  /** Rules on the way that may have decided already. */
  readonly doubts: { accept?: true; drop?: Drop };
}

interface Drop {
  readonly by: string;
  readonly packets?: number;
}

type End = 'accept' | Drop | 'end';

function throughChain(passage: Passage, chain: Chain): NftVerdict {
  const end = walk(passage, chain, true, 0);
  const { doubts } = passage;
  const policy: End = chain.policy === 'drop' ? { by: `the policy of chain ${chainText(chain)}: drop` } : 'accept';
  const last = end === 'end' ? policy : end;
  if (last !== 'accept') return { verdict: doubts.accept ? 'unsure' : 'drop', ...last };
  return doubts.drop === undefined ? { verdict: 'accept' } : { verdict: 'unsure', ...doubts.drop };
}

const DEEPEST = 16;

/** `sure`: the packet is in this chain for certain. `end`: nothing decided, or `return`. */
function walk(passage: Passage, chain: Chain, sure: boolean, depth: number): End {
  for (const rule of chain.rules) {
    const end = tryRule(passage, chain, rule, sure, depth);
    if (end === 'return') return 'end';
    if (end !== 'end') return end;
  }
  return 'end';
}

/** What is certain is returned; what may be is left in the doubts. */
function tryRule(passage: Passage, chain: Chain, rule: Rule, entered: boolean, depth: number): End | 'return' {
  const { ruleset, packet, doubts } = passage;
  let sure = entered;
  let packets: number | undefined;
  for (const expression of rule.expr) {
    const [kind, body] = Object.entries(record(expression))[0] ?? ['', undefined];
    switch (kind) {
      case 'match': {
        const matches = match(ruleset, chain, record(body), packet);
        if (matches === false) return 'end';
        sure &&= matches === true;
        break;
      }
      case 'counter':
        packets = Number(record(body).packets) || 0;
        break;
      case 'accept':
        if (sure) return 'accept';
        doubts.accept = true;
        return 'end';
      case 'drop':
      case 'reject': {
        const drop = { by: ruleText(chain, rule), ...(packets !== undefined && { packets }) };
        if (sure) return drop;
        doubts.drop ??= drop;
        return 'end';
      }
      case 'return':
        // In a chain that may be left here the rest may still decide.
        return sure ? 'return' : 'end';
      case 'jump':
      case 'goto': {
        const target = chainNamed(ruleset, chain, record(body).target);
        const end = target === undefined || depth > DEEPEST ? 'end' : walk(passage, target, sure, depth + 1);
        return end === 'end' && kind === 'goto' && sure ? 'return' : end;
      }
      case 'vmap':
        doubts.accept = true;
        doubts.drop ??= { by: ruleText(chain, rule) };
        return 'end';
      case 'limit':
      case 'xt':
        sure = false;
    }
  }
  return 'end';
}

/** True, false, or undefined for what is not known. */
function match(ruleset: Ruleset, chain: Chain, body: Readonly<Record<string, Json>>, packet: ImaginedPacket) {
  const { left, op, right } = body;
  const known = packetValue(left, packet);
  if (known === 'other-family') return false;
  if (known === undefined) return undefined;
  const inside = isIn(known, right, (name) => ruleset.sets.get(`${chain.family} ${chain.table} ${name}`));
  if (inside === undefined) return undefined;
  if (op === '==' || op === 'in') return inside;
  return op === '!=' ? !inside : undefined;
}

/** What the packet has there; undefined: not known. A first packet belongs to no connection. */
function packetValue(left: Json, packet: ImaginedPacket): string | undefined {
  const { meta, payload, ct } = record(left);
  if (meta !== undefined) return metaOf(String(record(meta).key), packet);
  if (ct !== undefined) return record(ct).key === 'state' ? 'new' : undefined;
  if (payload === undefined) return undefined;
  const { protocol, field } = record(payload);
  const mine = packet.family === 4 ? 'ip' : 'ip6';
  if (protocol === 'ip' || protocol === 'ip6') {
    if (protocol !== mine) return 'other-family';
    if (field === 'saddr') return packet.source;
    if (field === 'daddr') return packet.destination;
    return field === 'protocol' || field === 'nexthdr' ? String(packet.protocol) : undefined;
  }
  // A field of TCP, UDP, ICMP, ...: the packet has no such header.
  return ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'dccp', 'udplite', 'th'].includes(String(protocol))
    ? 'other-family'
    : undefined;
}

function metaOf(key: string, packet: ImaginedPacket): string | undefined {
  const { interface: name, hook, family, protocol } = packet;
  if (key === 'l4proto') return String(protocol);
  if (key === 'nfproto') return family === 4 ? 'ipv4' : 'ipv6';
  if (key === 'protocol') return family === 4 ? 'ip' : 'ip6';
  if (key === 'iifname' || key === 'iif') return hook === 'input' ? name : undefined;
  return (key === 'oifname' || key === 'oif') && hook === 'output' ? name : undefined;
}

/** Numbers that nft writes as words. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  ...{ vrrp: '112', ah: '51', tcp: '6', udp: '17', icmp: '1', igmp: '2', esp: '50' },
  ...{ 'ipv6-icmp': '58', icmpv6: '58', gre: '47', sctp: '132', dccp: '33', udplite: '136', comp: '108' },
};

function isIn(known: string, right: Json, named: (name: string) => Json): boolean | undefined {
  if (typeof right === 'string' && right.startsWith('@')) {
    const elements = named(right.slice(1));
    return Array.isArray(elements) ? isIn(known, { set: elements }, named) : undefined;
  }
  if (Array.isArray(right)) return anyOf(right.map((one) => isIn(known, one, named)));
  if (typeof right === 'object' && right !== null) {
    const { prefix, range, set, elem } = record(right);
    if (Array.isArray(set)) return anyOf(set.map((one) => isIn(known, one, named)));
    if (elem !== undefined) return isIn(known, record(elem).val, named);
    if (prefix !== undefined) return inPrefix(known, String(record(prefix).addr), Number(record(prefix).len));
    if (Array.isArray(range)) return inRange(known, String(range[0]), String(range[1]));
    return undefined;
  }
  const text = String(right);
  if (text.endsWith('*')) return known.startsWith(text.slice(0, -1));
  return known === text || known === PROTOCOLS[text];
}

function anyOf(results: readonly (boolean | undefined)[]): boolean | undefined {
  if (results.includes(true)) return true;
  return results.includes(undefined) ? undefined : false;
}

function inPrefix(known: string, address: string, length: number): boolean | undefined {
  const [one, other] = [parseAddress(known), parseAddress(address)];
  if (one === undefined || other === undefined) return undefined;
  if (addressFamily(one) !== addressFamily(other)) return false;
  const [a, b] = [addressBytes(one), addressBytes(other)];
  return a.every((byte, i) => {
    const bits = Math.min(8, Math.max(0, length - i * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === (b[i]! & mask);
  });
}

function inRange(known: string, from: string, to: string): boolean | undefined {
  const [value, low, high] = [parseAddress(known), parseAddress(from), parseAddress(to)];
  if (value !== undefined && low !== undefined && high !== undefined) {
    return compareAddresses(value, low) >= 0 && compareAddresses(value, high) <= 0;
  }
  const numbers = [known, from, to].map((text) => Number(PROTOCOLS[text] ?? text));
  if (numbers.some(Number.isNaN)) return undefined;
  return numbers[0]! >= numbers[1]! && numbers[0]! <= numbers[2]!;
}
