// Which effective priorities an instance can reach: its trackers one by one, all together, and what only ever is a FAULT.
import { TRACKER_KINDS, type TrackerKind, tracksIn } from '../engine/tracks.ts';
import type { TrackWeight } from '../vrrp/config.ts';
import { effectivePriority } from '../vrrp/timers.ts';
import { OWNER_PRIORITY } from '../wire/vrrp.ts';
import type { Member } from './configured-host.ts';

/** A tracker that changes the priority, and how far. */
export interface Weighing {
  readonly kind: TrackerKind | 'bfd';
  readonly name: string;
  /** What it adds while all is well, and while it is not; the first is more. */
  readonly healthy: number;
  readonly failed: number;
}

export interface Reach {
  readonly member: Member;
  /** With everything well. */
  readonly healthy: number;
  /** With everything failed that has a weight. */
  readonly worst: number;
  /** Every value between these that some combination of trackers gives, ascending. */
  readonly reachable: readonly number[];
  readonly weighings: readonly Weighing[];
  /** Trackers whose failure is a FAULT. */
  readonly faults: readonly { readonly kind: Weighing['kind']; readonly name: string }[];
}

/** Sums are clamped to 1..254, so there are never many of them, whatever the number of trackers. */
export function reachOf(member: Member): Reach {
  const { priority } = member.instance;
  const tracks = tracksOfMember(member);
  // A file adds its number times the weight: any value; it is left out of the arithmetic.
  const weighted = tracks.filter(({ kind, track }) => track.weight !== 0 && kind !== 'file');
  const weighings = priority === OWNER_PRIORITY ? [] : weighted.map(({ kind, track }) => weighingOf(kind, track));
  let sums = new Set([0]);
  for (const { healthy, failed } of weighings) {
    sums = new Set([...sums].flatMap((sum) => [sum + healthy, sum + failed]));
  }
  const reachable = [...new Set([...sums].map((sum) => effectivePriority(priority, sum)))].sort((a, b) => a - b);
  const total = (side: 'healthy' | 'failed') => weighings.reduce((sum, weighing) => sum + weighing[side], 0);
  return {
    member,
    healthy: effectivePriority(priority, total('healthy')),
    worst: effectivePriority(priority, total('failed')),
    reachable,
    weighings,
    faults: tracks.filter(({ track }) => track.weight === 0).map(({ kind, track }) => ({ kind, name: track.name })),
  };
}

/** The priority with one tracker failed and all else well. */
export function withFailed({ member, weighings }: Reach, failed: Weighing): number {
  const sum = weighings.reduce((total, each) => total + (each === failed ? each.failed : each.healthy), 0);
  return effectivePriority(member.instance.priority, sum);
}

/** Weight above 0 is added while good, below 0 while bad; `reverse` turns the sign: in each case one of two values. */
function weighingOf(kind: Weighing['kind'], { name, weight, reverse }: TrackWeight): Weighing {
  const moved = reverse ? -weight : weight;
  return { kind, name, healthy: Math.max(0, moved), failed: Math.min(0, moved) };
}

function tracksOfMember(member: Member): { kind: Weighing['kind']; track: TrackWeight }[] {
  const { instance, host } = member;
  const group = host.config.syncGroups?.find(({ members }) => members.includes(instance.name));
  const own = TRACKER_KINDS.flatMap((kind) =>
    [...tracksIn(instance, kind), ...(group === undefined ? [] : tracksIn(group, kind))].map((track) => ({
      kind,
      track,
    })),
  );
  return [...own, ...(instance.trackBfds ?? []).map((track) => ({ kind: 'bfd' as const, track }))];
}
