// The instance table: state, priorities, who is MASTER, how old its last advert is, trackers; a FAULT shows its reason.
import type { InstanceSnapshot } from '../../engine/snapshot.ts';
import { count, duration, interval } from '../format.ts';
import { showInstance, stay } from '../state.ts';
import type { Column } from '../table.ts';
import { type Span, width as textWidth } from '../text.ts';
import { alertLines } from './alerts.ts';
import { advertAge, stateSpan, trackerCount, type ViewContext } from './context.ts';
import { previewLines } from './detail.ts';
import type { View } from './view.ts';
import { watchedColumns } from './watched.ts';

/** Base and effective priority; the arrow only where they differ. */
export function prioritySpan(instance: InstanceSnapshot, { glyphs }: ViewContext): Span {
  const { configuredPriority, effectivePriority } = instance;
  if (configuredPriority === effectivePriority) return String(effectivePriority);
  return ['attention', `${configuredPriority}${glyphs.arrow}${effectivePriority}`];
}

const LONGEST_ADDRESS = 15;

/** An IPv6 address loses its middle: both ends tell routers apart, and the whole is in the detail. */
function shortAddress(address: string): string {
  return address.length <= LONGEST_ADDRESS ? address : `${address.slice(0, 5)}~${address.slice(-9)}`;
}

/** The MASTER as this router knows it, or what is waited for. */
export function masterSpan(instance: InstanceSnapshot, now: number): Span {
  const { master } = instance;
  if (master?.self) return 'self';
  if (master !== undefined) return `${shortAddress(master.address)} p${master.priority}`;
  if (instance.masterDownAt !== undefined) return ['dim', `none, self in ${duration(instance.masterDownAt - now)}`];
  return '-';
}

function ageSpan(instance: InstanceSnapshot, now: number): Span {
  const age = advertAge(instance, now);
  if (age === undefined) return '-';
  const limit = 2 * (instance.master?.self ? instance.advertIntervalUs : instance.masterIntervalUs);
  return age > limit ? ['attention', `${duration(age)}!`] : duration(age);
}

function addressSpan(instance: InstanceSnapshot): Span {
  const present = instance.addresses.filter((address) => address.present).length;
  const wanted = instance.state === 'MASTER' ? instance.addresses.length : 0;
  const text = `${present}/${instance.addresses.length}`;
  return present === wanted ? text : ['critical', `${text}!`];
}

/** Longest name that may push other columns out. */
const NAME_CELLS = 14;

function columns(context: ViewContext, room: number): Column<InstanceSnapshot>[] {
  const { now, glyphs, model } = context;
  const overridden = new Set(model.snapshot?.overrides.map((override) => override.instance));
  const names = model.snapshot?.instances.map(({ name }) => textWidth(name)) ?? [];
  const nameCells = Math.min(NAME_CELLS, Math.max(4, ...names));
  const flag = ({ name }: InstanceSnapshot): Span => (overridden.has(name) ? ['override', glyphs.flag] : ' ');
  return [
    { id: 'state', title: 'STATE', min: 8, cell: (i) => stateSpan(i.state, glyphs), value: (i) => i.state },
    { title: '', min: 1, cell: flag },
    { id: 'name', title: 'NAME', min: nameCells, max: 24, cell: (i) => i.name },
    { id: 'group', title: 'GROUP', min: 6, max: 12, drop: 8, cell: (i) => i.syncGroup ?? '-' },
    { id: 'iface', title: 'IFACE', min: 6, max: 15, drop: 5, cell: (i) => i.interface || '-' },
    { id: 'vrid', title: 'VRID', min: 4, align: 'right', cell: (i) => String(i.vrid), value: (i) => i.vrid },
    { id: 'version', title: 'VER', min: 5, drop: 9, cell: (i) => `v${i.version}/${i.family}` },
    {
      id: 'priority',
      title: `PRI${glyphs.arrow}EFF`,
      min: 7,
      drop: 1,
      cell: (i) => prioritySpan(i, context),
      value: (i) => i.effectivePriority,
    },
    { id: 'master', title: 'MASTER', min: room < 72 ? 13 : 20, drop: 1, cell: (i) => masterSpan(i, now) },
    {
      id: 'age',
      title: 'ADV',
      min: 5,
      align: 'right',
      drop: 2,
      cell: (i) => ageSpan(i, now),
      value: (i) => secondsOf(advertAge(i, now)),
    },
    { id: 'trackers', title: 'TRK', min: 4, align: 'right', drop: 3, cell: trackerCount },
    { id: 'vips', title: 'VIPS', min: 4, align: 'right', drop: 6, cell: addressSpan },
    {
      id: 'for',
      title: 'FOR',
      min: 6,
      align: 'right',
      drop: 7,
      cell: (i) => duration(now - i.since),
      value: (i) => secondsOf(now - i.since),
    },
    {
      id: 'every',
      title: 'EVERY',
      min: 5,
      align: 'right',
      drop: 10,
      cell: (i) => interval(i.advertIntervalUs),
      value: (i) => secondsOf(i.advertIntervalUs),
    },
    { id: 'preempt', title: 'PREEMPT', min: 7, drop: 11, cell: (i) => (i.preempt ? 'yes' : 'no') },
    {
      id: 'sent',
      title: 'SENT',
      min: 7,
      align: 'right',
      drop: 12,
      cell: (i) => count(i.counters.advertSent),
      value: (i) => i.counters.advertSent,
    },
    {
      id: 'received',
      title: 'RCVD',
      min: 7,
      align: 'right',
      drop: 13,
      cell: (i) => count(i.counters.advertRcvd),
      value: (i) => i.counters.advertRcvd,
    },
  ];
}

const secondsOf = (us: number | undefined): number | undefined => (us === undefined ? undefined : us / 1_000_000);

export const instancesView: View<InstanceSnapshot> = {
  id: 'instances',
  title: 'Instances',
  short: 'Inst',
  digit: '1',
  names: ['instances', 'inst', 'i'],
  summary: ({ model }) => String(model.snapshot?.instances.length ?? ''),
  list: {
    items: ({ model }) => model.snapshot?.instances ?? [],
    key: ({ name }) => name,
    columns: (context, room) => (context.model.watch === undefined ? columns(context, room) : watchedColumns(context)),
    instance: ({ name }) => name,
    tail: (i) =>
      i.state === 'FAULT' ? { from: 'MASTER', span: ['critical', i.faults.join('; ') || i.cause] } : undefined,
    empty: ({ model }) =>
      model.snapshot === undefined
        ? model.info.command === 'watch'
          ? 'reading ...'
          : 'waiting for the first report of the engine ...'
        : model.watch !== undefined
          ? 'no advert has been heard yet: a MASTER sends one each interval'
          : 'no vrrp_instance is configured',
  },
  below: (context, instance, width, height) => {
    const alerts = alertLines(context, width, Math.min(5, height - 4));
    return [...previewLines(context, instance, width, height - alerts.length), ...alerts];
  },
  open: (state, { name }) => stay(showInstance(state, name)),
};
