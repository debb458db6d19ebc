// The drill wizard: what to do to an instance, after a look at what stands by; then how long, why, and the question of
// every change. View 6 measures what comes of it, and it is taken back by itself.
import type { OperatorCommand } from '../engine/commands.ts';
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import { candidates } from './candidates.ts';
import { cancel, GUARD_US, type Opened, openChange } from './dialog.ts';
import { forecast, type Tier } from './forecast.ts';
import { type ScreenState, type Step, stay } from './state.ts';

export const DRILLS = ['fault', 'priority', 'nopreempt'] as const;
export type DrillKind = (typeof DRILLS)[number];

/** What the line of the command prompt has told already. */
export interface DrillWanted {
  readonly value?: string;
  readonly lasts?: string;
  readonly why?: string;
}

export interface WizardDialog extends Opened, DrillWanted {
  readonly kind: 'wizard';
  readonly instance: string;
}

/** One thing that a drill can do, and what would come of it. */
export interface DrillChoice {
  readonly kind: DrillKind;
  /** The key that chooses it, the first letter of its name. */
  readonly key: string;
  readonly title: string;
  /** Undefined: it follows from a value that is still to be chosen. */
  readonly tier: Tier | undefined;
  readonly outcome: string;
  readonly refused: string | undefined;
}

export function openWizard(state: ScreenState, now: number, instance: string, wanted: DrillWanted): Step {
  const { snapshot } = state;
  if (snapshot === undefined) return stay(state);
  return stay({
    ...state,
    dialog: { kind: 'wizard', openedAt: now, snapshot, instance, ...wanted },
    toast: undefined,
  });
}

/** The last page: the terms, and the question in proportion to what is expected. */
export function openDrill(
  state: ScreenState,
  now: number,
  { name, preempt }: Pick<InstanceSnapshot, 'name' | 'preempt'>,
  kind: DrillKind,
  { value, ...terms }: DrillWanted,
): Step {
  const base = { instance: name, drill: true, ...terms } as const;
  if (kind === 'fault') {
    const command = { kind: 'force-fault', instance: name } as const;
    return openChange(state, now, { ...base, title: `Drill ${name}: force FAULT`, command });
  }
  if (kind === 'nopreempt') {
    const command = { kind: 'toggle-nopreempt', instance: name } as const;
    return openChange(state, now, { ...base, title: `Drill ${name}: nopreempt ${preempt ? 'on' : 'off'}`, command });
  }
  const title = `Drill ${name}: move the priority`;
  const instance = state.snapshot?.instances.find((each) => each.name === name);
  const proposal = instance === undefined ? '' : proposedPriority(state.snapshot!, instance);
  return openChange(state, now, { ...base, title, command: undefined, value: value ?? proposal });
}

/** The base priority with which the best backup would take over; empty: none is known that would. */
export function proposedPriority(snapshot: Snapshot, instance: InstanceSnapshot): string {
  const rival = candidates(snapshot, instance).find(
    ({ priority, preempt }) => priority !== undefined && preempt !== false,
  );
  if (instance.state !== 'MASTER' || rival?.priority === undefined) return '';
  const trackers = instance.effectivePriority - instance.basePriority;
  const wanted = rival.priority - 1 - trackers;
  return wanted >= 1 && wanted <= 254 ? String(wanted) : '';
}

/** What there is to choose, each with its first consequence. */
export function drillChoices(snapshot: Snapshot, instance: InstanceSnapshot): readonly DrillChoice[] {
  const { name } = instance;
  const proposal = proposedPriority(snapshot, instance);
  const commands: Readonly<Record<DrillKind, OperatorCommand | undefined>> = {
    fault: { kind: 'force-fault', instance: name },
    priority: proposal === '' ? undefined : { kind: 'set-priority', instance: name, priority: Number(proposal) },
    nopreempt: { kind: 'toggle-nopreempt', instance: name },
  };
  const titles: Readonly<Record<DrillKind, string>> = {
    fault: 'force FAULT',
    priority: `priority${proposal === '' ? '' : ` to ${proposal}`}`,
    nopreempt: `nopreempt ${instance.preempt ? 'on' : 'off'}`,
  };
  return DRILLS.map((kind) => {
    const command = commands[kind];
    const start = { kind, key: kind[0]!, title: titles[kind] };
    if (command === undefined)
      return { ...start, tier: undefined, outcome: noProposal(snapshot, instance), refused: undefined };
    const { tier, lines, refused } = forecast(snapshot, command);
    return { ...start, tier, outcome: outcomeOf(lines), refused };
  });
}

/** Who would be MASTER then: what of a forecast an operator wants to compare. */
function outcomeOf(lines: readonly string[]): string {
  const next = lines.find((text) => /^(Next MASTER|OUTAGE|Takes over)|stays? MASTER|becomes MASTER/.test(text));
  return next ?? lines[0] ?? '';
}

/** Why no priority can be named with which another would take over. */
function noProposal(snapshot: Snapshot, instance: InstanceSnapshot): string {
  const rivals = candidates(snapshot, instance);
  const polite = rivals.some(({ preempt }) => preempt === false);
  if (instance.state === 'MASTER' && polite) return 'A lower priority alone moves nothing: no backup preempts.';
  return 'You choose the value; what it does is told while you type.';
}

export function wizardKey(state: ScreenState, dialog: WizardDialog, key: string, now: number): Step {
  if (key === 'esc') return cancel(state, now);
  if (now - dialog.openedAt < GUARD_US) return stay(state);
  if (key === 'enter') return cancel(state, now);
  const instance = dialog.snapshot.instances.find(({ name }) => name === dialog.instance);
  const choice = instance && drillChoices(dialog.snapshot, instance).find((each) => each.key === key);
  if (instance === undefined || choice === undefined || choice.refused !== undefined) return stay(state);
  const { value, lasts, why } = dialog;
  return openDrill(state, now, instance, choice.kind, {
    ...(value === undefined ? {} : { value }),
    ...(lasts === undefined ? {} : { lasts }),
    ...(why === undefined ? {} : { why }),
  });
}
