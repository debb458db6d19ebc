// Commands of `watch` about a router that runs on this host and is none of ours: they ask it, and change nothing.
import type { DumpKind } from '../../observe/local-router.ts';
import { openDump } from '../dialog.ts';
import { type ScreenState, stay, withToast } from '../state.ts';
import type { Command } from './command.ts';

const KINDS: readonly DumpKind[] = ['data', 'stats', 'json'];

const noRouter = ({ watch }: ScreenState): string | undefined =>
  watch?.local?.processes.some(({ alive }) => alive)
    ? undefined
    : 'no keepalived runs on this host, as far as is known';

export const LOCAL: readonly Command[] = [
  {
    id: 'local.dump',
    title: 'ask keepalived here for its dumps',
    keys: ['D'],
    names: ['dump'],
    args: '[data|stats|json]',
    group: 'look',
    tier: 'ask',
    only: ['watch'],
    hidden: (state) => state.watch?.local === undefined,
    footer: { label: 'D dump', rank: 6 },
    blocked: noRouter,
    complete: () => KINDS,
    run(state, now, args) {
      const wanted = KINDS.filter((kind) => args === '' || args === kind);
      if (wanted.length === 0) return stay(withToast(state, now, 'dump is one of data stats json', 'attention'));
      return openDump(state, now, wanted);
    },
  },
];
