// Captured frames as the interop tests see them: adverts and announcements, with who sent them and when.
import { readFileSync } from 'node:fs';

interface Seen {
  /** Kernel timestamp, milliseconds since the epoch with fraction. */
  readonly at: number;
  /** Number of the router (its port on the switch), not an address. */
  readonly from: number;
}

export interface Advert extends Seen {
  readonly kind: 'advert';
  readonly version: number;
  readonly vrid: number;
  readonly priority: number;
  readonly source: string;
  readonly destination: string;
}

/** Gratuitous ARP or unsolicited neighbour advertisement. */
export interface Announcement extends Seen {
  readonly kind: 'announcement';
  readonly address: string;
}

export type WireEvent = Advert | Announcement;

/** What a capture file of one port holds so far. A record that tcpdump has not wholly written is left for later. */
export function readFrames(path: string, from: number): WireEvent[] {
  const file = readFileSync(path);
  const events: WireEvent[] = [];
  let offset = 24;
  while (offset + 16 <= file.length) {
    const length = file.readUInt32LE(offset + 8);
    if (offset + 16 + length > file.length) break;
    const at = file.readUInt32LE(offset) * 1000 + file.readUInt32LE(offset + 4) / 1e6;
    const event = decode(file.subarray(offset + 16, offset + 16 + length), at, from);
    if (event) events.push(event);
    offset += 16 + length;
  }
  return events;
}

function v6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function decode(frame: Buffer, at: number, from: number): WireEvent | undefined {
  const type = frame.readUInt16BE(12);
  if (type === 0x0806) {
    const [sender, target] = [frame.subarray(28, 32).join('.'), frame.subarray(38, 42).join('.')];
    return sender === target ? { kind: 'announcement', at, from, address: sender } : undefined;
  }
  if (type === 0x0800 && frame[23] === 112) {
    const vrrp = frame.subarray(14 + (frame[14]! & 15) * 4);
    return advert(vrrp, at, from, frame.subarray(26, 30).join('.'), frame.subarray(30, 34).join('.'));
  }
  if (type !== 0x86dd) return undefined;
  if (frame[20] === 112)
    return advert(frame.subarray(54), at, from, v6(frame.subarray(22, 38)), v6(frame.subarray(38, 54)));
  if (frame[20] === 58 && frame[54] === 136)
    return { kind: 'announcement', at, from, address: v6(frame.subarray(62, 78)) };
  return undefined;
}

function advert(vrrp: Buffer, at: number, from: number, source: string, destination: string): Advert {
  return { kind: 'advert', at, from, version: vrrp[0]! >> 4, vrid: vrrp[1]!, priority: vrrp[2]!, source, destination };
}
