// Findings about who is believed to have the addresses: what was announced beside what the MASTER says.
import type { Discovery, Evidence } from './finding.ts';
import type { Wire } from './findings.ts';
import { holderOf, virtualMac } from './ownership.ts';
import type { Assertion, Segment } from './segment.ts';
import type { Speaker } from './speaker.ts';

/** A new MASTER announces its addresses at once; so long is waited for it. */
const ANNOUNCE_US = 1_000_000;
/** Routers announce an address several times when they become MASTER; a host whose link comes up does it once or twice. */
const LIKE_A_MASTER = 3;
/** A querier asks each 125 s (RFC 9776 §8.2); of two questions one may be lost. */
const QUERIER_US = 300_000_000;

interface Stray {
  readonly vip: string;
  readonly assertion: Assertion;
}

/** Addresses of the MASTER that were last announced by somebody else. */
export function addressFindings(segment: Segment, now: number, wire: Wire): Discovery[] {
  const [master] = segment.masters;
  if (master === undefined || segment.masters.length > 1) return [];
  const virtual = virtualMac(segment.id.family, segment.id.vrid);
  const strays = master.facts.addresses.flatMap((vip): Stray[] => {
    const assertion = segment.assertions.get(vip);
    if (assertion === undefined || assertion.mac === master.facts.mac || assertion.mac === virtual) return [];
    if (now - Math.max(assertion.last, master.reign!.first) < ANNOUNCE_US) return [];
    return [{ vip, assertion }];
  });
  const unheard = strays.filter(({ assertion }) => isUnheardMaster(segment, master, assertion));
  return [
    ...strays.filter((stray) => !unheard.includes(stray)).map((stray) => strayAddress(segment, master, stray)),
    ...(unheard.length === 0 ? [] : [unheardMaster(segment, master, unheard, now, wire)]),
  ];
}

/** It announces as a router does that becomes MASTER, and sends no adverts, as far as is heard here. */
function isUnheardMaster(segment: Segment, master: Speaker, { mac, since, gratuitous }: Assertion): boolean {
  const holder = holderOf(segment, mac);
  // One that was just heard announces because it was MASTER for a moment.
  const silent = holder === undefined || (holder.role === 'SILENT' && since - holder.lastHeard > holder.masterDownUs);
  return silent && since >= master.reign!.first && gratuitous >= LIKE_A_MASTER;
}

function unheardMaster(
  segment: Segment,
  master: Speaker,
  strays: readonly Stray[],
  now: number,
  wire: Wire,
): Discovery {
  const { vip, assertion } = strays[0]!;
  const { mac, last, gratuitous } = assertion;
  const who = holderOf(segment, mac)?.address ?? mac;
  const more = strays.length > 1 ? ` and ${strays.length - 1} more` : '';
  const group = segment.id.family === 4 ? '224.0.0.18' : 'ff02::12';
  return {
    id: 'D03',
    severity: 'error',
    confidence: 'likely',
    address: master.address,
    title: `${who} announces ${vip}${more} as a MASTER does, but its adverts do not arrive here`,
    evidence: [
      { kind: 'frame', at: last, text: `${vip} was announced ${gratuitous} times with ${mac}: broadcasts arrive` },
      {
        kind: 'frame',
        at: master.lastHeard,
        text: `adverts are seen of ${master.address} (${master.facts.mac}) alone`,
      },
      ...querierEvidence(segment, now, wire),
    ],
    why:
      'Both have the addresses. Seen from here alone (single-sided view): the network does not carry the multicast of the ' +
      'adverts, or the other host does not let them out.',
    fix:
      `On ${who}: \`tcpdump -ni IF ip proto 112 or ip6 proto 112\` shows whether they leave. If they do, the network loses ` +
      `${group}: switch an IGMP querier on or snooping off, or use unicast_peer on all routers. If not: allow protocol 112 ` +
      'in its output chain.',
  };
}

/** A switch that snoops forgets who listens when nobody asks. Nothing is said before a querier would have asked twice. */
function querierEvidence({ id }: Segment, now: number, wire: Wire): Evidence[] {
  const heard = wire.querier(id);
  const what = id.family === 4 ? 'IGMP' : 'MLD';
  if (heard !== undefined && now - heard < QUERIER_US) {
    return [{ kind: 'frame', at: heard, text: `a querier (${what}) was heard: the groups are kept alive` }];
  }
  if (now - wire.since() < QUERIER_US) return [];
  return [
    {
      kind: 'frame',
      at: now,
      text: `no querier (${what}) was heard for 300 s: a switch that snoops forgets the group`,
    },
  ];
}

function strayAddress(segment: Segment, master: Speaker, { vip, assertion }: Stray): Discovery {
  const { mac, last } = assertion;
  const holder = holderOf(segment, mac);
  const since = master.reign!.first;
  const evidence: Evidence[] = [
    { kind: 'frame', at: last, text: `${vip} was last announced with ${mac}${holder ? ` (${holder.address})` : ''}` },
    { kind: 'frame', at: since, text: `${master.address} (${master.facts.mac}) is MASTER since` },
  ];
  const common = { severity: 'error', confidence: 'likely', address: master.address, vip, evidence } as const;
  // It announced while it was MASTER itself: it has yielded since, and what it said is still believed.
  const left = holder !== undefined && last <= holder.lastHeard + holder.facts.intervalUs;
  if (last < since || left) {
    return {
      ...common,
      id: 'D08',
      title: left
        ? `${vip} was last announced by ${holder.address}, which is MASTER no more; ${master.address} did not announce it since`
        : `${master.address} became MASTER and did not announce ${vip}`,
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
