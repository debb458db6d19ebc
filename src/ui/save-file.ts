// Writes what an operator asked for to a file that did not exist before. Runs in the worker: the engine does not wait.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Told } from './controller.ts';

/** Only its owner may read it: packets and events tell about the network. */
const MODE = 0o600;

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it exists already',
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
};

export function saveFile(file: string, data: Uint8Array): Told {
  const path = resolve(file);
  try {
    writeFileSync(path, data, { mode: MODE, flag: 'wx' });
    return { ok: true, message: `written to ${path}` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = REASONS[code ?? ''] ?? code ?? message;
    return { ok: false, message: `${path} was not written: ${why}` };
  }
}
