// How long the addresses are without a MASTER, cause by cause, as the configurations say it.
import { masterDownTime, skewTime } from '../vrrp/timers.ts';
import { hostOf } from './compare-weights.ts';
import { said } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';
import { type Reach, type Weighing, withFailed } from './priorities.ts';

export interface FailoverTime {
  /** `stopped in order`, `crashed`, `link lost`, `script chk fails`. */
  readonly cause: string;
  /** At most, µs; absent: nothing takes over. */
  readonly mostUs: number | undefined;
  /** What it is made of. */
  readonly terms: string;
}

/** From `master` to `backup`, which comes next. */
export function failoverTimes(master: Reach, backup: Reach): FailoverTime[] {
  const { skew, down } = timersOf(master, backup);
  const wait = `${adverts(backup)} intervals and the skew of ${hostOf(backup)}`;
  return [
    { cause: 'stopped in order', mostUs: skew, terms: `priority 0, then the skew of ${hostOf(backup)}` },
    { cause: 'crashed', mostUs: down, terms: wait },
    { cause: 'link lost', mostUs: down, terms: `priority 0 does not get out; ${wait}` },
    ...master.faults.map((tracker) => faultTime(master, backup, tracker)),
    ...master.weighings.map((weighing) => weightTime(master, backup, weighing)),
  ];
}

function adverts({ member }: Reach): number {
  return member.instance.options?.downTimerAdverts ?? 3;
}

function timersOf(master: Reach, backup: Reach): { skew: number; down: number } {
  const { version, options, advertIntervalUs } = backup.member.instance;
  // A BACKUP of version 3 goes by the interval that the MASTER tells.
  const interval = version === 3 ? master.member.instance.advertIntervalUs : advertIntervalUs;
  return {
    skew: skewTime(version, backup.healthy, interval),
    down: masterDownTime(version, backup.healthy, interval, options?.downTimerAdverts),
  };
}

type Tracked = Pick<Weighing, 'kind' | 'name'>;

function faultTime(master: Reach, backup: Reach, tracked: Tracked): FailoverTime {
  const { skew } = timersOf(master, backup);
  const { us, text } = detection(master, tracked);
  return {
    cause: `${tracked.kind} ${tracked.name} fails`,
    mostUs: us + skew,
    terms: `${text}, then FAULT: priority 0 and the skew of ${hostOf(backup)}`,
  };
}

function weightTime(master: Reach, backup: Reach, weighing: Weighing): FailoverTime {
  const cause = `${weighing.kind} ${weighing.name} fails`;
  const left = withFailed(master, weighing);
  const { preempt, preemptDelayUs } = backup.member.instance;
  if (left >= backup.healthy) {
    return { cause, mostUs: undefined, terms: `priority ${left} is not below ${backup.healthy} of ${hostOf(backup)}` };
  }
  if (!preempt) return { cause, mostUs: undefined, terms: `${hostOf(backup)} has nopreempt` };
  const { down } = timersOf(master, backup);
  const { us, text } = detection(master, weighing);
  const delay = preemptDelayUs > 0 ? `, preempt_delay ${seconds(preemptDelayUs)}` : '';
  return {
    cause,
    mostUs: us + down + preemptDelayUs,
    terms: `${text}, then priority ${left} against ${backup.healthy}: ${seconds(down)}${delay}`,
  };
}

/** Until a failure counts. The trouble may begin right after a run that went well, and the last run may hang. */
function detection({ member }: Reach, { kind, name }: Tracked): { us: number; text: string } {
  const { config } = member.host;
  if (kind === 'script') {
    const script = config.scripts.find((each) => each.name === name);
    if (script === undefined) return { us: 0, text: 'not defined' };
    const { fall, intervalUs, timeoutUs } = script;
    const text = `${fall} × interval ${seconds(intervalUs)} + timeout ${seconds(timeoutUs)}`;
    return { us: fall * intervalUs + timeoutUs, text };
  }
  const delay =
    kind === 'process'
      ? (config.trackProcesses?.find((each) => each.name === name)?.terminateDelayUs ?? 0)
      : kind === 'interface'
        ? (config.linkDelays?.[name]?.downUs ?? 0)
        : 0;
  return { us: delay, text: delay > 0 ? `after ${seconds(delay)}` : 'at once' };
}

export function seconds(us: number): string {
  return `${(us / 1e6).toFixed(3)} s`;
}

const SLOW_US = 5_000_000;

/** A crash that is noticed late, and which term makes it so. */
export function slowFindings(master: Reach, backup: Reach, subject: string): HostFinding[] {
  const { down } = timersOf(master, backup);
  const interval = master.member.instance.advertIntervalUs;
  // Where the intervals of version 2 differ nothing is noticed: both are MASTER.
  const agree = backup.member.instance.version === 3 || backup.member.instance.advertIntervalUs === interval;
  if (down <= SLOW_US || !agree) return [];
  return [
    {
      id: 'D34',
      subject,
      severity: 'info',
      confidence: 'proven',
      title: `a crash of ${hostOf(master)} is noticed after ${seconds(down)}`,
      evidence: [said(master.member, 'advert_int', `interval ${interval / 1e6} s`)],
      why: `${adverts(backup)} intervals and the skew pass before ${hostOf(backup)} takes over.`,
      fix: 'Shorten advert_int on all routers; VRRPv3 allows parts of a second.',
    },
  ];
}
