// Who could be MASTER instead of this router. A healthy backup is silent, so the evidence is graded: a simulated
// neighbour of which everything is known, a peer that was heard as MASTER, a host that is reachable now, nobody.
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import { addressFamily } from '../wire/address.ts';
import { duration } from './format.ts';

/** A router that may take an instance over, and how sure that is. */
export interface Candidate {
  readonly label: string;
  /** Undefined: it was never heard as MASTER. */
  readonly priority: number | undefined;
  readonly preempt: boolean | undefined;
  readonly evidence: 'known' | 'heard' | 'reachable';
  /** Sentence part: how old the evidence is. */
  readonly note: string;
}

/** Who might be MASTER instead of this router, best first: by evidence, then by priority. */
export function candidates(snapshot: Snapshot, instance: InstanceSnapshot): Candidate[] {
  const known = snapshot.knownRouters
    .filter((router) => router.vrid === instance.vrid && router.address !== instance.source)
    .filter((router) => addressFamily(router.address) === instance.family)
    .filter((router) => router.state === 'BACKUP' || router.state === 'MASTER')
    .sort((a, b) => b.effectivePriority - a.effectivePriority);
  if (known.length > 0) {
    return known.map((router) => ({
      label: `${router.name} (${router.address})`,
      priority: router.effectivePriority,
      preempt: router.preempt,
      evidence: 'known',
      note: `is ${router.state} now`,
    }));
  }
  const heard = instance.peers
    .filter((peer) => peer.wasMaster && peer.priority !== undefined)
    .sort((a, b) => b.priority! - a.priority!)
    .map(
      (peer): Candidate => ({
        label: peer.address,
        priority: peer.priority,
        preempt: undefined,
        evidence: 'heard',
        note: `heard as MASTER ${duration(snapshot.takenAt - peer.lastHeardAt)} ago; not verified since`,
      }),
    );
  const heardFrom = new Set(heard.map(({ label }) => label));
  return [...heard, ...reachable(snapshot, instance).filter(({ label }) => !heardFrom.has(label))];
}

/** A unicast peer in the neighbour table, or a host that listens to the VRRP group: it may be a backup, of any priority. */
function reachable(snapshot: Snapshot, instance: InstanceSnapshot): Candidate[] {
  const seen = (snapshot.reachable ?? [])
    .filter((host) => host.interface === instance.interface && host.address !== instance.source)
    .filter((host) => addressFamily(host.address) === instance.family)
    .filter((host) => (instance.unicast ? instance.destinations.includes(host.address) : host.how === 'report'));
  return seen.map((host) => ({
    label: host.address,
    priority: undefined,
    preempt: undefined,
    evidence: 'reachable',
    note: `${HOW[host.how]} ${duration(snapshot.takenAt - host.at)} ago, never heard as MASTER`,
  }));
}

const HOW = {
  neighbour: 'a unicast peer, in the neighbour table',
  report: 'reported itself in the VRRP group',
} as const;
