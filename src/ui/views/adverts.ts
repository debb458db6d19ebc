// Adverts as they are captured, sent and received, newest at the bottom.
import type { PacketRecord } from '../../observe/packet.ts';
import { isMulticast } from '../../wire/address.ts';
import { duration, interval, plural } from '../format.ts';
import { selectedInstance } from '../state.ts';
import { type Column, table } from '../table.ts';
import { line, type Span } from '../text.ts';
import { clock, type PaneView, rule, type ViewContext } from './context.ts';

/** The cells name what they hold, so that the few rows of a small screen need no heading. */
function columns(
  { state, glyphs }: ViewContext,
  longest: { interface: number; source: number; unicast: number },
): Column<PacketRecord>[] {
  const { snapshot } = state;
  const at = (packet: PacketRecord): string => (snapshot === undefined ? '' : clock(snapshot, packet.at, true));
  const optional = (label: string, value: number | undefined): string =>
    value === undefined ? '' : `${label}${value}`;
  const peerName = (p: PacketRecord): string => (isMulticast(p.destination) ? '' : `${glyphs.arrow}${p.destination}`);
  const priority = (p: PacketRecord): Span =>
    p.priority === 0 ? ['attention', 'prio 0'] : optional('prio ', p.priority);
  return [
    { title: 'TIME', min: 12, cell: (p) => ['dim', at(p)] },
    { title: 'DIR', min: 4, cell: (p) => (p.direction === 'sent' ? 'sent' : ['strong', 'rcvd']) },
    { title: 'IFACE', min: longest.interface, drop: 3, cell: interfaceName },
    { title: 'SOURCE', min: Math.min(39, longest.source), cell: (p) => p.source },
    // Copies of one advert to several unicast peers differ in nothing else.
    ...(longest.unicast > 0 ? [{ title: 'TO', min: longest.unicast, drop: 7, cell: peerName }] : []),
    { title: 'V', min: 2, drop: 8, cell: (p) => optional('v', p.version) },
    { title: 'VRID', min: 8, cell: (p) => optional('vrid ', p.vrid) },
    { title: 'PRI', min: 8, cell: priority },
    { title: 'EVERY', min: 5, align: 'right', drop: 10, cell: (p) => interval(p.intervalUs) },
    { title: 'VIPS', min: 7, align: 'right', drop: 11, cell: (p) => plural(p.addresses.length, 'VIP') },
    { title: 'TTL', min: 7, align: 'right', drop: 12, cell: (p) => optional('ttl ', p.ttl) },
    {
      title: 'MARKS',
      min: 9,
      max: 30,
      drop: 2,
      cell: (p) => (p.marks.length > 0 ? ['attention', p.marks.join(' ')] : ''),
    },
  ];
}

const interfaceName = (p: PacketRecord): string => (p.vlan === undefined ? p.interface : `${p.interface}.${p.vlan}`);

/** How many of the newest rows decide the widths. */
const MEASURED = 200;

/** What to say while nothing was captured yet. */
function waiting({ state }: ViewContext): string {
  const instance = selectedInstance(state);
  if (instance === undefined) return '  waiting for the first advert ...';
  const longest = Math.max(instance.masterDownUs, instance.advertIntervalUs);
  return `  waiting for the first advert (at most ${duration(longest)}) ...`;
}

/** The rows that end with the anchor, or with the newest. */
export function tail<T extends { readonly seq: number }>(
  rows: readonly T[],
  anchor: number | undefined,
  height: number,
): { readonly shown: readonly T[]; readonly newer: number } {
  const end = anchor === undefined ? rows.length : rows.findLastIndex(({ seq }) => seq <= anchor) + 1;
  const stop = Math.min(rows.length, Math.max(end, height));
  return { shown: rows.slice(Math.max(0, stop - height), stop), newer: rows.length - stop };
}

/** Right side of a log's rule: following, or how much came since. */
export function followNote(anchor: number | undefined, newer: number): string {
  return anchor === undefined ? 'live' : `paused, ${newer} newer: End follows`;
}

export const advertsPane: PaneView = (context, width, height) => {
  const { state } = context;
  const focused = state.focus === 'adverts';
  const anchor = state.anchors.adverts;
  const { shown, newer } = tail(state.adverts, anchor, Math.max(1, height - 1));
  const head = rule(context, width, 'Adverts', { right: followNote(anchor, newer), focused });
  if (shown.length === 0) return [head, line(['dim', waiting(context)])];
  const recent = state.adverts.slice(-MEASURED);
  const longest = {
    interface: Math.max(...recent.map((p) => interfaceName(p).length)),
    source: Math.max(...recent.map((p) => p.source.length)),
    unicast: Math.max(0, ...recent.map((p) => (isMulticast(p.destination) ? 0 : p.destination.length + 1))),
  };
  const { lines } = table(columns(context, longest), shown, width, {
    measure: recent,
    tail: (p) => (p.protocol === 'malformed' ? { from: 'VRID', span: ['attention', p.summary] } : undefined),
  });
  return [head, ...lines];
};
