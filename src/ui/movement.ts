// Where the cursor and the scroll position of each pane go. The choice is a name or a sequence number, never a row.
import { type ScreenState, scriptsInOrder } from './state.ts';

const PAGE = 10;

export function moveRow(state: ScreenState, by: number): ScreenState {
  if (state.view === 'help') return { ...state, helpTop: Math.max(0, state.helpTop + by) };
  if (state.view === 'instance') return moveInstance(state, by);
  switch (state.focus) {
    case 'instances':
      return moveInstance(state, by);
    case 'scripts':
      return moveScript(state, by);
    case 'adverts':
    case 'events':
      return moveAnchor(state, state.focus, by);
  }
}

export function movePage(state: ScreenState, direction: 1 | -1): ScreenState {
  return moveRow(state, direction * PAGE);
}

export function moveEnd(state: ScreenState, where: 'first' | 'last'): ScreenState {
  if (state.view === 'main' && where === 'last' && (state.focus === 'adverts' || state.focus === 'events')) {
    return { ...state, anchors: { ...state.anchors, [state.focus]: undefined } };
  }
  return moveRow(state, where === 'first' ? -100_000 : 100_000);
}

function step(names: readonly string[], current: string | undefined, by: number): string | undefined {
  const at = Math.max(0, names.indexOf(current ?? ''));
  return names[Math.min(names.length - 1, Math.max(0, at + by))];
}

function moveInstance(state: ScreenState, by: number): ScreenState {
  const names = state.snapshot?.instances.map(({ name }) => name) ?? [];
  return { ...state, selected: step(names, state.selected, by) };
}

function moveScript(state: ScreenState, by: number): ScreenState {
  const names = scriptsInOrder(state).map(({ name }) => name);
  return { ...state, selectedScript: step(names, state.selectedScript, by) };
}

/** Scrolls a log; past its end it follows again. */
function moveAnchor(state: ScreenState, pane: 'adverts' | 'events', by: number): ScreenState {
  const rows: readonly { readonly seq: number }[] = state[pane];
  const last = rows.length - 1;
  const anchor = state.anchors[pane];
  const at = anchor === undefined ? last : rows.findLastIndex(({ seq }) => seq <= anchor);
  const next = Math.max(0, at + by);
  return { ...state, anchors: { ...state.anchors, [pane]: next >= last ? undefined : rows[next]!.seq } };
}
