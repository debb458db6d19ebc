// reload_file: there, and empty, while the configuration is read, so that nobody changes it meanwhile.
import { unlinkSync, writeFileSync } from 'node:fs';

/** Does `read` with the file in place. Without a path it only does it. */
export function whileFlagged<T>(path: string | undefined, read: () => T): T {
  if (path === undefined) return read();
  attempt(() => writeFileSync(path, ''));
  try {
    return read();
  } finally {
    attempt(() => unlinkSync(path));
  }
}

/** Who waits for the file waits for its end: that it could not be made must not keep the reload from happening. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {}
}
