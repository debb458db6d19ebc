// Two stations on one wire: what the contract suites need of a world, real or simulated.
import type { CapturedFrame } from '../../src/ports/capture-port.ts';
import type { Link, LinkAddress } from '../../src/ports/network-port.ts';
import type { PortResult } from '../../src/ports/result.ts';
import type { Datagram, OutgoingDatagram, VrrpChannel } from '../../src/ports/vrrp-port.ts';
import type { Family, IpAddress } from '../../src/wire/address.ts';
import { decodeFrame, type Frame } from '../../src/wire/frame.ts';
import type { PolicyEntry } from '../../src/wire/route.ts';

export interface Failure {
  readonly channel: Pick<VrrpChannel, 'interface' | 'family'>;
  readonly message: string;
}

export interface Station {
  readonly interface: string;
  /** Its own addresses: the first IPv4 address and the link-local one. */
  readonly address: Readonly<Record<Family, IpAddress>>;
  /** Calls a method of one of its ports (`vrrp.open`) and gives what it returned. */
  call<T = PortResult>(method: string, ...args: readonly unknown[]): Promise<T>;
  readonly datagrams: Datagram[];
  readonly failures: Failure[];
  readonly linkChanges: { readonly name: string; readonly link?: Link | undefined }[];
  readonly frames: CapturedFrame[];
  /** Routes and rules that others removed. */
  readonly removed: PolicyEntry[];
}

export interface Pair {
  readonly left: Station;
  readonly right: Station;
  /** Another program on the left host removes a route or rule. */
  removeByHand(entry: PolicyEntry): Promise<void>;
  /** How many routes and rules of ours the left host has. */
  countPolicy(): Promise<number>;
  /** Takes the carrier away from both ends of the wire, or gives it back. */
  plug(connected: boolean): Promise<void>;
  /** Lets time pass until the condition holds; fails with its name when that takes too long. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Lets so much time pass that everything sent has arrived. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export const GROUPS: Readonly<Record<Family, IpAddress>> = { 4: '224.0.0.18', 6: 'ff02::12' };

/** Any eight bytes; the ports do not look into the message. */
export function payload(...start: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, i) => start[i] ?? 0);
}

/** A datagram from `from` with its usual source, to the group unless told otherwise. */
export function outgoing(from: Station, family: Family, fields: Partial<OutgoingDatagram> = {}): OutgoingDatagram {
  return {
    interface: from.interface,
    family,
    source: from.address[family],
    destination: GROUPS[family],
    ttl: 255,
    payload: payload(family),
    ...fields,
  };
}

export function open(
  station: Station,
  family: Family,
  groups: readonly IpAddress[] = [GROUPS[family]],
): Promise<PortResult> {
  return station.call('vrrp.open', { interface: station.interface, family, groups });
}

export async function linkOf(station: Station): Promise<Link | undefined> {
  return (await station.call<Link[]>('network.links')).find((link) => link.name === station.interface);
}

export async function addressOf(station: Station, address: IpAddress): Promise<LinkAddress | undefined> {
  return (await linkOf(station))?.addresses.find((entry) => entry.address === address);
}

/** What the station captured, taken apart. */
export function framesOf(station: Station): Frame[] {
  return station.frames
    .map((frame) => decodeFrame(frame.bytes))
    .flatMap((decoded) => (decoded.ok ? [decoded.value] : []));
}
