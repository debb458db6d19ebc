// What stands behind the row of a virtual router that is only watched: short under the rows, whole in a view of its own.
import type { Reign } from '../../observe/event.ts';
import type { SpeakerView } from '../../observe/view.ts';
import { leadOf, type WatchedRouter } from '../../session/watch-picture.ts';
import { duration, interval, plural, seconds } from '../format.ts';
import { type Line, line, pad, type Span } from '../text.ts';
import { clock, rule, type ViewContext } from './context.ts';
import { localLines, localSummary } from './local-router.ts';
import { mastershipSpan, watchedRouters } from './watched.ts';

/** What is most telling, under a rule with its name. */
export function watchedPreview(context: ViewContext, name: string, width: number, height: number): Line[] {
  const router = watchedRouters(context).get(name);
  if (router === undefined) return [];
  const lines = [
    stateLine(context, router),
    ...findingLines(context, name),
    ...localSummary(context, name),
    vipLine(router),
    ...speakerLines(context, router),
  ];
  return [rule(context, width, name, { right: 'Enter: detail' }), ...lines].slice(0, Math.max(0, height));
}

/** Everything that is known of it. */
export function watchedDetail(context: ViewContext, name: string, width: number): Line[] {
  const router = watchedRouters(context).get(name);
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
    ...localLines(context, name, width),
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
