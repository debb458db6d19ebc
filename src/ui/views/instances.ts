// The instance table: state, priorities, who is MASTER, how old its last advert is, trackers; a FAULT shows its reason.
import type { InstanceSnapshot } from '../../engine/snapshot.ts';
import { duration, interval } from '../format.ts';
import { selectedInstance } from '../state.ts';
import { type Column, table } from '../table.ts';
import { type Line, line, type Span, width as textWidth } from '../text.ts';
import { advertAge, type PaneView, rule, stateSpan, trackerCount, type ViewContext, windowStart } from './context.ts';

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

function columns(context: ViewContext, selected: string | undefined, room: number): Column<InstanceSnapshot>[] {
  const { now, glyphs } = context;
  const overridden = new Set(context.state.snapshot?.overrides.map((override) => override.instance));
  const names = context.state.snapshot?.instances.map(({ name }) => textWidth(name)) ?? [];
  const nameCells = Math.min(NAME_CELLS, Math.max(4, ...names));
  const mark = ({ name }: InstanceSnapshot): string => (name === selected ? glyphs.cursor : ' ');
  return [
    { title: '', min: 1, cell: (i) => [i.name === selected ? 'strong' : 'dim', mark(i)] },
    { title: 'STATE', min: 8, cell: (i) => stateSpan(i.state, glyphs) },
    { title: '', min: 1, cell: (i) => (overridden.has(i.name) ? ['override', glyphs.flag] : ' ') },
    { title: 'NAME', min: nameCells, max: 24, cell: (i) => (i.name === selected ? ['strong', i.name] : i.name) },
    { title: 'IFACE', min: 6, max: 15, drop: 5, cell: (i) => i.interface },
    { title: 'VRID', min: 4, align: 'right', cell: (i) => String(i.vrid) },
    { title: 'VER', min: 5, drop: 9, cell: (i) => `v${i.version}/${i.family}` },
    { title: `PRI${glyphs.arrow}EFF`, min: 7, cell: (i) => prioritySpan(i, context) },
    { title: 'MASTER', min: room < 72 ? 13 : 20, cell: (i) => masterSpan(i, now) },
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

/** Below this many rows the table does without a rule of its own: the header line is right above it. */
const RULE_FROM = 24;

/** Lines that the table would like to have when the body has `bodyHeight` rows. */
export function instancesHeight({ state }: ViewContext, bodyHeight: number): number {
  return (bodyHeight >= RULE_FROM ? 2 : 1) + Math.max(1, state.snapshot?.instances.length ?? 1);
}

export const instancesPane: PaneView = (context, width, height) => {
  const { state } = context;
  const { snapshot } = state;
  const instances = snapshot?.instances ?? [];
  if (instances.length === 0) {
    const text =
      snapshot === undefined ? 'waiting for the first report of the engine ...' : 'no vrrp_instance is configured';
    return [rule(context, width, 'Instances'), line(`  ${text}`)];
  }
  const ruled = state.size.rows - 3 >= RULE_FROM || state.zoomed;
  const selected = selectedInstance(state);
  const visible = Math.max(1, height - (ruled ? 2 : 1));
  const start = windowStart(instances.length, visible, selected === undefined ? 0 : instances.indexOf(selected));
  const rows = instances.slice(start, start + visible);
  const { heading, lines } = table(columns(context, selected?.name, width), rows, width, {
    measure: instances,
    tail: (i) =>
      i.state === 'FAULT' ? { from: 'MASTER', span: ['critical', i.faults.join('; ') || i.cause] } : undefined,
  });
  const range =
    rows.length < instances.length
      ? `${start + 1}-${start + rows.length} of ${instances.length}`
      : `${instances.length}`;
  const head = ruled ? [rule(context, width, `Instances ${range}`, { focused: state.focus === 'instances' })] : [];
  return [...head, heading, ...lines] as Line[];
};
