import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from '../../src/config/suggest.ts';

describe('edit distance', () => {
  it.each([
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['interface', 'inerface', 1],
    ['fail', 'fall', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('a suggestion', () => {
  it.each([
    ['MASTRE', ['MASTER', 'BACKUP'], 'MASTER'],
    ['master', ['MASTER', 'BACKUP'], 'MASTER'],
    ['AX', ['PASS', 'AH'], 'AH'],
    ['xyz', ['PASS', 'AH'], undefined],
    ['x', [], undefined],
  ])('for %j among %j', (word, candidates, expected) => expect(suggest(word, candidates)).toBe(expected));
});
