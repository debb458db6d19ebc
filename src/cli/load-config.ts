// Reads a configuration file from disk for `check` and `run`.
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { HostFacts } from '../config/host-facts.ts';
import { type ParseResult, parseConfig } from '../config/parse-config.ts';
import { fileProblem } from './file-problem.ts';
import { decode, INCLUDED_FILES, MAX_BYTES } from './included-files.ts';

export type LoadResult =
  | { readonly ok: true; readonly result: ParseResult }
  /** `message` says in one line which file cannot be read and why; `denied`: this user may not. */
  | { readonly ok: false; readonly message: string; readonly denied?: boolean };

/** What an operator may choose about how a file is read. */
export interface LoadOptions {
  /** Default: the host name up to its first dot. */
  readonly configId?: string;
  /** The host to judge interfaces, users and scripts against. */
  readonly host?: HostFacts;
}

/** Reads and parses `path`. A file that cannot be read is a message (exit status 4), never an exception. */
export function loadConfig(path: string, options: LoadOptions = {}): LoadResult {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return { ok: false, message: `${path}: is a directory, not a configuration file` };
    if (!stat.isFile()) return { ok: false, message: `${path}: is not a regular file` };
    if (stat.size > MAX_BYTES) return { ok: false, message: `${path}: is too large for a configuration file` };
    const result = parseConfig(decode(readFileSync(path)), path, {
      directory: dirname(resolve(path)),
      files: INCLUDED_FILES,
      configId: options.configId ?? hostname().split('.', 1)[0]!,
      ...(options.host === undefined ? {} : { host: options.host }),
      environment: process.env,
      random: (min, max) => min + Math.floor(Math.random() * (max - min + 1)),
    });
    return { ok: true, result };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { ok: false, message: `${path}: ${fileProblem(error)}`, denied: code === 'EACCES' || code === 'EPERM' };
  }
}
