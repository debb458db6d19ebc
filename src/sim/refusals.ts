// What the kernel of a simulated host refuses at the moment, on demand of a test.
import type { PortResult } from '../ports/result.ts';

export type RefusalPoint =
  | 'vrrp-open'
  | 'vrrp-send'
  | 'add-address'
  | 'remove-address'
  | 'announce'
  | 'add-policy'
  | 'capture-open'
  | 'create-device'
  | 'replace-firewall';

/** Calls that fail while their entry is there. */
export type Refusals = Map<RefusalPoint, Extract<PortResult, { ok: false }>>;
