// A file that says that this network namespace has a table of ours: what a crash leaves is found by the next start,
// without a question to the kernel, which would load nftables on a host that does not use it.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FirewallMarker {
  set(): void;
  clear(): void;
  isSet(): boolean;
}

/** The file lies in the run-time folder, which does not survive a reboot, as tables do not. */
export function createFirewallMarker(folder = process.env.XDG_RUNTIME_DIR ?? '/run'): FirewallMarker {
  const path = (): string => join(folder, `kavtui-nftables-${statSync('/proc/self/ns/net').ino}`);
  const quietly = (work: () => void): void => {
    try {
      work();
    } catch {
      // Without the file a table that a crash has left stays until rules are wanted again.
    }
  };
  return {
    set: () => quietly(() => writeFileSync(path(), '')),
    clear: () => quietly(() => rmSync(path(), { force: true })),
    isSet: () => existsSync(path()),
  };
}
