// Findings about how routers come and speak: strangers that take over, sequence numbers that repeat, a MASTER that pauses.
import type { Discovery } from './finding.ts';
import { virtualMac } from './ownership.ts';
import { heardFrom } from './rules-agreement.ts';
import { judgedSpeakers, type Segment } from './segment.ts';
import { masterDownOf, type Speaker } from './speaker.ts';

/** Who is heard for the first time so long after the others was not there when they began. */
const KNOWN_US = 60_000_000;
/** So long something that has happened is told of. */
const TOLD_US = 600_000_000;
const REPLAY_US = 60_000_000;

/** What single routers of this segment do that they should not, or that somebody should look at. */
export function conductFindings(segment: Segment, now: number): Discovery[] {
  return judgedSpeakers(segment).flatMap((speaker) => [
    ...stranger(segment, speaker, now),
    ...replayed(speaker, now),
    ...slowStart(speaker, now),
  ]);
}

/** Known are the hardware addresses, too: a router that has got another address is no stranger. */
function stranger({ id, speakers }: Segment, speaker: Speaker, now: number): Discovery[] {
  const { address, facts, firstHeard, priority, adverts } = speaker;
  if (adverts === 0 || facts.unicast || now - firstHeard > TOLD_US) return [];
  const before = [...speakers.values()].filter(
    (other) => other.adverts > 0 && firstHeard - other.firstHeard > KNOWN_US,
  );
  const [best] = before.toSorted((a, b) => b.priority - a.priority);
  if (best === undefined || priority < best.priority) return [];
  if (facts.mac === virtualMac(id.family, id.vrid) || before.some((other) => other.facts.mac === facts.mac)) return [];
  return [
    {
      id: 'D44',
      severity: 'warning',
      confidence: 'hint',
      address,
      title: `${address} was never heard before and claims priority ${priority}`,
      evidence: [
        { kind: 'frame', at: firstHeard, text: `${address} (${facts.mac}) was heard for the first time` },
        heardFrom(best, `known before, priority ${best.priority}`),
      ],
      why: 'VRRP proves nobody who he is: whoever claims the highest priority gets the addresses and the traffic to them.',
      fix:
        `If ${address} is not yours, find ${facts.mac} in the switch and let only the routers send to 224.0.0.18 and ff02::12 ` +
        'there; unicast_peer takes adverts of the listed peers alone.',
    },
  ];
}

function replayed(speaker: Speaker, now: number): Discovery[] {
  const { address, facts, replay } = speaker;
  if (replay === undefined || now - replay.at > REPLAY_US) return [];
  const { at, count, sequence, before } = replay;
  return [
    {
      id: 'D45',
      severity: 'warning',
      confidence: 'likely',
      address,
      title: `adverts of ${address} have sequence numbers that have passed`,
      evidence: [
        {
          kind: 'frame',
          at,
          text: `${address} (${facts.mac}): sequence number ${sequence} after ${before}, ${count} times`,
        },
      ],
      why:
        'Routers refuse them (`sequence number already processed`): a router that was started anew counts from the beginning, ' +
        'or somebody sends recorded adverts again.',
      fix:
        `If ${address} was not started anew, look who sends with ${facts.mac}. auth_type AH protects little: leave it out and ` +
        'keep strangers off the network.',
    },
  ];
}

function slowStart(speaker: Speaker, now: number): Discovery[] {
  const { address, facts, slowStart: slow } = speaker;
  if (slow === undefined || now - slow.at > TOLD_US) return [];
  const seconds = (us: number): string => `${(us / 1e6).toFixed(3)} s`;
  const { length } = facts.addresses;
  return [
    {
      id: 'D50',
      severity: 'warning',
      confidence: 'likely',
      address,
      title: `${address} became MASTER and then sent nothing for ${seconds(slow.gapUs)}`,
      evidence: [
        {
          kind: 'frame',
          at: slow.at,
          text: `${address} (${facts.mac}): its second advert, due after ${seconds(facts.intervalUs)}; ${length} addresses; others wait ${seconds(masterDownOf(speaker))}`,
        },
      ],
      why: 'A router that sets many addresses and announces each of them is late with its next advert: another takes over.',
      fix:
        'Advertise one address and put the others into virtual_ipaddress_excluded; vrrp_garp_interval 0.001 and ' +
        'vrrp_garp_master_repeat 1 shorten the burst of announcements; a longer advert_int bridges it.',
    },
  ];
}
