// What an instance was over time, as a lane of one cell per span: M MASTER, b BACKUP, ✗ FAULT, ▼ BACKUP with less priority.
import type { EventRecord } from '../engine/record.ts';
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import type { VrrpState } from '../vrrp/state.ts';
import type { Span } from './text.ts';
import type { Glyphs, Style } from './theme.ts';

/** From here on it was in that state, until the next. */
interface Stay {
  readonly at: number;
  readonly state: VrrpState;
  readonly lowered: boolean;
}

/** A span of time, µs of the engine's clock, drawn in so many cells. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly cells: number;
}

/** What the events tell of an instance, oldest first. Before the first of them nothing is known but the present stay. */
export function staysOf(instance: InstanceSnapshot, events: readonly EventRecord[]): readonly Stay[] {
  const stays: Stay[] = [];
  let lowered = false;
  let state: VrrpState | undefined;
  for (const event of events) {
    if (event.instance !== instance.name) continue;
    if (event.kind === 'state' && event.state !== undefined && event.state !== 'STOP') state = event.state;
    else if (event.kind === 'priority') lowered = loweredBy(event, lowered);
    else continue;
    if (state !== undefined) stays.push({ at: event.at, state, lowered });
  }
  if (stays.length > 0) return stays;
  return [{ at: instance.since, state: instance.state, lowered: isLowered(instance) }];
}

function isLowered({ effectivePriority, configuredPriority }: InstanceSnapshot): boolean {
  return effectivePriority < configuredPriority;
}

/** `Changing effective priority from 100 to 80`. */
function loweredBy({ text }: EventRecord, before: boolean): boolean {
  const match = /from (\d+) to (\d+)/.exec(text);
  return match === null ? before : Number(match[2]) < Number(match[1]);
}

/** One cell each: the gravest of what it was during that time; blank where nothing is known. */
export function laneSpans(stays: readonly Stay[], { from, to, cells }: Window, glyphs: Glyphs): Span[] {
  const perCell = (to - from) / cells;
  const spans: [Style | undefined, string][] = [];
  for (let i = 0; i < cells; i += 1) {
    const [style, char] = cellOf(stays, from + i * perCell, from + (i + 1) * perCell, glyphs);
    const last = spans.at(-1);
    if (last !== undefined && last[0] === style) last[1] += char;
    else spans.push([style, char]);
  }
  return spans.map(([style, text]) => (style === undefined ? text : [style, text]));
}

function cellOf(
  stays: readonly Stay[],
  from: number,
  to: number,
  glyphs: Glyphs,
): readonly [Style | undefined, string] {
  const after = stays.findIndex(({ at }) => at >= to);
  const upTo = after < 0 ? stays.length : after;
  let gravest: Stay | undefined;
  for (let i = upTo - 1; i >= 0; i -= 1) {
    const stay = stays[i]!;
    if (gravest === undefined || rank(stay) > rank(gravest)) gravest = stay;
    if (stay.at <= from) break;
  }
  if (gravest === undefined) return [undefined, ' '];
  if (gravest.state === 'FAULT') return ['critical', glyphs.fault];
  if (gravest.state === 'MASTER') return ['strong', 'M'];
  if (gravest.state === 'INIT') return ['dim', '.'];
  return gravest.lowered ? ['attention', glyphs.down] : [undefined, 'b'];
}

const RANK: Readonly<Record<VrrpState, number>> = { INIT: 0, BACKUP: 1, MASTER: 3, FAULT: 4 };

function rank({ state, lowered }: Stay): number {
  return RANK[state] + (state === 'BACKUP' && lowered ? 1 : 0);
}
