// The network port of a simulated process: links, addresses and announcements of its host.
import type { AddressSpec, Announcement, DeviceSpec, Link, MadeDevice, NetworkPort } from '../ports/network-port.ts';
import type { PortResult } from '../ports/result.ts';
import { done } from '../ports/result.ts';
import { announcementFrame } from './frames.ts';
import type { Nic } from './nic.ts';
import type { Refusals } from './refusals.ts';

export interface SimNetworkPort extends NetworkPort {
  /** The host tells that a link changed, or went. */
  linkChanged(name: string, link: Link | undefined): void;
}

/** Makes and removes the devices of a host. */
export interface SimDevices {
  /** A device of that name over the same base may be there already. */
  make(spec: DeviceSpec): Nic | undefined;
  remove(name: string): void;
}

/** A network port over the interfaces of a host. */
export function createSimNetwork(
  nics: ReadonlyMap<string, Nic>,
  refusals: Refusals,
  devices: SimDevices,
): SimNetworkPort {
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
  const create = (spec: DeviceSpec): MadeDevice => {
    const failed = (result: PortResult): MadeDevice => ({ result, reused: false, link: undefined, problems: [] });
    if (!nics.has(spec.base)) return failed(noDevice(spec.base));
    const refusal = refusals.get('create-device');
    if (refusal !== undefined) return failed(refusal);
    const reused = nics.has(spec.name);
    const nic = devices.make(spec);
    if (nic !== undefined) return { result: done, reused, link: nic.link(), problems: [] };
    return failed({ ok: false, code: 'EEXIST', message: `an interface ${spec.name} exists and is no ${spec.kind}` });
  };
  function announce(announcement: Announcement): PortResult {
    const nic = nics.get(announcement.interface);
    if (nic === undefined) return noDevice(announcement.interface);
    const refusal = refusals.get('announce');
    if (refusal !== undefined) return refusal;
    if (!nic.connected()) return { ok: false, code: 'ENETDOWN', message: `${nic.name} is down` };
    nic.transmit(announcementFrame(nic.mac, announcement.address));
    return done;
  }

  return {
    links: () => [...nics.values()].map((nic) => nic.link()),
    onLinkChange: (listener) => {
      listeners.push(listener);
    },
    linkChanged: (name, link) => {
      for (const listener of listeners) listener(name, link);
    },
    addAddresses: (specs) => specs.map((spec) => change(spec, 'add-address')),
    removeAddresses: (specs) => specs.map((spec) => change(spec, 'remove-address')),
    createDevices: (specs) => specs.map(create),
    removeDevices: (names) => {
      for (const name of names) devices.remove(name);
    },
    // No simulated kernel looks at settings.
    setSysctls: (settings) => settings.map(() => done),
    announce: (announcements) => announcements.map(announce),
  };
}

export function noDevice(name: string): PortResult {
  return { ok: false, code: 'ENODEV', message: `no interface ${name}` };
}
