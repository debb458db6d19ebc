// Virtual routers as this host sees them: who is MASTER, who was heard, whether they agree, and who would take over when.
import type { WatchedRouter } from '../../session/watch-picture.ts';
import { masterDownTime, skewTime } from '../../vrrp/timers.ts';
import { candidates } from '../candidates.ts';
import type { Command } from '../commands/command.ts';
import { duration, interval, seconds } from '../format.ts';
import {
  type Health,
  type HeardRouter,
  lastAdverts,
  type RouterHealth,
  routerHealth,
  sentTo,
} from '../router-health.ts';
import { showView, stay, withUi } from '../state.ts';
import type { Column } from '../table.ts';
import { type Line, line, pad, type Span, width as textWidth } from '../text.ts';
import type { Style } from '../theme.ts';
import { watchedHealth } from '../watched-health.ts';
import { rule, type ViewContext } from './context.ts';
import type { View } from './view.ts';

const STYLES: Readonly<Record<Health, Style | undefined>> = {
  'SPLIT BRAIN': 'critical',
  'NO MASTER': 'critical',
  FAULT: 'fault',
  REJECTED: 'attention',
  degraded: 'attention',
  differs: 'attention',
  waiting: 'dim',
  ok: 'ok',
};
const WORST_FIRST = Object.keys(STYLES) as Health[];

function items({ model, now }: ViewContext): readonly RouterHealth[] {
  if (model.watch !== undefined) return watchedHealth(model.watch, model.snapshot?.instances ?? [], now);
  const adverts = lastAdverts(model.packets);
  return (model.snapshot?.instances ?? []).map((instance) => routerHealth(instance, adverts, now));
}

function columns({ model, now }: ViewContext): Column<RouterHealth>[] {
  const all = model.snapshot?.instances ?? [];
  const longest = (texts: readonly string[]): number => Math.max(4, ...texts.map(textWidth));
  const place = ({ instance }: RouterHealth): string => `${instance.interface} v${instance.family} ${instance.vrid}`;
  return [
    {
      id: 'health',
      title: 'HEALTH',
      min: 11,
      cell: ({ health }) => (STYLES[health] === undefined ? health : [STYLES[health]!, health]),
      value: ({ health }) => WORST_FIRST.indexOf(health),
    },
    { id: 'name', title: 'NAME', min: Math.min(20, longest(all.map(({ name }) => name))), cell: nameOf },
    {
      id: 'vr',
      title: 'VR',
      min: Math.min(22, longest(all.map((instance) => place({ instance } as RouterHealth)))),
      drop: 3,
      cell: place,
    },
    { id: 'master', title: 'MASTER', min: 15, max: 44, cell: masterSpan },
    { id: 'heard', title: 'OTHERS HEARD', min: 14, max: 60, drop: 2, cell: (row) => heardSpan(row, now) },
    { id: 'expect', title: 'EXPECT', min: 8, align: 'right', drop: 4, cell: (row) => expectSpan(row, now) },
  ];
}

const nameOf = ({ instance }: RouterHealth): string => instance.name;

function masterSpan({ instance }: RouterHealth): Span {
  const { master } = instance;
  if (master === undefined) return ['dim', '-'];
  return master.self ? `self p${instance.effectivePriority}` : `${master.address} p${master.priority}`;
}

function heardSpan({ instance, heard }: RouterHealth, now: number): Span {
  const others = heard.filter(({ address }) => address !== instance.master?.address || instance.master.self);
  if (others.length === 0) return ['dim', '-'];
  const text = others.map((each) => `${each.address}${priorityText(each)} (${duration(now - each.lastHeardAt)})`);
  return text.join(' ');
}

const priorityText = ({ priority }: HeardRouter): string => (priority === undefined ? '' : ` p${priority}`);

/** When the next advert is due, ours or the MASTER's. */
function expectSpan({ instance }: RouterHealth, now: number): Span {
  const { master, advertAt, masterIntervalUs } = instance;
  if (advertAt !== undefined) return duration(advertAt - now);
  if (master === undefined || master.self) return ['dim', '-'];
  const left = master.lastAdvertAt + masterIntervalUs - now;
  return left < -masterIntervalUs ? ['attention', `late ${duration(-left)}`] : duration(left);
}

/** Who was heard, what agrees, and what happens when the MASTER goes. */
function about(context: ViewContext, row: RouterHealth | undefined, width: number, height: number): Line[] {
  if (row === undefined) return [];
  const { instance } = row;
  const on = instance.interface === '' ? '' : `${instance.interface} `;
  const title = `${instance.name}: ${on}v${instance.family} vrid ${instance.vrid}`;
  const lines = [
    rule(context, width, title, sentTo(instance) === '' ? {} : { right: sentTo(instance) }),
    ...row.checks.map(({ ok, text }) => checkLine(context, ok, text)),
    ...heardLines(context, row),
    rule(context, width, instance.state === 'MASTER' ? 'If this router goes' : 'If the MASTER goes'),
    ...takeoverLines(context, row),
  ];
  return lines.slice(0, height);
}

function checkLine({ glyphs }: ViewContext, ok: boolean | undefined, text: string): Line {
  if (ok === undefined) return line(['dim', `? ${text}`]);
  return ok ? line(['ok', glyphs.pass], ` ${text}`) : line(['critical', `${glyphs.fail} ${text}`]);
}

function heardLines({ now }: ViewContext, { instance, heard }: RouterHealth): Line[] {
  return heard.map((each) => {
    const role = each.active ? 'MASTER' : each.accepted === 0 ? 'never accepted' : 'silent';
    const words = [
      `${pad(each.address, 16)} ${pad(role, 14)}`,
      each.priority === undefined ? '' : `p${each.priority}`,
      each.version === undefined ? '' : `v${each.version}`,
      each.intervalUs === undefined ? '' : `every ${interval(each.intervalUs)}`,
      `last ${duration(now - each.lastHeardAt)} ago`,
      each.addressMismatches > 0 ? `other VIPs ${each.addressMismatches}x` : '',
      instance.unicast && !instance.destinations.includes(each.address) ? 'not a peer' : '',
    ];
    return line(`  ${words.filter((word) => word !== '').join('  ')}`);
  });
}

/** After priority 0 one skew time passes, after a crash a master-down time (RFC 9568 §6.1). */
function takeoverLines({ model }: ViewContext, { instance }: RouterHealth): Line[] {
  const { snapshot } = model;
  if (snapshot === undefined) return [];
  const watched = model.watch?.routers.find(({ name }) => name === instance.name);
  const row = (what: string, who: string, us: readonly number[]): Line =>
    line(`${pad(what, 28)} ${who}  ${us.map(seconds).join(' to ')}`);
  const times = (priorities: readonly number[], crash: boolean): number[] =>
    priorities.map((priority) =>
      crash
        ? masterDownTime(instance.version, priority, instance.masterIntervalUs)
        : skewTime(instance.version, priority, instance.masterIntervalUs),
    );
  if (watched !== undefined) return heirLines(watched, row, times);
  if (instance.state !== 'MASTER') {
    if (instance.state !== 'BACKUP') return [line(['attention', 'this router does not stand by'])];
    const own = [instance.effectivePriority];
    return [
      row('clean stop (priority 0)', 'this router after its skew', times(own, false)),
      row('crash, link loss', 'this router after master-down', times(own, true)),
      line(['dim', 'sooner when another backup has a higher priority']),
    ];
  }
  const [best] = candidates(snapshot, instance);
  if (best === undefined) return [line(['critical', 'nobody is known to take over: OUTAGE possible'])];
  // Of a router that was never heard the priority is not known: from the highest to the lowest.
  const priorities = best.priority === undefined ? [254, 1] : [best.priority];
  return [
    row('clean stop (priority 0)', best.label, times(priorities, false)),
    row('crash, link loss', best.label, times(priorities, true)),
    line(['dim', `${best.label}: ${best.note}`]),
  ];
}

/** Who was heard and is not MASTER now. A backup that was never MASTER is silent: nothing is known of it. */
function heirLines(
  { speakers, masters }: WatchedRouter,
  row: (what: string, who: string, us: readonly number[]) => Line,
  times: (priorities: readonly number[], crash: boolean) => number[],
): Line[] {
  const [lead, second] = masters;
  if (second !== undefined)
    return [line(`${second.address} is MASTER too, and has the addresses as much as ${lead!.address}`)];
  const [best] = speakers
    .filter((each) => !masters.includes(each) && each.adverts > 0)
    .sort((a, b) => b.priority - a.priority);
  const who = best === undefined ? 'a backup, if there is one,' : `${best.address}, if it still is there,`;
  const priorities = best === undefined ? [254, 1] : [best.priority];
  return [
    row('clean stop (priority 0)', who, times(priorities, false)),
    row('crash, link loss', who, times(priorities, true)),
    line(['dim', 'a backup is silent by design: the wire does not tell whether one stands by']),
  ];
}

const commands: readonly Command[] = [
  {
    id: 'peers.packets',
    title: 'Packets of this virtual router',
    keys: ['v'],
    group: 'view',
    tier: 'look',
    footer: { label: 'v its packets', rank: 3 },
    run: (state) => {
      const name = state.views.peers?.selected;
      const instance = state.snapshot?.instances.find((each) => each.name === name) ?? state.snapshot?.instances[0];
      return stay(instance === undefined ? state : showPackets(state, instance.vrid));
    },
  },
];

function showPackets(state: Parameters<typeof showView>[0], vrid: number): Parameters<typeof showView>[0] {
  return showView(withUi(state, 'packets', { filter: `vrid=${vrid}`, selected: undefined }), 'packets');
}

export const peersView: View<RouterHealth> = {
  id: 'peers',
  title: 'Virtual routers',
  short: 'Peers',
  digit: '5',
  names: ['peers', 'peer'],
  summary: (context) => {
    const all = items(context);
    const bad = all.filter(({ health }) => health !== 'ok').length;
    return `${all.length - bad} ok${bad > 0 ? `, ${bad} not` : ''}`;
  },
  list: {
    items,
    key: ({ instance }) => instance.name,
    columns,
    instance: ({ instance }) => instance.name,
    empty: ({ model }) => (model.watch ? 'no virtual router is heard' : 'no vrrp_instance is configured'),
  },
  below: about,
  open: (state, { instance }) => stay(showPackets(state, instance.vrid)),
  commands,
};
