// One frame: state, time and theme in, exactly `rows` strings out, none wider than the terminal.
import type { ScreenState } from './state.ts';
import type { Theme } from './theme.ts';
import { screenLines } from './views/main.ts';

/** `now` is the local clock, µs. */
export function renderFrame(state: ScreenState, now: number, theme: Theme): string[] {
  const { columns, rows } = state.size;
  return screenLines(state, now)
    .slice(0, rows)
    .map((line) => theme.paint(line, columns));
}
