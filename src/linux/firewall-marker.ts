// A file that says that this network namespace has a table of ours: what a crash leaves is found by the next start,
// without a question to the kernel, which would load nftables on a host that does not use it.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { namespaceFile, runTimeFolder } from './namespace-file.ts';

export interface FirewallMarker {
  set(): void;
  clear(): void;
  isSet(): boolean;
}

export function createFirewallMarker(folder = runTimeFolder()): FirewallMarker {
  const path = (): string => namespaceFile(folder, 'nftables');
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
