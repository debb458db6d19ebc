// What one configuration shows to be wrong without any other: spelling, addresses, scripts.
import type { Evidence } from '../observe/finding.ts';
import type { Command, VirtualAddress } from '../vrrp/config.ts';
import { addressBytes, addressFamily, isLinkLocal } from '../wire/address.ts';
import { type ConfiguredHost, type Member, said, saidInBlock } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';

/** What is wrong in the file of one host. */
export function singleHostFindings(host: ConfiguredHost): HostFinding[] {
  const members = host.config.instances.map((instance) => ({ host, instance }));
  return [
    ...misspelt(host),
    ...unused(host),
    ...longTimeouts(host),
    ...twice(members),
    ...members.flatMap((member) => RULES.flatMap((rule) => rule(member))),
  ];
}

const RULES: readonly ((member: Member) => HostFinding[])[] = [
  ...[linkLocalFirst, tooMany, ownSource, edges, notAccepted, lowTtl],
];

const MISSPELT = new Set(['unknown-keyword', 'undefined-script', 'missing-script', 'undefined-name', 'unknown-option']);

function misspelt({ name, result }: ConfiguredHost): HostFinding[] {
  const odd = result.diagnostics.filter(({ code, severity }) => MISSPELT.has(code) && severity !== 'info');
  if (odd.length === 0) return [];
  return [
    {
      id: 'D40',
      subject: name,
      severity: 'warning',
      confidence: 'proven',
      title: `${name} has ${odd.length === 1 ? 'a word' : `${odd.length} words`} that keepalived does not know`,
      evidence: odd.slice(0, 20).map(({ file, line, message, hint }) => ({
        kind: 'configuration',
        file,
        line,
        text: hint === undefined ? message : `${message} (${hint})`,
      })),
      why: 'keepalived logs it once and goes on without: what was meant does not happen.',
      fix: 'Correct the spelling, or take the line out.',
    },
  ];
}

function unused(host: ConfiguredHost): HostFinding[] {
  const { config, name } = host;
  const holders = [...config.instances, ...(config.syncGroups ?? [])];
  const used = new Set(holders.flatMap(({ trackScripts }) => trackScripts.map((track) => track.name)));
  // The weights rules have taken some lines away.
  for (const holder of [...host.result.config.instances, ...(host.result.config.syncGroups ?? [])]) {
    for (const track of holder.trackScripts) used.add(track.name);
  }
  return config.scripts
    .filter((script) => !used.has(script.name))
    .map((script) => ({
      id: 'D40',
      subject: name,
      severity: 'info',
      confidence: 'proven',
      title: `vrrp_script ${script.name} of ${name} is tracked by nothing`,
      evidence: [saidInBlock(host, 'vrrp_script', script.name, 'not in any track_script')],
      why: 'It never runs, so its failure moves nothing.',
      fix: `Put ${script.name} into the track_script of an instance, or take the block out.`,
    }));
}

function longTimeouts(host: ConfiguredHost): HostFinding[] {
  return host.config.scripts
    .filter(({ timeoutUs, intervalUs }) => timeoutUs > intervalUs)
    .map((script) => ({
      id: 'D49',
      subject: host.name,
      severity: 'info',
      confidence: 'proven',
      title: `vrrp_script ${script.name} may run for ${script.timeoutUs / 1e6} s, and is due every ${script.intervalUs / 1e6} s`,
      evidence: [
        saidInBlock(
          host,
          'vrrp_script',
          script.name,
          `timeout ${script.timeoutUs / 1e6}, interval ${script.intervalUs / 1e6}`,
        ),
      ],
      why: 'While it hangs its next runs are skipped: a failure counts later than fall × interval.',
      fix: 'Make timeout shorter than interval.',
    }));
}

function addressLines({ instance }: Member): readonly VirtualAddress[] {
  return [...instance.addresses, ...instance.excluded];
}

const LISTS = ['virtual_ipaddress', 'virtual_ipaddress_excluded'];

function hygiene(member: Member, evidence: Evidence, words: Pick<HostFinding, 'title' | 'why' | 'fix'>): HostFinding {
  const { host, instance } = member;
  return {
    id: 'D42',
    subject: `${host.name} ${instance.name}`,
    severity: 'warning',
    confidence: 'proven',
    evidence: [evidence],
    ...words,
  };
}

/** The same address in two instances of one host. */
function twice(members: readonly Member[]): HostFinding[] {
  const first = new Map<string, Member>();
  return members.flatMap((member) =>
    addressLines(member).flatMap(({ address, interface: name }) => {
      const key = `${address} ${name}`;
      const other = first.get(key);
      first.set(key, other ?? member);
      if (other === undefined || other === member) return [];
      const found = hygiene(member, said(member, LISTS, address), {
        title: `${address} is an address of ${other.instance.name} and of ${member.instance.name}`,
        why: 'When one of the two stops being MASTER the address is removed, while the other still is.',
        fix: `Take ${address} out of one of them.`,
      });
      return [{ ...found, severity: 'error' as const, evidence: [said(other, LISTS, address), ...found.evidence] }];
    }),
  );
}

function linkLocalFirst(member: Member): HostFinding[] {
  const first = member.instance.addresses[0]?.address;
  if (member.instance.family === 4 || first === undefined || isLinkLocal(first)) return [];
  return [
    {
      id: 'D29',
      subject: `${member.host.name} ${member.instance.name}`,
      severity: 'warning',
      confidence: 'proven',
      title: `the first IPv6 address of ${member.instance.name} on ${member.host.name} is not link-local`,
      evidence: [said(member, 'virtual_ipaddress', `first address ${first}`)],
      why: 'RFC 9568 §5.2.9 asks for it; strict routers refuse the advert, and hosts have no link-local next hop that moves.',
      fix: 'Put an fe80:: address first in virtual_ipaddress, the same on all routers.',
    },
  ];
}

const MANY_ADDRESSES = 20;

function tooMany(member: Member): HostFinding[] {
  const { length } = member.instance.addresses;
  if (length <= MANY_ADDRESSES) return [];
  return [
    {
      id: 'D41',
      subject: `${member.host.name} ${member.instance.name}`,
      severity: 'info',
      confidence: 'hint',
      title: `${member.instance.name} on ${member.host.name} advertises ${length} addresses`,
      evidence: [said(member, 'virtual_ipaddress', `${length} addresses`)],
      why: 'Older routers read no more than 20, and at a failover each is announced several times.',
      fix: 'Advertise one address and put the others into virtual_ipaddress_excluded.',
    },
  ];
}

/** The address that adverts come from must not move away with the virtual router. */
function ownSource(member: Member): HostFinding[] {
  const { source, priority, unicastPeers } = member.instance;
  return addressLines(member).flatMap(({ address }) => {
    if (unicastPeers.includes(address)) {
      return [
        hygiene(member, said(member, 'unicast_peer', address), {
          title: `${address} is a virtual address and a peer of ${member.instance.name} on ${member.host.name}`,
          why: 'Adverts go to whoever is MASTER, so to the sender itself.',
          fix: 'List the own addresses of the other routers in unicast_peer.',
        }),
      ];
    }
    if (address !== source || priority === 255) return [];
    return [
      hygiene(member, said(member, ['unicast_src_ip', 'mcast_src_ip'], address), {
        title: `${address} is a virtual address and the source of the adverts of ${member.host.name}`,
        why: 'It is there only while the router is MASTER; as BACKUP it has no address to speak from.',
        fix: "Use the host's own address as the source.",
      }),
    ];
  });
}

/** The first and the last address of a network belong to no host; nor does a broadcast address that is the address itself. */
function edges(member: Member): HostFinding[] {
  const odd = addressLines(member).flatMap(({ address, prefix, broadcast }) => {
    if (broadcast === address) return [`${address} is its own broadcast address`];
    const edge = addressFamily(address) === 4 && prefix < 31 ? edgeOf(address, prefix) : undefined;
    return edge === undefined ? [] : [`${address}/${prefix} is the ${edge} address of its network`];
  });
  if (odd.length === 0) return [];
  const more = odd.length === 1 ? '' : `, and ${odd.length - 1} more like it`;
  return [
    hygiene(member, said(member, LISTS, odd.slice(0, 10).join(', ')), {
      title: `${odd[0]}${more}`,
      why: 'No host can be reached under it.',
      fix: 'Choose an address between the first and the last of the network, or correct prefix or brd.',
    }),
  ];
}

function edgeOf(address: string, prefix: number): 'network' | 'broadcast' | undefined {
  const value = new DataView(addressBytes(address).buffer).getUint32(0);
  const host = value % 2 ** (32 - prefix);
  if (host === 0) return 'network';
  return host === 2 ** (32 - prefix) - 1 ? 'broadcast' : undefined;
}

/** strict mode, where nobody asked for the consequence. */
function notAccepted(member: Member): HostFinding[] {
  const { instance, host } = member;
  if (instance.accept || instance.priority === 255) return [];
  const strict = instance.options?.strict === true;
  return [
    {
      id: 'D12',
      subject: `${host.name} ${instance.name}`,
      severity: strict ? 'warning' : 'info',
      confidence: 'likely',
      title: `as MASTER ${host.name} does not answer on the addresses of ${instance.name}`,
      evidence: [said(member, ['no_accept', 'strict_mode'], strict ? 'strict mode, no accept' : 'no_accept')],
      why: 'It forwards for them only: ping and services on the addresses get no answer.',
      fix: strict
        ? 'Take vrrp_strict (strict_mode) out, or write accept in the instance (VRRPv3).'
        : 'Take no_accept out, if services are to be reached on the addresses.',
    },
  ];
}

function lowTtl(member: Member): HostFinding[] {
  const { options, unicastPeers } = member.instance;
  const ttl = options?.unicastTtl;
  if (ttl === undefined || ttl === 255 || unicastPeers.length === 0) return [];
  return [
    {
      id: 'D43',
      subject: `${member.host.name} ${member.instance.name}`,
      severity: 'info',
      confidence: 'hint',
      title: `${member.host.name} sends with TTL ${ttl}`,
      evidence: [said(member, 'unicast_ttl', `unicast_ttl ${ttl}`)],
      why: 'Routers that follow the RFC accept 255 only.',
      fix: 'Take unicast_ttl out, unless the peers are behind a router and allow for it (min_ttl).',
    },
  ];
}

/** Programs that move an address where the network does not follow announcements, and what scripts for it are called. */
const CLOUD =
  /(?:^|[/\s])(?:aws|az|gcloud|hcloud|doctl|oci|openstack|ec2|linode-cli|yc|aliyun)(?=[\s_.-]|$)|\b(?:e?cloud|eni|eip|elastic-?ip|floating-?ip)\b/i;

/** Notify commands that talk to a cloud: who becomes MASTER has to have one. */
export function movesInCloud({ instance }: Member): Command | undefined {
  const { master, any } = instance.notify;
  return [master, any].find((command) => command !== undefined && CLOUD.test(command.text));
}
