// The screen that the options ask for: drawn, or spoken as lines.
import { openScreen, type Screen, type ScreenOptions } from '../ui/host.ts';
import { openLineScreen } from '../ui/line-screen.ts';
import type { ScreenLooks } from './options.ts';
import { themeOf } from './theme-option.ts';

/** Shows a session on the terminal. Both streams must be terminals. */
export function showScreen(
  { ascii, color, theme: wanted, screenReader }: ScreenLooks,
  options: Omit<ScreenOptions, 'ascii' | 'color' | 'theme'>,
): Screen {
  if (screenReader) return openLineScreen(options);
  const theme = themeOf(wanted);
  return openScreen({ ...options, ascii, color, ...(theme === undefined ? {} : { theme }) });
}
