// What the tests of terminal programs ask of a terminal after a program has left it.
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { expect } from 'vitest';
import type { PtySession } from './pty.ts';

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Settings of the terminal driver, as stty prints them: `icanon`, or `-icanon` while in raw mode. */
export function terminalModes(session: PtySession): string {
  const tty = readlinkSync(`/proc/${session.pid}/fd/0`);
  return execFileSync('stty', ['-a', '-F', tty], { encoding: 'utf8' });
}

/** The alternate screen was left, the cursor is shown, paste marks are off: in this order of the bytes. */
export function expectRestored(session: PtySession): void {
  const bytes = session.output();
  for (const [on, off] of [
    ['\x1b[?1049h', '\x1b[?1049l'],
    ['\x1b[?25l', '\x1b[?25h'],
    ['\x1b[?2004h', '\x1b[?2004l'],
  ] as const) {
    expect(bytes.lastIndexOf(off), off).toBeGreaterThan(bytes.lastIndexOf(on));
  }
  expect(session.buffer()).toBe('normal');
}
