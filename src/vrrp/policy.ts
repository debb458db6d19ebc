// The routes and rules of an instance: set behind its addresses, rules last, and removed in front of them, rules first.
import type { PolicyEntry } from '../wire/route.ts';
import type { InstanceConfig } from './config.ts';
import type { Draft } from './draft.ts';
import { sameValue } from './same-value.ts';

/** Of an instance, or of the node itself. */
export type PolicyConfig = Pick<InstanceConfig, 'routes' | 'rules'>;

const NONE: readonly PolicyEntry[] = [];

/** In the order in which they are set. */
export function policyOf({ routes = [], rules = [] }: PolicyConfig): readonly PolicyEntry[] {
  if (routes.length + rules.length === 0) return NONE;
  return [
    ...routes.map((spec) => ({ kind: 'route', spec }) as const),
    ...rules.map((spec) => ({ kind: 'rule', spec }) as const),
  ];
}

/** The order in which entries are removed. */
export function rulesFirst(entries: readonly PolicyEntry[]): readonly PolicyEntry[] {
  return [...entries.filter(({ kind }) => kind === 'rule'), ...entries.filter(({ kind }) => kind === 'route')];
}

export function addPolicy(draft: Draft, entries: readonly PolicyEntry[] = policyOf(draft.config)): void {
  if (entries.length > 0) draft.effects.push({ kind: 'addPolicy', entries });
}

export function removePolicy(draft: Draft, entries: readonly PolicyEntry[] = policyOf(draft.config)): void {
  if (entries.length > 0) draft.effects.push({ kind: 'removePolicy', entries: rulesFirst(entries) });
}

/** What `after` has and `before` has not. */
export function newIn<T>(after: readonly T[], before: readonly T[]): readonly T[] {
  // Mostly nothing is: a reload asks this of every instance.
  if (after.length <= before.length && after.every((each, i) => sameValue(each, before[i]))) return [];
  const known = new Set(before.map((each) => JSON.stringify(each)));
  return after.filter((each) => !known.has(JSON.stringify(each)));
}
