// Checkers (7) and (8): a step is pure, and after a tick the next deadline lies in the future.
import { inspect, isDeepStrictEqual } from 'node:util';
import type { World } from '../../src/ports/world.ts';
import type { stepInstance } from '../../src/vrrp/instance.ts';

type Step = typeof stepInstance;

/** (7) The same step on frozen input, twice: it must neither write to its input nor give two answers. */
export function checkPurity(step: Step): Step {
  return (config, state, event, now) => {
    deepFreeze(config);
    deepFreeze(state);
    deepFreeze(event);
    const result = step(config, state, event, now);
    const again = step(config, state, event, now);
    if (!isDeepStrictEqual(result, again)) {
      throw new Error(`rule 7 is broken: two answers to ${inspect(event)} in ${inspect(state)}`);
    }
    return result;
  };
}

/** Later than this is a process that stood still: its runtime hears what has arrived first, and ticks then. */
const STALL_US = 10_000;

/** (8) Refuses a deadline that is not in the future when it is set by a tick. */
export function checkDeadlines(world: World, router: string): World {
  let ticking = false;
  return {
    ...world,
    clock: {
      ...world.clock,
      wakeAt: (at, callback) => {
        if (ticking && at <= world.clock.now()) {
          throw new Error(`rule 8 is broken: ${router} ticked at ${world.clock.now()} and wants to be called at ${at}`);
        }
        return world.clock.wakeAt(at, () => {
          ticking = world.clock.now() - at <= STALL_US;
          try {
            callback();
          } finally {
            ticking = false;
          }
        });
      },
    },
  };
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}
