import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/sim/random.ts';

const draw = (seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: 1000 }, random.next);
};

describe('random numbers from a seed', () => {
  it('one seed gives one sequence, another seed another', () => {
    expect(draw(17)).toEqual(draw(17));
    expect(draw(17)).not.toEqual(draw(18));
  });

  it('are those of splitmix32, computed elsewhere', () => {
    expect(
      draw(1)
        .slice(0, 3)
        .map((x) => Math.floor(x * 1e6)),
    ).toEqual([314044, 798196, 613340]);
  });

  it('are spread evenly over [0, 1), also for neighbouring seeds', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => createRandom(seed).next());
    for (const values of [draw(3), firsts]) {
      const counts = [0, 0, 0, 0];
      for (const value of values) counts[Math.floor(value * 4)]! += 1;
      for (const count of counts) expect(count).toBeGreaterThan(200);
    }
  });

  it('between includes both ends', () => {
    const random = createRandom(1);
    expect(new Set(Array.from({ length: 200 }, () => random.between(2, 4)))).toEqual(new Set([2, 3, 4]));
  });

  it('a shuffle keeps every element and leaves its argument alone', () => {
    const items = [1, 2, 3, 4, 5];
    expect(createRandom(9).shuffle(items).toSorted()).toEqual(items);
    expect(items).toEqual([1, 2, 3, 4, 5]);
  });

  it('a fork depends on seed and name, not on what was drawn before', () => {
    const random = createRandom(5);
    const early = random.fork('lan').next();
    random.next();
    expect(random.fork('lan').next()).toBe(early);
    expect(random.fork('scripts').next()).not.toBe(early);
  });
});
