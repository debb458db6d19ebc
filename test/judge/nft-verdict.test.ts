// What a ruleset does with an advert: rules in nft's JSON form, as nft 1.0.6 prints them.
import { expect, it } from 'vitest';
import { type ImaginedPacket, nftVerdict } from '../../src/judge/nft-verdict.ts';

const PACKET: ImaginedPacket = {
  hook: 'input',
  family: 4,
  protocol: 112,
  interface: 'eth0',
  source: '10.0.0.1',
  destination: '224.0.0.18',
};

type Json = Readonly<Record<string, unknown>>;

const meta = (key: string, right: unknown, op = '=='): Json => ({ match: { op, left: { meta: { key } }, right } });
const ip = (field: string, right: unknown, protocol = 'ip', op = '=='): Json => ({
  match: { op, left: { payload: { protocol, field } }, right },
});
const ACCEPT = { accept: null };
const DROP = { drop: null };
const VRRP = meta('l4proto', 'vrrp');

interface Options {
  readonly family?: string;
  readonly policy?: string;
  readonly hook?: string;
  readonly more?: readonly Json[];
}

/** A ruleset with one base chain. */
function ruleset(rules: readonly (readonly Json[])[], options: Options = {}): unknown {
  const { family = 'inet', policy = 'accept', hook = 'input', more = [] } = options;
  return {
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { table: { family, name: 't' } },
      { chain: { family, table: 't', name: 'c', type: 'filter', hook, prio: 0, policy } },
      ...rules.map((expr, i) => ({ rule: { family, table: 't', chain: 'c', handle: i + 4, expr } })),
      ...more,
    ],
  };
}

const ingress = (dev: unknown) => ({
  nftables: [
    {
      chain: {
        family: 'netdev',
        table: 't',
        name: 'c',
        dev,
        type: 'filter',
        hook: 'ingress',
        prio: 0,
        policy: 'accept',
      },
    },
    { rule: { family: 'netdev', table: 't', chain: 'c', handle: 2, expr: [VRRP, DROP] } },
  ],
});

const other = (expr: readonly Json[]): Json[] => [
  { chain: { family: 'inet', table: 't', name: 'sub' } },
  { rule: { family: 'inet', table: 't', chain: 'sub', handle: 20, expr } },
];

it.each<[title: string, json: unknown, verdict: string, packet?: Partial<ImaginedPacket>]>([
  ['no rules', { nftables: [] }, 'accept'],
  ['something that is no ruleset', 'rubbish', 'accept'],
  ['a rule for the protocol', ruleset([[VRRP, DROP]]), 'drop'],
  ['by number', ruleset([[meta('l4proto', 112), DROP]]), 'drop'],
  ['a reject', ruleset([[VRRP, { reject: { type: 'icmp', expr: 'port-unreachable' } }]]), 'drop'],
  ['a set of protocols without it', ruleset([[meta('l4proto', { set: ['tcp', 'udp'] }), DROP]]), 'accept'],
  ['a set with it', ruleset([[meta('l4proto', { set: ['tcp', 112] }), DROP]]), 'drop'],
  ['everything but it', ruleset([[meta('l4proto', 'vrrp', '!='), DROP]]), 'accept'],
  ['a closed policy', ruleset([[meta('l4proto', 'tcp'), ACCEPT]], { policy: 'drop' }), 'drop'],
  ['a closed policy with a way in', ruleset([[VRRP, ACCEPT]], { policy: 'drop' }), 'accept'],
  [
    'a way in for connections that exist is none for a first packet',
    ruleset([[{ match: { op: 'in', left: { ct: { key: 'state' } }, right: ['established', 'related'] } }, ACCEPT]], {
      policy: 'drop',
    }),
    'drop',
  ],
  [
    'an accept in front of the drop',
    ruleset([
      [VRRP, ACCEPT],
      [VRRP, DROP],
    ]),
    'accept',
  ],
  ['the group by prefix', ruleset([[ip('daddr', { prefix: { addr: '224.0.0.0', len: 24 } }), DROP]]), 'drop'],
  ['another group', ruleset([[ip('daddr', '224.0.0.251'), DROP]]), 'accept'],
  ['a range of senders', ruleset([[ip('saddr', { range: ['10.0.0.1', '10.0.0.9'] }), DROP]]), 'drop'],
  ['a range beside the sender', ruleset([[ip('saddr', { range: ['10.0.0.2', '10.0.0.9'] }), DROP]]), 'accept'],
  ['a sender that is not known', ruleset([[ip('saddr', '10.0.0.1'), DROP]]), 'unsure', { source: undefined }],
  [
    'a named set',
    ruleset([[ip('saddr', '@bad'), DROP]], {
      more: [
        {
          set: {
            family: 'inet',
            table: 't',
            name: 'bad',
            elem: ['10.9.9.9', { prefix: { addr: '10.0.0.0', len: 8 } }],
          },
        },
      ],
    }),
    'drop',
  ],
  ['another interface', ruleset([[meta('iifname', 'eth1'), DROP]]), 'accept'],
  ['interfaces by pattern', ruleset([[meta('iifname', 'eth*'), DROP]]), 'drop'],
  ['a jump', ruleset([[{ jump: { target: 'sub' } }]], { more: other([VRRP, DROP]) }), 'drop'],
  [
    'a jump that returns',
    ruleset([[{ jump: { target: 'sub' } }], [VRRP, DROP]], { more: other([VRRP, { return: null }]) }),
    'drop',
  ],
  [
    'a goto that decides nothing: the policy does',
    ruleset([[{ goto: { target: 'sub' } }], [VRRP, DROP]], { more: other([meta('l4proto', 'tcp'), DROP]) }),
    'accept',
  ],
  ['a chain that jumps to itself', ruleset([[{ jump: { target: 'c' } }]]), 'accept'],
  ['a limit', ruleset([[VRRP, { limit: { rate: 1, per: 'second' } }, DROP]]), 'unsure'],
  [
    'a limit in front of a closed policy',
    ruleset([[VRRP, { limit: { rate: 1, per: 'second' } }, ACCEPT]], { policy: 'drop' }),
    'unsure',
  ],
  [
    'a rule of iptables that is not understood',
    ruleset([[{ xt: { type: 'match', name: 'pkttype' } }, DROP]]),
    'unsure',
  ],
  ['ports, which it has none of', ruleset([[ip('dport', 22, 'tcp'), DROP]]), 'accept'],
  ['the other family', ruleset([[VRRP, DROP]], { family: 'ip6' }), 'accept'],
  [
    'IPv6',
    ruleset([[VRRP, DROP]], { family: 'ip6' }),
    'drop',
    { family: 6, source: 'fe80::1', destination: 'ff02::12' },
  ],
  ['the other direction', ruleset([[VRRP, DROP]], { hook: 'output' }), 'accept'],
  ['that direction', ruleset([[meta('oifname', 'eth0'), VRRP, DROP]], { hook: 'output' }), 'drop', { hook: 'output' }],
  ['at the ingress', ingress('eth0'), 'drop'],
  ['at the ingress of several', ingress(['eth1', 'eth0']), 'drop'],
  ['at the ingress of another interface', ingress('eth1'), 'accept'],
  ['at the ingress of an interface that nft does not tell', ingress(undefined), 'unsure'],
  ['before routing', ruleset([[VRRP, DROP]], { hook: 'prerouting' }), 'drop'],
  ['Authentication Headers pass a rule for VRRP', ruleset([[VRRP, DROP]]), 'accept', { protocol: 51 }],
  ['and not one for them', ruleset([[meta('l4proto', 'ah'), DROP]]), 'drop', { protocol: 51 }],
])('%s', (_, json, verdict, packet = {}) => {
  expect(nftVerdict(json, { ...PACKET, ...packet }).verdict).toBe(verdict);
});

it('names the rule and its counter', () => {
  const json = ruleset([
    [ip('saddr', { set: ['10.0.0.1', '10.0.0.2'] }), VRRP, { counter: { packets: 7, bytes: 280 } }, DROP],
  ]);
  expect(nftVerdict(json, PACKET)).toEqual({
    verdict: 'drop',
    by: 'rule 4 of chain inet t c: ip saddr { 10.0.0.1, 10.0.0.2 } meta l4proto vrrp drop',
    packets: 7,
  });
});
