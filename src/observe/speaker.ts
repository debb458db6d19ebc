// One router as its adverts show it: what it says, how regularly, and what it changed.
import { masterDownTime } from '../vrrp/timers.ts';
import { compareAddresses, type IpAddress } from '../wire/address.ts';
import type { MacAddress } from '../wire/ethernet.ts';
import { AUTH_AH, AUTH_NONE, AUTH_PASS, type ChecksumForm, RESIGN_PRIORITY } from '../wire/vrrp.ts';
import type { ChangeKind, Refusal, Reign } from './event.ts';
import { createGapHistogram, type GapHistogram } from './gap-histogram.ts';

/** What one advert says. */
export interface AdvertFacts {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly mac: MacAddress;
  readonly unicast: boolean;
  readonly ttl: number;
  readonly ah: boolean;
  readonly version: number;
  readonly priority: number;
  readonly intervalUs: number;
  readonly authType: number;
  /** Tells one password from another; says nothing about it. */
  readonly passwordMark: number;
  readonly checksumForm: ChecksumForm;
  /** Of the Authentication Header. */
  readonly sequence?: number;
  readonly addresses: readonly IpAddress[];
}

/**
 * MASTER: it sends adverts. BACKUP: it has yielded to a better one. SILENT: it has resigned or is not heard any more, which
 * may be anything from BACKUP to switched off.
 */
export type InferredRole = 'MASTER' | 'BACKUP' | 'SILENT';

export interface Speaker {
  readonly address: IpAddress;
  /** What it said last. */
  facts: AdvertFacts;
  /** As `facts`, but never 0. */
  priority: number;
  role: InferredRole;
  /** Present while it is MASTER. */
  reign: Reign | undefined;
  /** While another MASTER beats it: when that one was first heard. */
  contestedAt: number | undefined;
  /** When another ceased to be MASTER beside it. */
  rivalLeftAt: number | undefined;
  readonly firstHeard: number;
  lastHeard: number;
  adverts: number;
  readonly gaps: GapHistogram;
  nearMisses: number;
  lastNearMiss: number | undefined;
  /** By what it said last: how long the others wait for the next. In µs. */
  masterDownUs: number;
  readonly refused: Partial<Record<Refusal, number>>;
  /** Why its last advert was refused; undefined: it was accepted. */
  refusal: Refusal | undefined;
  /** Of the last advert that was refused for it. */
  refusedTtl: number | undefined;
  /** The last advert whose sequence number had passed already, and how many there were. */
  replay:
    | { readonly at: number; readonly count: number; readonly sequence: number; readonly before: number }
    | undefined;
  /** Its last promotion, when the second advert came late: when that was, and how much after the first one. */
  slowStart: { readonly at: number; readonly gapUs: number } | undefined;
}

/** Two packets of a burst, or one seen twice, say nothing about the interval. */
const SHORTEST_GAP_US = 1000;
const NEAR_MISS = 0.66;

/** A router that is heard for the first time. */
export function createSpeaker(facts: AdvertFacts, at: number): Speaker {
  return {
    address: facts.source,
    facts,
    priority: facts.priority,
    role: 'SILENT',
    reign: undefined,
    contestedAt: undefined,
    rivalLeftAt: undefined,
    firstHeard: at,
    lastHeard: at,
    adverts: 0,
    gaps: createGapHistogram(),
    nearMisses: 0,
    lastNearMiss: undefined,
    masterDownUs: 0,
    refused: {},
    refusal: undefined,
    refusedTtl: undefined,
    replay: undefined,
    slowStart: undefined,
  };
}

/** Notes an advert, heard at `at`, whose sequence number is not above that of the one before (RFC 4302 §3.4.3). */
export function checkSequence(speaker: Speaker, { sequence }: AdvertFacts, at: number): void {
  const before = speaker.facts.sequence;
  if (sequence === undefined || before === undefined || sequence > before) return;
  if (speaker.adverts === 0 || at - speaker.lastHeard < SHORTEST_GAP_US) return;
  speaker.replay = { at, count: (speaker.replay?.count ?? 0) + 1, sequence, before };
}

/** How long a BACKUP waits for this MASTER, in µs, taken with its own priority: those of the others are not known. */
export function masterDownOf({ facts, priority }: Speaker): number {
  return masterDownTime(facts.version === 2 ? 2 : 3, priority, facts.intervalUs);
}

/** Higher priority, or the same and a higher address (RFC 9568 §6.4.3). */
export function beats(a: Speaker, b: Speaker): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  return compareAddresses(a.address, b.address) > 0;
}

/** Whether one of them, of whatever make and version, may refuse the adverts of the other. */
export function disagree(a: AdvertFacts, b: AdvertFacts): boolean {
  if (a === b) return false;
  const words = [
    a.version - b.version,
    a.authType - b.authType,
    a.passwordMark - b.passwordMark,
    a.intervalUs - b.intervalUs,
  ];
  return words.some((difference) => difference !== 0) || listed(a.addresses) !== listed(b.addresses);
}

/** Records the time since the advert before the one at `at`, in µs. True when it came near to the master-down time. */
export function recordGap(speaker: Speaker, gapUs: number, at: number): boolean {
  if (gapUs < SHORTEST_GAP_US) return false;
  speaker.gaps.record(gapUs);
  if (gapUs <= NEAR_MISS * speaker.masterDownUs) return false;
  speaker.nearMisses++;
  speaker.lastNearMiss = at;
  return true;
}

/** What differs from the advert before. A resignation is no change of priority. */
export function changesIn(
  before: AdvertFacts,
  now: AdvertFacts,
  priorityBefore: number,
): readonly { readonly what: ChangeKind; readonly from: string; readonly to: string }[] {
  if (before === now) return [];
  const changes: { what: ChangeKind; from: string; to: string }[] = [];
  const note = (what: ChangeKind, from: string | number, to: string | number): void => {
    if (from !== to) changes.push({ what, from: String(from), to: String(to) });
  };
  if (now.priority !== RESIGN_PRIORITY) note('priority', priorityBefore, now.priority);
  note('interval', before.intervalUs / 1_000_000, now.intervalUs / 1_000_000);
  note('version', before.version, now.version);
  if (before.authType !== now.authType) note('auth', authName(before.authType), authName(now.authType));
  note('mac', before.mac, now.mac);
  if (!sameList(before.addresses, now.addresses)) note('addresses', listed(before.addresses), listed(now.addresses));
  return changes;
}

function sameList(a: readonly IpAddress[], b: readonly IpAddress[]): boolean {
  return a === b || (a.length === b.length && a.every((address, i) => address === b[i]));
}

/** The order of the list has no meaning (keepalived accepts any). */
function listed(addresses: readonly IpAddress[]): string {
  return addresses.length < 2 ? addresses.join('') : [...addresses].sort().join(' ');
}

/** keepalived's word for an auth type. */
export function authName(type: number): string {
  return { [AUTH_NONE]: 'none', [AUTH_PASS]: 'PASS', [AUTH_AH]: 'AH' }[type] ?? `type ${type}`;
}
