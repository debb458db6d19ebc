// Adverts as they are captured, sent and received, newest at the bottom.
import type { PacketRecord } from '../../observe/packet.ts';
import { duration, interval } from '../format.ts';
import { selectedInstance } from '../state.ts';
import { type Column, table } from '../table.ts';
import { type Line, line, type Span } from '../text.ts';
import { clock, type PaneView, rule, type ViewContext } from './context.ts';

function columns({ state, glyphs }: ViewContext): Column<PacketRecord>[] {
  const { snapshot } = state;
  const at = (packet: PacketRecord): string => (snapshot === undefined ? '' : clock(snapshot, packet.at, true));
  const sent = (p: PacketRecord): Span => (p.direction === 'sent' ? 'sent' : ['strong', 'rcvd']);
  const optional = (value: number | undefined): string => (value === undefined ? '-' : String(value));
  return [
    { title: 'TIME', min: 12, cell: (p) => ['dim', at(p)] },
    { title: 'DIR', min: 4, cell: sent },
    {
      title: 'IFACE',
      min: 6,
      max: 15,
      drop: 3,
      cell: (p) => (p.vlan === undefined ? p.interface : `${p.interface}.${p.vlan}`),
    },
    { title: 'SOURCE', min: 15, max: 39, cell: (p) => p.source },
    { title: 'TO', min: 11, max: 39, drop: 8, cell: (p) => `${glyphs.arrow}${p.destination}` },
    { title: 'VRID', min: 4, align: 'right', cell: (p) => optional(p.vrid) },
    {
      title: 'PRI',
      min: 3,
      align: 'right',
      cell: (p) => (p.priority === 0 ? ['attention', '0'] : optional(p.priority)),
    },
    { title: 'V', min: 1, drop: 2, cell: (p) => optional(p.version) },
    { title: 'EVERY', min: 5, align: 'right', drop: 4, cell: (p) => interval(p.intervalUs) },
    { title: 'VIPS', min: 4, align: 'right', drop: 5, cell: (p) => String(p.addresses.length) },
    { title: 'TTL', min: 3, align: 'right', drop: 9, cell: (p) => optional(p.ttl) },
    {
      title: 'MARKS',
      min: 8,
      max: 30,
      drop: 1,
      cell: (p) => (p.marks.length > 0 ? ['attention', p.marks.join(' ')] : ''),
    },
  ];
}

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
  const { shown, newer } = tail(state.adverts, anchor, Math.max(1, height - 2));
  const head = rule(context, width, 'Adverts', { right: followNote(anchor, newer), focused });
  if (shown.length === 0) return [head, line(['dim', waiting(context)])];
  const { heading, lines } = table(columns(context), shown, width, {
    tail: (p) => (p.protocol === 'malformed' ? { from: 'VRID', span: ['attention', p.summary] } : undefined),
  });
  return [head, heading, ...lines] as Line[];
};
