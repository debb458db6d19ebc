// Keys on the state of a screen, without a screen.
import type { OperatorCommand } from '../../src/engine/commands.ts';
import { GUARD_US } from '../../src/ui/dialog.ts';
import { pressKey } from '../../src/ui/press.ts';
import type { ScreenState, Step } from '../../src/ui/state.ts';

/** Presses keys one after another, half a second apart; the effects of all. */
export function press(state: ScreenState, ...keys: string[]): Step {
  let current = state;
  let now = 1_000_000;
  const effects: Step['effects'][number][] = [];
  for (const key of keys) {
    now += GUARD_US + 100_000;
    const step = pressKey(current, key, now);
    current = step.state;
    effects.push(...step.effects);
  }
  return { state: current, effects };
}

/** What went to the engine. */
export const commandsIn = ({ effects }: Step): OperatorCommand[] =>
  effects.flatMap((effect) =>
    effect.type === 'send' && effect.message.type === 'command' ? [effect.message.command] : [],
  );
