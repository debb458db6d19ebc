// What all commands with a screen have in common.
import { readFileSync } from 'node:fs';

export interface CommonOptions {
  readonly ascii: boolean;
  readonly color: 'auto' | 'never' | '16' | '256' | 'true';
  readonly tui: boolean;
}

/** Of package.json. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** A terminal on both ends that can move its cursor. */
export function canShowScreen(): boolean {
  return process.stdout.isTTY === true && process.stdin.isTTY === true && process.env.TERM !== 'dumb';
}
