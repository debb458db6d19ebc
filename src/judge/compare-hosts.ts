// Several hosts' configurations side by side: which instances are one virtual router, what is wrong with them together, what
// a return and a failover will look like.
import { agreementFindings } from './compare-agreement.ts';
import { cloudFindings } from './compare-cloud.ts';
import { peerFindings } from './compare-peers.ts';
import { preemptionFindings, type ReturnVerdict, returnVerdicts } from './compare-preemption.ts';
import { hostOf, leaderOf, rivalOf, weightFindings } from './compare-weights.ts';
import { type ConfiguredHost, said } from './configured-host.ts';
import { type FailoverTime, failoverTimes, slowFindings } from './failover-times.ts';
import { type HostFinding, inOrder } from './host-finding.ts';
import { addressesOf, matchInstances, type RouterGroup } from './match-instances.ts';
import { reachOf } from './priorities.ts';
import { singleHostFindings } from './single-host.ts';

/** A virtual router that at least two of the hosts have. */
export interface ComparedRouter {
  readonly subject: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly members: readonly {
    readonly host: string;
    readonly instance: string;
    readonly interface: string;
    /** With all checks well. */
    readonly priority: number;
    readonly reachable: readonly number[];
  }[];
  /** Absent: equals. */
  readonly leader: string | undefined;
  readonly returns: readonly ReturnVerdict[];
  /** When the leader is lost. */
  readonly failover: readonly FailoverTime[];
}

export interface Comparison {
  readonly findings: readonly HostFinding[];
  readonly routers: readonly ComparedRouter[];
  /** Instances that no other file has. */
  readonly alone: readonly { readonly host: string; readonly instance: string; readonly subject: string }[];
}

export function compareHosts(hosts: readonly ConfiguredHost[]): Comparison {
  const groups = matchInstances(hosts);
  const shared = groups.filter(({ members }) => members.length > 1);
  const several = hosts.length > 1;
  const alone = groups.filter(({ members }) => members.length === 1 && several);
  return {
    findings: inOrder([
      ...shared.flatMap(groupFindings),
      ...strayAddresses(groups),
      ...hosts.flatMap((host) => singleHostFindings(host)),
    ]),
    routers: shared.map(compared),
    alone: alone.map((group) => ({
      host: group.members[0]!.host.name,
      instance: group.members[0]!.instance.name,
      subject: subjectOf(group),
    })),
  };
}

function subjectOf({ vrid, family }: RouterGroup): string {
  return `vrid ${vrid} IPv${family}`;
}

function groupFindings(group: RouterGroup): HostFinding[] {
  const subject = subjectOf(group);
  const reaches = group.members.map(reachOf);
  const leader = leaderOf(reaches) ?? reaches[0]!;
  return [
    ...agreementFindings(group, subject),
    ...peerFindings(group, subject),
    ...cloudFindings(group, subject),
    ...weightFindings(reaches, subject),
    ...preemptionFindings(reaches, subject),
    ...slowFindings(leader, rivalOf(leader, reaches)!, subject),
  ];
}

function compared(group: RouterGroup): ComparedRouter {
  const reaches = group.members.map(reachOf);
  const leader = leaderOf(reaches);
  const first = leader ?? reaches[0]!;
  return {
    subject: subjectOf(group),
    vrid: group.vrid,
    family: group.family,
    members: reaches.map(({ member: { host, instance }, healthy, reachable }) => ({
      host: host.name,
      instance: instance.name,
      interface: instance.interface,
      priority: healthy,
      reachable,
    })),
    leader: leader === undefined ? undefined : hostOf(leader),
    returns: returnVerdicts(reaches),
    failover: failoverTimes(first, rivalOf(first, reaches)!),
  };
}

/** One address in two virtual routers of different hosts: both may be MASTER of theirs. */
function strayAddresses(groups: readonly RouterGroup[]): HostFinding[] {
  const homes = new Map<string, RouterGroup>();
  const told = new Set<string>();
  return groups.flatMap((group) =>
    group.members.flatMap((member) =>
      addressesOf(member.instance).flatMap((address): HostFinding[] => {
        const home = homes.get(address) ?? group;
        homes.set(address, home);
        const other = home.members.find(({ host }) => host !== member.host);
        if (home === group || other === undefined || told.has(`${subjectOf(home)} ${subjectOf(group)}`)) return [];
        told.add(`${subjectOf(home)} ${subjectOf(group)}`);
        return [
          {
            id: 'D01',
            subject: address,
            vip: address,
            severity: 'error',
            confidence: 'proven',
            title: `${address} has vrid ${home.vrid} on ${other.host.name} and vrid ${group.vrid} on ${member.host.name}`,
            evidence: [other, member].map((each) =>
              said(each, 'virtual_router_id', `virtual_router_id ${each.instance.vrid} for ${address}`),
            ),
            why: 'They are two virtual routers that do not hear each other: both are MASTER and have the address.',
            fix: 'Make virtual_router_id the same on all routers that share the address.',
          },
        ];
      }),
    ),
  );
}
