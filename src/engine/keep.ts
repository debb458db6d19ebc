// Values that are made again and again and seldom differ: where a new one is equal to the one before, that one is kept, so
// that who compares two pictures need only ask whether they hold the same object.
import { sameValue } from '../vrrp/same-value.ts';

/** `before` where `fresh` is equal to it, else `fresh`. Plain data only. */
export function keep<T>(before: T | undefined, fresh: T): T {
  return before !== undefined && sameValue(before, fresh) ? before : fresh;
}

/** The same values in the same order. */
export function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * What was made last for each key, with all that it was made from: while that is the same, `make` is not called. `from`
 * must hold everything that `make` looks at, as values that are never changed in place.
 */
export function createKept<K extends WeakKey, T>(): (
  key: K,
  from: readonly unknown[],
  make: (before: T | undefined) => T,
) => T {
  const all = new WeakMap<K, { readonly from: readonly unknown[]; readonly made: T }>();
  return (key, from, make) => {
    const known = all.get(key);
    if (known !== undefined && isSame(known.from, from)) return known.made;
    const made = make(known?.made);
    all.set(key, { from, made });
    return made;
  };
}
