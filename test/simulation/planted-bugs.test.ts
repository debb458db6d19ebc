// The checkers earn their trust: each bug planted here breaks a rule within the first seeds.
import { describe, expect, it, vi } from 'vitest';
import type { stepInstance } from '../../src/vrrp/instance.ts';
import type { InstanceEffect, InstanceEvent, InstanceState } from '../../src/vrrp/state.ts';
import { runScenario } from './run-scenario.ts';
import { randomScenario } from './scenario.ts';
import { checkPurity } from './watched-engine.ts';

type Step = typeof stepInstance;

const plant = vi.hoisted(() => ({ tieBreak: 1, step: (step: Step): Step => step }));

vi.mock('../../src/wire/address.ts', async (load) => {
  const module = await load<typeof import('../../src/wire/address.ts')>();
  const compareAddresses: typeof module.compareAddresses = (a, b) => plant.tieBreak * module.compareAddresses(a, b);
  return { ...module, compareAddresses };
});
vi.mock('../../src/vrrp/instance.ts', async (load) => {
  const module = await load<typeof import('../../src/vrrp/instance.ts')>();
  const step: Step = (...step) => plant.step(module.stepInstance)(...step);
  return { ...module, stepInstance: step };
});

/** A step whose effects of one kind are lost. */
function without(lost: (effect: InstanceEffect) => boolean): (step: Step) => Step {
  return (step) => (config, state, event, now) => {
    const result = step(config, state, event, now);
    return { ...result, effects: result.effects.filter((effect) => !lost(effect)) };
  };
}

/** A step that sees other events than really happen; undefined: none. */
function seeing(
  change: (event: InstanceEvent, state: InstanceState) => InstanceEvent | undefined,
): (step: Step) => Step {
  return (step) => (config, state, event, now) => {
    const seen = change(event, state);
    return seen === undefined ? { state, effects: [] } : step(config, state, seen, now);
  };
}

function withPriority(event: InstanceEvent, priority: number): InstanceEvent {
  return event.kind === 'advertReceived' ? { ...event, advert: { ...event.advert, priority } } : event;
}

interface Bug {
  readonly title: string;
  readonly rule: number;
  readonly tieBreak?: number;
  readonly step?: (step: Step) => Step;
}

const BUGS: readonly Bug[] = [
  { title: 'the tie-break by address is inverted', rule: 4, tieBreak: -1 },
  { title: 'the tie-break by address is missing', rule: 2, tieBreak: 0 },
  {
    title: 'a MASTER does not hear adverts',
    rule: 2,
    step: seeing((event, { state }) => (state === 'MASTER' && event.kind === 'advertReceived' ? undefined : event)),
  },
  {
    title: 'a MASTER gives way to everybody',
    rule: 4,
    step: seeing((event, { state }) => (state === 'MASTER' ? withPriority(event, 254) : event)),
  },
  {
    title: 'a BACKUP does not hear adverts',
    rule: 4,
    step: seeing((event, { state }) => (state === 'BACKUP' && event.kind === 'advertReceived' ? undefined : event)),
  },
  {
    title: 'a BACKUP never preempts',
    rule: 4,
    step: seeing((event, { state }) => (state === 'BACKUP' ? withPriority(event, 254) : event)),
  },
  {
    title: 'addresses are not removed',
    rule: 3,
    step: without(({ kind }) => kind === 'removeAddresses'),
  },
  {
    title: 'priority 0 is not sent',
    rule: 5,
    step: without((effect) => effect.kind === 'sendAdvert' && effect.fields.priority === 0),
  },
  {
    title: 'priority 0 is sent after the addresses are gone',
    rule: 5,
    step: (step) => (config, state, event, now) => {
      const result = step(config, state, event, now);
      const late = (effect: InstanceEffect) => effect.kind === 'sendAdvert' && effect.fields.priority === 0;
      return { ...result, effects: [...result.effects.filter((e) => !late(e)), ...result.effects.filter(late)] };
    },
  },
  {
    title: 'a BACKUP that hears nothing never becomes MASTER',
    rule: 8,
    step: seeing((event, { state }) => (state === 'BACKUP' && event.kind === 'ticked' ? undefined : event)),
  },
  {
    title: 'a router out of FAULT stays out of the election',
    rule: 1,
    step: (step) => (config, state, event, now) => {
      const result = step(config, state, event, now);
      return {
        ...result,
        state: { ...result.state, masterDownAt: result.state.master ? result.state.masterDownAt : undefined },
      };
    },
  },
  {
    title: 'a member of a sync group does not come along when another one becomes MASTER',
    rule: 6,
    step: seeing((event) => (event.kind === 'groupMaster' ? undefined : event)),
  },
  {
    title: 'a member of a sync group keeps its addresses when another one gives way',
    rule: 6,
    step: seeing((event) => (event.kind === 'groupBackup' ? undefined : event)),
  },
];

describe('a planted bug is found', () => {
  it.each(BUGS)('$title: rule $rule', ({ rule, tieBreak = 1, step = (step: Step) => step }) => {
    plant.tieBreak = tieBreak;
    plant.step = step;
    const broken: string[] = [];
    for (let seed = 0; seed < 60 && broken.length === 0; seed++) {
      const outcome = runScenario(randomScenario(seed));
      if (outcome.broken !== undefined) broken.push(outcome.broken.split('\n')[0]!);
    }
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(`rule ${rule} is broken`);
  });

  it('a step that keeps something between two calls: rule 7', () => {
    let calls = 0;
    plant.tieBreak = 1;
    plant.step = (step) =>
      checkPurity((config, state, event, now) => {
        calls += 1;
        return step(config, state, event, now + (calls % 2));
      });
    expect(runScenario(randomScenario(1)).broken).toContain('rule 7 is broken');
  });

  it('a step that writes to its input: rule 7', () => {
    plant.tieBreak = 1;
    plant.step = (step) =>
      checkPurity((config, state, event, now) => {
        Object.assign(state, { since: now });
        return step(config, state, event, now);
      });
    expect(runScenario(randomScenario(1)).broken).toContain('Cannot assign to read only property');
  });
});
