// Chaos by seed: whatever happens on the LAN and to the routers, the rules hold, and all is well after the network healed.
// One seed alone, with its transcript: KAVTUI_SEED=17 npx vitest run --project simulation test/simulation/seeds.test.ts
import { describe, expect, it, vi } from 'vitest';
import { describeScenario, type Outcome, runScenario } from './run-scenario.ts';
import { randomScenario } from './scenario.ts';

vi.mock('../../src/vrrp/instance.ts', async (load) => {
  const module = await load<typeof import('../../src/vrrp/instance.ts')>();
  const { checkPurity } = await import('./watched-engine.ts');
  return { ...module, stepInstance: checkPurity(module.stepInstance) };
});

/** More than usual: KAVTUI_SEEDS=5000. */
const SEEDS = Number(process.env.KAVTUI_SEEDS ?? 200);
const BATCH = 20;
const chosen = process.env.KAVTUI_SEED;

function report(seed: number, { broken, transcript }: Outcome): string {
  return [
    `seed ${seed} fails. Replay: KAVTUI_SEED=${seed} npx vitest run --project simulation test/simulation/seeds.test.ts`,
    ...describeScenario(randomScenario(seed)),
    ...transcript.slice(-60),
    broken ?? '',
  ].join('\n');
}

describe.skipIf(chosen !== undefined)(`${SEEDS} seeds of chaos`, () => {
  for (let first = 0; first < SEEDS; first += BATCH) {
    it(`seeds ${first} to ${first + BATCH - 1} keep all rules and converge after the network healed`, () => {
      for (let seed = first; seed < Math.min(first + BATCH, SEEDS); seed++) {
        const outcome = runScenario(randomScenario(seed));
        expect.soft(outcome.broken, outcome.broken && report(seed, outcome)).toBeUndefined();
        expect(outcome.masters, `seed ${seed}: somebody was MASTER`).toBeGreaterThan(0);
      }
    });
  }

  it('a seed gives the same run again', () => {
    expect(runScenario(randomScenario(7))).toEqual(runScenario(randomScenario(7)));
  });
});

describe.skipIf(chosen === undefined)('one seed', () => {
  it(`seed ${chosen} keeps all rules`, () => {
    const outcome = runScenario(randomScenario(Number(chosen)));
    console.log([...describeScenario(randomScenario(Number(chosen))), ...outcome.transcript].join('\n'));
    expect(outcome.broken, outcome.broken && report(Number(chosen), outcome)).toBeUndefined();
  });
});
