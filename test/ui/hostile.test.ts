// Any text from outside in any place of any view: the frame keeps its columns, as a terminal counts them, and holds nothing
// but text and styles.
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Snapshot } from '../../src/engine/snapshot.ts';
import type { ToScreen } from '../../src/session/messages.ts';
import { clean } from '../../src/ui/clean.ts';
import { renderFrame } from '../../src/ui/frame.ts';
import { receive } from '../../src/ui/receive.ts';
import { initialState, showView } from '../../src/ui/state.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { VIEWS } from '../../src/ui/views/registry.ts';
import {
  ENGINE_START,
  FAKE_INFO,
  fakeInstance,
  fakeMaster,
  fakePacket,
  fakeSnapshot,
  SECOND,
} from '../support/fake-session.ts';

const AT = ENGINE_START + 3 * SECOND;
const fragment = fc.oneof(
  fc.constantFrom(
    '\x1b[2J',
    '\x1b]0;t\x07',
    '\x9b3J',
    '\u202e',
    '\u200b',
    '\u200d',
    '\ufe0f',
    'e\u0301',
    '漢字',
    '한국',
  ),
  fc.constantFrom('🔥', '👩‍💻', '🇩🇪', 'ﷺ', '\ud800', '\t', '\r\n', '\0', ' ', 'x'.repeat(500), '─', '½', 'ｱ', '〈'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const text = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));
/** Texts by turns: each place gets another one. */
const texts = fc.array(text, { minLength: 1, maxLength: 8 });

function updateOf(all: readonly string[]): Extract<ToScreen, { type: 'update' }> {
  let turn = 0;
  const next = (): string => all[turn++ % all.length]!;
  const snapshot: Snapshot = fakeSnapshot(AT);
  const tracker = { name: next(), kind: 'script', ok: false, weight: -20, reverse: false, contribution: -20 } as const;
  const [script] = snapshot.scripts;
  const name = next();
  const event = {
    seq: 1,
    at: AT,
    level: 'error',
    kind: 'script',
    instance: name,
    text: next(),
    cause: next(),
  } as const;
  const override = {
    id: 1,
    instance: name,
    kind: 'priority',
    text: next(),
    setAt: AT,
    expiresAt: AT + SECOND,
  } as const;
  return {
    type: 'update',
    snapshot: {
      ...snapshot,
      routerId: next(),
      instances: [
        fakeMaster(AT, { name, interface: next(), cause: next(), trackers: [tracker], syncGroup: next() }),
        fakeInstance(AT, { name: next(), state: 'FAULT', faults: [next(), next()], cause: next() }),
      ],
      scripts: [
        { ...script!, name: next(), command: next(), ok: false, lastOutput: next().repeat(20), lastResult: next() },
      ],
      overrides: [{ ...override, who: next(), why: next() }],
    },
    events: [event],
    packets: [
      fakePacket(1, AT, {
        interface: next(),
        protocol: 'malformed',
        summary: next(),
        marks: [next()],
        bytes: new TextEncoder().encode(next().repeat(3)).slice(0, 1500),
      }),
    ],
    dropped: 0,
    lateness: 0,
  };
}

/** How many cells each row takes on a terminal. */
async function cellsOf(terminal: xterm.Terminal, rows: readonly string[]): Promise<readonly number[]> {
  await new Promise<void>((resolve) => terminal.write(`\x1bc${rows.join('\x1b[0m\r\n')}`, resolve));
  return rows.map((_, y) => {
    const line = terminal.buffer.active.getLine(y)!;
    let end = terminal.cols;
    // Not written, and not the second half of a wide character.
    while (end > 0 && line.getCell(end - 1)!.getCode() === 0 && line.getCell(end - 1)!.getWidth() === 1) end--;
    return end;
  });
}

const SIZES = [
  { columns: 40, rows: 12 },
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
] as const;

it('keeps its columns and holds only text and styles, whatever the texts are', async () => {
  const terminal = new xterm.Terminal({ cols: 200, rows: 60, allowProposedApi: true });
  const theme = createTheme({ color: 'true', ascii: false });
  const property = fc.asyncProperty(texts, fc.constantFrom(...SIZES), async (all, size) => {
    const first = receive(initialState(FAKE_INFO, size), clean(updateOf(all)), 0);
    for (const { id } of VIEWS) {
      const frame = renderFrame(showView(first, id), 0, theme);
      expect(frame).toHaveLength(size.rows);
      expect(frame.join('')).not.toContain('this part of the screen failed');
      const plain = frame.map((row) => row.replace(/\x1b\[[\d;]*m/g, ''));
      expect(plain.join('')).not.toMatch(/[\p{C}\p{M}]/u);
      expect(await cellsOf(terminal, frame), plain.join('\n')).toEqual(frame.map(() => size.columns));
    }
  });
  await fc.assert(property, { numRuns: 100 });
});
