// Why an instance is not MASTER here, in sentences, the decisive reason first. Out of a snapshot alone.
import type { InstanceSnapshot, PeerSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { RejectReason } from '../vrrp/reject.ts';
import { countdown, duration, seconds } from './format.ts';

/** Refusals of adverts that an operator knows by another name. */
const PLAIN: Partial<Readonly<Record<RejectReason, string>>> = {
  'auth-failure': 'wrong password',
  'auth-type-mismatch': 'another type of authentication',
  'auth-type-unknown': 'unknown type of authentication',
  ttl: 'TTL is not 255',
  interval: 'another advert interval',
  'address-list': 'another list of addresses',
  'unknown-peer': 'not a configured peer',
};

/** Empty while it is MASTER. `now` is the engine's time, µs. */
export function whyNotMaster(snapshot: Snapshot, instance: InstanceSnapshot, now: number): readonly string[] {
  if (instance.state === 'MASTER') return [];
  const election =
    instance.state === 'BACKUP' ? electionReason(instance, now) : [`it has not started: ${instance.cause}`];
  return [
    ...overrideReasons(snapshot, instance, now),
    ...(instance.state === 'FAULT' ? faultReasons(snapshot, instance) : election),
    ...(instance.state === 'BACKUP' ? trackerReasons(snapshot, instance) : []),
    ...instance.peers.flatMap(refusal),
  ];
}

function overrideReasons({ overrides }: Snapshot, { name }: InstanceSnapshot, now: number): string[] {
  return overrides
    .filter(({ instance }) => instance === name)
    .map(({ text, who, why, expiresAt }) => {
      const source = `${who === undefined ? '' : ` by ${who}`}${why === undefined ? '' : ` (${why})`}`;
      return `overridden: ${text}${source}, reverts in ${countdown(expiresAt - now)}`;
    });
}

function faultReasons(snapshot: Snapshot, instance: InstanceSnapshot): string[] {
  const faults = instance.faults.length > 0 ? instance.faults : [instance.cause];
  const said = instance.trackers
    .filter(({ ok, weight }) => ok === false && weight === 0)
    .flatMap(({ name }) => resultOf(snapshot, name))
    .filter((text) => !faults.includes(text));
  return [...faults, ...said];
}

/** What decides between this router and the MASTER: priority, preemption, or a timer that runs. */
function electionReason(instance: InstanceSnapshot, now: number): string[] {
  const { master, effectivePriority: ours } = instance;
  if (master === undefined || master.self) {
    const { masterDownAt } = instance;
    return masterDownAt === undefined
      ? [instance.cause]
      : [`no MASTER is heard: it takes over in ${duration(masterDownAt - now)} unless one is`];
  }
  const { address, priority: theirs } = master;
  if (theirs > ours) return [`${address} has priority ${theirs}, this router ${ours}`];
  if (theirs === ours) return [`${address} has the same priority ${ours} and is MASTER already`];
  if (!instance.preempt) return [`nopreempt: ${address} keeps it with priority ${theirs}, although ours is ${ours}`];
  if (instance.preemptAt !== undefined && instance.preemptAt > now) {
    return [`preempt_delay ${seconds(instance.preemptDelayUs)}: takes over in ${duration(instance.preemptAt - now)}`];
  }
  return [`${address} has only priority ${theirs}: this router is about to take over`];
}

/** Trackers that lower the priority, with what they said. */
function trackerReasons(snapshot: Snapshot, { trackers, basePriority, effectivePriority }: InstanceSnapshot): string[] {
  return trackers
    .filter(({ contribution, ok }) => contribution < 0 || ok === false)
    .map(({ name, contribution, weight }) => {
      const effect = contribution === 0 ? `weight ${weight}` : `${contribution}`;
      const said = resultOf(snapshot, name);
      const why = said.length > 0 ? ` (${said[0]})` : '';
      return `${name} fails: ${effect}, priority ${basePriority} -> ${effectivePriority}${why}`;
    });
}

/** What a script said when it ran last. */
function resultOf({ scripts }: Snapshot, tracker: string): string[] {
  const script = scripts.find(({ name }) => name === tracker);
  if (script === undefined || script.ok !== false) return [];
  const output = script.lastOutput.trim();
  return [output === '' ? script.lastResult : `${script.lastResult}: ${output}`];
}

function refusal({ address, rejected }: PeerSnapshot): string[] {
  return Object.entries(rejected)
    .filter(([, count]) => (count ?? 0) > 0)
    .map(
      ([reason, count]) =>
        `adverts of ${address} are refused: ${PLAIN[reason as RejectReason] ?? reason}, ${count} times`,
    );
}
