// Files in the run-time folder that say what this network namespace has of ours. The folder does not survive a reboot, as
// what they tell of does not.
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Root's, or that of the user who has the capabilities. */
export function runTimeFolder(): string {
  return process.env.XDG_RUNTIME_DIR ?? '/run';
}

/** Path of the file of this kind for the network namespace of this process. */
export function namespaceFile(folder: string, kind: string): string {
  return join(folder, `kavtui-${kind}-${statSync('/proc/self/ns/net').ino}`);
}
