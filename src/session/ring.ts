// The last so many of numbered things.

export interface Ring<T extends { readonly seq: number }> {
  push(item: T): void;
  /** Those with a number above `seq`, oldest first. */
  since(seq: number): readonly T[];
  /** Number of the newest; 0 when there was none. */
  last(): number;
}

export function createRing<T extends { readonly seq: number }>(size: number): Ring<T> {
  let items: T[] = [];
  let last = 0;
  return {
    push(item) {
      items.push(item);
      last = item.seq;
      if (items.length >= 2 * size) items = items.slice(-size);
    },
    since(seq) {
      const first = items.findIndex((item) => item.seq > seq);
      return first < 0 ? [] : items.slice(Math.max(first, items.length - size));
    },
    last: () => last,
  };
}
