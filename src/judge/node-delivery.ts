// Adverts that do not come through: captured in front of this host's IP stack and not delivered, not sent, not carried.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import type { HostFinding } from './host-finding.ts';
import { type CapturedSpeaker, type NodeFacts, secondsText } from './node-facts.ts';

/** Adverts that were captured and did not arrive, before it is said. */
const MISSED = 3;
/** The engine remembers no more; who is not among them may have been heard. */
const MOST_PEERS = 32;
/** The event log writes a line that repeats once in ten seconds. */
const LINE_US = 15_000_000;
/** How long a switch that snoops remembers a member: group membership interval (RFC 9776 §8.4), and what its timers add. */
const FORGOTTEN_US = [240_000_000, 300_000_000] as const;

/** About instances: adverts that reach this host and not its router, or do not leave it, or that a switch keeps back. */
export function deliveryFindings(facts: NodeFacts): readonly HostFinding[] {
  return facts.snapshot.instances.flatMap((instance) => [
    ...undelivered(facts, instance),
    ...unsent(facts, instance),
    ...forgotten(facts, instance),
  ]);
}

/** Two observations: the capture has them, the socket has not. */
function undelivered({ snapshot, heard }: NodeFacts, instance: InstanceSnapshot): HostFinding[] {
  // Without a socket nothing can be delivered; the FAULT says so.
  const deaf = (instance.faultReasons ?? []).some(({ kind }) => kind === 'port');
  if (instance.state === 'INIT' || deaf) return [];
  const lost = heard(instance).filter(
    (speaker) => isForUs(instance, speaker) && isLost(snapshot.takenAt, instance, speaker),
  );
  if (lost.length === 0) return [];
  const [{ ah }] = lost as [CapturedSpeaker];
  const names = lost.map(({ address }) => address).join(', ');
  return [
    {
      id: 'D02',
      subject: instance.name,
      address: lost[0]!.address,
      severity: 'error',
      confidence: 'proven',
      title: `adverts of ${names} reach this host and not its router: its own IP stack drops them`,
      evidence: lost.flatMap(({ address, lastHeard }) => {
        const peer = instance.peers.find((each) => each.address === address);
        const last =
          peer === undefined ? 'none was delivered to the socket' : 'the last one that was delivered to the socket';
        return [
          { kind: 'frame', at: lastHeard, text: `${address}: captured on ${instance.interface}` },
          { kind: 'host', ...(peer !== undefined && { at: peer.lastHeardAt }), source: instance.name, text: last },
        ];
      }),
      why: 'This router does not hear the other: as BACKUP it becomes MASTER beside it, as MASTER it never yields.',
      fix:
        `nft add rule inet filter input meta l4proto ${ah ? 'ah' : 'vrrp'} accept\n` +
        'kavtui doctor names the rule that drops them, or the reverse path filter.',
    },
  ];
}

/** What a socket of this instance would get, were there nothing in between. */
function isForUs(instance: InstanceSnapshot, { address, destination, ah }: CapturedSpeaker): boolean {
  const { source, unicast, destinations, authentication } = instance;
  if (address === source || ah !== (authentication === 'AH')) return false;
  return unicast ? destination === source && destinations.includes(address) : destinations.includes(destination);
}

function isLost(now: number, { peers, since }: InstanceSnapshot, speaker: CapturedSpeaker): boolean {
  const { address, firstHeard, lastHeard, intervalUs } = speaker;
  const missed = MISSED * Math.max(intervalUs, 100_000);
  if (now - lastHeard > missed) return false;
  const known = peers.find((peer) => peer.address === address);
  if (known === undefined && peers.length >= MOST_PEERS) return false;
  const delivered = known?.lastHeardAt ?? Math.max(firstHeard, since);
  return lastHeard - delivered >= missed;
}

const NOT_SENT = /^advert to (\S+) not sent: /;

/** Told by the kernel when it is asked to send. */
function unsent({ snapshot, events }: NodeFacts, { name, state }: InstanceSnapshot): HostFinding[] {
  if (state !== 'MASTER') return [];
  const lines = events(name).filter(
    ({ kind, at, text }) => kind === 'port' && snapshot.takenAt - at < LINE_US && NOT_SENT.test(text),
  );
  const last = lines.at(-1);
  if (last === undefined) return [];
  const to = new Set(lines.map(({ text }) => NOT_SENT.exec(text)![1]));
  const denied = /EPERM|not permitted/i.test(last.text);
  return [
    {
      id: 'D35',
      subject: name,
      severity: 'error',
      confidence: 'proven',
      title: `${name} is MASTER and its adverts to ${[...to].join(', ')} are not sent`,
      evidence: lines.slice(-3).map(({ at, text }) => ({ kind: 'log', at, text })),
      why: 'Who does not hear it becomes MASTER too.',
      fix: denied
        ? 'nft add rule inet filter output meta l4proto vrrp accept\nsysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max'
        : 'ip route get 224.0.0.18; of a unicast peer: ip neighbour; ping PEER',
    },
  ];
}

/** Seen once for each start: the adverts of the MASTER end when the switch forgets that this host listens. */
function forgotten({ snapshot, querier, heard }: NodeFacts, instance: InstanceSnapshot): HostFinding[] {
  const { startedAt, takenAt } = snapshot;
  if (instance.unicast || instance.state !== 'MASTER' || querier(instance) !== undefined) return [];
  const [from, to] = FORGOTTEN_US;
  // What is captured is carried by the network, whatever becomes of it in this host.
  const carried = heard(instance).filter(({ lastHeard }) => takenAt - lastHeard < instance.masterDownUs);
  const gone = instance.peers.filter(({ address, wasMaster, accepted, lastHeardAt }) => {
    const heardFor = lastHeardAt - startedAt;
    const silent = takenAt - lastHeardAt > 2 * instance.masterDownUs;
    const lost = wasMaster && accepted > 0 && silent && heardFor >= from && heardFor <= to;
    return lost && carried.every((speaker) => speaker.address !== address);
  });
  return gone.map(({ address, lastHeardAt }) => ({
    id: 'D03',
    subject: instance.name,
    address,
    severity: 'warning',
    confidence: 'hint',
    title: `adverts of ${address} ended as long after the start as a switch remembers who listens`,
    evidence: [
      {
        kind: 'frame',
        at: lastHeardAt,
        text: `its last advert, ${secondsText(Math.round((lastHeardAt - startedAt) / 1e6) * 1e6)} after this router joined`,
      },
      { kind: 'host', source: instance.interface, text: 'no querier (IGMP, MLD) was heard since the start' },
    ],
    why:
      'Without a querier a switch that snoops sends the group to nobody after 260 s: both routers become MASTER. Seen from ' +
      'here alone (single-sided view): the other may just have gone.',
    fix: 'Switch an IGMP querier on, or snooping off for that VLAN; or use unicast_peer on all routers.',
  }));
}
