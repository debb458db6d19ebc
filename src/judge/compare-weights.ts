// Whether weights do what they are for: a MASTER that fails has to fall below a healthy peer, and a healthy one must not.
import type { Evidence } from '../observe/finding.ts';
import { said, saidInBlock } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';
import { type Reach, type Weighing, withFailed } from './priorities.ts';

type Found = Omit<HostFinding, 'subject'>;

/** `reaches`: of all members of one virtual router. */
export function weightFindings(reaches: readonly Reach[], subject: string): HostFinding[] {
  const found = reaches.flatMap((reach) => {
    const rivals = reaches.filter((other) => other !== reach);
    return [...tooLittle(reach, rivals), ...rivals.flatMap((rival) => inverted(reach, rival))];
  });
  return found.map((each) => ({ ...each, subject }));
}

export function hostOf({ member }: Reach): string {
  return member.host.name;
}

/** The one that leads when all is well with all of them; of equals none. */
export function leaderOf(reaches: readonly Reach[]): Reach | undefined {
  const [first, second] = reaches.toSorted((a, b) => b.healthy - a.healthy);
  return first === undefined || first.healthy === second?.healthy ? undefined : first;
}

/** The one that comes next. */
export function rivalOf(reach: Reach, reaches: readonly Reach[]): Reach | undefined {
  return reaches.filter((other) => other !== reach).toSorted((a, b) => b.healthy - a.healthy)[0];
}

/** Only who leads when all is well has to fall below somebody. */
function tooLittle(reach: Reach, rivals: readonly Reach[]): Found[] {
  const rival = rivalOf(reach, [reach, ...rivals]);
  if (rival === undefined || reach.weighings.length === 0 || reach.healthy <= rival.healthy) return [];
  const weak = reach.weighings.filter((weighing) => withFailed(reach, weighing) >= rival.healthy);
  if (weak.length === 0) return [];
  if (reach.worst >= rival.healthy) return [never(reach, rival)];
  return weak.map((weighing) => alone(reach, rival, weighing));
}

function never(reach: Reach, rival: Reach): Found {
  const names = reach.weighings.map(({ name }) => name).join(' and ');
  return {
    id: 'D05',
    severity: 'error',
    confidence: 'proven',
    title: `${names} failed on ${hostOf(reach)}: priority ${reach.worst}, ${hostOf(rival)} healthy has ${rival.healthy}: no failover`,
    evidence: evidenceOf(reach, rival, reach.weighings),
    why: `${hostOf(reach)} stays MASTER with a service that does not work${equalNote(reach.worst, rival)}.`,
    fix: remedy(reach, rival),
  };
}

function alone(reach: Reach, rival: Reach, weighing: Weighing): Found {
  const left = withFailed(reach, weighing);
  return {
    id: 'D05',
    severity: 'warning',
    confidence: 'proven',
    title: `${weighing.name} alone failed on ${hostOf(reach)}: priority ${left}, ${hostOf(rival)} healthy has ${rival.healthy}: no failover`,
    evidence: evidenceOf(reach, rival, [weighing]),
    why: `Only with further failures ${hostOf(reach)} falls below ${hostOf(rival)}${equalNote(left, rival)}.`,
    fix: `If ${weighing.name} alone is to move the addresses: ${remedy(reach, rival)}`,
  };
}

function equalNote(left: number, rival: Reach): string {
  return left === rival.healthy ? ': an equal does not take over' : '';
}

function remedy(reach: Reach, rival: Reach): string {
  const needed = reach.healthy - rival.healthy + 1;
  return `a weight of -${needed} or lower (or +${needed} or higher), or weight 0, with which a failure is a FAULT.`;
}

/** Base priorities say one thing, and with all weights added another. */
function inverted(reach: Reach, rival: Reach): Found[] {
  const [base, other] = [reach.member.instance.priority, rival.member.instance.priority];
  if (base <= other || reach.healthy >= rival.healthy) return [];
  return [
    {
      id: 'D05',
      severity: 'warning',
      confidence: 'proven',
      title: `with all checks well ${hostOf(rival)} (${rival.healthy}) beats ${hostOf(reach)} (${reach.healthy}), although its priority is lower`,
      evidence: evidenceOf(reach, rival, [...rival.weighings, ...reach.weighings]),
      why: `${hostOf(rival)} is MASTER where ${hostOf(reach)} is meant to be.`,
      fix: 'Give both the same weights, or make the difference of their priorities larger than that of their weights.',
    },
  ];
}

function evidenceOf(reach: Reach, rival: Reach, weighings: readonly Weighing[]): Evidence[] {
  const owners = [reach, rival];
  const priorities = owners.map((each) =>
    said(
      each.member,
      'priority',
      `priority ${each.member.instance.priority}, with weights ${each.reachable.join(', ')}`,
    ),
  );
  const weights = weighings.map((weighing) => {
    const owner = owners.find((each) => each.weighings.includes(weighing)) ?? reach;
    const text = `adds ${weighing.healthy} while good, ${weighing.failed} while bad`;
    return weighing.kind === 'script'
      ? saidInBlock(owner.member.host, 'vrrp_script', weighing.name, text)
      : said(owner.member, `track_${weighing.kind}`, `${weighing.name} ${text}`);
  });
  return [...priorities, ...weights];
}
