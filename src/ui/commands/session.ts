// Commands about the screen itself: help, redraw, the refusal to be suspended, leaving.
import { leave } from '../dialog.ts';
import { stay, withToast } from '../state.ts';
import type { Command } from './command.ts';

export const SESSION: readonly Command[] = [
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
    title: 'refused: adverts must go on',
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
