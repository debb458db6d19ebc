// Reads a configuration file from disk for `check` and `run`.
import { readFileSync, statSync } from 'node:fs';
import { type ParseResult, parseConfig } from '../config/parse-config.ts';

export type LoadResult =
  | { readonly ok: true; readonly result: ParseResult }
  /** `message` says in one line which file cannot be read and why. */
  | { readonly ok: false; readonly message: string };

/** More than this is no configuration file. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads and parses `path`. A file that cannot be read is a message (exit status 4), never an exception. */
export function loadConfig(path: string): LoadResult {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return { ok: false, message: `${path}: is a directory, not a configuration file` };
    if (!stat.isFile()) return { ok: false, message: `${path}: is not a regular file` };
    if (stat.size > MAX_BYTES) return { ok: false, message: `${path}: is too large for a configuration file` };
    // The byte order mark stays: keepalived takes it for a part of the first keyword.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(readFileSync(path));
    return { ok: true, result: parseConfig(text, path) };
  } catch (error) {
    return { ok: false, message: `${path}: ${reason(error)}` };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
};

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? (error instanceof Error ? error.message : 'cannot be read');
}
