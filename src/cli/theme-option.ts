// `--theme NAME|FILE.json`.
import { readFileSync } from 'node:fs';
import { readTheme, THEMES, type ThemeData } from '../ui/themes.ts';
import { fail, WRONG_USAGE } from './exit-codes.ts';
import { fileProblem } from './file-problem.ts';

/** A name that is known, or the theme in a file; ends the process when it is neither. */
export function themeOf(wanted: string | undefined): string | ThemeData | undefined {
  if (wanted === undefined || THEMES[wanted] !== undefined) return wanted;
  const names = Object.keys(THEMES).join(', ');
  if (!wanted.includes('.') && !wanted.includes('/'))
    return fail(WRONG_USAGE, `no theme ${wanted}: ${names}, or FILE.json`);
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(wanted, 'utf8'));
  } catch (error) {
    return fail(WRONG_USAGE, `the theme ${wanted} cannot be read: ${fileProblem(error)}`);
  }
  const theme = readTheme(data);
  return typeof theme === 'string' ? fail(WRONG_USAGE, `the theme ${wanted}: ${theme}`) : theme;
}
