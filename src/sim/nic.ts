// A network interface of a simulated host: its addresses, its cable, and what it learnt about its neighbours.
import type { Link, LinkAddress } from '../ports/network-port.ts';
import type { IpAddress } from '../wire/address.ts';
import { addressFamily, isMulticast } from '../wire/address.ts';
import { multicastMac } from '../wire/ethernet.ts';
import type { Frame } from '../wire/frame.ts';
import { decodeFrame } from '../wire/frame.ts';
import { isGroupMac, learntFrom } from './frames.ts';
import type { Attachment, Segment } from './segment.ts';

export interface InterfaceSpec {
  readonly name: string;
  readonly mac: string;
  readonly addresses: readonly { readonly address: IpAddress; readonly prefix: number }[];
}

/** What a host wants to know of its interface. */
export interface NicWatcher {
  /** Flags or addresses changed. */
  changed(nic: Nic): void;
  /** A frame went out or came in. */
  passed(nic: Nic, direction: 'sent' | 'received', bytes: Uint8Array): void;
  /** A frame for this host came in. */
  received(nic: Nic, frame: Frame): void;
}

export interface Nic extends Attachment {
  readonly over?: Nic;
  readonly name: string;
  link(): Link;
  /** Cable in or out. Addresses stay, as they do on carrier loss. */
  plug(connected: boolean): void;
  has(address: IpAddress): boolean;
  add(address: IpAddress, prefix: number, scope: number): void;
  remove(address: IpAddress): void;
  transmit(frame: Uint8Array): void;
  /** MAC that a packet for this address goes to: multicast, learnt, or asked for. Undefined: nobody answers. */
  resolve(address: IpAddress): string | undefined;
  /** IP address → MAC as learnt from announcements. */
  readonly neighbours: ReadonlyMap<IpAddress, string>;
}

/** An interface with its cable in, attached to a LAN. `over`: it is a device on the cable of that one. */
export function createNic(
  spec: InterfaceSpec,
  index: number,
  host: string,
  lan: Segment,
  watcher: NicWatcher,
  over?: Nic,
): Nic {
  const neighbours = new Map<IpAddress, string>();
  let connected = true;
  let addresses: readonly LinkAddress[] = spec.addresses.map(({ address, prefix }) => ({
    address,
    prefix,
    scope: address.startsWith('fe80:') ? 253 : 0,
    secondary: false,
    tentative: false,
  }));
  const has = (address: IpAddress) => addresses.some((entry) => entry.address === address);

  const nic: Nic = {
    host,
    ...(over && { over }),
    name: spec.name,
    mac: spec.mac,
    neighbours,
    has,
    connected: () => (over?.connected() ?? true) && connected,
    owns: has,
    link: () => ({
      name: spec.name,
      index,
      mac: spec.mac,
      up: nic.connected(),
      multicast: true,
      arp: true,
      mtu: 1500,
      addresses,
    }),
    plug: (now) => {
      if (connected === now) return;
      connected = now;
      watcher.changed(nic);
    },
    add: (address, prefix, scope) => {
      const family = addressFamily(address);
      const secondary = family === 4 && addresses.some((entry) => addressFamily(entry.address) === family);
      addresses = [...addresses, { address, prefix, scope, secondary, tentative: false }];
      watcher.changed(nic);
    },
    remove: (address) => {
      addresses = addresses.filter((entry) => entry.address !== address);
      watcher.changed(nic);
    },
    transmit: (frame) => {
      watcher.passed(nic, 'sent', frame);
      // Who captures on the cable sees what a device sends.
      if (over !== undefined) watcher.passed(over, 'sent', frame);
      lan.send(nic, frame);
    },
    receive: (bytes) => {
      const decoded = decodeFrame(bytes);
      if (!decoded.ok) return;
      const frame = decoded.value;
      if (frame.destinationMac !== spec.mac && !isGroupMac(frame.destinationMac)) return;
      const learnt = learntFrom(frame);
      if (learnt !== undefined) neighbours.set(learnt.address, learnt.mac);
      watcher.passed(nic, 'received', bytes);
      watcher.received(nic, frame);
    },
    resolve: (address) =>
      isMulticast(address) ? multicastMac(address) : (neighbours.get(address) ?? lan.macOf(address, nic)),
  };
  lan.attach(nic);
  return nic;
}
