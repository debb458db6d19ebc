// This host against its configuration: the firewall for each instance, membership, addresses, devices, peers.
import type { Evidence } from '../observe/finding.ts';
import type { AdvertStream, HostLink, HostState } from '../ports/host-state.ts';
import type { InstanceConfig, VirtualAddress } from '../vrrp/config.ts';
import { addressBytes, addressFamily } from '../wire/address.ts';
import { type ConfiguredHost, type Member, said } from './configured-host.ts';
import { allowRule } from './doctor-delivery.ts';
import type { HostFinding } from './host-finding.ts';
import { nftVerdict } from './nft-verdict.ts';

/** What is wrong with single instances of the configuration on this host. */
export function instanceFindings(state: HostState, host: ConfiguredHost): HostFinding[] {
  return host.config.instances
    .map((instance) => ({ host, instance }))
    .flatMap((member) => RULES.flatMap((rule) => rule(state, member)));
}

type Rule = (state: HostState, member: Member) => HostFinding[];

const RULES: readonly Rule[] = [firewall, membership, leftBehind, vanished, virtualMac, peers, secondaries];

function subjectOf({ interface: name, vrid, family }: InstanceConfig): string {
  return `${name} vrid ${vrid} IPv${family}`;
}

function ofInstance({ vrid, family, interface: name }: InstanceConfig) {
  return (stream: AdvertStream): boolean =>
    stream.vrid === vrid && stream.family === family && stream.interface === name;
}

/** The rules alone; where adverts were seen and not delivered that is told instead. */
function firewall({ ruleset, streams }: HostState, member: Member): HostFinding[] {
  const { instance } = member;
  if (ruleset === undefined) return [];
  const protocol = instance.ah ? 51 : 112;
  const [peer] = instance.unicastPeers;
  const proven = streams?.some((stream) => ofInstance(instance)(stream) && stream.direction === 'received');
  return (['input', 'output'] as const).flatMap((hook): HostFinding[] => {
    if (hook === 'input' && proven) return [];
    const { family, interface: name, group, source } = instance;
    const [from, to] = hook === 'input' ? [peer, peer === undefined ? group : source] : [source, peer ?? group];
    const verdict = nftVerdict(ruleset, { hook, family, protocol, interface: name, source: from, destination: to });
    if (verdict.verdict !== 'drop') return [];
    return [
      {
        id: 'D02',
        subject: subjectOf(instance),
        severity: 'error',
        confidence: 'likely',
        title: `the firewall drops the adverts that ${hook === 'input' ? 'come in' : 'go out'} for ${instance.name}`,
        evidence: [{ kind: 'host', source: 'nft list ruleset', text: verdict.by }],
        why:
          hook === 'input'
            ? 'The router does not hear the others and becomes MASTER beside them.'
            : 'Nobody hears this router: another becomes MASTER beside it.',
        fix: allowRule(verdict.by, protocol, hook),
      },
    ];
  });
}

function linksOf({ links }: HostState, { interface: name, vmac }: InstanceConfig): HostLink[] {
  return links.filter((link) => link.name === name || link.name === vmac?.name);
}

function membership(state: HostState, member: Member): HostFinding[] {
  const { instance } = member;
  const { group, unicastPeers, interface: name } = instance;
  const links = linksOf(state, instance);
  if (unicastPeers.length > 0 || state.routers.length === 0 || !links.some(({ up }) => up)) return [];
  if (state.groups.some((each) => each.group === group && links.some((link) => link.name === each.interface)))
    return [];
  return [
    {
      id: 'D03',
      subject: subjectOf(instance),
      severity: 'error',
      confidence: 'likely',
      title: `nobody on this host has joined ${group} on ${name}, the group of ${instance.name}`,
      evidence: [
        said(member, 'interface', `multicast to ${group} on ${name}`),
        {
          kind: 'host',
          source: '/proc/net/igmp, igmp6',
          text: `${name} is in ${
            state.groups
              .filter((each) => each.interface === name)
              .map((each) => each.group)
              .join(' ') || 'no group'
          }`,
        },
      ],
      why: 'The kernel drops the adverts of the others: this router becomes MASTER beside them.',
      fix: 'See why the router is not listening there (does it run with this file? is the instance in FAULT?), and start it again.',
    },
  ];
}

interface Placed {
  readonly link: HostLink;
  readonly address: HostLink['addresses'][number];
}

function placesOf({ links }: HostState, addresses: readonly VirtualAddress[]): Placed[] {
  return links.flatMap((link) =>
    link.addresses
      .filter(({ address }) => addresses.some((each) => each.address === address))
      .map((address) => ({ link, address })),
  );
}

function onInterface({ link, address }: Placed): Evidence {
  return { kind: 'host', source: `ip address show dev ${link.name}`, text: `${address.address}/${address.prefix}` };
}

/** Addresses without mastership: no router runs, or another one is MASTER and this host is silent. */
function leftBehind(state: HostState, member: Member): HostFinding[] {
  const { instance } = member;
  if (instance.priority === 255) return [];
  const placed = placesOf(state, [...instance.addresses, ...instance.excluded]);
  const mine = (state.streams ?? []).filter(ofInstance(instance));
  const sent = mine.some(({ direction }) => direction === 'sent');
  const other = mine.find(({ direction, seen, priority }) => direction === 'received' && seen >= 3 && priority > 0);
  const idle = state.routers.length === 0;
  if (placed.length === 0 || sent || (!idle && other === undefined)) return [];
  const witness: Evidence =
    other === undefined
      ? { kind: 'host', source: '/proc', text: 'neither keepalived nor kavtui runs in this network namespace' }
      : {
          kind: 'host',
          source: `packet socket on ${other.interface}`,
          text: `${other.seen} adverts of ${other.source} (priority ${other.priority}), none of this host`,
        };
  return [
    {
      id: 'D37',
      subject: subjectOf(instance),
      vip: placed[0]!.address.address,
      severity: 'error',
      confidence: 'proven',
      title: `${placed.map(({ address }) => address.address).join(' ')} of ${instance.name} is set here, and this host is not MASTER`,
      evidence: [...placed.map(onInterface), witness],
      why: 'When another router is MASTER two hosts have the address; to this host it is always here.',
      fix: placed
        .map(({ link, address }) => `ip address del ${address.address}/${address.prefix} dev ${link.name}`)
        .join('\n'),
    },
  ];
}

/** A MASTER that speaks and lacks an address. */
function vanished(state: HostState, member: Member): HostFinding[] {
  const { instance } = member;
  const sent = state.streams?.find(
    (stream) => ofInstance(instance)(stream) && stream.direction === 'sent' && stream.seen >= 3 && stream.priority > 0,
  );
  if (sent === undefined || state.routers.length === 0) return [];
  const there = placesOf(state, instance.addresses).map(({ address }) => address.address);
  const missing = instance.addresses.filter(({ address }) => !there.includes(address));
  if (missing.length === 0) return [];
  return [
    {
      id: 'D15',
      subject: subjectOf(instance),
      vip: missing[0]!.address,
      severity: 'error',
      confidence: 'proven',
      title: `this host is MASTER for ${instance.name} and does not have ${missing.map(({ address }) => address).join(' ')}`,
      evidence: [
        {
          kind: 'host',
          source: `packet socket on ${sent.interface}`,
          text: `${sent.seen} adverts with priority ${sent.priority} leave`,
        },
        {
          kind: 'host',
          source: 'ip address show',
          text: `${missing.map(({ address }) => address).join(' ')} on no interface`,
        },
      ],
      why: 'Nobody answers for the address while all other routers are silent.',
      fix: missing
        .map(({ address, prefix, interface: name }) => `ip address add ${address}/${prefix} dev ${name}`)
        .join('\n'),
    },
  ];
}

/** What keepalived sets for a macvlan, and others may undo. */
function virtualMac({ sysctls, links }: HostState, { instance }: Member): HostFinding[] {
  const { vmac, family, interface: base } = instance;
  if (vmac?.kind !== 'macvlan' || family === 6 || !links.some(({ name }) => name === vmac.name)) return [];
  const wanted: readonly [name: string, good: (value: number) => boolean, better: number, why: string][] = [
    ['all.rp_filter', (value) => value !== 1, 2, `packets to ${vmac.name} are dropped: their way back is ${base}`],
    [
      `${base}.arp_ignore`,
      (value) => value > 0,
      1,
      `${base} answers for the virtual addresses with its own hardware address`,
    ],
    [
      `${vmac.name}.accept_local`,
      (value) => value === 1,
      1,
      `packets of this host to its own virtual address are dropped`,
    ],
  ];
  return wanted.flatMap(([key, good, better, why]) => {
    const name = `net.ipv4.conf.${key}`;
    const value = sysctls.get(name);
    if (value === undefined || good(Number(value))) return [];
    return [
      {
        id: 'D27',
        subject: subjectOf(instance),
        severity: 'warning',
        confidence: 'likely',
        title: `${name} does not go with the virtual hardware address of ${instance.name}`,
        evidence: [{ kind: 'sysctl', name, value }],
        why: `${why}.`,
        fix: `sysctl -w ${name}=${better}`,
      },
    ];
  });
}

function peers({ neighbours }: HostState, member: Member): HostFinding[] {
  const { unicastPeers } = member.instance;
  const lost = neighbours.filter(
    ({ address, state }) => unicastPeers.includes(address) && /FAILED|INCOMPLETE/.test(state),
  );
  return lost.map(({ address, state, interface: name }) => ({
    id: 'D35',
    subject: subjectOf(member.instance),
    address,
    severity: 'warning',
    confidence: 'likely',
    title: `the peer ${address} does not answer for its address on ${name}`,
    evidence: [{ kind: 'host', source: 'ip neighbour', text: `${address} dev ${name} ${state}` }],
    why: 'Adverts to it do not leave: when it comes back it takes itself for alone.',
    fix: `Look whether ${address} is up and in this network: arping -I ${name} ${address}`,
  }));
}

/** With a virtual address as the primary one of a network its removal takes all others of that network along. */
function secondaries(state: HostState, { instance }: Member): HostFinding[] {
  return placesOf(state, instance.addresses).flatMap(({ link, address }) => {
    const setting = `net.ipv4.conf.${link.name}.promote_secondaries`;
    const promote = Math.max(
      Number(state.sysctls.get(setting) ?? 0),
      Number(state.sysctls.get('net.ipv4.conf.all.promote_secondaries') ?? 0),
    );
    if (address.secondary || promote > 0 || addressFamily(address.address) === 6) return [];
    const follows = link.addresses.find(
      (other) => other.secondary && other.prefix === address.prefix && sameNetwork(other.address, address),
    );
    if (follows === undefined) return [];
    return [
      {
        id: 'D42',
        subject: subjectOf(instance),
        vip: address.address,
        severity: 'warning',
        confidence: 'proven',
        title: `${follows.address} vanishes from ${link.name} when the virtual address ${address.address} does`,
        evidence: [
          {
            kind: 'host',
            source: `ip address show dev ${link.name}`,
            text: `${follows.address}/${follows.prefix} secondary`,
          },
          { kind: 'sysctl', name: setting, value: '0' },
        ],
        why: 'The kernel removes the secondary addresses of a network with its primary one.',
        fix: `sysctl -w ${setting}=1`,
      },
    ];
  });
}

function sameNetwork(other: string, { address, prefix }: HostLink['addresses'][number]): boolean {
  if (addressFamily(other) === 6) return false;
  const [a, b] = [other, address].map((each) => new DataView(addressBytes(each).buffer).getUint32(0));
  return prefix === 0 || Math.floor(a! / 2 ** (32 - prefix)) === Math.floor(b! / 2 ** (32 - prefix));
}
