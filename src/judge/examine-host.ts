// All findings about this host.
import type { HostState } from '../ports/host-state.ts';
import type { ConfiguredHost } from './configured-host.ts';
import { deliveryFindings } from './doctor-delivery.ts';
import { hostFindings } from './doctor-host.ts';
import { instanceFindings } from './doctor-instances.ts';
import { type HostFinding, inOrder } from './host-finding.ts';

/** `host`: the configuration that the router here runs with, where it is known. */
export function examineHost(state: HostState, host: ConfiguredHost | undefined): HostFinding[] {
  const delivery = deliveryFindings(state, host?.config.instances ?? []);
  const told = new Set(delivery.map(({ id, subject }) => `${id} ${subject}`));
  const instances = host === undefined ? [] : instanceFindings(state, host);
  return inOrder([
    ...delivery,
    // What is proven by adverts need not be said from the configuration again.
    ...instances.filter(({ id, subject }) => id === 'D02' || !told.has(`${id} ${subject}`)),
    ...hostFindings(state, host),
  ]);
}
