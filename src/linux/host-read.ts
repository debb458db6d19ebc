// Files and programs that a look at this host asks; what cannot be read is noted, never thrown.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const LIMIT_MS = 5000;
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

/** Collects what could not be looked at. */
export interface Unseen {
  readonly list: { readonly what: string; readonly why: string }[];
  add(what: string, why: string): void;
}

export function createUnseen(): Unseen {
  const list: { what: string; why: string }[] = [];
  return {
    list,
    add: (what, why) => {
      if (!list.some((one) => one.what === what)) list.push({ what, why });
    },
  };
}

/** The text of a file; undefined when it is not there or may not be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What a program prints; or one line that says why it does not. */
export function output(program: string, args: readonly string[]): { readonly text: string } | { readonly why: string } {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    env: { ...process.env, PATH, LC_ALL: 'C' },
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { why: missing ? `the program ${program} is not installed` : error.message };
  }
  if (status === 0) return { text: stdout };
  return { why: stderr.trim().split('\n')[0] || `${program} ended with ${status}` };
}

/** The JSON that a program prints; undefined, and noted, when it prints none. */
export function jsonOf(what: string, program: string, args: readonly string[], unseen: Unseen): unknown {
  const result = output(program, args);
  if ('why' in result) {
    unseen.add(what, result.why);
    return undefined;
  }
  try {
    return JSON.parse(result.text === '' ? '[]' : result.text);
  } catch {
    unseen.add(what, `${program} printed no JSON`);
    return undefined;
  }
}
