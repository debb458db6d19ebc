// Who tracks what: the lines of an instance and those of its sync group, by kind.
import type { InstanceConfig, TrackWeight } from '../vrrp/config.ts';
import type { SyncGroupConfig } from './config.ts';
import { groupOf } from './groups.ts';
import type { Node, VirtualRouter } from './node.ts';

export const TRACKER_KINDS = ['script', 'interface', 'file', 'process'] as const;
export type TrackerKind = (typeof TRACKER_KINDS)[number];

const FIELD = {
  script: 'trackScripts',
  interface: 'trackInterfaces',
  file: 'trackFiles',
  process: 'trackProcesses',
} as const satisfies Readonly<Record<TrackerKind, keyof InstanceConfig & keyof SyncGroupConfig>>;

const NONE: readonly TrackWeight[] = [];

/** The lists of an instance or group by kind, absent ones empty. */
export function tracksIn(holder: InstanceConfig | SyncGroupConfig, kind: TrackerKind): readonly TrackWeight[] {
  return holder[FIELD[kind]] ?? NONE;
}

/** The same instance or group with other lists; `change` returns what becomes of one line. */
export function mapTracks<T extends InstanceConfig | SyncGroupConfig>(
  holder: T,
  change: (kind: TrackerKind, track: TrackWeight) => readonly TrackWeight[],
): T {
  const lists = TRACKER_KINDS.flatMap((kind) => {
    const list = holder[FIELD[kind]];
    return list === undefined ? [] : [[FIELD[kind], list.flatMap((track) => change(kind, track))] as const];
  });
  return { ...holder, ...Object.fromEntries(lists) };
}

/** What an instance tracks, and its sync group for it. */
export function tracksOf(node: Node, router: VirtualRouter, kind: TrackerKind): readonly TrackWeight[] {
  const own = tracksIn(router.config, kind);
  const group = groupOf(node, router)?.config;
  return group === undefined ? own : [...own, ...tracksIn(group, kind)];
}

/** Instances that track this, themselves or by their group, in the order of the file. */
export function usersOf(node: Node, kind: TrackerKind, name: string): readonly VirtualRouter[] {
  return [...node.routers.values()].filter((router) =>
    tracksOf(node, router, kind).some((track) => track.name === name),
  );
}
