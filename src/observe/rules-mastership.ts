// Findings about who is MASTER, and how often that changes.
import type { Reign } from './event.ts';
import type { Discovery, Evidence } from './finding.ts';
import { virtualMac } from './ownership.ts';
import { heardFrom } from './rules-agreement.ts';
import type { Segment } from './segment.ts';
import { masterDownOf } from './speaker.ts';

const FLAP_WINDOW_US = 600_000_000;
const FLAPS = 3;

/** One that became MASTER beside a better one is often silenced by it, so one advert has to be enough. */
const UNHEARD_US = 10_000_000;

/** What is wrong with the mastership of this segment. */
export function mastershipFindings(segment: Segment, now: number): Discovery[] {
  return [...twoMasters(segment), ...deafRouters(segment, now), ...flapping(segment, now), ...nearMisses(segment, now)];
}

const FIX_SPLIT =
  'Look for other findings of this virtual router first: routers that disagree refuse each other. Else adverts are lost on ' +
  'the way to the one with the lower priority: allow protocol 112 (`nft add rule inet filter input meta l4proto vrrp ' +
  'accept`), see whether the switch carries 224.0.0.18 and ff02::12 there, or use unicast_peer.';

function twoMasters({ id, masters, splitSince }: Segment): Discovery[] {
  if (splitSince === undefined) return [];
  const names = masters.map(({ address }) => address).join(' and ');
  const evidence = masters.map((master) =>
    heardFrom(master, `priority ${master.priority}, ${master.reign!.adverts} adverts as MASTER`),
  );
  const split: Discovery = {
    id: 'D01',
    severity: 'error',
    // The adverts of both are here; what each of them hears is not.
    confidence: 'proven',
    title: `${names} are MASTER at the same time`,
    evidence,
    why: 'Both have the addresses: connections reach now the one, now the other.',
    fix: FIX_SPLIT,
  };
  const virtual = virtualMac(id.family, id.vrid);
  if (!masters.every(({ facts }) => facts.mac === virtual)) return [split];
  return [
    split,
    {
      id: 'D27',
      severity: 'error',
      confidence: 'proven',
      title: `${names} send with the same hardware address ${virtual}`,
      evidence,
      why: 'The switch sees the address move between ports with each advert, and delivers to whoever spoke last.',
      fix: 'End the state of two MASTERs (D01); with one of them use_vmac does no harm.',
    },
  ];
}

/** Told by the same page as two MASTERs: it is one of them, though it may be heard no more. */
function deafRouters({ reigns, speakers, splitSince }: Segment, now: number): Discovery[] {
  if (splitSince !== undefined) return [];
  const late = reigns.filter(({ deaf, first }) => deaf && now - first < UNHEARD_US);
  return [...new Set(late.map(({ address }) => address))].flatMap((address) => {
    const speaker = speakers.get(address);
    if (speaker === undefined) return [];
    const { first, priority } = late.findLast((reign) => reign.address === address)!;
    return [
      {
        id: 'D01',
        severity: 'warning',
        confidence: 'likely',
        address,
        title: `${address} became MASTER although a better one was alive: it does not hear it, or does not accept its adverts`,
        evidence: [
          { kind: 'frame', at: first, text: `${address} (${speaker.facts.mac}) began to send, priority ${priority}` },
        ],
        why: 'While both are MASTER both have the addresses.',
        fix: FIX_SPLIT,
      } as const,
    ];
  });
}

/** Only what nobody ordered: a router that resigns does so on purpose. */
function flapping({ reigns }: Segment, now: number): Discovery[] {
  const late = reigns.filter(
    ({ order, first, cause }) => order > 1 && now - first < FLAP_WINDOW_US && cause !== 'priority-0',
  );
  const lost = late.filter(({ cause }) => cause === 'silence' || cause === 'unheard');
  if (late.length < FLAPS || lost.length === 0) return [];
  return [
    {
      id: 'D09',
      severity: 'warning',
      confidence: 'likely',
      title: `the MASTER changed ${late.length} times in ten minutes, ${lost.length} times because adverts failed to arrive`,
      evidence: late.slice(-5).map(changeOf),
      why: 'Each change breaks connections for a moment.',
      fix:
        'See which router was silent: its load, its link, its virtual machine. Until then a longer advert_int, or ' +
        'down_timer_adverts above 3, bridges the gaps.',
    },
  ];
}

function changeOf({ first, address, cause, takeoverUs = 0 }: Reign): Evidence {
  return {
    kind: 'frame',
    at: first,
    text: `${address} became MASTER by ${cause}, ${takeoverUs / 1e6} s after the last advert of the one before`,
  };
}

function nearMisses(segment: Segment, now: number): Discovery[] {
  return segment.masters.flatMap((speaker) => {
    const { nearMisses: count, lastNearMiss, gaps } = speaker;
    if (lastNearMiss === undefined || now - lastNearMiss > FLAP_WINDOW_US) return [];
    const seconds = (us: number): string => `${(us / 1e6).toFixed(3)} s`;
    const text = `${count} gaps near to the ${seconds(masterDownOf(speaker))} after which a BACKUP takes over; median ${seconds(gaps.percentile(0.5))}, 99 % ${seconds(gaps.percentile(0.99))}, longest ${seconds(gaps.maxUs)}`;
    return [
      {
        id: 'D09',
        severity: 'info',
        confidence: 'hint',
        address: speaker.address,
        title: `adverts of ${speaker.address} came so late that a failover was near`,
        evidence: [{ kind: 'frame', at: lastNearMiss, text }],
        why: 'A little more delay, and a BACKUP takes over although the MASTER is alive.',
        fix: `Look at the load of ${speaker.address} and at its link; a longer advert_int bridges the gaps.`,
      } as const,
    ];
  });
}
