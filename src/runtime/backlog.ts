// What many instances that became MASTER at once have still to do behind their adverts: the adverts of others must not
// wait for it.
import type { EngineEffect } from '../engine/event.ts';
import { inOrder, TURN_COUNT, turnOf } from './in-order.ts';

/** So many do all of it at once: nobody waits long for that. */
const FEW = 16;

export interface Backlog {
  /**
   * What is to be performed now, in order. Behind the adverts of more than a few the rest stays here, and so does what
   * comes while something waits. What may not overtake anything comes behind all that waits, which then goes with it.
   */
  sift(effects: readonly EngineEffect[]): readonly EngineEffect[];
  /** Takes the next: addresses before announcements before what is to be told. Undefined: nothing waits. */
  next(): EngineEffect | undefined;
  /** Takes all, in that order. */
  all(): readonly EngineEffect[];
  waits(): boolean;
}

export function createBacklog(): Backlog {
  const turns: EngineEffect[][] = Array.from({ length: TURN_COUNT }, () => []);
  const waits = (): boolean => turns.some(({ length }) => length > 0);
  const all = (): readonly EngineEffect[] => turns.flatMap((turn) => turn.splice(0));

  return {
    next: () => turns.find(({ length }) => length > 0)?.shift(),
    all,
    waits,
    sift(effects) {
      const ordered = inOrder(effects);
      if (effects.some(staysBehind)) return waits() ? [...all(), ...ordered] : ordered;
      const adverts = ordered.filter(({ kind }) => kind === 'sendAdvert');
      if (adverts.length <= FEW && !waits()) return ordered;
      for (const effect of ordered) if (effect.kind !== 'sendAdvert') turns[turnOf(effect)!]!.push(effect);
      return adverts;
    },
  };
}

/** An instance that is MASTER no longer may have additions and announcements among what waits, and nothing to remove. */
function staysBehind(effect: EngineEffect): boolean {
  if (turnOf(effect) === undefined) return true;
  return effect.kind === 'record' && effect.record.state !== undefined && effect.record.state !== 'MASTER';
}
