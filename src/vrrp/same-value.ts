// Are two plain values the same by value? A reload asks it of every instance before anything is on the wire, and a snapshot of
// each of its parts.

/** Of plain values: objects, arrays, strings, numbers, booleans. A field that is undefined is as one that is absent. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, i) => sameValue(each, b[i]));
  if (Array.isArray(b)) return false;
  const [one, other] = [a as Fields, b as Fields];
  for (const key in one) if (!sameValue(one[key], other[key])) return false;
  for (const key in other) if (other[key] !== undefined && !(key in one)) return false;
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

/** The names of the fields that differ, those of `a` first. */
export function differingKeys(a: object, b: object): readonly string[] {
  const differing: string[] = [];
  const [one, other] = [a as Fields, b as Fields];
  for (const key in one) if (!sameValue(one[key], other[key])) differing.push(key);
  for (const key in other) if (!(key in one) && other[key] !== undefined) differing.push(key);
  return differing;
}
