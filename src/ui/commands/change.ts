// Commands that change the engine: capital letters (and u), only with --operate, each through a question.
import type { InstanceSnapshot } from '../../engine/snapshot.ts';
import { openChange } from '../dialog.ts';
import { newestOverride } from '../forecast.ts';
import { selectedInstance } from '../selection.ts';
import { currentView, type ScreenState, type Step } from '../state.ts';
import type { Command } from './command.ts';

function readOnly(state: ScreenState): string | undefined {
  if (!state.info.operate) return 'read-only: start kavtui with --operate to change anything';
  return state.snapshot === undefined ? 'no report of the engine yet' : undefined;
}

function needsInstance(state: ScreenState, now: number): string | undefined {
  return readOnly(state) ?? (selectedInstance(state, now) === undefined ? 'there is no instance' : undefined);
}

function needsOverride(state: ScreenState): string | undefined {
  return readOnly(state) ?? (state.snapshot?.overrides.length === 0 ? 'there is no override to undo' : undefined);
}

const change = (
  id: string,
  title: string,
  key: string,
  footer: NonNullable<Command['footer']>,
  run: (state: ScreenState, instance: InstanceSnapshot, now: number) => Step,
): Command => ({
  id,
  title,
  keys: [key],
  group: 'change',
  tier: 'ask',
  footer,
  hidden: (state) => currentView(state) === 'help',
  blocked: needsInstance,
  run: (state, now) => run(state, selectedInstance(state, now)!, now),
});

export const CHANGES: readonly Command[] = [
  change('change.force-fault', 'force FAULT on or off', 'F', { label: 'F fault', rank: 3 }, (state, instance, now) => {
    const { name } = instance;
    const forced = state.snapshot?.overrides.find((o) => o.instance === name && o.kind === 'force-fault');
    return forced === undefined
      ? openChange(state, now, {
          title: `Force FAULT on ${name}`,
          instance: name,
          command: { kind: 'force-fault', instance: name },
        })
      : openChange(state, now, {
          title: `End the forced FAULT of ${name}`,
          instance: name,
          command: { kind: 'undo', id: forced.id },
        });
  }),
  change(
    'change.priority',
    'priority: absolute or +n -n',
    'P',
    { label: 'P priority', rank: 7 },
    (state, { name }, now) =>
      openChange(state, now, { title: `Priority of ${name}`, instance: name, command: undefined, value: '' }),
  ),
  change('change.nopreempt', 'nopreempt on or off', 'N', { label: 'N nopreempt', rank: 8 }, (state, instance, now) =>
    openChange(state, now, {
      title: `nopreempt ${instance.preempt ? 'on' : 'off'} for ${instance.name}`,
      instance: instance.name,
      command: { kind: 'toggle-nopreempt', instance: instance.name },
    }),
  ),
  {
    id: 'change.undo',
    title: 'undo the last',
    keys: ['u'],
    group: 'change',
    tier: 'ask',
    footer: { label: 'u undo', rank: 4 },
    hidden: (state) => currentView(state) === 'help' || state.snapshot?.overrides.length === 0,
    blocked: needsOverride,
    run: (state, now) => {
      const last = newestOverride(state.snapshot!)!;
      return openChange(state, now, {
        title: `Undo on ${last.instance}: ${last.text}`,
        instance: last.instance,
        command: { kind: 'undo', id: last.id },
      });
    },
  },
  {
    id: 'change.undo-all',
    title: 'undo all',
    keys: ['U'],
    group: 'change',
    tier: 'ask',
    hidden: (state) => currentView(state) === 'help' || state.snapshot?.overrides.length === 0,
    blocked: needsOverride,
    run: (state, now) =>
      openChange(state, now, { title: 'Undo all overrides', instance: undefined, command: { kind: 'undo-all' } }),
  },
];
