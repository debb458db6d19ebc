// An instance that goes on with another configuration (keepalived: reload).
import { announceAsMaster } from './announcements.ts';
import type { InstanceConfig, VirtualAddress } from './config.ts';
import type { Draft } from './draft.ts';
import { masterDown, sendAdvert, update } from './draft.ts';
import { addPolicy, newIn, policyOf, removePolicy } from './policy.ts';

/** A MASTER stays one, says at once what is new, and changes only the addresses, routes and rules that differ; a BACKUP listens anew. */
export function reconfigure(draft: Draft, before: InstanceConfig): void {
  const { config, now, state } = draft;
  if (state.state === 'MASTER') {
    update(draft, { masterIntervalUs: config.advertIntervalUs, advertAt: now + config.advertIntervalUs });
    sendAdvert(draft);
    const [had, has] = [addressesOf(before), addressesOf(config)];
    const [gone, fresh] = [newIn(had, has), newIn(has, had)];
    removePolicy(draft, newIn(policyOf(before), policyOf(config)));
    if (gone.length > 0) draft.effects.push({ kind: 'removeAddresses', addresses: gone });
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
