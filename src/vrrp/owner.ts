// Two routers that both claim to own the addresses (priority 255). The RFC knows no such case; these are keepalived's rules.
import { OWNER_PRIORITY } from '../wire/vrrp.ts';
import type { Draft } from './draft.ts';
import { record, update } from './draft.ts';
import type { Advert } from './validate.ts';

const REDUCED_PRIORITY = 254;
/** How many adverts of ours the other one may answer before it counts as stubborn. */
const ADVERTS = 2;

/**
 * As MASTER, an owner with the greater address hears another owner (keepalived since 2.3.3): after two adverts of ours
 * and 1.2 of the longer interval, one that still speaks costs us the 255, so that a normal election decides.
 */
export function meetRogue(draft: Draft, { priority, source, intervalUs }: Advert): void {
  const { state, now, config } = draft;
  if (state.effectivePriority !== OWNER_PRIORITY || priority !== OWNER_PRIORITY || config.options?.compat === '2.2')
    return;
  if (state.rogue === undefined) return update(draft, { rogue: { intervalUs, adverts: ADVERTS, until: now } });
  if (state.rogue.adverts === 0 && now >= state.rogue.until) reduce(draft, source);
}

/** Counts an advert of ours; forgets a rogue that has fallen silent. */
export function countAgainstRogue(draft: Draft): void {
  const { config, state, now } = draft;
  const { rogue } = state;
  if (rogue === undefined) return;
  const waitUs = 1.2 * Math.max(config.advertIntervalUs, rogue.intervalUs);
  if (rogue.adverts > 0) {
    const until = Math.floor(now + waitUs);
    update(draft, { rogue: { ...rogue, adverts: rogue.adverts - 1, until } });
  } else if (now > rogue.until + waitUs) update(draft, { rogue: undefined });
}

/** An owner yields to an owner: keepalived 2.2 gives up the 255 there and then, for good. */
export function yieldAsOwner(draft: Draft, { priority, source }: Advert): void {
  if (draft.config.options?.compat !== '2.2') return;
  if (draft.state.effectivePriority === OWNER_PRIORITY && priority === OWNER_PRIORITY) reduce(draft, source);
}

/** The rogue is gone, or we are MASTER: an owner's own priority is back (not in keepalived 2.2). */
export function restoreOwner(draft: Draft): void {
  if (!draft.state.reduced || draft.config.options?.compat === '2.2') return;
  update(draft, { reduced: false, effectivePriority: OWNER_PRIORITY });
  record(draft, { about: 'priority', text: `Restoring priority ${OWNER_PRIORITY} of the address owner` });
}

function reduce(draft: Draft, source: string): void {
  update(draft, { reduced: true, rogue: undefined, effectivePriority: REDUCED_PRIORITY });
  record(draft, {
    level: 'warning',
    about: 'priority',
    text: `${source} claims to own the addresses too: reducing our priority to ${REDUCED_PRIORITY}`,
  });
}
