// What an operator looks at before a drill: the role, the addresses, who stands by and how sure that is, what goes along.
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import { candidates } from './candidates.ts';
import { duration, plural } from './format.ts';

export interface Preflight {
  /** Undefined: it cannot be told. */
  readonly ok: boolean | undefined;
  readonly text: string;
}

/** The checks in the order of their weight. */
export function preflight(snapshot: Snapshot, instance: InstanceSnapshot): readonly Preflight[] {
  return [
    roleOf(snapshot, instance),
    backupOf(snapshot, instance),
    ...addressesOf(instance),
    ...trackersOf(instance),
    ...groupOf(snapshot, instance),
    ...(instance.state === 'MASTER' && !instance.preempt
      ? [{ ok: undefined, text: 'nopreempt: it stays BACKUP afterwards, it does not come back by itself' }]
      : []),
    ...overridesOf(snapshot, instance),
  ];
}

function roleOf({ takenAt }: Snapshot, { state, since }: InstanceSnapshot): Preflight {
  if (state === 'MASTER') return { ok: true, text: `MASTER here for ${duration(takenAt - since)}` };
  return { ok: undefined, text: `${state} here: only the way from a MASTER to its backup can be measured` };
}

function backupOf(snapshot: Snapshot, instance: InstanceSnapshot): Preflight {
  const [best] = candidates(snapshot, instance);
  if (best === undefined) return { ok: false, text: 'no other router is known: a backup may not exist' };
  const priority = best.priority === undefined ? '' : ` priority ${best.priority},`;
  return { ok: best.evidence === 'known' ? true : undefined, text: `${best.label},${priority} ${best.note}` };
}

function addressesOf({ state, addresses }: InstanceSnapshot): Preflight[] {
  if (state !== 'MASTER') return [];
  const present = addresses.filter((address) => address.present).length;
  const all = addresses.length;
  return [{ ok: present === all, text: `${present} of ${plural(all, 'address', 'addresses')} present` }];
}

function trackersOf({ trackers }: InstanceSnapshot): Preflight[] {
  const failing = trackers.filter(({ ok }) => ok === false).map(({ name }) => name);
  if (trackers.length === 0) return [];
  if (failing.length === 0) return [{ ok: true, text: `${plural(trackers.length, 'tracker')} good` }];
  return [{ ok: false, text: `failing: ${failing.join(', ')}` }];
}

function groupOf({ instances }: Snapshot, { name, syncGroup }: InstanceSnapshot): Preflight[] {
  const mates = instances.filter((each) => syncGroup !== undefined && each.syncGroup === syncGroup);
  const others = mates.map((each) => each.name).filter((other) => other !== name);
  return others.length === 0
    ? []
    : [{ ok: undefined, text: `sync group ${syncGroup}: ${others.join(', ')} along with it` }];
}

function overridesOf({ overrides }: Snapshot, { name }: InstanceSnapshot): Preflight[] {
  const own = overrides.filter(({ instance }) => instance === name);
  if (own.length > 0) return own.map(({ text }) => ({ ok: false, text: `in force already: ${text}` }));
  return [{ ok: true, text: 'no other override on it' }];
}
