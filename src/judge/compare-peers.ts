// The graph of unicast peers: each router has to list all others, by the addresses that they send from.
import type { IpAddress } from '../wire/address.ts';
import { type Member, said } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';
import type { RouterGroup } from './match-instances.ts';

type Found = Omit<HostFinding, 'subject'>;

/** What is wrong with who speaks to whom. */
export function peerFindings({ members }: RouterGroup, subject: string): HostFinding[] {
  const unicast = members.filter(({ instance }) => instance.unicastPeers.length > 0);
  if (unicast.length === 0 || members.length < 2) return [];
  const mixed = members.filter((member) => !unicast.includes(member));
  const found =
    mixed.length > 0
      ? [mixedModes(unicast[0]!, mixed[0]!)]
      : [...unicast.flatMap(listsItself), ...pairsOf(unicast).flatMap(([a, b]) => deaf(a, b)), ...tooFew(unicast)];
  return found.map((each) => ({ ...each, subject }));
}

function pairsOf(members: readonly Member[]): [Member, Member][] {
  return members.flatMap((a) => members.filter((b) => b !== a).map((b): [Member, Member] => [a, b]));
}

function peersOf(member: Member): ReturnType<typeof said> {
  return said(member, 'unicast_peer', `unicast to ${member.instance.unicastPeers.join(' ') || 'nobody'}`);
}

function sourceOf(member: Member): ReturnType<typeof said> {
  return said(member, ['unicast_src_ip', 'mcast_src_ip'], `sends from ${member.instance.source}`);
}

function mixedModes(unicast: Member, multicast: Member): Found {
  return {
    id: 'D19',
    severity: 'error',
    confidence: 'proven',
    title: `${unicast.host.name} speaks unicast, ${multicast.host.name} multicast`,
    evidence: [peersOf(unicast), said(multicast, 'unicast_peer', `multicast to ${multicast.instance.group}`)],
    why: 'Neither accepts what the other sends: both become MASTER.',
    fix: 'Give all routers unicast_src_ip and unicast_peer, or none.',
  };
}

function listsItself(member: Member): Found[] {
  const { instance, host } = member;
  if (instance.source === undefined || !instance.unicastPeers.includes(instance.source)) return [];
  return [
    {
      id: 'D19',
      severity: 'warning',
      confidence: 'proven',
      title: `${host.name} lists its own address ${instance.source} as a peer`,
      evidence: [peersOf(member), sourceOf(member)],
      why: 'Its adverts come back to itself; some versions take them for those of another router.',
      fix: `Take ${instance.source} out of the unicast_peer of ${host.name}.`,
    },
  ];
}

/** `a` does not send to the address that `b` has. */
function deaf(a: Member, b: Member): Found[] {
  const { source } = b.instance;
  if (source === undefined || a.instance.unicastPeers.includes(source)) return [];
  return [
    {
      id: 'D19',
      severity: 'error',
      confidence: 'proven',
      title: `${a.host.name} does not list ${source}, the address of ${b.host.name}, as a peer`,
      evidence: [peersOf(a), sourceOf(b)],
      why: `${b.host.name} hears nothing of ${a.host.name}, and ${a.host.name} may refuse what it sends: both become MASTER.`,
      fix: `Put ${source} into the unicast_peer of ${a.host.name}, or correct the unicast_src_ip of ${b.host.name}.`,
    },
  ];
}

/** Where sources are not said, only their number can be compared. */
function tooFew(members: readonly Member[]): Found[] {
  const known = new Set(members.flatMap(({ instance }): IpAddress[] => (instance.source ? [instance.source] : [])));
  if (known.size === members.length) return [];
  return members.flatMap((member) => {
    const { unicastPeers, source } = member.instance;
    const others = unicastPeers.filter((peer) => peer !== source).length;
    if (others >= members.length - 1) return [];
    return [
      {
        id: 'D19',
        severity: 'error' as const,
        confidence: 'proven' as const,
        title: `${member.host.name} lists ${others} of ${members.length - 1} peers`,
        evidence: members.map(peersOf),
        why: 'A router that is not listed hears nothing and becomes MASTER too.',
        fix: `List all other routers in the unicast_peer of ${member.host.name}.`,
      },
    ];
  });
}
