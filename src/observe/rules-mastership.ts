// Findings about who is MASTER, how often that changes, and who is believed to have the addresses.
import type { Reign } from './event.ts';
import type { Discovery, Evidence } from './finding.ts';
import { holderOf, virtualMac } from './ownership.ts';
import { heardFrom } from './rules-agreement.ts';
import type { Assertion, Segment } from './segment.ts';
import { masterDownOf, type Speaker } from './speaker.ts';

/** A new MASTER announces its addresses at once; so long is waited for it. */
const ANNOUNCE_US = 1_000_000;
const FLAP_WINDOW_US = 600_000_000;
const FLAPS = 3;

/** One that became MASTER beside a better one is often silenced by it, so one advert has to be enough. */
const UNHEARD_US = 10_000_000;

/** What is wrong with the mastership of this segment. */
export function mastershipFindings(segment: Segment, now: number): Discovery[] {
  return [
    ...twoMasters(segment),
    ...deafRouters(segment, now),
    ...strayAddresses(segment, now),
    ...flapping(segment, now),
    ...nearMisses(segment, now),
  ];
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

/** Addresses of the MASTER that were last announced by somebody else. */
function strayAddresses(segment: Segment, now: number): Discovery[] {
  const [master] = segment.masters;
  if (master === undefined || segment.masters.length > 1) return [];
  const virtual = virtualMac(segment.id.family, segment.id.vrid);
  return master.facts.addresses.flatMap((vip) => {
    const assertion = segment.assertions.get(vip);
    if (assertion === undefined || assertion.mac === master.facts.mac || assertion.mac === virtual) return [];
    if (now - Math.max(assertion.last, master.reign!.first) < ANNOUNCE_US) return [];
    return [strayAddress(segment, master, vip, assertion)];
  });
}

function strayAddress(segment: Segment, master: Speaker, vip: string, { mac, last }: Assertion): Discovery {
  const holder = holderOf(segment, mac);
  const since = master.reign!.first;
  const evidence: Evidence[] = [
    { kind: 'frame', at: last, text: `${vip} was last announced with ${mac}${holder ? ` (${holder.address})` : ''}` },
    { kind: 'frame', at: since, text: `${master.address} (${master.facts.mac}) is MASTER since` },
  ];
  const common = { severity: 'error', confidence: 'likely', address: master.address, vip, evidence } as const;
  if (last < since) {
    return {
      ...common,
      id: 'D08',
      title: `${master.address} became MASTER and did not announce ${vip}`,
      why: `Hosts and routers go on sending to ${mac} until their entries expire: minutes to hours.`,
      fix:
        `Announce it on ${master.address}: \`arping -U -I ${segment.id.interface || 'IF'} ${vip}\`. For the future: ` +
        'vrrp_garp_master_refresh 60, and vrrp_garp_lower_prio_repeat 2 on all routers.',
    };
  }
  const id = holder === undefined ? 'D42' : 'D37';
  return {
    ...common,
    id,
    title: `${vip} is announced by ${holder?.address ?? mac}, but ${master.address} is MASTER`,
    why: 'Two hosts have the address: connections reach now the one, now the other.',
    fix: `Take it off the other host: \`ip address del ${vip}/${segment.id.family === 4 ? 32 : 128} dev IF\` (with its own prefix length).`,
  };
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
