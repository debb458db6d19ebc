// Commands that change the engine: capital letters (and u), only while changes are let through, each through a question.
import type { InstanceSnapshot } from '../../engine/snapshot.ts';
import { openChange, openUnlock } from '../dialog.ts';
import { newestOverride } from '../forecast.ts';
import { parseDuration } from '../format.ts';
import { selectedInstance } from '../selection.ts';
import { currentView, mayOperate, type ScreenState, type Step, stay, withToast } from '../state.ts';
import type { Command } from './command.ts';

export function readOnly(state: ScreenState, now: number): string | undefined {
  if (!mayOperate(state, now)) return 'read-only: type :unlock 15m, or start kavtui with --operate';
  return state.snapshot === undefined ? 'no report of the engine yet' : undefined;
}

function needsInstance(state: ScreenState, now: number): string | undefined {
  return readOnly(state, now) ?? (selectedInstance(state, now) === undefined ? 'there is no instance' : undefined);
}

function needsOverride(state: ScreenState, now: number): string | undefined {
  return readOnly(state, now) ?? (state.snapshot?.overrides.length === 0 ? 'there is no override to undo' : undefined);
}

/** What may follow the name of a change: `[VALUE] [INSTANCE] [for 5m] [because TEXT]`, or `30s` without `for`. */
export interface Words {
  readonly rest: readonly string[];
  readonly terms: { readonly lasts?: string; readonly why?: string };
}

function wordsOf(args: string): Words {
  const [, head = '', why] = /^(.*?)(?:(?:^| )because (.*))?$/.exec(args)!;
  const [, rest = '', after] = /^(.*?)(?:(?:^| )for (\S+))?$/.exec(head.trim())!;
  const lasts = after ?? rest.split(' ').find((word) => LENGTH.test(word));
  const words = rest.split(' ').filter((word) => word !== '' && !LENGTH.test(word));
  return { rest: words, terms: { ...(lasts === undefined ? {} : { lasts }), ...(why === undefined ? {} : { why }) } };
}

/** With its unit, so that it is no priority. */
const LENGTH = /^(?:\d{1,5}[smhd])+$/;
export const PRIORITY = /^[+-]?\d{1,3}$/;

const namesOf = (state: ScreenState): readonly string[] => state.snapshot?.instances.map(({ name }) => name) ?? [];

export type Run = (state: ScreenState, instance: InstanceSnapshot, now: number, words: Words) => Step;

/** A command about one instance, the one that is named or chosen. `words`: what else may follow its name. */
export const change = (
  id: string,
  title: string,
  keys: readonly string[],
  name: string,
  args: string,
  { words: own = [], ...more }: Pick<Command, 'footer'> & { readonly words?: readonly string[] },
  run: Run,
): Command => ({
  id,
  title,
  keys,
  names: [name],
  args,
  group: 'change',
  tier: 'ask',
  ...more,
  hidden: (state) => currentView(state) === 'help',
  blocked: needsInstance,
  complete: (state) => [...own, ...namesOf(state), ...(args.includes('for') ? ['for', 'because'] : [])],
  run: (state, now, line) => {
    const words = wordsOf(line);
    if (words.terms.lasts !== undefined && parseDuration(words.terms.lasts) === undefined) {
      return stay(withToast(state, now, `${words.terms.lasts} is no length of time: 90s 5m 1h`, 'attention'));
    }
    const named = state.snapshot?.instances.find((each) => words.rest.includes(each.name));
    // A misspelt name must not fall back to whatever is chosen.
    const odd = words.rest.find((word) => word !== named?.name && !PRIORITY.test(word) && !own.includes(word));
    if (odd !== undefined) return stay(withToast(state, now, `there is no instance ${odd}`, 'attention'));
    return run(state, named ?? selectedInstance(state, now)!, now, words);
  },
});

export const TERMS = '[INSTANCE] [for 5m] [because TEXT]';

const forceFault: Run = (state, { name }, now, { terms }) => {
  const forced = state.snapshot?.overrides.find((o) => o.instance === name && o.kind === 'force-fault');
  if (forced !== undefined) {
    const title = `End the forced FAULT of ${name}`;
    return openChange(state, now, { title, instance: name, command: { kind: 'undo', id: forced.id } });
  }
  const command = { kind: 'force-fault', instance: name } as const;
  return openChange(state, now, { title: `Force FAULT on ${name}`, instance: name, command, ...terms });
};

const setPriority: Run = (state, { name }, now, { rest, terms }) => {
  const value = rest.find((word) => PRIORITY.test(word)) ?? '';
  return openChange(state, now, { title: `Priority of ${name}`, instance: name, command: undefined, value, ...terms });
};

const toggleNopreempt: Run = (state, { name, preempt }, now, { terms }) =>
  openChange(state, now, {
    title: `nopreempt ${preempt ? 'on' : 'off'} for ${name}`,
    instance: name,
    command: { kind: 'toggle-nopreempt', instance: name },
    ...terms,
  });

const DEFAULT_UNLOCK = '15m';

export const CHANGES: readonly Command[] = [
  change(
    'change.force-fault',
    'force FAULT on or off',
    ['F'],
    'fault',
    TERMS,
    { footer: { label: 'F fault', rank: 3 } },
    forceFault,
  ),
  change(
    'change.priority',
    'priority: absolute or +n -n',
    ['P'],
    'priority',
    `[90|+10|-10] ${TERMS}`,
    { footer: { label: 'P priority', rank: 11 } },
    setPriority,
  ),
  change(
    'change.nopreempt',
    'nopreempt on or off',
    ['N'],
    'nopreempt',
    TERMS,
    { footer: { label: 'N nopreempt', rank: 12 } },
    toggleNopreempt,
  ),
  {
    id: 'change.undo',
    title: 'undo the last',
    keys: ['u'],
    names: ['undo'],
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
    names: ['undo-all'],
    group: 'change',
    tier: 'ask',
    hidden: (state) => currentView(state) === 'help' || state.snapshot?.overrides.length === 0,
    blocked: needsOverride,
    run: (state, now) =>
      openChange(state, now, { title: 'Undo all overrides', instance: undefined, command: { kind: 'undo-all' } }),
  },
  {
    id: 'mode.unlock',
    title: 'let changes through for a time',
    keys: [],
    names: ['unlock'],
    args: '[15m]',
    group: 'change',
    tier: 'ask',
    blocked: (state) => (state.snapshot === undefined ? 'no report of the engine yet' : undefined),
    complete: () => ['5m', '15m', '1h'],
    run: (state, now, args) => {
      const lastsUs = parseDuration(args === '' ? DEFAULT_UNLOCK : args);
      if (lastsUs === undefined)
        return stay(withToast(state, now, `${args} is no length of time: 15m 1h`, 'attention'));
      return openUnlock(state, now, lastsUs);
    },
  },
  {
    id: 'mode.lock',
    title: 'read-only again',
    keys: [],
    names: ['lock'],
    group: 'change',
    tier: 'look',
    run: (state) => stay(state, { type: 'send', message: { type: 'lock' } }),
  },
];
