// The one registry of what an operator can do: key dispatch, footer and help are generated from it.
// Lower case looks, a capital letter changes the engine, and nothing that changes it is on Enter, Space, Esc or a digit.
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import { leave, openChange } from './dialog.ts';
import { newestOverride } from './forecast.ts';
import { moveEnd, movePage, moveRow } from './movement.ts';
import { PANES, type ScreenState, type Step, selectedInstance, stay, withToast } from './state.ts';
import { isSmall } from './views/small.ts';

export type Group = 'move' | 'look' | 'change' | 'session';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  readonly group: Group;
  /** `look` acts at once; `ask` opens a dialog whose demand follows from the forecast. */
  readonly safety: 'look' | 'ask';
  /** Footer text and its rank: a lower rank stays longer when room is short. */
  readonly footer?: { readonly label: string; readonly rank: number };
  /** Not offered at all in this state (another view, one router only). */
  readonly hidden?: (state: ScreenState) => boolean;
  /** Why it may not run now, as a sentence for the operator. */
  readonly blocked?: (state: ScreenState) => string | undefined;
  /** `now` is the local clock, µs. */
  readonly run: (state: ScreenState, now: number) => Step;
}

const onMain = (state: ScreenState): boolean => state.view === 'main';
const noPanes = (state: ScreenState): boolean => !onMain(state) || isSmall(state.size);

function readOnly(state: ScreenState): string | undefined {
  if (!state.info.operate) return 'read-only: start kavtui with --operate to change anything';
  return state.snapshot === undefined ? 'no report of the engine yet' : undefined;
}

function needsInstance(state: ScreenState): string | undefined {
  return readOnly(state) ?? (selectedInstance(state) === undefined ? 'there is no instance' : undefined);
}

function needsOverride(state: ScreenState): string | undefined {
  return readOnly(state) ?? (state.snapshot?.overrides.length === 0 ? 'there is no override to undo' : undefined);
}

const move = (id: string, title: string, keys: string[], run: (state: ScreenState) => ScreenState): Command => ({
  id,
  title,
  keys,
  group: 'move',
  safety: 'look',
  run: (state) => stay(run(state)),
});

const MOVES: readonly Command[] = [
  move('move.down', 'next row', ['j', 'down'], (state) => moveRow(state, 1)),
  move('move.up', 'previous row', ['k', 'up'], (state) => moveRow(state, -1)),
  move('move.page-down', 'page down', ['pagedown', 'ctrl-f', 'ctrl-d'], (state) => movePage(state, 1)),
  move('move.page-up', 'page up', ['pageup', 'ctrl-b', 'ctrl-u'], (state) => movePage(state, -1)),
  move('move.first', 'first row', ['g', 'home'], (state) => moveEnd(state, 'first')),
  move('move.last', 'last row, follow', ['G', 'end'], (state) => moveEnd(state, 'last')),
];

const LOOKS: readonly Command[] = [
  {
    id: 'view.instance',
    title: 'detail of the instance',
    keys: ['enter'],
    group: 'look',
    safety: 'look',
    footer: { label: 'Enter detail', rank: 4 },
    hidden: (state) => !onMain(state),
    blocked: (state) => (selectedInstance(state) === undefined ? 'there is no instance' : undefined),
    run: (state) => stay({ ...state, view: 'instance' }),
  },
  {
    id: 'view.back',
    title: 'one step back',
    keys: ['esc', 'left'],
    group: 'look',
    safety: 'look',
    footer: { label: 'Esc back', rank: 2 },
    hidden: (state) => onMain(state) && !state.zoomed && state.focus === 'instances' && !scrolled(state),
    run: (state) => stay(back(state)),
  },
  {
    id: 'pane.next',
    title: 'next pane',
    keys: ['tab'],
    group: 'look',
    safety: 'look',
    footer: { label: 'Tab pane', rank: 6 },
    hidden: noPanes,
    run: (state) => stay({ ...state, focus: neighbour(state, 1) }),
  },
  {
    id: 'pane.previous',
    title: 'previous pane',
    keys: ['shift-tab'],
    group: 'look',
    safety: 'look',
    hidden: noPanes,
    run: (state) => stay({ ...state, focus: neighbour(state, -1) }),
  },
  {
    id: 'pane.zoom',
    title: 'zoom the pane',
    keys: ['z'],
    group: 'look',
    safety: 'look',
    footer: { label: 'z zoom', rank: 9 },
    hidden: noPanes,
    run: (state) => stay({ ...state, zoomed: !state.zoomed }),
  },
  {
    id: 'instance.next',
    title: 'next instance',
    keys: [']'],
    group: 'look',
    safety: 'look',
    run: (state) => stay(moveRow({ ...state, focus: 'instances' }, 1)),
  },
  {
    id: 'instance.previous',
    title: 'previous instance',
    keys: ['['],
    group: 'look',
    safety: 'look',
    run: (state) => stay(moveRow({ ...state, focus: 'instances' }, -1)),
  },
];

const oneRouter = (state: ScreenState): boolean => state.routers.names.length < 2;

const ROUTERS: readonly Command[] = [
  {
    id: 'router.next',
    title: 'next router',
    keys: ['r'],
    group: 'look',
    safety: 'look',
    footer: { label: 'r router', rank: 5 },
    hidden: oneRouter,
    run: (state) => showRouter(state, (state.routers.shown + 1) % state.routers.names.length),
  },
  ...[0, 1, 2].map(
    (index): Command => ({
      id: `router.${index + 1}`,
      title: `router ${index + 1}`,
      keys: [String(index + 1)],
      group: 'look',
      safety: 'look',
      hidden: (state) => oneRouter(state) || index >= state.routers.names.length,
      run: (state) => showRouter(state, index),
    }),
  ),
];

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
  safety: 'ask',
  footer,
  hidden: (state) => state.view === 'help',
  blocked: needsInstance,
  run: (state, now) => run(state, selectedInstance(state)!, now),
});

const CHANGES: readonly Command[] = [
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
    title: 'undo the last override',
    keys: ['u'],
    group: 'change',
    safety: 'ask',
    footer: { label: 'u undo', rank: 4 },
    hidden: (state) => state.view === 'help' || state.snapshot?.overrides.length === 0,
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
    title: 'undo all overrides',
    keys: ['U'],
    group: 'change',
    safety: 'ask',
    hidden: (state) => state.view === 'help' || state.snapshot?.overrides.length === 0,
    blocked: needsOverride,
    run: (state, now) =>
      openChange(state, now, { title: 'Undo all overrides', instance: undefined, command: { kind: 'undo-all' } }),
  },
];

const SESSION: readonly Command[] = [
  {
    id: 'help',
    title: 'help',
    keys: ['?', 'f1'],
    group: 'session',
    safety: 'look',
    footer: { label: '? help', rank: 1 },
    run: (state) => stay({ ...state, view: state.view === 'help' ? 'main' : 'help', helpTop: 0 }),
  },
  {
    id: 'redraw',
    title: 'draw the screen anew',
    keys: ['ctrl-l'],
    group: 'session',
    safety: 'look',
    run: (state) => stay(state, { type: 'redraw' }),
  },
  {
    id: 'suspend',
    title: 'not suspended: adverts must go on',
    keys: ['ctrl-z'],
    group: 'session',
    safety: 'look',
    run: (state, now) =>
      stay(withToast(state, now, 'Ctrl-Z does not stop kavtui: adverts must go on. q offers to go on as log lines.')),
  },
  {
    id: 'quit',
    title: 'quit (asks while MASTER)',
    keys: ['q', 'ctrl-c'],
    group: 'session',
    safety: 'ask',
    footer: { label: 'q quit', rank: 0 },
    run: (state, now) => {
      const { snapshot } = state;
      const master = snapshot?.instances.some((instance) => instance.state === 'MASTER');
      if (snapshot === undefined || !master) return leave(state, 'release');
      return stay({ ...state, dialog: { kind: 'quit', openedAt: now, snapshot }, toast: undefined });
    },
  },
];

export const COMMANDS: readonly Command[] = [...MOVES, ...LOOKS, ...ROUTERS, ...CHANGES, ...SESSION];

/** Runs what a key stands for in this state; a blocked command says why. Unknown keys do nothing. */
export function runKey(state: ScreenState, key: string, now: number): Step {
  const command = COMMANDS.find((c) => c.keys.includes(key) && !(c.hidden?.(state) ?? false)) ?? refusedUndo(key);
  if (command === undefined) return stay(state);
  const reason = command.blocked?.(state);
  if (reason !== undefined) return stay(withToast(state, now, `${command.keys[0]}: ${reason}`, 'attention'));
  return command.run(state, now);
}

/** The undo keys are not offered without an override, but a person who presses one is told why. */
function refusedUndo(key: string): Command | undefined {
  return COMMANDS.find((c) => c.group === 'change' && c.keys.includes(key));
}

function showRouter(state: ScreenState, index: number): Step {
  return stay({ ...state, dialog: undefined }, { type: 'send', message: { type: 'show-router', index } });
}

function scrolled(state: ScreenState): boolean {
  return state.anchors.adverts !== undefined || state.anchors.events !== undefined;
}

function back(state: ScreenState): ScreenState {
  if (state.view !== 'main') return { ...state, view: 'main' };
  if (state.zoomed) return { ...state, zoomed: false };
  if (scrolled(state)) return { ...state, anchors: { adverts: undefined, events: undefined } };
  return { ...state, focus: 'instances' };
}

function neighbour(state: ScreenState, by: 1 | -1): ScreenState['focus'] {
  const panes = PANES.filter((pane) => pane !== 'scripts' || (state.snapshot?.scripts.length ?? 0) > 0);
  return panes[(panes.indexOf(state.focus) + by + panes.length) % panes.length] ?? 'instances';
}
