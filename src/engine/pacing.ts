// Announcements one after another: at most one in an interval, for each interface or for a garp_group of them together
// (vrrp_garp_interval, vrrp_gna_interval, garp_group).
import type { VirtualAddress } from '../vrrp/config.ts';
import { addressFamily } from '../wire/address.ts';
import type { PacingConfig } from './config.ts';
import type { Node, VirtualRouter } from './node.ts';
import type { Part } from './part.ts';

export interface Pacing {
  /** By limiter: when it lets the next one go, µs. */
  readonly nextAt: Map<string, number>;
  /** What waits, and when it may go at the earliest. An address waits once, however often it was to be announced. */
  waiting: Map<string, number>;
  /** The earliest of these. */
  dueAt: number;
}

type Place = Pick<VirtualAddress, 'interface' | 'address'>;

interface Limiter {
  readonly key: string;
  readonly intervalUs: number;
}

export function createPacing(): Pacing {
  return { nextAt: new Map(), waiting: new Map(), dueAt: Number.POSITIVE_INFINITY };
}

export const pacing: Part = {
  quiet: true,
  ticked(node) {
    const { pacing } = node;
    const before = pacing.waiting;
    pacing.waiting = new Map();
    pacing.dueAt = Number.POSITIVE_INFINITY;
    // In keepalived's order: that of the file, not that of the waiting.
    for (const router of node.routers.values()) {
      if (router.state.state !== 'MASTER') continue;
      const { addresses, excluded } = router.config;
      announce(
        node,
        router,
        [...addresses, ...excluded].filter((place) => before.has(keyOf(router, place))),
      );
    }
  },
  nextDeadline: ({ pacing }) => pacing.dueAt,
};

/** Announces what may go now; the rest follows when its turn comes. */
export function announce(node: Node, router: VirtualRouter, places: readonly Place[]): void {
  const { pacing, now, out, config } = node;
  const announcements: Place[] = [];
  for (const place of places) {
    const limiter = config.pacing && limiterOf(config.pacing, router, place);
    const nextAt = limiter === undefined ? now : (pacing.nextAt.get(limiter.key) ?? now);
    if (nextAt > now) {
      pacing.waiting.set(keyOf(router, place), nextAt);
      pacing.dueAt = Math.min(pacing.dueAt, nextAt);
    } else {
      announcements.push(place);
      if (limiter !== undefined) pacing.nextAt.set(limiter.key, now + limiter.intervalUs);
    }
  }
  if (announcements.length > 0) out.push({ kind: 'announce', instance: router.config.name, announcements });
}

function keyOf({ config }: VirtualRouter, { interface: name, address }: Place): string {
  return `${name} ${address} ${config.name}`;
}

/** A virtual MAC interface counts as the interface below it. */
function limiterOf(
  config: PacingConfig,
  { config: { interface: base, vmac } }: VirtualRouter,
  place: Place,
): Limiter | undefined {
  const name = vmac?.name === place.interface ? base : place.interface;
  const family = addressFamily(place.address);
  const group = config.groups.findIndex(({ interfaces }) => interfaces.includes(name));
  const { garpUs, gnaUs } = config.groups[group] ?? config;
  const intervalUs = family === 4 ? garpUs : gnaUs;
  if (intervalUs === undefined || intervalUs === 0) return undefined;
  return { key: `${group < 0 ? name : group} ${family}`, intervalUs };
}
