// The heap of instances against a plain search.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDeadlines } from '../../src/engine/deadlines.ts';
import type { VirtualRouter } from '../../src/engine/node.ts';
import { initialState } from '../../src/vrrp/instance.ts';
import { instance } from '../simulation/builders.ts';

function routers(count: number): Map<string, VirtualRouter> {
  const config = instance();
  const state = initialState(config, 0);
  const one = (changed: number) => ({ config, state, changed }) as unknown as VirtualRouter;
  return new Map(Array.from({ length: count }, (_, i) => [`VI_${i}`, one(i)]));
}

const at = ({ state }: VirtualRouter): number => state.advertAt ?? Number.POSITIVE_INFINITY;

it('tells the first deadline and who is due, in order, whatever moved before', () => {
  const moves = fc.array(fc.tuple(fc.nat(29), fc.option(fc.nat(20), { nil: undefined })), { maxLength: 100 });
  fc.assert(
    fc.property(moves, fc.nat(20), (changes, now) => {
      const all = routers(30);
      const list = [...all.values()];
      const deadlines = createDeadlines(all);
      for (const [index, advertAt] of changes) {
        const router = list[index]!;
        router.state = { ...router.state, advertAt };
        deadlines.moved(router);
      }
      expect(deadlines.next()).toBe(Math.min(...list.map(at)));
      expect(at(deadlines.first()!)).toBe(deadlines.next());
      const due = list.filter((router) => at(router) <= now);
      expect(deadlines.due(now)).toEqual(due.sort((a, b) => at(a) - at(b) || a.changed - b.changed));
    }),
  );
});

it('ignores an instance that is not in it, as one that a reload has left behind', () => {
  const deadlines = createDeadlines(routers(2));
  const [stranger] = routers(1).values();
  deadlines.moved({ ...stranger!, state: { ...stranger!.state, advertAt: 5 } });
  expect(deadlines.next()).toBe(Number.POSITIVE_INFINITY);
});
