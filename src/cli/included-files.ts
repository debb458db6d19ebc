// Finds and reads the files that `include` names, as glob(3) with braces would.
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Match, SourceReader } from '../config/options.ts';

/** More than this is no configuration file. */
export const MAX_BYTES = 64 * 1024 * 1024;
/** Alternatives that the braces of one pattern may stand for. */
const MAX_PATTERNS = 1000;

/** Reads from disk; what cannot be read is undefined, never an exception. */
export const INCLUDED_FILES: SourceReader = {
  list: (pattern, base) => expandBraces(pattern).flatMap((each) => glob(each, base)),
  read: (path) => {
    try {
      if (statSync(path).size > MAX_BYTES) return undefined;
      return { text: decode(readFileSync(path)), directory: dirname(path) };
    } catch {
      return undefined;
    }
  },
};

/** UTF-8; the byte order mark stays: keepalived takes it for a part of the first keyword. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** `a{b,c}` as `ab`, `ac`; nested braces too. */
function expandBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const inner = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (inner === null || done.length + open.length > MAX_PATTERNS) done.push(next);
    else {
      const [before, after] = [next.slice(0, inner.index), next.slice(inner.index + inner[0].length)];
      open.unshift(...inner[1]!.split(',').map((part) => before + part + after));
    }
  }
  return done;
}

function glob(pattern: string, base: string): readonly Match[] {
  const absolute = isAbsolute(pattern);
  let found = [absolute ? '/' : base];
  for (const part of pattern.split('/').filter((each) => each !== '')) {
    found = found.flatMap((directory) => (/[*?[\\]/.test(part) ? entries(directory, part) : [join(directory, part)]));
  }
  return found.flatMap((path) => {
    const kind = kindOf(path);
    return kind === undefined ? [] : [{ path, kind }];
  });
}

/** The names of a directory that match; a leading dot has to be written. */
function entries(directory: string, part: string): string[] {
  try {
    const matches = toRegExp(part);
    return readdirSync(directory)
      .filter((name) => matches.test(name) && (!name.startsWith('.') || part.startsWith('.')))
      .sort()
      .map((name) => join(directory, name));
  } catch {
    return [];
  }
}

function toRegExp(part: string): RegExp {
  const source = part.replace(/\[!?[^\]]*\]|\\?[\s\S]/g, (token) => {
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 2 && token.startsWith('[')) return token.replace(/^\[!/, '[^').replace(/\\/g, '\\\\');
    return (token.length === 2 ? token[1]! : token).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}

function kindOf(path: string): Match['kind'] | undefined {
  try {
    lstatSync(path);
    const stat = statSync(path);
    if (stat.isDirectory()) return 'directory';
    if (!stat.isFile()) return 'irregular';
    return (stat.mode & 0o111) === 0 ? 'file' : 'executable';
  } catch {
    return undefined;
  }
}
