// The instances by when they are due: a heap, so that an advert for one of a thousand does not look at the others.
import { nextDeadline } from '../vrrp/instance.ts';
import type { Node, VirtualRouter } from './node.ts';

/** Those that follow are due at once again: what the first ones send must not wait until all have decided. */
const AT_ONCE = 64;

export interface Deadlines {
  /** When the first is due, µs; Infinity: none. */
  next(): number;
  /** Whose deadline that is; undefined where there are no instances. */
  first(): VirtualRouter | undefined;
  /** Who is due, at most 64, earliest first; at equal deadlines the one whose state changed longer ago. */
  due(now: number): readonly VirtualRouter[];
  /** After its state changed. An instance that is not in it is ignored. */
  moved(router: VirtualRouter): void;
}

export function createDeadlines(routers: Node['routers']): Deadlines {
  const heap = [...routers.values()];
  const times = heap.map(({ state }) => nextDeadline(state));
  const places = new Map(heap.map((router, place) => [router, place]));
  for (let place = heap.length >> 1; place >= 0; place--) sink(place);

  function put(place: number, router: VirtualRouter, at: number): void {
    heap[place] = router;
    times[place] = at;
    places.set(router, place);
  }

  function sink(from: number): void {
    const router = heap[from];
    const at = times[from];
    if (router === undefined || at === undefined) return;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && times[child + 1]! < times[child]!) child += 1;
      if (times[child]! >= at) break;
      put(place, heap[child]!, times[child]!);
      place = child;
    }
    if (place !== from) put(place, router, at);
  }

  function rise(from: number): void {
    const router = heap[from]!;
    const at = times[from]!;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (times[parent]! <= at) break;
      put(place, heap[parent]!, times[parent]!);
      place = parent;
    }
    if (place !== from) put(place, router, at);
  }

  return {
    next: () => times[0] ?? Number.POSITIVE_INFINITY,
    first: () => heap[0],
    due(now) {
      const found: number[] = [];
      if (heap.length > 0 && times[0]! <= now) found.push(0);
      for (let i = 0; i < found.length; i++) {
        for (const child of [2 * found[i]! + 1, 2 * found[i]! + 2]) {
          if (child < heap.length && times[child]! <= now) found.push(child);
        }
      }
      found.sort((a, b) => times[a]! - times[b]! || heap[a]!.changed - heap[b]!.changed);
      return found.slice(0, AT_ONCE).map((place) => heap[place]!);
    },
    moved(router) {
      const place = places.get(router);
      if (place === undefined) return;
      const before = times[place]!;
      const at = nextDeadline(router.state);
      times[place] = at;
      if (at < before) rise(place);
      else if (at > before) sink(place);
    },
  };
}
