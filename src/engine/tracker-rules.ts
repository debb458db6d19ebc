// What becomes of weights where a priority must not move: keepalived alters or drops them when it completes a configuration.
import type { InstanceConfig, TrackWeight } from '../vrrp/config.ts';
import { OWNER_PRIORITY } from '../wire/vrrp.ts';
import type { NodeConfig, SyncGroupConfig } from './config.ts';
import { mapTracks } from './tracks.ts';

export interface TrackerRules {
  readonly config: NodeConfig;
  /** One line for each tracker that is not as the file says, with the instance or group it is of. */
  readonly notes: readonly { readonly name: string; readonly text: string }[];
}

/**
 * An owner, and a member of a sync group without sync_group_tracking_weight, have no weights of their own: scripts and
 * files with one are dropped, interfaces become FAULT conditions (an owner's are dropped too). A group's own weights
 * stay, unless a member is an owner; then they are 0.
 */
export function applyTrackerRules(config: NodeConfig): TrackerRules {
  const notes: { name: string; text: string }[] = [];
  const groups = config.syncGroups ?? [];
  const bound = new Set(groups.filter(({ trackingWeight }) => !trackingWeight).flatMap(({ members }) => members));
  const owners = new Set(config.instances.filter(isOwner).map(({ name }) => name));
  const instances = config.instances.map((instance) => {
    const { name } = instance;
    const owner = owners.has(name);
    if (!owner && !bound.has(name)) return instance;
    const why = owner ? 'an address owner' : 'a member of a sync group without sync_group_tracking_weight';
    const note = ({ name: tracker }: TrackWeight, done: string) =>
      notes.push({ name, text: `weight of ${tracker} does not go with ${why}: it ${done}` });
    return withoutWeights(instance, owner, note);
  });
  const syncGroups = groups.map((group) => {
    if (!group.members.some((member) => owners.has(member))) return group;
    return zeroWeights(group, ({ name: tracker }) =>
      notes.push({ name: group.name, text: `weight of ${tracker} does not go with an address owner: it is 0` }),
    );
  });
  return { config: { ...config, instances, ...(groups.length > 0 && { syncGroups }) }, notes };
}

function isOwner({ priority }: InstanceConfig): boolean {
  return priority === OWNER_PRIORITY;
}

type Note = (track: TrackWeight, done: string) => void;

/**
 * What becomes of a line with a weight of a kind. A file of the default weight becomes a FAULT condition; processes
 * keep theirs (but an owner's priority never moves).
 */
function withoutWeights(instance: InstanceConfig, owner: boolean, note: Note): InstanceConfig {
  return mapTracks(instance, (kind, track) => {
    if (track.weight === 0 || kind === 'process') return [track];
    if (kind === 'interface' ? !owner : kind === 'file' && track.weight === 1) {
      note(track, 'counts as 0, so that its loss is a FAULT');
      return [{ ...track, weight: 0 }];
    }
    note(track, 'is not tracked');
    return [];
  });
}

function zeroWeights(group: SyncGroupConfig, note: (track: TrackWeight) => void): SyncGroupConfig {
  return mapTracks(group, (_, track) => {
    if (track.weight === 0) return [track];
    note(track);
    return [{ ...track, weight: 0 }];
  });
}
