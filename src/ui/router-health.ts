// One virtual router as this host sees it: who was heard for it, whether all agree, and what that makes of it.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import type { Packet } from '../session/messages.ts';
import { type Family, isMulticast } from '../wire/address.ts';
import { duration, interval } from './format.ts';

/** A router that was heard, with what its last captured advert said. */
export interface HeardRouter {
  readonly address: string;
  readonly lastHeardAt: number;
  readonly priority: number | undefined;
  readonly version: number | undefined;
  readonly intervalUs: number | undefined;
  /** Of the last captured advert; undefined while none is held. */
  readonly vips: readonly string[] | undefined;
  readonly rejected: readonly (readonly [reason: string, count: number])[];
  readonly addressMismatches: number;
  readonly accepted: number;
  /** Speaks now as MASTER: priority above 0 within the last master-down time. */
  readonly active: boolean;
}

export type Health = 'SPLIT BRAIN' | 'NO MASTER' | 'FAULT' | 'REJECTED' | 'degraded' | 'differs' | 'waiting' | 'ok';

export interface Check {
  readonly ok: boolean | undefined;
  readonly text: string;
}

export interface RouterHealth {
  readonly instance: InstanceSnapshot;
  readonly health: Health;
  readonly heard: readonly HeardRouter[];
  readonly checks: readonly Check[];
}

/** Last advert of each sender for each virtual router, by `adverts.get(keyOf(...))`. */
export type LastAdverts = ReadonlyMap<string, Packet>;

const keyOf = (name: string, family: Family, vrid: number | undefined, source: string): string =>
  `${name} ${family} ${vrid} ${source}`;

export function lastAdverts(packets: readonly Packet[]): LastAdverts {
  const last = new Map<string, Packet>();
  for (const packet of packets) {
    if (packet.direction !== 'received' || packet.vrid === undefined) continue;
    const family = packet.source.includes(':') ? 6 : 4;
    last.set(keyOf(packet.interface, family, packet.vrid, packet.source), packet);
  }
  return last;
}

/** `now` on the engine's clock, µs. */
export function routerHealth(instance: InstanceSnapshot, adverts: LastAdverts, now: number): RouterHealth {
  const heard = instance.peers
    .map((peer): HeardRouter => {
      const last = adverts.get(keyOf(instance.interface, instance.family, instance.vrid, peer.address));
      const recent = now - peer.lastHeardAt <= instance.masterDownUs;
      return {
        address: peer.address,
        lastHeardAt: peer.lastHeardAt,
        priority: peer.priority,
        version: last?.version ?? peer.version,
        intervalUs: last?.intervalUs,
        vips: last?.addresses,
        rejected: Object.entries(peer.rejected).filter(([, count]) => count > 0),
        addressMismatches: peer.addressMismatches,
        accepted: peer.accepted,
        active: recent && peer.accepted > 0 && last?.priority !== 0,
      };
    })
    .sort((a, b) => Number(b.active) - Number(a.active) || b.lastHeardAt - a.lastHeardAt);
  const checks = checksOf(instance, heard, now);
  return { instance, heard, checks, health: healthOf(instance, heard, checks, now) };
}

/** More than one interval beside another MASTER is no takeover any more. */
const SPLIT_AFTER_INTERVALS = 2;

function healthOf(
  instance: InstanceSnapshot,
  heard: readonly HeardRouter[],
  checks: readonly Check[],
  now: number,
): Health {
  if (masters(instance, heard, now).length > 1) return 'SPLIT BRAIN';
  if (instance.state === 'FAULT') return 'FAULT';
  if (instance.state === 'INIT') return 'waiting';
  if (instance.master === undefined || instance.master.priority === 0) return 'NO MASTER';
  if (heard.some((each) => each.rejected.length > 0 && now - each.lastHeardAt <= instance.masterDownUs))
    return 'REJECTED';
  if (checks.some(({ ok }) => ok === false)) return 'differs';
  return instance.effectivePriority < instance.configuredPriority ? 'degraded' : 'ok';
}

/** Who speaks as MASTER now; this router too once a takeover had the time to settle. */
function masters(instance: InstanceSnapshot, heard: readonly HeardRouter[], now: number): readonly string[] {
  const settled = now - instance.since > SPLIT_AFTER_INTERVALS * instance.advertIntervalUs;
  const self = instance.state === 'MASTER' && settled ? ['this router'] : [];
  const settling = instance.state === 'MASTER' && !settled;
  const since = SPLIT_AFTER_INTERVALS * instance.masterIntervalUs;
  const others = settling ? [] : heard.filter((each) => each.active && now - each.lastHeardAt <= since);
  return [...self, ...others.map(({ address }) => address)];
}

/** Instead of a verdict. */
const UNHEARD = 'not known: no advert of another router was captured';

function checksOf(instance: InstanceSnapshot, heard: readonly HeardRouter[], now: number): readonly Check[] {
  const speaking = masters(instance, heard, now);
  const told = heard.filter(({ accepted }) => accepted > 0);
  const captured = told.filter(({ vips }) => vips !== undefined);
  const ours = instance.addresses.filter(({ excluded }) => !excluded).map(({ address }) => address);
  const otherLists = captured.filter(({ vips }) => !sameSet(vips!, ours));
  const otherIntervals = captured.filter(({ intervalUs }) => intervalUs !== instance.advertIntervalUs);
  const otherVersions = told.filter(({ version }) => version !== instance.version);
  const rejected = heard.filter((each) => each.rejected.length > 0);
  const judged = <T>(all: readonly T[], bad: readonly T[]): boolean | undefined =>
    bad.length > 0 ? false : all.length > 0 ? true : undefined;
  return [
    { ok: speaking.length <= 1, text: speaking.length > 1 ? `two MASTERs: ${speaking.join(' and ')}` : 'one MASTER' },
    {
      ok: judged(captured, otherLists),
      text: describe('VIP lists', otherLists, captured.length > 0 ? 'equal' : UNHEARD),
    },
    {
      ok: judged(captured, otherIntervals),
      text: describe(
        'advert interval',
        otherIntervals,
        captured.length > 0 ? `equal (${interval(instance.advertIntervalUs)})` : UNHEARD,
        ({ intervalUs }) => interval(intervalUs),
      ),
    },
    {
      ok: judged(told, otherVersions),
      text: describe(
        'version',
        otherVersions,
        told.length > 0 ? `${instance.version} both` : UNHEARD,
        ({ version }) => `${version}`,
      ),
    },
    {
      ok: judged(heard, rejected),
      text:
        rejected.length === 0
          ? heard.length > 0
            ? 'nothing rejected'
            : 'nothing heard that could be rejected'
          : rejected
              .map((each) => `${each.address} rejected: ${each.rejected.map(([why, n]) => `${why} ${n}`).join(', ')}`)
              .join('; '),
    },
    silence(instance, heard, now),
  ];
}

/** A healthy backup is silent: that none is heard proves nothing. */
function silence(instance: InstanceSnapshot, heard: readonly HeardRouter[], now: number): Check {
  if (instance.state !== 'MASTER') return { ok: undefined, text: 'other backups are silent by design' };
  const [latest] = heard.filter(({ accepted }) => accepted > 0).sort((a, b) => b.lastHeardAt - a.lastHeardAt);
  const text =
    latest === undefined
      ? 'no backup was ever heard: a backup is silent by design, only a drill proves it'
      : `no backup heard for ${duration(now - latest.lastHeardAt)}: silent by design, only a drill proves it`;
  return { ok: undefined, text };
}

function describe(
  what: string,
  bad: readonly HeardRouter[],
  good: string,
  theirs: (router: HeardRouter) => string = () => '',
): string {
  if (bad.length === 0) return `${what} ${good}`;
  return `${what} of ${bad.map((each) => `${each.address} ${theirs(each)}`.trim()).join(', ')} differ`;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}

/** Where adverts go: for the heading of a virtual router. */
export function sentTo({ unicast, destinations }: InstanceSnapshot): string {
  if (!unicast) return destinations.find(isMulticast) ?? '';
  return `${destinations.length} unicast ${destinations.length === 1 ? 'peer' : 'peers'}`;
}
