// Frames as strings, without a terminal: every size, every view, every theme.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToScreen } from '../../src/session/messages.ts';
import { clean } from '../../src/ui/clean.ts';
import { renderFrame } from '../../src/ui/frame.ts';
import { pressKey } from '../../src/ui/press.ts';
import { receive } from '../../src/ui/receive.ts';
import { initialState, type ScreenState, withUi } from '../../src/ui/state.ts';
import { width } from '../../src/ui/text.ts';
import { createTheme } from '../../src/ui/theme.ts';
import {
  createFakeSession,
  ENGINE_START,
  FAKE_INFO,
  fakeInstance,
  fakeMaster,
  SECOND,
} from '../support/fake-session.ts';

function stateAt(columns: number, rows: number, more: Partial<ScreenState> = {}): ScreenState {
  const session = createFakeSession({ now: () => ENGINE_START + 3 * SECOND, routers: 3 });
  let state = initialState(FAKE_INFO, { columns, rows });
  session.connect({
    deliver: (message: ToScreen) => {
      state = receive(state, clean(message), 0);
    },
    ready: () => true,
  });
  return { ...state, ...more };
}

const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');

describe('a frame', () => {
  const theme = fc.record({ color: fc.constantFrom('never', '16', '256', 'true'), ascii: fc.boolean() } as const);
  const size = fc.record({ columns: fc.integer({ min: 1, max: 260 }), rows: fc.integer({ min: 1, max: 80 }) });
  const keys = fc.array(fc.constantFrom('j', 'k', 'tab', 'z', 'enter', '?', 'esc', 'F', 'P', 'N', 'q', 'pageup', 'G'), {
    maxLength: 6,
  });

  it('has exactly the rows and columns of the terminal, at any size, after any keys, in any theme', () => {
    fc.assert(
      fc.property(theme, size, keys, (options, { columns, rows }, pressed) => {
        let state = stateAt(columns, rows);
        for (const key of pressed) state = pressKey(state, key, 0).state;
        const frame = renderFrame(state, 0, createTheme(options));
        expect(frame).toHaveLength(rows);
        for (const text of frame) expect(width(plain(text))).toBe(columns);
        expect(frame.join('')).not.toContain('this part of the screen failed');
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the selected instance in sight among hundreds', () => {
    const instances = Array.from({ length: 300 }, (_, i) =>
      fakeInstance(ENGINE_START, { name: `VI_${i}`, vrid: i % 255 }),
    );
    const before = stateAt(80, 24);
    const state = withUi({ ...before, snapshot: { ...before.snapshot!, instances } }, 'instances', {
      selected: 'VI_200',
    });
    const frame = renderFrame(state, 0, createTheme({ color: 'never', ascii: false })).map(plain);
    expect(frame.some((text) => /^▸ ○ BACKUP {3}VI_200 /.test(text))).toBe(true);
    expect(frame.some((text) => text.includes('── Packets'))).toBe(true);
  });

  it('shows the whole priority of an IPv6 MASTER at 80 columns', () => {
    const master = { self: false, address: 'fe80::5054:ff:fe12:3456', priority: 150, lastAdvertAt: ENGINE_START };
    const instances = [fakeInstance(ENGINE_START, { family: 6, master }), fakeMaster(ENGINE_START)];
    const before = stateAt(80, 24);
    const state = { ...before, snapshot: { ...before.snapshot!, instances } };
    const frame = renderFrame(state, 0, createTheme({ color: 'never', ascii: false })).map(plain);
    expect(frame.join('\n')).toMatch(/fe80:~\S*3456 p150/);
  });
});
