// What kernel settings were before this router changed them, in a file: a crash keeps nobody from giving them back.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Sysctl } from '../ports/network-port.ts';
import { namespaceFile, runTimeFolder } from './namespace-file.ts';

/** A setting that was given `setting.value` and had another value before. */
export interface ChangedSetting {
  readonly setting: Sysctl;
  readonly before: string;
}

export interface SettingsMemo {
  /** What the last run has written down and not given back. */
  read(): readonly ChangedSetting[];
  /** In place of what was written down before. Without the file a crash leaves the settings as they are. */
  write(changed: readonly ChangedSetting[]): void;
}

export function createSettingsMemo(folder = runTimeFolder()): SettingsMemo {
  return {
    read() {
      try {
        const list: unknown = JSON.parse(readFileSync(namespaceFile(folder, 'settings'), 'utf8'));
        return Array.isArray(list) ? list.filter(isChanged) : [];
      } catch {
        return [];
      }
    },
    write(changed) {
      try {
        const path = namespaceFile(folder, 'settings');
        if (changed.length === 0) return rmSync(path, { force: true });
        // Whole, or as it was.
        writeFileSync(`${path}.new`, JSON.stringify(changed), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch {
        // A folder that is not there or not ours.
      }
    },
  };
}

function isChanged(value: unknown): value is ChangedSetting {
  const { before, setting } = (value ?? {}) as Partial<ChangedSetting>;
  const { path, value: set } = (setting ?? {}) as Partial<Sysctl>;
  const words = Array.isArray(path) && path.every((part) => typeof part === 'string');
  return words && typeof before === 'string' && typeof set === 'string';
}
