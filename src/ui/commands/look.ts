// Commands that only look: moving, panes, views, routers. Lower case, and nothing here reaches an engine.
import { moveEnd, movePage, moveRow } from '../movement.ts';
import { isSmall, PANES, type ScreenState, type Step, selectedInstance, stay } from '../state.ts';
import type { Command } from './command.ts';

const onMain = (state: ScreenState): boolean => state.view === 'main';
const noPanes = (state: ScreenState): boolean => !onMain(state) || isSmall(state.size);

const move = (id: string, title: string, keys: string[], run: (state: ScreenState) => ScreenState): Command => ({
  id,
  title,
  keys,
  group: 'move',
  safety: 'look',
  run: (state) => stay(run(state)),
});

export const MOVES: readonly Command[] = [
  move('move.down', 'next row', ['j', 'down'], (state) => moveRow(state, 1)),
  move('move.up', 'previous row', ['k', 'up'], (state) => moveRow(state, -1)),
  move('move.page-down', 'page down', ['pagedown', 'ctrl-f', 'ctrl-d'], (state) => movePage(state, 1)),
  move('move.page-up', 'page up', ['pageup', 'ctrl-b', 'ctrl-u'], (state) => movePage(state, -1)),
  move('move.first', 'first row', ['g', 'home'], (state) => moveEnd(state, 'first')),
  move('move.last', 'last row, follow', ['G', 'end'], (state) => moveEnd(state, 'last')),
];

export const LOOKS: readonly Command[] = [
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

export const ROUTERS: readonly Command[] = [
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
      title: 'router by its number',
      keys: [String(index + 1)],
      group: 'look',
      safety: 'look',
      hidden: (state) => oneRouter(state) || index >= state.routers.names.length,
      run: (state) => showRouter(state, index),
    }),
  ),
];

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
