// The instance table: state, priorities, who is MASTER, how old its last advert is, trackers; a FAULT shows its reason.
import type { InstanceSnapshot } from '../../engine/snapshot.ts';
import { duration, interval } from '../format.ts';
import { selectedInstance } from '../state.ts';
import { type Column, table } from '../table.ts';
import { type Line, line, type Span } from '../text.ts';
import { advertAge, type PaneView, rule, stateSpan, trackerCount, type ViewContext, windowStart } from './context.ts';

/** Base and effective priority; the arrow only where they differ. */
export function prioritySpan(instance: InstanceSnapshot, { glyphs }: ViewContext): Span {
  const { basePriority, effectivePriority } = instance;
  if (basePriority === effectivePriority) return String(basePriority);
  const mark = effectivePriority < basePriority ? glyphs.lower : glyphs.higher;
  return ['attention', `${basePriority}${glyphs.arrow}${effectivePriority} ${mark}`];
}

/** The MASTER as this router knows it, or what is waited for. */
export function masterSpan(instance: InstanceSnapshot, now: number): Span {
  const { master } = instance;
  if (master?.self) return 'self';
  if (master !== undefined) return `${master.address} p${master.priority}`;
  if (instance.masterDownAt !== undefined) return ['dim', `none, mine in ${duration(instance.masterDownAt - now)}`];
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

function columns(context: ViewContext, selected: string | undefined): Column<InstanceSnapshot>[] {
  const { now, glyphs } = context;
  const overridden = new Set(context.state.snapshot?.overrides.map((override) => override.instance));
  const mark = ({ name }: InstanceSnapshot): string => (name === selected ? glyphs.cursor : ' ');
  return [
    { title: '', min: 1, cell: (i) => [i.name === selected ? 'strong' : 'dim', mark(i)] },
    { title: 'STATE', min: 8, cell: (i) => stateSpan(i.state, glyphs) },
    { title: '', min: 1, cell: (i) => (overridden.has(i.name) ? ['override', glyphs.flag] : ' ') },
    { title: 'NAME', min: 10, max: 24, cell: (i) => (i.name === selected ? ['strong', i.name] : i.name) },
    { title: 'IFACE', min: 6, max: 15, drop: 5, cell: (i) => i.interface },
    { title: 'VRID', min: 4, align: 'right', cell: (i) => String(i.vrid) },
    { title: 'VER', min: 5, drop: 9, cell: (i) => `v${i.version}/${i.family}` },
    { title: `PRI${glyphs.arrow}EFF`, min: 9, cell: (i) => prioritySpan(i, context) },
    { title: 'MASTER', min: 17, max: 34, cell: (i) => masterSpan(i, now) },
    { title: 'ADV', min: 5, align: 'right', cell: (i) => ageSpan(i, now) },
    { title: 'TRK', min: 4, align: 'right', drop: 2, cell: trackerCount },
    { title: 'VIPS', min: 4, align: 'right', drop: 6, cell: addressSpan },
    { title: 'FOR', min: 6, align: 'right', drop: 7, cell: (i) => duration(now - i.since) },
    { title: 'EVERY', min: 5, align: 'right', drop: 10, cell: (i) => interval(i.advertIntervalUs) },
    { title: 'PREEMPT', min: 7, drop: 11, cell: (i) => (i.preempt ? 'yes' : 'no') },
    { title: 'SENT', min: 7, align: 'right', drop: 12, cell: (i) => String(i.counters.advertSent) },
    { title: 'RCVD', min: 7, align: 'right', drop: 13, cell: (i) => String(i.counters.advertRcvd) },
  ];
}

/** Lines that the table would like to have. */
export function instancesHeight({ state }: ViewContext): number {
  return 2 + Math.max(1, state.snapshot?.instances.length ?? 1);
}

export const instancesPane: PaneView = (context, width, height) => {
  const { state } = context;
  const { snapshot } = state;
  const focused = state.focus === 'instances';
  if (snapshot === undefined) {
    return [rule(context, width, 'Instances', { focused }), line('  waiting for the first report of the engine ...')];
  }
  const selected = selectedInstance(state);
  const total = snapshot.instances.length;
  if (total === 0) return [rule(context, width, 'Instances 0', { focused }), line('  no vrrp_instance is configured')];
  const visible = Math.max(1, height - 2);
  const start = windowStart(total, visible, selected === undefined ? 0 : snapshot.instances.indexOf(selected));
  const rows = snapshot.instances.slice(start, start + visible);
  const { heading, lines } = table(columns(context, selected?.name), rows, width, {
    tail: (i) =>
      i.state === 'FAULT' ? { from: 'MASTER', span: ['critical', i.faults.join('; ') || i.cause] } : undefined,
  });
  const range = total > visible ? `${start + 1}-${start + rows.length} of ${total}` : `${total}`;
  const right = state.dialog === undefined ? undefined : 'FROZEN while a dialog is open';
  return [
    rule(context, width, `Instances ${range}`, { focused, ...(right && { right }) }),
    heading,
    ...lines,
  ] as Line[];
};
