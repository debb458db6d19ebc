// Equality by value, as a reload needs it.
import { expect, it } from 'vitest';
import { differingKeys, sameValue } from '../../src/vrrp/same-value.ts';

it.each<[string, unknown, unknown, boolean]>([
  ['equal trees', { a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }, true],
  ['another order of fields', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
  ['an absent field and one that is undefined', { a: 1 }, { a: 1, b: undefined }, true],
  ['a leaf deep down', { a: [1, { b: 'x' }] }, { a: [1, { b: 'y' }] }, false],
  ['a longer list', { a: [1] }, { a: [1, 2] }, false],
  ['a field more', { a: 1 }, { a: 1, b: false }, false],
  ['a field less', { a: 1, b: 0 }, { a: 1 }, false],
  ['a list and an object', { a: [] }, { a: {} }, false],
  ['a number and its text', 1, '1', false],
  ['nothing and an object', null, {}, false],
])('%s', (_title, a, b, same) => {
  expect([sameValue(a, b), sameValue(b, a)]).toEqual([same, same]);
});

it('names the fields that differ', () => {
  expect(differingKeys({ a: 1, b: [2], c: 3 }, { a: 1, b: [3], d: 4 })).toEqual(['b', 'c', 'd']);
});
