// Many that become MASTER together speak by turns afterwards; a few go on together.
import { expect, it } from 'vitest';
import { createEngine } from '../../src/engine/engine.ts';
import { instance, router, SECOND } from '../simulation/builders.ts';
import { link } from '../support/node.ts';

/** When each of `count` instances of one interface speaks, µs: first as it becomes MASTER, then twice more. */
function speaks(count: number): number[][] {
  const instances = Array.from({ length: count }, (_, i) => instance({ name: `VI_${i}`, vrid: i + 1 }));
  const engine = createEngine(router(1, instances).config, 'lb1', 0);
  engine.handle({ kind: 'started', links: [link()] }, 0);
  engine.handle({ kind: 'channelOpened', interface: 'eth0', family: 4 }, 0);
  const times = new Map<string, number[]>(instances.map(({ name }) => [name, []]));
  for (let now = engine.nextDeadline(); now < 6 * SECOND; now = engine.nextDeadline()) {
    for (const effect of engine.handle({ kind: 'ticked' }, now)) {
      if (effect.kind === 'sendAdvert') times.get(effect.instance)!.push(now);
    }
  }
  return [...times.values()];
}

it('a hundred: the second adverts are spread over an interval, and from then on every interval is whole', () => {
  const all = speaks(100);
  expect(new Set(all.map(([first]) => first)).size).toBe(1);
  const seconds = all.map(([, second]) => second!).sort((a, b) => a - b);
  const gaps = seconds.slice(1).map((at, i) => at - seconds[i]!);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(SECOND / 100 + 20_000);
  expect(seconds.at(-1)! - all[0]![0]!).toBeLessThanOrEqual(SECOND);
  expect(seconds.at(-1)! - all[0]![0]!).toBeGreaterThan(SECOND - 20_000);
  expect(seconds[0]! - all[0]![0]!).toBeLessThanOrEqual(SECOND / 100 + 20_000);
  expect(new Set(seconds).size, 'moments, also of those that began a little later').toBeLessThanOrEqual(51);
  for (const [, second, third] of all) expect(third! - second!).toBe(SECOND);
});

it('a hundred that a reload has changed speak by turns again', () => {
  const configs = (priority: number) =>
    router(
      1,
      Array.from({ length: 100 }, (_, i) => instance({ name: `VI_${i}`, vrid: i + 1, priority })),
    ).config;
  const engine = createEngine(configs(100), 'lb1', 0);
  engine.handle({ kind: 'started', links: [link()] }, 0);
  engine.handle({ kind: 'channelOpened', interface: 'eth0', family: 4 }, 0);
  while (engine.nextDeadline() <= 5 * SECOND) engine.handle({ kind: 'ticked' }, 5 * SECOND);
  engine.reload(configs(150), 5.1 * SECOND);
  const deadlines = engine.snapshot(5.1 * SECOND, 0).instances.map(({ advertAt }) => advertAt);
  expect(new Set(deadlines).size).toBe(50);
});

it('sixteen go on together, an interval later', () => {
  for (const [first, second] of speaks(16)) expect(second! - first!).toBe(SECOND);
});
