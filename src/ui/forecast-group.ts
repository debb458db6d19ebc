// What a change of one instance does to the others of its sync group: they go along.
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import { candidates } from './candidates.ts';
import type { Forecast } from './forecast.ts';
import { plural } from './format.ts';

/** The forecast with what the sync group does. `faulted`: the instance goes to FAULT, whatever it is now. */
export function withGroup(snapshot: Snapshot, instance: InstanceSnapshot, result: Forecast, faulted = false): Forecast {
  if (instance.syncGroup === undefined || result.refused !== undefined) return result;
  const moves = result.tier !== 'local';
  const mates = snapshot.instances.filter(
    ({ name, syncGroup, state }) =>
      syncGroup === instance.syncGroup && name !== instance.name && state !== 'FAULT' && (moves || faulted),
  );
  if (mates.length === 0) return result;
  const along = mates.map(({ name }) => name);
  const addresses = mates.reduce((sum, mate) => sum + mate.addresses.length, 0);
  const group = `Sync group ${instance.syncGroup}: ${along.join(', ')} ${along.length === 1 ? 'goes' : 'go'} along`;
  if (!moves) return { ...result, along, lines: [...result.lines, `${group}.`] };
  const lonely = instance.state === 'MASTER' ? mates.filter((mate) => candidates(snapshot, mate).length === 0) : [];
  return {
    ...result,
    along,
    tier: 'outage',
    lines: [
      ...result.lines,
      `${group}, ${plural(addresses, 'address', 'addresses')} more.`,
      ...lonely.map(({ name }) => `OUTAGE possible: no other router is known for ${name}.`),
    ],
  };
}
