// Commands that only look: moving, views, panes, routers. Lower case, and nothing here reaches an engine.
import { columnIds, openColumns } from '../column-picker.ts';
import { parseColumns } from '../columns.ts';
import { moveEnd, moveInstance, movePage, moveRow, openRow, selectedInstance } from '../selection.ts';
import {
  currentView,
  isDashboard,
  isSmall,
  modelOf,
  type ScreenState,
  type Step,
  showInstance,
  showView,
  stay,
  uiOf,
  type ViewId,
  withToast,
  withUi,
} from '../state.ts';
import { viewContext } from '../views/context.ts';
import { focusable } from '../views/layout.ts';
import { VIEWS, viewOf } from '../views/registry.ts';
import type { Command } from './command.ts';
import { isReplay } from './replay.ts';

const look = (
  id: string,
  title: string,
  keys: readonly string[],
  run: (state: ScreenState, now: number, args: string) => ScreenState,
  more: Partial<Command> = {},
): Command => ({
  id,
  title,
  keys,
  group: 'look',
  tier: 'look',
  run: (state, now, args) => stay(run(state, now, args)),
  ...more,
});

const move = (
  id: string,
  title: string,
  keys: string[],
  run: (state: ScreenState, now: number) => ScreenState,
): Command => look(id, title, keys, run, { group: 'move' });

const onlyText = (state: ScreenState): boolean => viewOf(currentView(state))?.list === undefined;
const noSearch = (state: ScreenState): boolean => onlyText(state) && viewOf(currentView(state))?.searchable !== true;

export const MOVES: readonly Command[] = [
  move('move.down', 'next row', ['j', 'down'], (state, now) => moveRow(state, 1, now)),
  move('move.up', 'previous row', ['k', 'up'], (state, now) => moveRow(state, -1, now)),
  move('move.page-down', 'page down', ['pagedown', 'ctrl-f'], (state, now) => movePage(state, 1, now)),
  move('move.page-up', 'page up', ['pageup', 'ctrl-b'], (state, now) => movePage(state, -1, now)),
  move('move.half-down', 'half a page down', ['ctrl-d'], (state, now) => movePage(state, 0.5, now)),
  move('move.half-up', 'half a page up', ['ctrl-u'], (state, now) => movePage(state, -0.5, now)),
  move('move.first', 'first row', ['g', 'home'], (state, now) => moveEnd(state, 'first', now)),
  move('move.last', 'last row, follow', ['G', 'end'], (state, now) => moveEnd(state, 'last', now)),
];

/** Each view by its digit and by its name. */
export const VIEW_COMMANDS: readonly Command[] = VIEWS.filter(({ id }) => id !== 'help').map(
  (view): Command =>
    look(
      `view.${view.id}`,
      view.title.toLowerCase(),
      view.digit === undefined ? [] : [view.digit],
      (state) => showView(state, view.id),
      {
        group: 'view',
        names: view.names,
        ...(view.only && { only: view.only }),
      },
    ),
);

export const LOOKS: readonly Command[] = [
  {
    ...look('view.open', 'open the row', ['enter'], (state) => state),
    footer: { label: 'Enter open', rank: 4 },
    hidden: (state) => viewOf(currentView(state))?.open === undefined,
    run: openRow,
  },
  look('view.back', 'one step back', ['esc', 'left'], (state, now) => back(state, now), {
    footer: { label: 'Esc back', rank: 2 },
    hidden: (state) => state.stack.length === 1 && isHome(state),
  }),
  look('pane.next', 'next pane', ['tab'], (state) => ({ ...state, focus: neighbour(state, 1) }), {
    footer: { label: 'Tab pane', rank: 9 },
    hidden: (state) => !isDashboard(state),
  }),
  look('pane.previous', 'previous pane', ['shift-tab'], (state) => ({ ...state, focus: neighbour(state, -1) }), {
    hidden: (state) => !isDashboard(state),
  }),
  look('pane.zoom', 'zoom the pane', ['z', '\\'], (state) => ({ ...state, zoomed: !state.zoomed }), {
    footer: { label: 'z zoom', rank: 10 },
    names: ['zoom'],
    hidden: (state) => state.stack.at(-1) !== 'instances' || isSmall(state.size),
  }),
  look('instance.next', 'next instance', [']'], (state, now) => moveInstance(state, 1, now), { hidden: isReplay }),
  look('instance.previous', 'previous instance', ['['], (state, now) => moveInstance(state, -1, now), {
    hidden: isReplay,
  }),
  look('instance.show', 'detail of the instance', ['d'], (state, now) => instanceDetail(state, now), {
    hidden: (state) => currentView(state) === 'instance',
    blocked: (state, now) => (selectedInstance(state, now) === undefined ? 'there is no instance' : undefined),
  }),
  look('view.freeze', 'freeze the view, go on', ['space'], (state, now) => freeze(state, now), {
    footer: { label: 'Space freeze', rank: 8 },
    names: ['freeze'],
    hidden: (state) => currentView(state) === 'help',
    blocked: (state) => (state.snapshot === undefined ? 'there is nothing to freeze yet' : undefined),
  }),
  look('view.filter', 'filter: regex or column=value, ! inverts', ['/'], openFilter, {
    footer: { label: '/ filter', rank: 5 },
    hidden: noSearch,
  }),
  look('view.sort', 'sort by the next column', ['s'], (state, now, args) => sortBy(state, now, args), {
    names: ['sort'],
    args: '[COLUMN] [desc]',
    complete: (state, now) => sortable(state, now),
    hidden: onlyText,
  }),
  look('view.sort-reverse', 'reverse the order', ['S'], reverseSort, { hidden: onlyText }),
  {
    ...look('view.columns', 'columns: hide, show, move', ['w'], (state) => state),
    names: ['columns'],
    args: '[-COLUMN] [+COLUMN] | COLUMN... | reset',
    hidden: onlyText,
    blocked: (state) => (onlyText(state) ? 'this view has no columns' : undefined),
    complete: (state, now) => [
      ...columnIds(state, currentView(state), now).flatMap((id) => [id, `-${id}`, `+${id}`]),
      'reset',
    ],
    run: chooseColumns,
  },
];

/** Without a word the list to choose from; `:columns -vips +sent`, `:columns name vrid master`, `:columns reset`. */
function chooseColumns(state: ScreenState, now: number, args: string): Step {
  const id = currentView(state);
  const words = args.split(' ').filter((word) => word !== '');
  if (words.length === 0) return openColumns(state, id, now);
  if (args.trim() === 'reset') return stay(withUi(state, id, { columns: undefined }));
  const columns = parseColumns(words, columnIds(state, id, now), uiOf(state, id).columns);
  return stay(
    typeof columns === 'string' ? withToast(state, now, columns, 'attention') : withUi(state, id, { columns }),
  );
}

function isHome(state: ScreenState): boolean {
  const ui = uiOf(state, currentView(state));
  const followed = viewOf(currentView(state))?.list?.log !== true || ui.selected === undefined;
  return !state.zoomed && state.focus === 'instances' && ui.filter === '' && ui.frozen === undefined && followed;
}

function instanceDetail(state: ScreenState, now: number): ScreenState {
  return showInstance(state, selectedInstance(state, now)!.name);
}

/** One thing at a time: the freeze, the filter, the place in a log, the zoom, the pane, the view. */
function back(state: ScreenState, _now: number): ScreenState {
  const id = currentView(state);
  const ui = uiOf(state, id);
  if (ui.frozen !== undefined) return withUi(state, id, { frozen: undefined });
  if (ui.filter !== '') return withUi(state, id, { filter: '', top: undefined });
  if (viewOf(id)?.list?.log && ui.selected !== undefined)
    return withUi(state, id, { selected: undefined, top: undefined });
  if (state.stack.length > 1) return { ...state, stack: state.stack.slice(0, -1) };
  if (state.zoomed) return { ...state, zoomed: false };
  return { ...state, focus: 'instances' };
}

function neighbour(state: ScreenState, by: 1 | -1): ViewId {
  const panes = focusable(state);
  return panes[(panes.indexOf(state.focus) + by + panes.length) % panes.length] ?? 'instances';
}

function freeze(state: ScreenState, now: number): ScreenState {
  const id = currentView(state);
  if (uiOf(state, id).frozen !== undefined) return withUi(state, id, { frozen: undefined });
  return withUi(state, id, { frozen: { model: modelOf(state), now: now + state.clockOffset } });
}

function openFilter(state: ScreenState): ScreenState {
  const { filter } = uiOf(state, currentView(state));
  return { ...state, prompt: { kind: 'filter', text: filter, before: filter, recall: undefined }, toast: undefined };
}

function sortable(state: ScreenState, now: number): readonly string[] {
  const id = currentView(state);
  const columns = viewOf(id)?.list?.columns(viewContext(state, id, now), state.size.columns) ?? [];
  return columns.flatMap((column) => (column.id === undefined ? [] : [column.id]));
}

/** `s` goes through the columns and back to the view's own order; `:sort NAME [desc]` chooses one. */
function sortBy(state: ScreenState, now: number, args: string): ScreenState {
  const id = currentView(state);
  const names = sortable(state, now);
  const [wanted, order] = args.split(' ').filter((word) => word !== '');
  const { sort } = uiOf(state, id);
  if (wanted === undefined) {
    const next = names[sort === undefined ? 0 : names.indexOf(sort.column) + 1];
    return withUi(state, id, {
      sort: next === undefined ? undefined : { column: next, reverse: false },
      top: undefined,
    });
  }
  if (wanted === 'none') return withUi(state, id, { sort: undefined, top: undefined });
  if (!names.includes(wanted)) {
    return withToast(state, now, `no column ${wanted}: ${names.join(' ')} none`, 'attention');
  }
  return withUi(state, id, { sort: { column: wanted, reverse: order === 'desc' }, top: undefined });
}

function reverseSort(state: ScreenState, now: number): ScreenState {
  const id = currentView(state);
  const { sort } = uiOf(state, id);
  const column = sort?.column ?? sortable(state, now)[0];
  return column === undefined
    ? state
    : withUi(state, id, { sort: { column, reverse: !(sort?.reverse ?? false) }, top: undefined });
}

const oneRouter = (state: ScreenState): boolean => state.routers.names.length < 2;

export const ROUTERS: readonly Command[] = [
  {
    id: 'router.next',
    title: 'next router',
    keys: ['r'],
    names: ['router'],
    args: '[NAME]',
    group: 'look',
    tier: 'look',
    footer: { label: 'r router', rank: 6 },
    hidden: oneRouter,
    complete: (state) => state.routers.names,
    run: (state, now, args) => {
      const { names, shown } = state.routers;
      const index = args === '' ? (shown + 1) % names.length : names.indexOf(args);
      return index < 0
        ? stay(withToast(state, now, `no router ${args}: ${names.join(' ')}`, 'attention'))
        : showRouter(state, index);
    },
  },
];

function showRouter(state: ScreenState, index: number): Step {
  return stay({ ...state, dialog: undefined }, { type: 'send', message: { type: 'show-router', index } });
}
