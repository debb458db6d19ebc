// What all commands with a screen have in common.
import { readFileSync } from 'node:fs';

export interface CommonOptions {
  readonly ascii: boolean;
  readonly color: 'auto' | 'never' | '16' | '256' | 'true';
  readonly tui: boolean;
  /** Name of a theme, or a JSON file. */
  readonly theme?: string;
  /** Lines that are spoken instead of a screen that is drawn. */
  readonly screenReader: boolean;
}

/** What the screen has to know of them. */
export type ScreenLooks = Pick<CommonOptions, 'ascii' | 'color' | 'theme' | 'screenReader'>;

/** Of package.json. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** A terminal on both ends that can move its cursor, unless nothing is drawn. */
export function canShowScreen({ screenReader }: Pick<CommonOptions, 'screenReader'>): boolean {
  const terminal = process.stdout.isTTY === true && process.stdin.isTTY === true;
  return terminal && (screenReader || process.env.TERM !== 'dumb');
}
