// `watch -w FILE.pcapng`: adverts and announcements as a ring of files of limited size.
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Seen } from '../observe/interpret.ts';
import type { CapturedPacket } from '../wire/pcap-stream.ts';
import { interfaceBlock, packetBlock, sectionBlock } from '../wire/pcapng.ts';

export interface RingLimits {
  /** Bytes of one file; at least one packet is written whatever its size. */
  readonly size: number;
  /** Files that are kept: FILE, FILE.1 (the one before), ... */
  readonly files: number;
}

export const RING: RingLimits = { size: 16 << 20, files: 4 };

export interface Recorder {
  /** Writes the packet if what it says (`seen`) belongs into a recording. */
  record(packet: CapturedPacket, seen: Seen | undefined): void;
  close(): void;
}

/**
 * Opens the file anew. Throws what `openSync` and `writeSync` throw; later failures (a full disk) end the recording and go to
 * `failed`: whoever watches goes on watching.
 */
export function createRecorder(
  path: string,
  limits: RingLimits = RING,
  failed: (error: unknown) => void = () => {},
): Recorder {
  let over = false;
  let fd = -1;
  let written = 0;
  let packets = 0;
  let numbers = new Map<string, number>();

  function begin(): void {
    fd = openSync(path, 'w', 0o640);
    written = 0;
    packets = 0;
    numbers = new Map();
    write(sectionBlock());
  }

  function write(block: Uint8Array): void {
    writeSync(fd, block);
    written += block.length;
  }

  function turn(): void {
    closeSync(fd);
    for (let age = limits.files - 1; age > 0; age--) renameIfThere(older(path, age - 1), older(path, age));
    begin();
  }

  function numberOf({ name, linkType }: CapturedPacket['interface']): number {
    const key = `${linkType} ${name ?? ''}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    write(interfaceBlock({ name, linkType }));
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  }

  function append(packet: CapturedPacket): void {
    const block = packetBlock({ ...packet, interface: numberOf(packet.interface) });
    if (packets > 0 && written + block.length > limits.size) {
      turn();
      write(packetBlock({ ...packet, interface: numberOf(packet.interface) }));
    } else write(block);
    packets++;
  }

  begin();
  return {
    record: (packet, seen) => {
      if (over || !isRecorded(seen)) return;
      try {
        append(packet);
      } catch (error) {
        over = true;
        failed(error);
      }
    },
    close: () => {
      if (!over) closeSync(fd);
    },
  };
}

function isRecorded(seen: Seen | undefined): boolean {
  if (seen === undefined) return false;
  if (seen.kind === 'announcement') return seen.gratuitous;
  if (seen.kind === 'other-protocol') return seen.other.protocol === 'carp';
  return seen.kind === 'advert' || seen.kind === 'malformed';
}

/** `trace.pcapng`, `trace.1.pcapng`, ... */
function older(path: string, age: number): string {
  if (age === 0) return path;
  const dot = path.endsWith('.pcapng') ? path.length - '.pcapng'.length : path.length;
  return `${path.slice(0, dot)}.${age}${path.slice(dot)}`;
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
