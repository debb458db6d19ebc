// Findings about what one router says, whatever the others say.
import { isLinkLocal } from '../wire/address.ts';
import type { Refusal } from './event.ts';
import type { Discovery } from './finding.ts';
import { heardFrom } from './rules-agreement.ts';
import { judgedSpeakers, type Segment } from './segment.ts';
import { masterDownOf, type Speaker } from './speaker.ts';

/** A router that is not heard for so long is judged no more. */
const JUDGED_US = 60_000_000;
const SLOW_US = 5_000_000;
/** What an advert of usual routers can hold (older releases of keepalived, many appliances). */
const MANY_ADDRESSES = 20;
const PERIOD_GAPS = 10;

/** What is wrong with single routers of this segment. */
export function routerFindings(segment: Segment, now: number): Discovery[] {
  return judgedSpeakers(segment)
    .filter(({ lastHeard }) => now - lastHeard < JUDGED_US)
    .flatMap((speaker) => RULES.flatMap((rule) => rule(speaker, segment) ?? []));
}

type Rule = (speaker: Speaker, segment: Segment) => Discovery | undefined;

const RULES: readonly Rule[] = [badChecksum, badTtl, period, linkLocalFirst, ownAddress, tooMany, slow];

type Words = Pick<Discovery, 'id' | 'severity' | 'confidence' | 'title' | 'why' | 'fix'>;

function about(speaker: Speaker, text: string, words: Words): Discovery {
  return { ...words, address: speaker.address, evidence: [heardFrom(speaker, text)] };
}

/** The last advert was refused for this reason: one that came right since then ends the finding. */
function refusedNow({ refusal }: Speaker, reason: Refusal): boolean {
  return refusal === reason;
}

function badChecksum(speaker: Speaker): Discovery | undefined {
  if (!refusedNow(speaker, 'checksum')) return undefined;
  return about(speaker, `${speaker.refused.checksum} adverts with a checksum that is right in no reading`, {
    id: 'D23',
    severity: 'error',
    confidence: 'likely',
    title: `the checksums of ${speaker.address} are wrong`,
    why: 'No router accepts its adverts: where it is MASTER another becomes MASTER too.',
    fix: 'Look for NAT or another rewriting of addresses on the way: they change what the checksum is computed over.',
  });
}

function badTtl(speaker: Speaker): Discovery | undefined {
  if (!refusedNow(speaker, 'ttl')) return undefined;
  return about(speaker, `TTL ${speaker.refusedTtl}, ${speaker.refused.ttl} adverts`, {
    id: 'D43',
    severity: 'warning',
    confidence: 'likely',
    title: `adverts of ${speaker.address} do not have TTL 255`,
    why: 'They come through a router, or somebody forges them. No router accepts them.',
    fix: `Find who sends with ${speaker.facts.mac}; keep multicast routing away from 224.0.0.18 and ff02::12.`,
  });
}

function period(speaker: Speaker): Discovery | undefined {
  const { gaps, facts } = speaker;
  if (speaker.role !== 'MASTER' || gaps.count < PERIOD_GAPS) return undefined;
  const measured = gaps.percentile(0.5);
  if (measured > facts.intervalUs / 2 && measured < facts.intervalUs * 1.5) return undefined;
  return about(
    speaker,
    `says ${facts.intervalUs / 1e6} s; the median of ${gaps.count} intervals is ${measured / 1e6} s`,
    {
      id: 'D21',
      severity: 'warning',
      confidence: 'likely',
      title: `${speaker.address} does not keep the interval that it tells`,
      why: 'The others wait by what it tells: too short, and they take over while it is alive; too long, and they take over late.',
      fix: `Look at the load of ${speaker.address}, and at its advert_int.`,
    },
  );
}

function linkLocalFirst(speaker: Speaker, { id }: Segment): Discovery | undefined {
  const [first] = speaker.facts.addresses;
  if (id.family === 4 || first === undefined || isLinkLocal(first) || speaker.adverts === 0) return undefined;
  return about(speaker, `its first address is ${first}`, {
    id: 'D29',
    severity: 'warning',
    confidence: 'proven',
    title: `the first IPv6 address of ${speaker.address} is not link-local`,
    why: 'RFC 9568 §5.2.9 asks for it; strict routers refuse the advert, and hosts have no link-local next hop that moves.',
    fix: 'Put an fe80:: address first in virtual_ipaddress, the same on all routers.',
  });
}

function ownAddress(speaker: Speaker): Discovery | undefined {
  const { address, facts, priority, adverts } = speaker;
  if (adverts === 0 || priority === 255 || priority === 0 || !facts.addresses.includes(address)) return undefined;
  return about(speaker, `priority ${priority}, addresses ${facts.addresses.join(' ')}`, {
    id: 'D42',
    severity: 'warning',
    confidence: 'proven',
    title: `${address} advertises its own address without being its owner`,
    why: 'Another MASTER takes that address too while this host keeps it: two hosts have it.',
    fix: `Take ${address} out of virtual_ipaddress, or give this router priority 255.`,
  });
}

function tooMany(speaker: Speaker): Discovery | undefined {
  const { length } = speaker.facts.addresses;
  if (length <= MANY_ADDRESSES) return undefined;
  return about(speaker, `${length} addresses`, {
    id: 'D41',
    severity: 'info',
    confidence: 'hint',
    title: `${speaker.address} advertises ${length} addresses`,
    why: 'Older routers read no more than 20, and at a failover each is announced several times.',
    fix: 'Advertise one address and put the others into virtual_ipaddress_excluded.',
  });
}

function slow(speaker: Speaker): Discovery | undefined {
  const wait = masterDownOf(speaker);
  if (speaker.role !== 'MASTER' || wait <= SLOW_US) return undefined;
  const seconds = (wait / 1e6).toFixed(1);
  return about(speaker, `interval ${speaker.facts.intervalUs / 1e6} s`, {
    id: 'D34',
    severity: 'info',
    confidence: 'proven',
    title: `a crash of ${speaker.address} is noticed after ${seconds} s`,
    why: 'Three intervals and the skew pass before a BACKUP takes over.',
    fix: 'Shorten advert_int on all routers; VRRPv3 allows parts of a second.',
  });
}
