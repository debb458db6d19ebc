// A virtual router that is only watched, as a row. Everything is inferred from the wire, and no word here is a state of
// this program.
import type { InstanceSnapshot } from '../../engine/snapshot.ts';
import { leadOf, type WatchedRouter } from '../../session/watch-picture.ts';
import { duration, interval } from '../format.ts';
import type { Column } from '../table.ts';
import { type Line, line, type Span, width as textWidth } from '../text.ts';
import type { Glyphs } from '../theme.ts';
import type { ViewContext } from './context.ts';
import { localOf } from './local-router.ts';

/** Name → what is seen of it. */
export function watchedRouters({ model }: ViewContext): ReadonlyMap<string, WatchedRouter> {
  return new Map((model.watch?.routers ?? []).map((router) => [router.name, router]));
}

const WORDS = { one: 'seen', several: 'SPLIT', none: 'none' } as const;

/** Sign and word: `● seen`, `✗ SPLIT`, `◌ none`. */
export function mastershipSpan({ mastership }: WatchedRouter, glyphs: Glyphs): Span {
  if (mastership === 'one') return ['strong', `${glyphs.master} ${WORDS.one}`];
  if (mastership === 'several') return ['critical', `${glyphs.fault} ${WORDS.several}`];
  return ['attention', `${glyphs.init} ${WORDS.none}`];
}

/** Who is MASTER, or who was it last. */
function masterSpan({ masters, reigns }: WatchedRouter): Span {
  if (masters.length > 0) return masters.map(({ address }) => address).join(' ');
  const last = reigns.at(-1);
  return ['dim', last === undefined ? 'no advert is accepted' : `was ${last.address}`];
}

function ageSpan(router: WatchedRouter, now: number): Span {
  const lead = leadOf(router);
  if (lead === undefined) return '-';
  const age = Math.max(0, now - lead.lastHeard);
  return age > 2 * lead.intervalUs ? ['attention', `${duration(age)}!`] : duration(age);
}

export function watchedColumns(context: ViewContext): Column<InstanceSnapshot>[] {
  const { now, glyphs, model } = context;
  const routers = watchedRouters(context);
  const longest = Math.max(4, ...[...routers.keys()].map(textWidth));
  const open = (model.findings ?? []).filter(({ resolved }) => resolved === undefined);
  const of = (row: InstanceSnapshot): WatchedRouter | undefined => routers.get(row.name);
  const told =
    (tell: (router: WatchedRouter) => Span) =>
    (row: InstanceSnapshot): Span => {
      const router = of(row);
      return router === undefined ? '-' : tell(router);
    };
  const findingsOf = ({ name }: InstanceSnapshot): number => open.filter(({ router }) => router === name).length;
  return [
    {
      id: 'state',
      title: 'MASTER',
      min: 7,
      cell: told((router) => mastershipSpan(router, glyphs)),
      value: (row) => WORDS[of(row)?.mastership ?? 'none'],
    },
    { id: 'name', title: 'NAME', min: Math.min(24, longest), max: 28, cell: ({ name }) => name },
    { id: 'vrid', title: 'VRID', min: 4, align: 'right', drop: 8, cell: (i) => String(i.vrid), value: (i) => i.vrid },
    { id: 'version', title: 'VER', min: 4, drop: 7, cell: told((router) => `v${leadOf(router)?.version ?? '?'}`) },
    { id: 'master', title: 'WHO', min: 15, max: 40, cell: told(masterSpan) },
    {
      id: 'priority',
      title: 'PRI',
      min: 3,
      align: 'right',
      drop: 3,
      cell: (i) => String(i.effectivePriority),
      value: (i) => i.effectivePriority,
    },
    { id: 'age', title: 'ADV', min: 6, align: 'right', drop: 2, cell: told((router) => ageSpan(router, now)) },
    {
      id: 'findings',
      title: 'FND',
      min: 3,
      align: 'right',
      cell: (i) => (findingsOf(i) === 0 ? '-' : ['attention', String(findingsOf(i))]),
      value: findingsOf,
    },
    {
      id: 'heard',
      title: 'RTRS',
      min: 4,
      align: 'right',
      drop: 4,
      cell: told(({ speakers }) => String(speakers.length)),
      value: (i) => i.peers.length,
    },
    {
      id: 'for',
      title: 'FOR',
      min: 6,
      align: 'right',
      drop: 5,
      cell: (i) => duration(now - i.since),
      value: (i) => (now - i.since) / 1_000_000,
    },
    { id: 'every', title: 'EVERY', min: 5, align: 'right', drop: 9, cell: (i) => interval(i.advertIntervalUs) },
    ...hereColumn(context),
    {
      id: 'vips',
      title: 'VIPS',
      min: 12,
      max: 40,
      drop: 6,
      cell: (i) => i.addresses.map(({ address }) => address).join(' ') || '-',
    },
  ];
}

/** The name that the router of this host gives to it. */
function hereColumn(context: ViewContext): Column<InstanceSnapshot>[] {
  const instances = context.model.watch?.local?.instances ?? [];
  if (instances.length === 0) return [];
  const cell = ({ name }: InstanceSnapshot): Span => localOf(context, name)?.name ?? '-';
  return [{ id: 'here', title: 'HERE', min: 6, max: 16, drop: 3, cell }];
}

/** Of a screen with little room: two lines. */
export function watchedSmall(context: ViewContext, chosen: boolean, { name }: InstanceSnapshot): Line[] {
  const router = watchedRouters(context).get(name);
  if (router === undefined) return [];
  const mark = chosen ? context.glyphs.cursor : ' ';
  return [
    line(mark, mastershipSpan(router, context.glyphs), ` ${name}`),
    line('   ', masterSpan(router), '  ', ageSpan(router, context.now)),
  ];
}

export function watchLegend(glyphs: Glyphs): Line[] {
  return [
    line(['title', 'SIGNS']),
    line(
      `  ${glyphs.master} seen: one router is MASTER  ${glyphs.fault} SPLIT: two at once  ${glyphs.init} none is heard`,
    ),
    line('  WHO is MASTER  ADV age of its last advert  FND findings  RTRS routers heard  FOR how long so'),
    line('  Lanes: M one MASTER, . none, the cross two. A watch takes no part and changes nothing.'),
  ];
}
