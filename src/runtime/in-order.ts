// The order in which the effects of one event are performed, when it concerns many instances or has much to tell.
import type { EngineEffect } from '../engine/event.ts';

/** What is on the wire first: every MASTER speaks, then all take their addresses, then announce them; then it is told. */
const TURNS: Partial<Record<EngineEffect['kind'], number>> = {
  sendAdvert: 0,
  addAddresses: 1,
  addPolicy: 1,
  announce: 2,
  notifyFifo: 3,
  startScript: 3,
  record: 3,
};
export const TURN_COUNT = 4;

/** 0 to 3: when among the others an effect is performed. Undefined: it neither overtakes nor is overtaken. */
export function turnOf(effect: EngineEffect): number | undefined {
  return TURNS[effect.kind];
}

/**
 * The same effects, those of each instance in the same order, with log lines and notifications last. Announcements go
 * round after round over the instances: each is announced once before one is announced again. Where there is any other
 * effect among them nothing is moved.
 */
export function inOrder(effects: readonly EngineEffect[]): readonly EngineEffect[] {
  if (effects.length < 2 || effects.some((effect) => turnOf(effect) === undefined)) return effects;
  const turns: EngineEffect[][] = [];
  for (const effect of effects) {
    const turn = turnOf(effect)!;
    turns[turn] ??= [];
    turns[turn].push(effect);
  }
  const announcing = turns[2];
  if (announcing !== undefined && announcing.length > 1) turns[2] = roundByRound(announcing);
  const ordered: EngineEffect[] = [];
  for (let turn = 0; turn < TURN_COUNT; turn++) for (const effect of turns[turn] ?? []) ordered.push(effect);
  return ordered;
}

function roundByRound(effects: readonly EngineEffect[]): EngineEffect[] {
  const rounds: EngineEffect[] = [];
  for (let i = 0, more = true; more; i++) {
    more = false;
    for (const effect of effects) {
      if (effect.kind !== 'announce' || i >= effect.announcements.length) continue;
      rounds.push({ ...effect, announcements: [effect.announcements[i]!] });
      more = true;
    }
  }
  return rounds;
}
