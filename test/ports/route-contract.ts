// What every RoutePort must do, whatever world it belongs to.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyEntry, RouteSpec, RuleSpec } from '../../src/wire/route.ts';
import type { Pair } from './station.ts';

/** Runs the suite on pairs that `makePair` makes. */
export function routePortContract(name: string, makePair: () => Promise<Pair>): void {
  describe(`${name}: route port`, () => {
    let pair: Pair;
    const added: PolicyEntry[] = [];
    const route = (third: number, change: Partial<RouteSpec> = {}): PolicyEntry => ({
      kind: 'route',
      spec: {
        family: 4,
        type: 'unicast',
        destination: { address: `192.168.${third}.0`, prefix: 24 },
        interface: pair.left.interface,
        placement: 'prepend',
        ...change,
      },
    });
    const rule = (priority: number, change: Partial<RuleSpec> = {}): PolicyEntry => ({
      kind: 'rule',
      spec: { family: 4, priority, action: { kind: 'table', table: 77 }, ...change },
    });
    const add = async (entries: readonly PolicyEntry[]) => {
      added.push(...entries);
      return pair.left.call<readonly { readonly ok: boolean }[]>('routes.add', entries);
    };
    const remove = (entries: readonly PolicyEntry[]) => pair.left.call<readonly object[]>('routes.remove', entries);
    beforeAll(async () => {
      pair = await makePair();
    });
    afterEach(async () => {
      await remove(added.splice(0));
      await pair.settle();
      pair.left.removed.length = 0;
    });
    afterAll(() => pair.close());

    it('adds and removes routes and rules of both families in one burst', async () => {
      const entries = [
        route(1),
        route(2, { type: 'blackhole', interface: undefined as never, placement: 'add' }),
        route(3, { family: 6, destination: { address: 'fd03::', prefix: 64 } }),
        rule(900, { from: { address: '10.9.0.0', prefix: 16 } }),
        rule(901, { family: 6, action: { kind: 'unreachable' } }),
      ].map(withoutUndefined);
      const fine = entries.map(() => ({ ok: true }));
      expect(await add(entries)).toEqual(fine);
      expect(await pair.countPolicy()).toBe(5);
      expect(await remove(entries)).toEqual(fine);
      expect(await pair.countPolicy()).toBe(0);
    });

    it('calls it done to add what is there and to remove what is not', async () => {
      const entries = [route(1), rule(900)];
      const fine = [{ ok: true }, { ok: true }];
      expect(await add(entries)).toEqual(fine);
      expect(await add(entries)).toEqual(fine);
      expect(await pair.countPolicy()).toBe(2);
      expect(await remove(entries)).toEqual(fine);
      expect(await remove(entries)).toEqual(fine);
    });

    it('refuses the route whose interface does not exist and adds the others', async () => {
      const results = await add([route(1), route(2, { interface: 'nosuch0' }), route(3)]);
      expect(results).toEqual([{ ok: true }, expect.objectContaining({ ok: false, code: 'ENODEV' }), { ok: true }]);
      expect(await pair.countPolicy()).toBe(2);
    });

    it('tells what others remove, and nothing of what it removed itself, also when that is back at once', async () => {
      const entries = [route(1), route(2), rule(900)];
      await add(entries);
      for (let i = 0; i < 3; i++) {
        await remove(entries);
        await add(entries);
      }
      await pair.removeByHand(entries[1]!);
      await pair.removeByHand(entries[2]!);
      await pair.until('both are told', () => pair.left.removed.length >= 2);
      await pair.settle();
      expect(pair.left.removed).toEqual([entries[1], entries[2]]);
    });
  });
}

function withoutUndefined(entry: PolicyEntry): PolicyEntry {
  return JSON.parse(JSON.stringify(entry));
}
