// Captured packets, sent and received, newest at the bottom: adverts, gratuitous ARP, neighbour advertisements.
import { hexDump, packetTree } from '../../observe/packet-tree.ts';
import type { Packet } from '../../session/messages.ts';
import { routerName } from '../../session/watch-picture.ts';
import { isMulticast } from '../../wire/address.ts';
import { cleanText } from '../clean.ts';
import type { Command } from '../commands/command.ts';
import { duration, interval, plural } from '../format.ts';
import { instanceOf, isAdvert, type PacketCheck, packetChecks } from '../packet-checks.ts';
import { chosenInstance, type Model, type ScreenState, type Step, stay, uiOf, withExtra } from '../state.ts';
import type { Column } from '../table.ts';
import { type Line, line, type Span, spansWidth } from '../text.ts';
import { clock, rule, type ViewContext } from './context.ts';
import type { View } from './view.ts';

/** The cells name what they hold, so that the few rows of a small screen need no heading. */
function columns({ model, glyphs }: ViewContext): Column<Packet>[] {
  const { snapshot } = model;
  const recent = model.packets.slice(-MEASURED);
  const longest = (text: (p: Packet) => string): number => Math.max(1, ...recent.map((p) => text(p).length));
  const at = (packet: Packet): string => (snapshot === undefined ? '' : clock(snapshot, packet.at, true));
  const optional = (label: string, value: number | undefined): string =>
    value === undefined ? '' : `${label}${value}`;
  const peerName = (p: Packet): string => (isUnicast(p) ? `${glyphs.arrow}${p.destination}` : '');
  const priority = (p: Packet): Span => (p.priority === 0 ? ['attention', 'prio 0'] : optional('prio ', p.priority));
  const unicast = Math.max(0, ...recent.map((p) => (isUnicast(p) ? p.destination.length + 1 : 0)));
  return [
    { id: 'time', title: 'TIME', min: 12, cell: (p) => ['dim', at(p)] },
    { id: 'dir', title: 'DIR', min: 4, cell: (p) => (p.direction === 'sent' ? 'sent' : ['strong', 'rcvd']) },
    // A capture may not tell it.
    ...(recent.length === 0 || recent.some((p) => interfaceName(p) !== '')
      ? [{ id: 'if', title: 'IFACE', min: Math.max(5, longest(interfaceName)), drop: 3, cell: interfaceName }]
      : []),
    {
      id: 'source',
      title: 'SOURCE',
      min: Math.min(
        39,
        longest((p) => p.source),
      ),
      cell: (p) => p.source,
    },
    // Copies of one advert to several unicast peers differ in nothing else.
    ...(unicast > 0 ? [{ id: 'to', title: 'TO', min: unicast, drop: 7, cell: peerName }] : []),
    { id: 'version', title: 'V', min: 2, drop: 8, cell: (p) => optional('v', p.version), value: (p) => p.version },
    { id: 'vrid', title: 'VRID', min: 8, cell: (p) => optional('vrid ', p.vrid), value: (p) => p.vrid },
    { id: 'prio', title: 'PRI', min: 8, cell: priority, value: (p) => p.priority },
    { id: 'every', title: 'EVERY', min: 5, align: 'right', drop: 10, cell: (p) => interval(p.intervalUs) },
    {
      id: 'vips',
      title: 'VIPS',
      min: 7,
      align: 'right',
      drop: 11,
      cell: (p) => plural(p.addresses.length, 'VIP'),
      value: (p) => p.addresses.length,
    },
    {
      id: 'ttl',
      title: 'TTL',
      min: 7,
      align: 'right',
      drop: 12,
      cell: (p) => optional('ttl ', p.ttl),
      value: (p) => p.ttl,
    },
    {
      id: 'marks',
      title: 'MARKS',
      min: 9,
      max: 30,
      drop: 2,
      cell: (p) => {
        const marks = marksOf(p, model);
        return marks.length > 0 ? ['attention', marks.join(' ')] : '';
      },
    },
  ];
}

const interfaceName = (p: Packet): string => (p.vlan === undefined ? p.interface : `${p.interface}.${p.vlan}`);

/** How many of the newest rows decide the widths. */
const MEASURED = 200;

/** Where there is little room, what the other columns tell is left out: `GARP is at 02:00:00:00:00:02`. */
function announced({ protocol, source, summary }: Packet, { size }: ScreenState): string {
  const told = ` ${source} is at `;
  return protocol === 'arp' && size.columns < 100 && summary.includes(told)
    ? `GARP is at ${summary.split(told)[1]}`
    : summary;
}

/** What to say while nothing was captured yet. */
function waiting({ state }: ViewContext): string {
  const instance = chosenInstance(state);
  if (instance === undefined) return 'waiting for the first advert ...';
  const longest = Math.max(instance.masterDownUs, instance.advertIntervalUs);
  return `waiting for the first advert (at most ${duration(longest)}) ...`;
}

/** An advert to one peer; the destination of an announcement says nothing that its summary does not. */
const isUnicast = (p: Packet): boolean => isAdvert(p) && !isMulticast(p.destination);

/** What is wrong with the packet itself, and beside our own configuration. */
function marksOf(packet: Packet, model: Model): string[] {
  return [...new Set([...packet.marks, ...checksOf(packet, model).flatMap(({ mark }) => mark ?? [])])];
}

/** A watch has no configuration of its own to hold a packet against. */
function checksOf(packet: Packet, { snapshot, watch }: Model): readonly PacketCheck[] {
  return watch === undefined ? packetChecks(packet, snapshot?.instances ?? []) : [];
}

/** The chosen packet, or the newest: its checks, its layers, its bytes. `x` shows more of the one or the other. */
function about(context: ViewContext, chosen: Packet | undefined, width: number, height: number): Line[] {
  const packet = chosen ?? context.model.packets.at(-1);
  if (packet === undefined || height < 3) return [];
  const { glyphs, model, ui } = context;
  const right = `x: ${ui.extra.hex === true ? 'tree' : 'hex'}`;
  const checks = checksOf(packet, model).map(
    ({ ok, text }): Line =>
      ok ? line(['ok', glyphs.pass], ` ${text}`) : line(['attention', `${glyphs.fail} ${text}`]),
  );
  const tree = packetTree(packet.bytes).map(({ depth, text, bad }): Line => {
    const clean = `${'  '.repeat(depth)}${cleanText(text)}`;
    return bad ? line(['attention', clean]) : line(depth === 0 ? ['strong', clean] : clean);
  });
  const hex = hexDump(packet.bytes).map((text) => line(['dim', text]));
  const body = ui.extra.hex === true ? [...hex, ...tree] : [...inRows(checks, width), ...tree, ...hex];
  return [rule(context, width, `Packet #${packet.seq}, ${packet.length} bytes`, { right }), ...body].slice(0, height);
}

/** Short lines side by side, as many as fit. */
function inRows(lines: readonly Line[], width: number): Line[] {
  const rows: Span[][] = [];
  for (const { spans } of lines) {
    const last = rows.at(-1);
    if (last !== undefined && spansWidth(last) + 3 + spansWidth(spans) <= width) last.push('   ', ...spans);
    else rows.push([...spans]);
  }
  return rows.map((spans) => ({ spans }));
}

function toggleHex(state: ScreenState): Step {
  return stay(withExtra(state, 'packets', { hex: uiOf(state, 'packets').extra.hex !== true }));
}

const commands: readonly Command[] = [
  {
    id: 'packets.hex',
    title: 'Bytes first, or layers first',
    keys: ['x'],
    names: ['hex'],
    group: 'view',
    tier: 'look',
    footer: { label: 'x hex', rank: 3 },
    run: toggleHex,
  },
];

function watchedName({ vrid, source, interface: name, vlan }: Packet): string | undefined {
  const family = source.includes(':') ? 6 : 4;
  return vrid === undefined ? undefined : routerName({ interface: name, vlan, family, vrid });
}

export const packetsView: View<Packet> = {
  id: 'packets',
  title: 'Packets',
  short: 'Pkts',
  digit: '2',
  names: ['packets', 'pkt', 'adverts'],
  list: {
    // A pane has few rows: announcements would push the adverts out.
    items: ({ model, compact }) => (compact ? model.packets.filter(isAdvert) : model.packets),
    key: ({ seq }) => String(seq),
    columns,
    log: true,
    tail: (p, { state }) =>
      isAdvert(p)
        ? undefined
        : { from: 'VRID', span: p.protocol === 'malformed' ? ['attention', p.summary] : announced(p, state) },
    empty: waiting,
    instance: (p, { model }) =>
      model.watch === undefined ? instanceOf(p, model.snapshot?.instances ?? [])?.name : watchedName(p),
    paneHeading: 'none',
  },
  below: about,
  open: toggleHex,
  commands,
};
