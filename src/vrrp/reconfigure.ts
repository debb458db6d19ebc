// An instance that goes on with another configuration (keepalived: reload).
import { announceAsMaster } from './announcements.ts';
import type { InstanceConfig, VirtualAddress } from './config.ts';
import type { Draft } from './draft.ts';
import { masterDown, sendAdvert, update } from './draft.ts';

/** A MASTER stays one, says at once what is new, and changes only the addresses that differ; a BACKUP listens anew. */
export function reconfigure(draft: Draft, before: InstanceConfig): void {
  const { config, now, state } = draft;
  if (state.state === 'MASTER') {
    update(draft, { masterIntervalUs: config.advertIntervalUs, advertAt: now + config.advertIntervalUs });
    sendAdvert(draft);
    const gone = missingIn(config, addressesOf(before));
    const fresh = missingIn(before, addressesOf(config));
    if (gone.length > 0) draft.effects.push({ kind: 'removeAddresses', addresses: gone });
    if (fresh.length === 0) return;
    draft.effects.push({ kind: 'addAddresses', addresses: fresh });
    announceAsMaster(draft);
  } else if (state.state === 'BACKUP') {
    if (config.version === 2) update(draft, { masterIntervalUs: config.advertIntervalUs });
    update(draft, { masterDownAt: now + masterDown(draft), preemptAt: undefined });
  }
}

function addressesOf({ addresses, excluded }: InstanceConfig): readonly VirtualAddress[] {
  return [...addresses, ...excluded];
}

function missingIn(config: InstanceConfig, addresses: readonly VirtualAddress[]): readonly VirtualAddress[] {
  const known = new Set(addressesOf(config).map((vip) => JSON.stringify(vip)));
  return addresses.filter((vip) => !known.has(JSON.stringify(vip)));
}
