// Captured frames as the interop tests see them: adverts and announcements, with who sent them and when.
import { readFileSync } from 'node:fs';
import { decodeFrame, type Frame } from '../../src/wire/frame.ts';
import { readPcap } from '../../src/wire/pcap.ts';
import type { VrrpPacket } from '../../src/wire/vrrp.ts';

interface Seen {
  /** Kernel timestamp, milliseconds since the epoch with fraction. */
  readonly at: number;
  /** Number of the router (its port on the switch), not an address. */
  readonly from: number;
  /** Source MAC address of the frame. */
  readonly mac: string;
}

export interface Advert extends Seen {
  readonly kind: 'advert';
  readonly version: number;
  readonly vrid: number;
  readonly priority: number;
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly addresses: readonly string[];
  readonly packet: VrrpPacket;
}

/** Gratuitous ARP or unsolicited neighbour advertisement. */
export interface Announcement extends Seen {
  readonly kind: 'announcement';
  readonly address: string;
}

export type WireEvent = Advert | Announcement;

/** What a capture file of one port holds so far. A record that tcpdump has not wholly written is left for later. */
export function readFrames(path: string, from: number): WireEvent[] {
  const file = readPcap(readFileSync(path));
  if (!file.ok) return [];
  return file.value.packets.flatMap(({ at, bytes }) => {
    const frame = decodeFrame(bytes);
    const event = frame.ok
      ? wireEvent(frame.value, { at: Number(at / 1000n) / 1000, from, mac: frame.value.sourceMac })
      : undefined;
    return event ? [event] : [];
  });
}

function wireEvent(frame: Frame, seen: Seen): WireEvent | undefined {
  if (frame.kind === 'arp' && frame.arp.senderAddress === frame.arp.targetAddress) {
    return { kind: 'announcement', ...seen, address: frame.arp.senderAddress };
  }
  if (frame.kind === 'neighbour-advertisement' && !frame.advertisement.solicited) {
    return { kind: 'announcement', ...seen, address: frame.advertisement.target };
  }
  if ((frame.kind !== 'vrrp' && frame.kind !== 'ah') || !frame.packet) return undefined;
  const { version, vrid, priority, addresses } = frame.packet;
  const { source, destination, ttl } = frame.ip;
  return {
    kind: 'advert',
    ...seen,
    version,
    vrid,
    priority,
    source,
    destination,
    ttl,
    addresses,
    packet: frame.packet,
  };
}
