// Frames of routers that do not exist, and an observer that hears them.
import type { ObserverEvent } from '../../src/observe/event.ts';
import { createObserver, type Observer } from '../../src/observe/observer.ts';
import { AH_PROTOCOL, encodeAh } from '../../src/wire/ah.ts';
import { encodeGratuitousArp } from '../../src/wire/arp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { ETHERTYPE, encodeEthernet, multicastMac } from '../../src/wire/ethernet.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeIpv6 } from '../../src/wire/ipv6.ts';
import { encodeUnsolicitedNeighbourAdvertisement } from '../../src/wire/neighbour.ts';
import { VRRP_GROUP, VRRP_PROTOCOL } from '../../src/wire/vrrp.ts';

export interface AdvertOptions {
  readonly priority?: number;
  readonly version?: 2 | 3;
  readonly vrid?: number;
  readonly addresses?: readonly string[];
  readonly intervalS?: number;
  readonly password?: string;
  readonly vlan?: number;
  readonly ttl?: number;
  readonly mac?: string;
  readonly destination?: string;
  /** Behind an Authentication Header with this sequence number. */
  readonly sequence?: number;
  /** Changes the VRRP message before it is sent; the checksum stays what it was. */
  readonly damage?: (message: Uint8Array) => void;
}

/** The hardware address of the lab router with this address. */
export function macOf(source: string): string {
  const last = source.split(/[.:]/).at(-1) ?? '0';
  return `02:00:00:00:00:${last.slice(-2).padStart(2, '0')}`;
}

/** An advert as that router would send it. */
export function advert(source: string, options: AdvertOptions = {}): Uint8Array {
  const family = source.includes(':') ? 6 : 4;
  const { priority = 100, version = family === 6 ? 3 : 2, vrid = 51, intervalS = 1, ttl = 255 } = options;
  const { destination = VRRP_GROUP[family], vlan, sequence: ahSequence } = options;
  const password = options.password ?? (ahSequence === undefined ? undefined : 'secret');
  const addresses = options.addresses ?? [family === 6 ? 'fe80::100' : '192.0.2.100'];
  const fields = {
    version,
    vrid,
    priority,
    addresses,
    intervalUs: intervalS * 1e6,
    ...(password && { password }),
    ...(ahSequence && { ahSequence }),
  };
  const payload = encodeAdvert(fields, { family, source, destination });
  options.damage?.(payload);
  const plain = { source, destination, ttl, tos: 0xc0, protocol: VRRP_PROTOCOL, payload };
  const protect = (sequence: number): Uint8Array =>
    encodeAh(payload, { sequence, password: 'secret' }, { source, destination, ttl, id: 1 });
  const ip = ahSequence === undefined ? plain : { ...plain, protocol: AH_PROTOCOL, payload: protect(ahSequence) };
  const packet = family === 4 ? encodeIpv4({ ...ip, id: 1 }) : encodeIpv6(ip);
  return encodeEthernet({
    destination: destination === VRRP_GROUP[family] ? multicastMac(destination) : '02:00:00:00:00:99',
    source: options.mac ?? macOf(source),
    vlan,
    etherType: family === 4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6,
    payload: packet,
  });
}

/** A gratuitous ARP or an unsolicited neighbour advertisement. */
export function announcement(address: string, mac: string): Uint8Array {
  if (address.includes(':')) return encodeUnsolicitedNeighbourAdvertisement({ mac, address, router: false });
  return encodeGratuitousArp({ mac, address });
}

export interface Heard {
  readonly observer: Observer;
  readonly events: readonly ObserverEvent[];
  /** Frames of an Ethernet interface, at a time in seconds. */
  hear(atS: number, ...frames: Uint8Array[]): void;
  /** Adverts of one router at each of these times. */
  adverts(source: string, times: readonly number[], options?: AdvertOptions): void;
  /** The events as short lines: `4.5 master 192.0.2.11 preemption`. */
  told(...types: ObserverEvent['type'][]): string[];
}

export function hearing(maxSpeakers?: number): Heard {
  const events: ObserverEvent[] = [];
  const observer = createObserver({
    onEvent: (event) => void events.push(event),
    ...(maxSpeakers !== undefined && { maxSpeakers }),
  });
  const hear = (atS: number, ...frames: Uint8Array[]): void => {
    for (const bytes of frames) {
      observer.observe({ interface: 'eth0', linkType: 1, bytes, cut: false }, Math.round(atS * 1e6));
    }
  };
  return {
    observer,
    events,
    hear,
    adverts: (source, times, options) => {
      for (const at of times) hear(at, advert(source, options));
    },
    told: (...types) =>
      events.flatMap((event) =>
        types.includes(event.type) ? [`${event.at / 1e6} ${event.type} ${facts(event)}`] : [],
      ),
  };
}

function facts(event: ObserverEvent): string {
  switch (event.type) {
    case 'master':
    case 'left':
      return `${event.address} ${event.cause}`;
    case 'two-masters':
      return event.addresses.join(' ');
    case 'one-master':
      return String(event.address);
    case 'change':
      return `${event.address} ${event.what}: ${event.from} -> ${event.to}`;
    case 'refused':
      return `${event.address} ${event.reason}`;
    case 'owner':
      return `${event.vip} ${event.mac} ${event.router}`;
    case 'near-miss':
      return `${event.address} ${event.gapUs / 1e6}`;
    case 'other-protocol':
      return `${event.protocol} ${event.group} ${event.address} ${event.state} ${event.priority}`;
    case 'finding': {
      const { id, severity, confidence, resolved } = event.finding;
      return `${id} ${severity} ${resolved === undefined ? confidence : 'resolved'}`;
    }
    default:
      return event.address;
  }
}

/** From `first` to `last` in steps, both included. */
export function every(step: number, first: number, last: number): number[] {
  const times: number[] = [];
  for (let i = 0; first + i * step <= last + 1e-9; i++) times.push(Number((first + i * step).toFixed(6)));
  return times;
}
