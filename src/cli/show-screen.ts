// The screen that the options ask for: drawn, or spoken as lines.
import { openScreen, type Screen, type ScreenOptions } from '../ui/host.ts';
import type { ScreenLooks } from './options.ts';
import { outliveTerminal } from './outlive-terminal.ts';
import { themeOf } from './theme-option.ts';

/** Shows a session on the terminal. Both streams must be terminals. */
export type ShowScreen = (options: Omit<ScreenOptions, 'ascii' | 'color' | 'theme'>) => Screen;

/** What shows the screen; ends the process when its theme is none. What speaks is read only where it is wanted. */
export async function screenFor({ ascii, color, theme: wanted, screenReader }: ScreenLooks): Promise<ShowScreen> {
  outliveTerminal();
  if (screenReader) return (await import('../ui/line-screen.ts')).openLineScreen;
  const theme = themeOf(wanted);
  return (options) => openScreen({ ...options, ascii, color, ...(theme === undefined ? {} : { theme }) });
}
