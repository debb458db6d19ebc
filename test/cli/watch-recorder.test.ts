import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecorder } from '../../src/cli/watch-recorder.ts';
import { interpretFrame } from '../../src/observe/interpret.ts';
import { createCaptureReader } from '../../src/wire/pcap-stream.ts';
import { advert, announcement } from '../observe/wire-lab.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-ring-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function packet(at: number, bytes: Uint8Array, name = 'eth0') {
  const frame = { interface: { name, linkType: 1 }, at, nanoseconds: 7, bytes, originalLength: bytes.length };
  return { ...frame, direction: 'received' as const };
}

function times(name: string): number[] {
  const found: number[] = [];
  const reader = createCaptureReader(({ at }) => void found.push(at));
  reader.push(readFileSync(join(folder, name)));
  expect(reader.whole).toBe(true);
  return found;
}

function record(recorder: ReturnType<typeof createRecorder>, at: number, bytes: Uint8Array, name?: string): void {
  recorder.record(packet(at, bytes, name), interpretFrame(bytes, 1, false));
}

describe('the recorder', () => {
  it('keeps adverts and announcements, nothing else', () => {
    const request = announcement('192.0.2.100', '02:00:00:00:00:11');
    request.set([192, 0, 2, 5], 38);
    const recorder = createRecorder(join(folder, 'a.pcapng'));
    record(recorder, 1, advert('192.0.2.11'));
    record(recorder, 2, announcement('192.0.2.100', '02:00:00:00:00:11'));
    record(recorder, 3, announcement('fe80::100', '02:00:00:00:00:11'));
    record(recorder, 4, request);
    record(recorder, 5, new Uint8Array(60));
    recorder.close();
    expect(times('a.pcapng')).toEqual([1, 2, 3]);
  });

  it('is a ring: files of limited size, each whole by itself, the oldest goes', () => {
    const recorder = createRecorder(join(folder, 'a.pcapng'), { size: 1000, files: 3 });
    for (let at = 1; at <= 60; at++) record(recorder, at, advert('192.0.2.11'), at % 2 === 0 ? 'eth0' : 'eth1');
    recorder.close();
    expect(readdirSync(folder).sort()).toEqual(['a.1.pcapng', 'a.2.pcapng', 'a.pcapng']);
    const kept = ['a.2.pcapng', 'a.1.pcapng', 'a.pcapng'].flatMap(times);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 61 - kept.length + i));
    expect(kept.length).toBeGreaterThan(12);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000);
  });

  it('that can write no more says so once, and is silent from then on', () => {
    const told: unknown[] = [];
    const recorder = createRecorder(
      join(folder, 'sub.pcapng'),
      { size: 300, files: 2 },
      (error) => void told.push(error),
    );
    record(recorder, 1, advert('192.0.2.11'));
    // The next file cannot take the place of this one.
    mkdirSync(join(folder, 'sub.1.pcapng'));
    for (let at = 2; at <= 9; at++) record(recorder, at, advert('192.0.2.11'));
    recorder.close();
    expect(told).toMatchObject([{ code: 'EISDIR' }]);
    expect(times('sub.pcapng')).toEqual([1, 2]);
  });
});
