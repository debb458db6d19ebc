// What a command will do, as far as a snapshot tells: which tier of care it deserves and what to say before it is done.
import type { OperatorCommand, SetCommand } from '../engine/commands.ts';
import { DEFAULT_OVERRIDE_US } from '../engine/commands.ts';
import type { InstanceSnapshot, OverrideSnapshot, Snapshot } from '../engine/snapshot.ts';
import { effectivePriority, masterDownTime, skewTime } from '../vrrp/timers.ts';
import { type Candidate, candidates } from './candidates.ts';
import { forecastAct } from './forecast-acts.ts';
import { withGroup } from './forecast-group.ts';
import { plural, seconds } from './format.ts';

/**
 * `local`: no change of MASTER expected. `mastership`: MASTER changes hands. `outage`: several instances go along, or
 * nobody is known to take over.
 */
export type Tier = 'local' | 'mastership' | 'outage';

export interface Forecast {
  readonly tier: Tier;
  /** Sentences for the operator, the most important first. */
  readonly lines: readonly string[];
  /** Other instances of the sync group that change with it. */
  readonly along?: readonly string[];
  /** It would have no effect at all. */
  readonly refused?: string;
}

/** What an instance would be after a command: everything else stays. */
interface Change {
  readonly faulted: boolean;
  readonly base: number;
  readonly preempt: boolean;
}

const contribution = (instance: InstanceSnapshot): number =>
  instance.trackers.reduce((sum, tracker) => sum + tracker.contribution, 0);

/** What to expect of a command when it is given now. */
export function forecast(snapshot: Snapshot, command: OperatorCommand): Forecast {
  if (command.kind === 'announce' || command.kind === 'run-script') return forecastAct(snapshot, command);
  if (command.kind === 'undo-all') return forecastUndoAll(snapshot);
  if (command.kind === 'undo') {
    const override = snapshot.overrides.find((o) => o.id === command.id) ?? newestOverride(snapshot);
    const instance = snapshot.instances.find((i) => i.name === override?.instance);
    if (override === undefined || instance === undefined) return refusal('there is no override to undo');
    return withGroup(
      snapshot,
      instance,
      forecastChange(snapshot, instance, withoutOverride(instance, override), 'now'),
    );
  }
  const instance = snapshot.instances.find((i) => i.name === command.instance);
  if (instance === undefined) return refusal(`there is no instance ${command.instance}`);
  if (instance.configuredPriority === 255 && command.kind !== 'force-fault') {
    return refusal(`${instance.name} owns its addresses (priority 255): priority and preemption are fixed`);
  }
  const result = withGroup(
    snapshot,
    instance,
    forecastChange(snapshot, instance, changed(instance, command), 'command'),
    command.kind === 'force-fault',
  );
  if (result.refused !== undefined) return result;
  const lasts = command.lastsUs ?? DEFAULT_OVERRIDE_US;
  return { ...result, lines: [...result.lines, `Reverts by itself after ${seconds(lasts)}.${returning(instance)}`] };
}

export function newestOverride(snapshot: Snapshot): OverrideSnapshot | undefined {
  return snapshot.overrides.reduce<OverrideSnapshot | undefined>(
    (newest, override) => (newest === undefined || override.id > newest.id ? override : newest),
    undefined,
  );
}

function refusal(refused: string): Forecast {
  return { tier: 'local', lines: [], refused };
}

function changed(instance: InstanceSnapshot, command: SetCommand): Change {
  const now: Change = {
    faulted: instance.state === 'FAULT',
    base: instance.basePriority,
    preempt: instance.preempt,
  };
  if (command.kind === 'force-fault') return { ...now, faulted: true };
  if (command.kind === 'set-priority') return { ...now, base: command.priority };
  if (command.kind === 'add-priority') {
    return { ...now, base: Math.min(254, Math.max(1, instance.basePriority + command.delta)) };
  }
  return { ...now, preempt: !instance.preempt };
}

function withoutOverride(instance: InstanceSnapshot, override: OverrideSnapshot): Change {
  return {
    faulted: override.kind === 'force-fault' ? instance.faults.length > 1 : instance.state === 'FAULT',
    base: override.kind === 'priority' ? instance.configuredPriority : instance.basePriority,
    preempt: override.kind === 'nopreempt' ? !instance.preempt : instance.preempt,
  };
}

function forecastChange(
  snapshot: Snapshot,
  instance: InstanceSnapshot,
  change: Change,
  when: 'now' | 'command',
): Forecast {
  const rivals = candidates(snapshot, instance);
  if (instance.state === 'FAULT' && change.faulted) {
    if (when === 'command' && change.base === instance.basePriority && change.preempt === instance.preempt) {
      return refusal(`${instance.name} is in FAULT already: ${instance.faults[0] ?? instance.cause}`);
    }
    // The forced fault is what an undo takes away: the others are the reason to tell.
    const other = instance.faults.find((text) => !text.startsWith('forced')) ?? instance.cause;
    return { tier: 'local', lines: [`${instance.name} stays in FAULT: ${other}.`] };
  }
  if (instance.state === 'MASTER') {
    return change.faulted ? forecastLeave(instance, rivals, 'goes to FAULT') : forecastWeaker(instance, rivals, change);
  }
  if (change.faulted) {
    return {
      tier: 'local',
      lines: [
        `${instance.name} is ${instance.state} here: it goes to FAULT and no longer stands by.`,
        instance.master === undefined
          ? 'No MASTER is known at this moment.'
          : `${instance.master.address} stays MASTER (priority ${instance.master.priority}).`,
      ],
    };
  }
  return forecastStronger(instance, rivals, change);
}

/** MASTER sends priority 0 and leaves: the best rival follows after its skew time (RFC 9568 §6.4.2). */
export function forecastLeave(instance: InstanceSnapshot, rivals: readonly Candidate[], what: string): Forecast {
  const first = `MASTER here: sends priority 0, ${what}, ${plural(instance.addresses.length, 'address', 'addresses')} removed.`;
  const [best] = rivals;
  const skew = (priority: number) => seconds(skewTime(instance.version, priority, instance.advertIntervalUs));
  if (best?.priority === undefined) {
    const own = `A backup of equal settings would take over ${skew(instance.effectivePriority)} after priority 0, if one listens.`;
    if (best === undefined) {
      return { tier: 'outage', lines: [first, 'OUTAGE possible: no other router was ever heard for this VRID.', own] };
    }
    return {
      tier: 'mastership',
      lines: [
        first,
        `Next MASTER: ${best.label}, ${best.note}.`,
        `It takes over ${skew(254)} to ${skew(1)} after priority 0.`,
      ],
    };
  }
  return {
    tier: 'mastership',
    lines: [
      first,
      `Next MASTER: ${best.label}, priority ${best.priority}, ${best.note}.`,
      `It takes over ${skew(best.priority)} after priority 0.`,
    ],
  };
}

function forecastWeaker(instance: InstanceSnapshot, rivals: readonly Candidate[], change: Change): Forecast {
  const next = effectivePriority(change.base, contribution(instance));
  const head = `Effective priority ${instance.effectivePriority} -> ${next}.`;
  if (next === instance.effectivePriority || next > instance.effectivePriority) {
    const what =
      change.preempt === instance.preempt
        ? head
        : `nopreempt ${change.preempt ? 'off' : 'on'}; it counts when this is a BACKUP.`;
    return { tier: 'local', lines: [what, `${instance.name} stays MASTER here.`] };
  }
  const winner = rivals.find(({ priority, preempt }) => priority !== undefined && priority > next && preempt !== false);
  if (winner?.priority !== undefined) {
    const wait = masterDownTime(instance.version, winner.priority, instance.advertIntervalUs);
    return {
      tier: 'mastership',
      lines: [
        head,
        `Next MASTER: ${winner.label}, priority ${winner.priority}, ${winner.note}.`,
        `It takes over within ${seconds(wait)}${winner.preempt === undefined ? ', if it preempts' : ''}.`,
      ],
    };
  }
  if (rivals.length > 0 && rivals.every(({ priority }) => priority !== undefined)) {
    const best = rivals[0]!;
    const why =
      best.priority! > next
        ? `${best.label} has ${best.priority}, but does not preempt`
        : `${best.label} has only ${best.priority}`;
    return { tier: 'local', lines: [head, `${instance.name} stays MASTER here: ${why}.`] };
  }
  return {
    tier: 'mastership',
    lines: [head, `A backup with a priority above ${next}, if one listens and preempts, becomes MASTER.`],
  };
}

function forecastStronger(instance: InstanceSnapshot, rivals: readonly Candidate[], change: Change): Forecast {
  const next = effectivePriority(change.base, contribution(instance));
  const lines: string[] = [];
  if (instance.state === 'FAULT') lines.push(`${instance.name} leaves FAULT and becomes BACKUP.`);
  if (next !== instance.effectivePriority) lines.push(`Effective priority ${instance.effectivePriority} -> ${next}.`);
  if (change.preempt !== instance.preempt) lines.push(`nopreempt ${change.preempt ? 'off' : 'on'}.`);
  const master = rivals.find(({ note }) => note === 'is MASTER now') ?? currentMaster(instance);
  if (master?.priority === undefined) {
    const own = masterDownTime(instance.version, next, instance.advertIntervalUs);
    return {
      tier: 'mastership',
      lines: [...lines, `No MASTER is known: it takes over ${seconds(own)} later unless one is heard.`],
    };
  }
  if (next <= master.priority) {
    return { tier: 'local', lines: [...lines, `${master.label} stays MASTER (priority ${master.priority}).`] };
  }
  if (!change.preempt) {
    return { tier: 'local', lines: [...lines, `${master.label} stays MASTER: nopreempt is on here.`] };
  }
  const wait = masterDownTime(instance.version, next, instance.masterIntervalUs) + instance.preemptDelayUs;
  return {
    tier: 'mastership',
    lines: [...lines, `Takes over from ${master.label} (priority ${master.priority}) within ${seconds(wait)}.`],
  };
}

function currentMaster(instance: InstanceSnapshot): Candidate | undefined {
  const { master } = instance;
  if (master === undefined || master.self) return undefined;
  return { label: master.address, priority: master.priority, preempt: undefined, evidence: 'heard', note: '' };
}

/** How a MASTER that gave way comes back. */
function returning(instance: InstanceSnapshot): string {
  if (instance.state !== 'MASTER') return '';
  return instance.preempt ? ' Then it preempts again.' : ' nopreempt: it then stays BACKUP.';
}

function forecastUndoAll(snapshot: Snapshot): Forecast {
  if (snapshot.overrides.length === 0) return refusal('there is no override to undo');
  const parts = snapshot.overrides.map((override) => forecast(snapshot, { kind: 'undo', id: override.id }));
  const tier = parts.some((part) => part.tier !== 'local') ? 'mastership' : 'local';
  const lines = snapshot.overrides.map((o, i) => `${o.instance}: ${parts[i]!.lines.at(-1) ?? o.text}`);
  return { tier, lines };
}
