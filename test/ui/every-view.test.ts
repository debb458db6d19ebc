// Each view at each size, in colour, without, and in ASCII: what must be on it, that nothing overflows, that nothing moves
// or is written while the clock stands, and that hostile text changes neither the terminal nor a column.
import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/engine/snapshot.ts';
import { width } from '../../src/ui/text.ts';
import { VIEWS } from '../../src/ui/views/registry.ts';
import { fakeInstance, fakeMaster, fakePacket, fakeSnapshot, HOSTILE, SECOND } from '../support/fake-session.ts';
import { openTestScreen, type TestScreen, type TestScreenOptions } from '../support/screen.ts';

const open: TestScreen[] = [];
afterEach(() => {
  for (const screen of open.splice(0)) screen.unmount();
});
async function screenOf(options: TestScreenOptions): Promise<TestScreen> {
  const screen = await openTestScreen(options);
  open.push(screen);
  await screen.advance(3 * SECOND);
  return screen;
}

const SIZES = [
  [40, 12],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;
const LOOKS = [
  ['colour', { color: 'true', ascii: false }],
  ['NO_COLOR', { color: 'never', ascii: false }],
  ['ASCII', { color: '16', ascii: true }],
] as const;

/** What an operator must find on each view, whatever its size. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  instances: ['VI_WEB', 'MASTER', 'VI_DB', 'BACKUP', 'VI_OLD', 'FAULT', 'eth3 is down'],
  packets: ['Packets', '12:00:0'],
  trackers: ['chk_smtp', 'FAIL', 'chk_http'],
  events: ['Events', 'VI_OLD', 'eth3'],
  peers: ['VI_WEB', 'self'],
  drill: ['Drill'],
  instance: ['Instance VI_WEB', 'MASTER', '130'],
  help: ['Help', 'MOVE'],
  findings: ['Findings'],
};

const plainFrame = (screen: TestScreen): string[] =>
  screen.controller.frames.get().map((text) => text.replace(/\x1b\[[\d;]*m/g, ''));

function expectWhole(screen: TestScreen, columns: number, rows: number): void {
  const frame = plainFrame(screen);
  expect(frame).toHaveLength(rows);
  for (const text of frame) expect(width(text), text).toBe(columns);
  expect(frame.join('\n')).not.toContain('this part of the screen failed');
  expect(screen.lines()).toEqual(frame.map((text) => text.trimEnd()));
}

describe.each(SIZES)('at %ix%i', (columns, rows) => {
  describe.each(LOOKS)('in %s', (_look, theme) => {
    it.each(VIEWS.map(({ id, names }) => [id, names[0]!] as const))(
      '%s is whole, tells what it must, and stands still',
      async (id, name) => {
        const screen = await screenOf({ columns, rows, theme });
        await screen.press(`:${name}\r`);
        // The answer to the command line is gone.
        await screen.pass(7 * SECOND);
        await screen.advance(0);
        expectWhole(screen, columns, rows);
        const text = screen.text();
        for (const wanted of WANTED[id] ?? []) expect(text, wanted).toContain(wanted);
        if (theme.ascii) expect(plainFrame(screen).join('')).toMatch(/^[\x20-\x7e]*$/);
        screen.takeBytes();
        const before = screen.lines();
        for (let i = 0; i < 3; i++) await screen.advance(0);
        expect(screen.lines()).toEqual(before);
        expect(screen.takeBytes()).toBe('');
        if (theme.color === 'never') expect(screen.controller.frames.get().join('')).not.toContain('\x1b');
      },
    );
  });
});

/** A node of which every text was written by an enemy. */
function hostileSnapshot(at: number): Partial<Snapshot> {
  const base = fakeSnapshot(at);
  const long = HOSTILE.repeat(400);
  const master = fakeMaster(at, {
    name: `VI_${HOSTILE}`,
    interface: `eth\x1b[2J\u202e0`,
    cause: long,
    trackers: [{ name: HOSTILE, kind: 'script', ok: false, weight: -20, reverse: false, contribution: -20 }],
  });
  return {
    routerId: HOSTILE,
    instances: [master, fakeInstance(at, { name: '漢字\u200b\u0301🔥', state: 'FAULT', faults: [long], cause: long })],
    scripts: base.scripts.map((script) => ({
      ...script,
      name: HOSTILE,
      command: long,
      lastOutput: long,
      lastResult: HOSTILE,
      usedBy: [HOSTILE],
    })),
    overrides: [
      {
        id: 1,
        instance: master.name,
        kind: 'priority',
        text: HOSTILE,
        setAt: at,
        expiresAt: at + SECOND * 60,
        who: HOSTILE,
        why: long,
      },
    ],
  };
}

describe.each(SIZES)('hostile text at %ix%i', (columns, rows) => {
  it.each(VIEWS.map(({ id, names }) => [id, names[0]!] as const))(
    'neither commands the terminal nor breaks a column of %s',
    async (_id, name) => {
      const screen = await screenOf({ columns, rows, theme: { color: 'never' } });
      await screen.press(`:${name}\r`);
      const snapshot = fakeSnapshot(0);
      const packet = fakePacket(9000, snapshot.takenAt, {
        interface: HOSTILE,
        summary: HOSTILE,
        marks: [HOSTILE],
        protocol: 'malformed',
        bytes: new TextEncoder().encode(HOSTILE.repeat(5)),
      });
      screen.takeBytes();
      const at = screen.controller.state().snapshot!.takenAt;
      const event = {
        seq: 9000,
        at,
        level: 'error',
        kind: 'script',
        instance: HOSTILE,
        text: HOSTILE,
        cause: HOSTILE,
      } as const;
      screen.controller.receive({
        type: 'update',
        snapshot: { ...fakeSnapshot(at), ...hostileSnapshot(at) },
        events: [event],
        packets: [{ ...packet, at }],
        dropped: 0,
        lateness: 0,
      });
      await screen.pass(SECOND);
      for (const keys of ['', 'k', '\r', 'F', '?']) {
        await screen.press(keys);
        expectWhole(screen, columns, rows);
        if (keys === 'F') await screen.escape();
      }
      expect(screen.takeBytes()).not.toMatch(/\x1b\]|\x1b\[[23]J|\x1b\[31m|\x07|\x9b|\u202e|\u200b|\u0301/);
    },
  );
});
