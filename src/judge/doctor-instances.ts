// This host against its configuration: the firewall for each instance, membership, addresses, devices, peers.
import type { HostLink, HostState } from '../ports/host-state.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import { type ConfiguredHost, type Member, said } from './configured-host.ts';
import { ADDRESS_RULES, type InstanceRule, ofInstance, subjectOf } from './doctor-addresses.ts';
import { allowRule } from './doctor-delivery.ts';
import type { HostFinding } from './host-finding.ts';
import { nftVerdict } from './nft-verdict.ts';

/** What is wrong with single instances of the configuration on this host. */
export function instanceFindings(state: HostState, host: ConfiguredHost): HostFinding[] {
  return host.config.instances
    .map((instance) => ({ host, instance }))
    .flatMap((member) => RULES.flatMap((rule) => rule(state, member)));
}

const RULES: readonly InstanceRule[] = [firewall, membership, ...ADDRESS_RULES, virtualMac, peers];

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
