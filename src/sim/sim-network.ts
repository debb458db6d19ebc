// The network port of a simulated process: links, addresses and announcements of its host.
import type { AddressSpec, Link, NetworkPort } from '../ports/network-port.ts';
import type { PortResult } from '../ports/result.ts';
import { done } from '../ports/result.ts';
import { announcementFrame } from './frames.ts';
import type { Nic } from './nic.ts';
import type { Refusals } from './refusals.ts';

export interface SimNetworkPort extends NetworkPort {
  /** The host tells that a link changed. */
  linkChanged(link: Link): void;
}

/** A network port over the interfaces of a host. */
export function createSimNetwork(nics: ReadonlyMap<string, Nic>, refusals: Refusals): SimNetworkPort {
  const listeners: ((name: string, link: Link | undefined) => void)[] = [];

  const change = (spec: AddressSpec, point: 'add-address' | 'remove-address'): PortResult => {
    const nic = nics.get(spec.interface);
    if (nic === undefined) return noDevice(spec.interface);
    const refusal = refusals.get(point);
    if (refusal !== undefined) return refusal;
    if (point === 'add-address' && !nic.has(spec.address)) nic.add(spec.address, spec.prefix, spec.scope);
    if (point === 'remove-address' && nic.has(spec.address)) nic.remove(spec.address);
    return done;
  };
  return {
    links: () => [...nics.values()].map((nic) => nic.link()),
    onLinkChange: (listener) => {
      listeners.push(listener);
    },
    linkChanged: (link) => {
      for (const listener of listeners) listener(link.name, link);
    },
    addAddresses: (specs) => specs.map((spec) => change(spec, 'add-address')),
    removeAddresses: (specs) => specs.map((spec) => change(spec, 'remove-address')),
    announce: (announcement) => {
      const nic = nics.get(announcement.interface);
      if (nic === undefined) return noDevice(announcement.interface);
      const refusal = refusals.get('announce');
      if (refusal !== undefined) return refusal;
      if (!nic.connected()) return { ok: false, code: 'ENETDOWN', message: `${nic.name} is down` };
      nic.transmit(announcementFrame(nic.mac, announcement.address));
      return done;
    },
  };
}

export function noDevice(name: string): PortResult {
  return { ok: false, code: 'ENODEV', message: `no interface ${name}` };
}
