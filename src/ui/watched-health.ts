// Virtual routers that are only watched: who was heard, whether they agree with the MASTER, and what that makes of it.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import type { SpeakerView } from '../observe/view.ts';
import { leadOf, type WatchedRouter, type WatchPicture } from '../session/watch-picture.ts';
import { duration, interval } from './format.ts';
import type { Check, Health, HeardRouter, RouterHealth } from './router-health.ts';

/** In the order of the rows; `instances` are the rows of the same picture. */
export function watchedHealth(
  { routers }: WatchPicture,
  instances: readonly InstanceSnapshot[],
  now: number,
): readonly RouterHealth[] {
  return routers.flatMap((router): RouterHealth[] => {
    const instance = instances.find(({ name }) => name === router.name);
    if (instance === undefined) return [];
    const checks = checksOf(router, now);
    return [
      { instance, heard: router.speakers.map(heardOf).sort(activeFirst), checks, health: healthOf(router, checks) },
    ];
  });
}

function healthOf({ mastership, speakers }: WatchedRouter, checks: readonly Check[]): Health {
  if (mastership === 'several') return 'SPLIT BRAIN';
  if (mastership === 'none') return 'NO MASTER';
  if (speakers.some(isRefused)) return 'REJECTED';
  return checks.some(({ ok }) => ok === false) ? 'differs' : 'ok';
}

/** Adverts of it are refused, and none was ever good. */
const isRefused = ({ adverts, refused }: SpeakerView): boolean => adverts === 0 && Object.keys(refused).length > 0;

function heardOf(speaker: SpeakerView): HeardRouter {
  const { address, lastHeard, priority, version, intervalUs, addresses, refused, adverts, role } = speaker;
  return {
    ...{ address, lastHeardAt: lastHeard, priority, version, intervalUs, vips: addresses },
    ...{ rejected: Object.entries(refused), addressMismatches: 0, accepted: adverts, active: role === 'MASTER' },
  };
}

const activeFirst = (a: HeardRouter, b: HeardRouter): number =>
  Number(b.active) - Number(a.active) || b.lastHeardAt - a.lastHeardAt;

function checksOf(router: WatchedRouter, now: number): readonly Check[] {
  const { masters, mastership, speakers, since } = router;
  const lead = leadOf(router);
  const others = speakers.filter((each) => each !== lead && each.adverts > 0);
  const names = masters.map(({ address }) => address).join(' and ');
  const agree = (what: string, of: (speaker: SpeakerView) => string): Check => {
    if (lead === undefined || others.length === 0) return { ok: undefined, text: `${what}: only one router was heard` };
    const bad = others.filter((each) => of(each) !== of(lead));
    return bad.length === 0
      ? { ok: true, text: `${what} equal (${of(lead)})` }
      : { ok: false, text: `${what} of ${bad.map((each) => `${each.address} (${of(each)})`).join(', ')} differ` };
  };
  const refused = speakers.filter((each) => Object.keys(each.refused).length > 0);
  const mastershipText = {
    one: `one MASTER: ${names}`,
    several: `two MASTERs for ${duration(now - since)}: ${names}`,
    none: `no MASTER is heard for ${duration(now - since)}`,
  };
  return [
    { ok: mastership === 'one', text: mastershipText[mastership] },
    agree('VIP lists', ({ addresses }) => [...addresses].sort().join(' ')),
    agree('advert interval', ({ intervalUs }) => interval(intervalUs)),
    agree('version', ({ version }) => `${version}`),
    {
      ok: refused.length === 0,
      text:
        refused.length === 0
          ? 'every advert could be accepted'
          : refused
              .map((each) => `${each.address} sends what none accepts: ${Object.keys(each.refused).join(' ')}`)
              .join('; '),
    },
  ];
}
