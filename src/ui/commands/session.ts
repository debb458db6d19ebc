// Commands about the screen itself: help, redraw, the refusal to be suspended, leaving.

import type { VrrpState } from '../../vrrp/state.ts';
import { leave } from '../dialog.ts';
import { type ScreenState, showView, stay, withToast, withUi } from '../state.ts';
import { THEMES } from '../themes.ts';
import type { Command } from './command.ts';

/** Leaving takes something away: the addresses of a MASTER, and of a real router whatever stands by or may recover. */
function holds({ info }: ScreenState, state: VrrpState): boolean {
  return state === 'MASTER' || info.command === 'run';
}

export const SESSION: readonly Command[] = [
  {
    id: 'prompt',
    title: 'command by name',
    keys: [':'],
    group: 'session',
    tier: 'look',
    footer: { label: ': command', rank: 7 },
    run: (state) =>
      stay({ ...state, prompt: { kind: 'command', text: '', before: '', recall: undefined }, toast: undefined }),
  },
  {
    id: 'help',
    title: 'help',
    keys: ['?', 'f1', '8'],
    names: ['help'],
    group: 'session',
    tier: 'look',
    footer: { label: '? help', rank: 1 },
    run: (state) =>
      stay(
        state.stack.at(-1) === 'help' && state.stack.length > 1
          ? { ...state, stack: state.stack.slice(0, -1) }
          : withUi(showView(state, 'help'), 'help', { scroll: 0, filter: '' }),
      ),
  },
  {
    id: 'theme',
    title: 'colours',
    keys: [],
    names: ['theme'],
    args: Object.keys(THEMES).join('|'),
    group: 'session',
    tier: 'look',
    complete: () => Object.keys(THEMES),
    run: (state, now, name) => {
      if (THEMES[name] === undefined) {
        return stay(
          withToast(state, now, `themes: ${Object.keys(THEMES).join(' ')}`, name === '' ? 'info' : 'attention'),
        );
      }
      const { own: _, ...theme } = state.theme;
      return stay({ ...state, theme: { ...theme, name } }, { type: 'redraw' });
    },
  },
  {
    id: 'redraw',
    title: 'draw the screen anew',
    keys: ['ctrl-l'],
    names: ['redraw'],
    group: 'session',
    tier: 'look',
    run: (state) => stay(state, { type: 'redraw' }),
  },
  {
    id: 'suspend',
    title: 'refused: kavtui goes on',
    keys: ['ctrl-z'],
    group: 'session',
    tier: 'look',
    run: (state, now) =>
      stay(
        withToast(
          state,
          now,
          state.info.command === 'watch'
            ? 'Ctrl-Z does not stop kavtui; q ends it.'
            : 'Ctrl-Z does not stop kavtui: adverts must go on. q offers to go on as log lines.',
        ),
      ),
  },
  {
    id: 'quit',
    title: 'quit (asks while the router matters)',
    keys: ['q', 'ctrl-c'],
    names: ['quit', 'q'],
    group: 'session',
    tier: 'ask',
    footer: { label: 'q quit', rank: 0 },
    run: (state, now) => {
      const { snapshot } = state;
      const matters = snapshot?.instances.some((instance) => holds(state, instance.state)) ?? false;
      if (snapshot === undefined || !matters) return leave(state, 'release', 'q');
      return stay({ ...state, dialog: { kind: 'quit', openedAt: now, snapshot }, toast: undefined });
    },
  },
];
