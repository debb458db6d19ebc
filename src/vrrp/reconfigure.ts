// An instance that goes on with another configuration (keepalived: reload).
import { announceAsMaster } from './announcements.ts';
import type { InstanceConfig, VirtualAddress } from './config.ts';
import type { Draft } from './draft.ts';
import { masterDown, sendAdvert, update } from './draft.ts';
import { addPolicy, newIn, policyOf, removePolicy } from './policy.ts';

/** A MASTER gives up what it shall not hold any more. All of a node do so before one of them takes what it has been given. */
export function withdraw(draft: Draft, before: InstanceConfig): void {
  if (draft.state.state !== 'MASTER') return;
  removePolicy(draft, newIn(policyOf(before), policyOf(draft.config)));
  const gone = newIn(addressesOf(before), addressesOf(draft.config));
  if (gone.length > 0) draft.effects.push({ kind: 'removeAddresses', addresses: gone });
}

/** A MASTER stays one, says at once what is new, and takes the addresses, routes and rules that are; a BACKUP listens anew. */
export function reconfigure(draft: Draft, before: InstanceConfig): void {
  const { config, now, state } = draft;
  if (state.state === 'MASTER') {
    update(draft, { masterIntervalUs: config.advertIntervalUs, advertAt: now + config.advertIntervalUs });
    sendAdvert(draft);
    const fresh = newIn(addressesOf(config), addressesOf(before));
    if (fresh.length > 0) draft.effects.push({ kind: 'addAddresses', addresses: fresh });
    addPolicy(draft, newIn(policyOf(config), policyOf(before)));
    if (fresh.length > 0) announceAsMaster(draft);
  } else if (state.state === 'BACKUP') {
    if (config.version === 2) update(draft, { masterIntervalUs: config.advertIntervalUs });
    update(draft, { masterDownAt: now + masterDown(draft), preemptAt: undefined });
  }
}

function addressesOf({ addresses, excluded }: InstanceConfig): readonly VirtualAddress[] {
  return [...addresses, ...excluded];
}
