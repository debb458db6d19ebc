// nopreempt: what happens when a router comes back, in plain words; and where it does something else than was meant.

import { hostOf, leaderOf, rivalOf } from './compare-weights.ts';
import { said, statementOf } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';
import type { Reach } from './priorities.ts';

type Found = Omit<HostFinding, 'subject'>;

/** One row of the truth table. */
export interface ReturnVerdict {
  readonly host: string;
  /** Who is MASTER meanwhile. */
  readonly meanwhile: string;
  readonly takesBack: boolean;
  /** `If lb1 returns it will NOT take the VIP back, because ...` */
  readonly text: string;
}

/** For each router: does it take the addresses back when it returns, all checks well? */
export function returnVerdicts(reaches: readonly Reach[]): ReturnVerdict[] {
  return reaches.flatMap((reach) => {
    const rival = rivalOf(reach, reaches);
    return rival === undefined ? [] : [verdict(reach, rival)];
  });
}

function verdict(reach: Reach, rival: Reach): ReturnVerdict {
  const [host, meanwhile] = [hostOf(reach), hostOf(rival)];
  const { preempt, preemptDelayUs } = reach.member.instance;
  const takesBack = preempt && reach.healthy > rival.healthy;
  const delay = takesBack && preemptDelayUs > 0 ? `, ${preemptDelayUs / 1e6} s later (preempt_delay)` : '';
  const said = takesBack ? `it WILL take the VIP back${delay}` : 'it will NOT take the VIP back';
  const text = `If ${host} returns while ${meanwhile} is MASTER ${said}, because ${reason(reach, rival)}`;
  return { host, meanwhile, takesBack, text };
}

function reason(reach: Reach, rival: Reach): string {
  const [mine, other] = [reach.healthy, rival.healthy];
  const { preempt } = reach.member.instance;
  if (mine < other) return `its priority ${mine} is lower than ${other}`;
  if (mine === other) return `it has the same priority ${mine}, and a MASTER is not displaced by an equal`;
  if (!preempt) return `it has nopreempt, although its priority ${mine} is higher than ${other}`;
  const ignored = isIgnored(reach) ? `its nopreempt is ignored (${whyIgnored(reach)})` : 'it has no nopreempt';
  return `its priority ${mine} is higher than ${other} and ${ignored}`;
}

/** Written, and without effect. */
function isIgnored({ member }: Reach): boolean {
  return member.instance.preempt && statementOf(member, 'nopreempt') !== undefined;
}

function whyIgnored({ member }: Reach): string {
  return member.instance.priority === 255 ? 'an owner always preempts' : 'it does not go with state MASTER';
}

/** nopreempt that is ignored, that stands on the wrong router only, or that makes weights useless. */
export function preemptionFindings(reaches: readonly Reach[], subject: string): HostFinding[] {
  const found = [
    ...reaches.filter(isIgnored).map(ignored),
    ...wrongSide(reaches),
    ...reaches.flatMap(useless(reaches)),
  ];
  return found.map((each) => ({ ...each, subject }));
}

function ignored(reach: Reach): Found {
  return {
    id: 'D04',
    severity: 'warning',
    confidence: 'proven',
    title: `nopreempt of ${hostOf(reach)} is ignored: ${whyIgnored(reach)}`,
    evidence: [
      said(reach.member, 'nopreempt', 'nopreempt'),
      said(reach.member, ['state', 'priority'], `state ${reach.member.instance.initialState}`),
    ],
    why: `When ${hostOf(reach)} returns it takes the addresses back: a second interruption.`,
    fix: 'Write state BACKUP and nopreempt on all routers; the priorities decide who starts.',
  };
}

/** The lower one has nopreempt, the higher one has none: it is the higher one that would come back. */
function wrongSide(reaches: readonly Reach[]): Found[] {
  const leader = leaderOf(reaches);
  if (leader === undefined || !leader.member.instance.preempt || isIgnored(leader)) return [];
  const others = reaches.filter((reach) => reach !== leader && !reach.member.instance.preempt);
  if (others.length === 0) return [];
  return [
    {
      id: 'D04',
      severity: 'warning',
      confidence: 'proven',
      title: `nopreempt stands on ${others.map(hostOf).join(' and ')} but not on ${hostOf(leader)}, which has the highest priority`,
      evidence: [leader, ...others].map((reach) =>
        said(reach.member, 'nopreempt', reach.member.instance.preempt ? 'preempts' : 'nopreempt'),
      ),
      why: `It has to stand on the router that would come back: ${hostOf(leader)} takes the addresses back when it returns.`,
      fix: `Write nopreempt on ${hostOf(leader)} too (with state BACKUP), or take it out everywhere.`,
    },
  ];
}

/** A MASTER whose priority falls is still alive: who does not preempt lets it be. */
function useless(reaches: readonly Reach[]): (reach: Reach) => Found[] {
  return (reach) => {
    const rivals = reaches.filter((other) => other !== reach);
    if (reach.weighings.length === 0 || rivals.length === 0) return [];
    if (rivals.some(({ member }) => member.instance.preempt)) return [];
    const names = reach.weighings.map(({ name }) => name).join(' and ');
    return [
      {
        id: 'D04',
        severity: 'error',
        confidence: 'proven',
        title: `${names} on ${hostOf(reach)} can move nothing: ${rivals.map(hostOf).join(' and ')} has nopreempt`,
        evidence: [
          ...reach.weighings.map((weighing) =>
            said(
              reach.member,
              `track_${weighing.kind}`,
              `${weighing.name} moves the priority by ${weighing.healthy - weighing.failed}`,
            ),
          ),
          ...rivals.map(({ member }) => said(member, 'nopreempt', 'nopreempt')),
        ],
        why: `${hostOf(reach)} stays MASTER with a lower priority, and a router with nopreempt never takes over from one that is alive.`,
        fix: 'Use weight 0: a failed check is a FAULT then, and the router resigns. Or take nopreempt out.',
      },
    ];
  };
}
