import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { whileFlagged } from '../../src/cli/reload-flag.ts';
import { parseReloadTime, scheduleReloads } from '../../src/cli/reload-schedule.ts';

const NOW = Date.parse('2026-11-22T18:30:00Z');
const SECOND = 1000;

describe('the time of a reload', () => {
  it.each([
    ['18:30:01Z', '2026-11-22T18:30:01Z'],
    ['18:30:00Z', '2026-11-23T18:30:00Z'],
    ['00:00:00Z', '2026-11-23T00:00:00Z'],
    ['26-11-23 01:02:03Z', '2026-11-23T01:02:03Z'],
    ['2027-01-01 00:00:00Z', '2027-01-01T00:00:00Z'],
  ])('%j is %s', (text, expected) => expect(parseReloadTime(text, NOW)).toBe(Date.parse(expected)));

  it('without Z is local', () => {
    const local = new Date(NOW + 5000);
    expect(parseReloadTime(local.toTimeString().slice(0, 8), NOW)).toBe(NOW + 5000);
  });

  it.each([
    '',
    '18:30',
    ' 18:30:01',
    '18:30:01 ',
    '26-11-22  18:40:00',
    '2026-11-22 18:00:00Z',
    '25:00:00',
    '26-13-01 00:00:00',
  ])('is not in %j', (text) => expect(parseReloadTime(text, NOW)).toBeUndefined());
});

describe('a reload_time_file', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kavtui-reload-'));
    path = join(folder, 'when');
    vi.useFakeTimers({ now: NOW, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(folder, { recursive: true, force: true });
  });
  const follow = (repeat = false) => {
    const [onDue, onNote] = [vi.fn(), vi.fn()];
    const schedule = scheduleReloads({ path, repeat, onDue, onNote });
    onTestFinished(() => schedule.close());
    return { onDue, onNote };
  };

  it('that is there brings the reload at its time, and is deleted', () => {
    writeFileSync(path, '18:30:10Z\n');
    const { onDue, onNote } = follow();
    expect(onNote).toHaveBeenCalledWith(expect.stringContaining('2026-11-22T18:30:10.000Z'));
    vi.advanceTimersByTime(10 * SECOND - 1);
    expect(onDue).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onDue).toHaveBeenCalledTimes(1);
    expect(existsSync(path)).toBe(false);
  });

  it('stays with reload_repeat, and brings one each day', () => {
    writeFileSync(path, '18:30:10Z');
    const { onDue } = follow(true);
    vi.advanceTimersByTime(10 * SECOND + 2 * 86_400 * SECOND);
    expect(onDue).toHaveBeenCalledTimes(3);
    expect(existsSync(path)).toBe(true);
  });

  it('that comes later counts, and that is deleted does not any more', async () => {
    const { onDue, onNote } = follow();
    writeFileSync(path, '18:30:10Z');
    await vi.waitFor(() => expect(onNote).toHaveBeenCalledWith(expect.stringContaining('is due at')), {
      timeout: 5000,
    });
    rmSync(path);
    await vi.waitFor(() => expect(onNote).toHaveBeenCalledWith(expect.stringContaining('No reload')), {
      timeout: 5000,
    });
    vi.advanceTimersByTime(60 * SECOND);
    expect(onDue).not.toHaveBeenCalled();
  });
});

describe('a reload_file', () => {
  const path = join(tmpdir(), `kavtui-flag-${process.pid}`);

  it('is there while the configuration is read, and then no more', () => {
    expect(whileFlagged(path, () => existsSync(path))).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it('that cannot be made does not keep it from being read', () => {
    expect(whileFlagged('/nowhere/at/all', () => 7)).toBe(7);
    expect(whileFlagged(undefined, () => 7)).toBe(7);
  });
});
