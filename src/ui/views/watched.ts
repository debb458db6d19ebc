// A virtual router that is only watched: its row, what stands under the rows, and its detail. Everything is inferred from
// the wire, and no word here is a state of this program.
import type { InstanceSnapshot } from '../../engine/snapshot.ts';
import type { Reign } from '../../observe/event.ts';
import type { SpeakerView } from '../../observe/view.ts';
import { leadOf, type WatchedRouter } from '../../session/watch-picture.ts';
import { duration, interval, plural, seconds } from '../format.ts';
import type { Column } from '../table.ts';
import { type Line, line, pad, type Span, width as textWidth } from '../text.ts';
import type { Glyphs } from '../theme.ts';
import { clock, rule, type ViewContext } from './context.ts';

/** Name → what is seen of it. */
function routersOf({ model }: ViewContext): ReadonlyMap<string, WatchedRouter> {
  return new Map((model.watch?.routers ?? []).map((router) => [router.name, router]));
}

const WORDS = { one: 'seen', several: 'SPLIT', none: 'none' } as const;

function mastershipSpan({ mastership }: WatchedRouter, glyphs: Glyphs): Span {
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
  const routers = routersOf(context);
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

/** Of a screen with little room: two lines. */
export function watchedSmall(context: ViewContext, chosen: boolean, { name }: InstanceSnapshot): Line[] {
  const router = routersOf(context).get(name);
  if (router === undefined) return [];
  const mark = chosen ? context.glyphs.cursor : ' ';
  return [
    line(mark, mastershipSpan(router, context.glyphs), ` ${name}`),
    line('   ', masterSpan(router), '  ', ageSpan(router, context.now)),
  ];
}

/** What is most telling, under a rule with its name. */
export function watchedPreview(context: ViewContext, name: string, width: number, height: number): Line[] {
  const router = routersOf(context).get(name);
  if (router === undefined) return [];
  const lines = [
    stateLine(context, router),
    ...findingLines(context, name),
    vipLine(router),
    ...speakerLines(context, router),
  ];
  return [rule(context, width, name, { right: 'Enter: detail' }), ...lines].slice(0, Math.max(0, height));
}

/** Everything that is known of it. */
export function watchedDetail(context: ViewContext, name: string, width: number): Line[] {
  const router = routersOf(context).get(name);
  const { snapshot } = context.model;
  if (router === undefined || snapshot === undefined) return [];
  const lead = leadOf(router);
  const section = (title: string): Line => rule(context, width, title);
  return [
    stateLine(context, router),
    ...findingLines(context, name),
    line(
      `VRRPv${lead?.version ?? '?'} over IPv${router.family}   vrid ${router.vrid}   every ${interval(lead?.intervalUs)}`,
      `   master-down ${seconds(lead?.masterDownUs ?? 0)}`,
    ),
    section(`Addresses ${lead?.addresses.length ?? 0}`),
    ...vipLines(context, router),
    section(`Routers heard ${router.speakers.length}`),
    ...speakerLines(context, router),
    ...router.speakers.flatMap(gapLines),
    section(`Times as MASTER, the last ${router.reigns.length}`),
    ...[...router.reigns].reverse().map((reign) => reignLine(context, reign)),
  ];
}

function stateLine({ glyphs, now, model }: ViewContext, router: WatchedRouter): Line {
  const { since, reigns, mastership, masters } = router;
  const at = model.snapshot === undefined ? '' : `${clock(model.snapshot, since)} `;
  const told = {
    one: () =>
      `${masters[0]!.address} is MASTER since ${at}(${duration(now - since)}): ${causeText(reigns, masters[0]!)}`,
    several: () =>
      `${masters.map(({ address }) => address).join(' and ')} are MASTER at once since ${at}(${duration(now - since)})`,
    none: () => `no router is heard as MASTER since ${at}(${duration(now - since)})`,
  };
  return line(mastershipSpan(router, glyphs), `  ${told[mastership]()}`);
}

const CAUSES = {
  first: 'heard first',
  'priority-0': 'the one before resigned',
  silence: 'the one before fell silent',
  preemption: 'it beats the one before',
  unheard: 'it does not hear or not accept the one before',
} as const;

function causeText(reigns: readonly Reign[], { address }: SpeakerView): string {
  const reign = reigns.findLast((each) => each.address === address);
  if (reign === undefined) return 'heard';
  return `${CAUSES[reign.cause]}${reign.takeoverUs === undefined ? '' : `, taken over in ${seconds(reign.takeoverUs)}`}`;
}

function findingLines({ model, glyphs }: ViewContext, name: string): Line[] {
  return (model.findings ?? [])
    .filter(({ router, resolved }) => router === name && resolved === undefined)
    .map(({ id, title, severity }) =>
      line([
        severity === 'error' ? 'critical' : 'attention',
        `${severity === 'error' ? glyphs.bad : '!'} ${id} ${title}`,
      ]),
    );
}

function vipLine(router: WatchedRouter): Line {
  return line(`addresses  ${leadOf(router)?.addresses.join('  ') || 'none'}`);
}

/** Who announced to have each address, beside who should have it. */
function vipLines({ glyphs, now }: ViewContext, router: WatchedRouter): Line[] {
  const lead = leadOf(router);
  return (lead?.addresses ?? []).map((address) => {
    const claim = router.vips.find((vip) => vip.address === address);
    if (claim === undefined) return line(['dim', `? ${address}`], '  not announced since the watch began');
    const right = claim.router === lead?.address;
    const who = claim.router === undefined ? '' : ` (${claim.router})`;
    const text = `  announced at ${claim.mac}${who} ${duration(now - claim.last)} ago`;
    return right ? line(['ok', glyphs.ok], ` ${address}${text}`) : line(['attention', `! ${address}${text}`]);
  });
}

const ROLES = { MASTER: 'MASTER', BACKUP: 'gave way', SILENT: 'silent' } as const;

function speakerLines({ now }: ViewContext, { speakers }: WatchedRouter): Line[] {
  const cells = Math.max(15, ...speakers.map(({ address }) => address.length));
  return speakers.map((each) => {
    const refused = Object.entries(each.refused).map(([reason, n]) => `${reason} ${n}x`);
    const words = [
      `${pad(each.address, cells)} ${pad(ROLES[each.role], 8)}`,
      `p${each.priority}`,
      `v${each.version}`,
      `every ${interval(each.intervalUs)}`,
      `last ${duration(now - each.lastHeard)} ago`,
      plural(each.adverts, 'advert'),
    ];
    const tail: Span[] = refused.length > 0 ? ['  ', ['attention', `refused: ${refused.join(' ')}`]] : [];
    return line(`  ${words.join('  ')}`, ...tail);
  });
}

function gapLines({ address, gaps, masterDownUs }: SpeakerView): Line[] {
  if (gaps.count === 0) return [];
  const near = gaps.nearMisses === 0 ? '' : `, ${plural(gaps.nearMisses, 'near miss', 'near misses')}`;
  const times = `p50 ${seconds(gaps.p50Us)}  p99 ${seconds(gaps.p99Us)}  max ${seconds(gaps.maxUs)}`;
  return [line(['dim', `  ${address} between adverts: ${times} of ${seconds(masterDownUs)}${near}`])];
}

function reignLine({ model }: ViewContext, { address, priority, cause, first, last, end, takeoverUs }: Reign): Line {
  const at = (time: number): string => (model.snapshot === undefined ? '' : clock(model.snapshot, time, true));
  const until = end === undefined ? 'until now' : `until ${at(last)} (${END[end.cause]})`;
  const how = takeoverUs === undefined ? CAUSES[cause] : `${CAUSES[cause]}, ${seconds(takeoverUs)}`;
  return line(`  ${at(first)} `, ['strong', address], ` p${priority}  ${until}  ${how}`);
}

const END = { 'priority-0': 'resigned', silence: 'fell silent', yielded: 'gave way' } as const;

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
