// Findings about routers of one virtual router that do not say the same: each accepts only what agrees with itself.
import { masterOf } from './election.ts';
import type { Discovery, Evidence } from './finding.ts';
import { judgedSpeakers, type Segment } from './segment.ts';
import { type AdvertFacts, authName, type Speaker } from './speaker.ts';

/** Who was last heard longer ago is no longer compared: its configuration may be another by now. */
const COMPARED_US = 3_600_000_000;

interface Pair {
  readonly a: Speaker;
  readonly b: Speaker;
  /** Both are MASTER and do not yield: the difference does harm now. Else it will when the other takes over. */
  readonly both: boolean;
}

/** Differences between routers of this segment. */
export function disagreements(segment: Segment, now: number): Discovery[] {
  const heard = judgedSpeakers(segment).filter(
    ({ adverts, lastHeard }) => adverts > 0 && now - lastHeard < COMPARED_US,
  );
  // Everybody is compared with one: with n routers n differences are enough to see.
  const reference = masterOf(segment) ?? heard.at(-1);
  if (reference === undefined || heard.length < 2) return [];
  return heard
    .filter((speaker) => speaker !== reference)
    .flatMap((b) => {
      const pair = { a: reference, b, both: segment.splitSince !== undefined && b.role === 'MASTER' };
      const rules = mayBeMended(b, now) ? LASTING : [...REFUSALS, ...LASTING];
      return [...rules.flatMap((rule) => rule(pair) ?? []), ...equalRank(pair)];
    });
}

type Rule = (pair: Pair) => Discovery | undefined;

/** Who differs in one of these refuses the adverts of the MASTER, and so becomes MASTER itself before long. */
const REFUSALS: readonly Rule[] = [authentication, interval, version, checksum];
const LASTING: readonly Rule[] = [foreign, addresses];

/** One that was silent for longer than it would wait for a MASTER that it refuses: it accepts it now, or is switched off. */
function mayBeMended(speaker: Speaker, now: number): boolean {
  return speaker.role !== 'MASTER' && now - speaker.lastHeard > 2 * speaker.masterDownUs;
}

function difference(
  pair: Pair,
  id: string,
  what: (facts: AdvertFacts) => string,
  text: Pick<Discovery, 'title' | 'why' | 'fix'>,
): Discovery {
  const { a, b, both } = pair;
  return {
    id,
    severity: both ? 'error' : 'warning',
    // The adverts of both say so; but who is silent may have been mended since.
    confidence: both ? 'proven' : 'likely',
    address: b.address,
    ...text,
    evidence: [a, b].map((speaker) => heardFrom(speaker, what(speaker.facts))),
  };
}

/** A sentence about the last advert of a router. */
export function heardFrom({ address, facts, lastHeard }: Speaker, text: string): Evidence {
  return { kind: 'frame', at: lastHeard, text: `${address} (${facts.mac}): ${text}` };
}

function listed({ addresses: list }: AdvertFacts): string {
  return `addresses ${list.join(' ') || 'none'}`;
}

function shared({ a, b }: Pair): number {
  return a.facts.addresses.filter((address) => b.facts.addresses.includes(address)).length;
}

function foreign(pair: Pair): Discovery | undefined {
  const { a, b } = pair;
  if (shared(pair) > 0 || a.facts.addresses.length === 0 || b.facts.addresses.length === 0) return undefined;
  return difference(pair, 'D06', listed, {
    title: `${a.address} and ${b.address} have the same VRID and no address in common: two clusters that do not know of each other`,
    why: 'Each disturbs the elections of the other: adverts of strangers are followed or refused, and both may go down.',
    fix: 'Give one of the clusters another virtual_router_id on all its routers.',
  });
}

function addresses(pair: Pair): Discovery | undefined {
  const { a, b } = pair;
  const common = shared(pair);
  const same = common === a.facts.addresses.length && common === b.facts.addresses.length;
  if (common === 0 || same) return undefined;
  const only = (x: AdvertFacts, y: AdvertFacts): string[] => x.addresses.filter((each) => !y.addresses.includes(each));
  const missing = [
    ...only(a.facts, b.facts).map((each) => `-${each}`),
    ...only(b.facts, a.facts).map((each) => `+${each}`),
  ];
  return difference(pair, 'D07', listed, {
    title: `${b.address} does not have the addresses of ${a.address}: ${missing.join(' ')}`,
    why: 'At a failover some addresses vanish. keepalived before 2.3.3 refuses such adverts: both become MASTER.',
    fix: `Make virtual_ipaddress the same on ${a.address} and ${b.address}.`,
  });
}

function authentication(pair: Pair): Discovery | undefined {
  const { a, b } = pair;
  const typesDiffer = a.facts.authType !== b.facts.authType;
  // In version 3 there is none, so a difference of versions is no difference of passwords.
  if (a.facts.version !== b.facts.version) return undefined;
  if (!typesDiffer && a.facts.passwordMark === b.facts.passwordMark) return undefined;
  const what = typesDiffer ? 'authentication types' : 'passwords';
  return difference(
    pair,
    'D20',
    ({ authType }) => `auth ${authName(authType)}${typesDiffer ? '' : ', another password'}`,
    {
      title: `${a.address} and ${b.address} have different ${what}`,
      why: 'Each refuses the adverts of the other: both become MASTER.',
      fix: 'Make auth_type and auth_pass the same on all routers; of a password only the first eight characters count.',
    },
  );
}

function interval(pair: Pair): Discovery | undefined {
  const { a, b } = pair;
  if (a.facts.intervalUs === b.facts.intervalUs) return undefined;
  const old = a.facts.version === 2 || b.facts.version === 2;
  return difference(pair, 'D21', ({ intervalUs }) => `interval ${intervalUs / 1e6} s`, {
    title: `${a.address} and ${b.address} have different advertisement intervals`,
    why: old
      ? 'In version 2 each refuses the adverts of the other: both become MASTER.'
      : 'In version 3 a BACKUP takes the interval of the MASTER: failover times change with who is MASTER.',
    fix: 'Make advert_int the same on all routers.',
  });
}

function version(pair: Pair): Discovery | undefined {
  const { a, b } = pair;
  if (a.facts.version === b.facts.version) return undefined;
  return difference(pair, 'D22', (facts) => `VRRPv${facts.version}`, {
    title: `${a.address} speaks VRRPv${a.facts.version}, ${b.address} VRRPv${b.facts.version}`,
    why: 'Each refuses the adverts of the other: both become MASTER.',
    fix: 'Make vrrp_version (or version in the instance) the same on all routers.',
  });
}

function checksum(pair: Pair): Discovery | undefined {
  const { a, b } = pair;
  const form = ({ checksumForm }: AdvertFacts) => (checksumForm === 'both' ? undefined : checksumForm);
  const [one, other] = [form(a.facts), form(b.facts)];
  if (a.facts.version !== 3 || b.facts.version !== 3 || one === undefined || other === undefined || one === other)
    return undefined;
  return difference(pair, 'D23', ({ checksumForm }) => `checksum over ${CHECKSUM_WORDS[checksumForm]}`, {
    title: `${a.address} and ${b.address} compute the checksum of VRRPv3 differently`,
    why: 'keepalived refuses the form without pseudo-header, others the form with it: both become MASTER.',
    fix: 'Set v3_checksum_as_v2 on the keepalived beside a router that leaves the pseudo-header out.',
  });
}

const CHECKSUM_WORDS: Readonly<Record<AdvertFacts['checksumForm'], string>> = {
  message: 'the message alone',
  'pseudo-header': 'message and pseudo-header',
  'group-pseudo-header': 'message and the pseudo-header of the group (keepalived before 1.4, unicast)',
  both: 'the message',
  none: 'nothing that is known',
  unchecked: 'what cannot be told',
};

function equalRank({ a, b, both }: Pair): Discovery[] {
  if (a.priority !== b.priority || a.priority === 0) return [];
  const owners = a.priority === 255;
  return [
    {
      id: 'D39',
      severity: owners ? 'error' : 'info',
      confidence: both ? 'proven' : 'likely',
      address: b.address,
      title: owners
        ? `${a.address} and ${b.address} both say to own the addresses (priority 255)`
        : `${a.address} and ${b.address} have the same priority ${a.priority}`,
      evidence: [a, b].map((speaker) => heardFrom(speaker, `priority ${speaker.priority}`)),
      why: owners
        ? 'An owner never yields: both stay MASTER.'
        : 'The higher address wins, whatever `state` says; that is seldom meant.',
      fix: owners
        ? 'Leave 255 to the one host that has the address itself.'
        : 'Give each router a priority of its own.',
    },
  ];
}
