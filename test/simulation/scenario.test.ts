import { describe, expect, it } from 'vitest';
import { randomScenario, type Scenario } from './scenario.ts';

const scenarios = Array.from({ length: 200 }, (_, seed) => randomScenario(seed));
const instancesOf = ({ routers }: Scenario) => routers.flatMap(({ config }) => config.instances);
const all = scenarios.flatMap(instancesOf);
const nodes = scenarios.flatMap(({ routers }) => routers.map(({ config }) => config));
const happenings = scenarios.flatMap((each) => each.happenings);

describe('random scenarios', () => {
  it.each(['drop', 'delay', 'duplicate', 'reorder', 'partition', 'crash', 'stall'] as const)(
    'every one has a fault of the kind %s',
    (kind) => {
      for (const { seed, plan } of scenarios) {
        expect(
          plan.map((fault) => fault.kind),
          `seed ${seed}`,
        ).toContain(kind);
      }
    },
  );

  it('have three to five routers', () => {
    expect(new Set(scenarios.map(({ routers }) => routers.length))).toEqual(new Set([3, 4, 5]));
  });

  it.each([
    ['VRRPv2', all.some(({ version }) => version === 2)],
    ['VRRPv3', all.some(({ version }) => version === 3)],
    ['IPv6', all.some(({ family }) => family === 6)],
    ['unicast', all.some(({ unicastPeers }) => unicastPeers.length > 0)],
    ['multicast', all.some(({ unicastPeers }) => unicastPeers.length === 0)],
    ['authentication', all.some(({ password }) => password !== undefined)],
    ['preempt', all.some(({ preempt }) => preempt)],
    ['nopreempt', all.some(({ preempt }) => !preempt)],
    ['preempt_delay', all.some(({ preemptDelayUs }) => preemptDelayUs > 0)],
    ['an owner', all.some(({ priority }) => priority === 255)],
    ['scripts of weight 0', all.some(({ trackScripts }) => trackScripts.some(({ weight }) => weight === 0))],
    ['scripts that add', all.some(({ trackScripts }) => trackScripts.some(({ weight }) => weight > 0))],
    ['scripts that subtract', all.some(({ trackScripts }) => trackScripts.some(({ weight }) => weight < 0))],
    ['equal priorities', scenarios.some(hasEqualPriorities)],
    ['sync groups', scenarios.some(({ routers }) => routers.every(({ config }) => config.syncGroups !== undefined))],
    ['operator commands', scenarios.some(({ commands }) => commands.length > 0)],
    ['signed adverts', all.some(({ hmac }) => hmac !== undefined)],
    ['virtual MAC addresses', all.some(({ vmac }) => vmac !== undefined)],
    ['virtual MAC addresses over IPv6', all.some(({ vmac, family }) => vmac !== undefined && family === 6)],
    ['routes', all.some(({ routes }) => routes !== undefined)],
    ['links believed late', nodes.some(({ linkDelays }) => linkDelays !== undefined)],
    ['paced announcements', nodes.some(({ pacing }) => pacing !== undefined)],
    ['files that are written', happenings.some(({ kind }) => kind === 'file-written')],
    ['programs that end', happenings.some(({ kind }) => kind === 'program-ends')],
  ])('among them there are some with %s', (_, found) => {
    expect(found).toBe(true);
  });

  it('are valid: the routers of a VRID agree on version, family, addresses and password', () => {
    for (const scenario of scenarios) {
      const terms = new Map<number, string>();
      for (const { vrid, version, family, addresses, password } of instancesOf(scenario)) {
        const term = JSON.stringify([version, family, addresses, password]);
        expect(terms.get(vrid) ?? term, `seed ${scenario.seed}`).toBe(term);
        terms.set(vrid, term);
      }
    }
  });

  it('a seed gives the same scenario again', () => {
    const shape = ({ routers, ...rest }: Scenario) => ({ ...rest, configs: routers.map(({ config }) => config) });
    expect(shape(randomScenario(17))).toEqual(shape(randomScenario(17)));
  });
});

function hasEqualPriorities(scenario: Scenario): boolean {
  const seen = new Set<string>();
  return instancesOf(scenario).some(({ vrid, priority }) => seen.size === seen.add(`${vrid} ${priority}`).size);
}
