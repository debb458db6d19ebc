// Settings below /proc/sys/net that hold for a while: who changed what, and what it was before.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Sysctl } from '../ports/network-port.ts';
import { done, type PortResult } from '../ports/result.ts';

export interface Sysctls {
  /** These settings of `owner` hold from now on, in place of those it had before; one result each. */
  hold(owner: string, settings: readonly Sysctl[]): readonly PortResult[];
  /** Sets what needs no way back: the setting vanishes with its interface. */
  set(setting: Sysctl): PortResult;
}

interface Held {
  readonly setting: Sysctl;
  readonly before: string;
  readonly owners: Set<string>;
}

/** `root` is /proc/sys/net but for tests. */
export function createSysctls(root = '/proc/sys/net'): Sysctls {
  const held = new Map<string, Held>();

  function take(owner: string, setting: Sysctl): PortResult {
    const path = pathOf(root, setting);
    if (path === undefined) return refuse(setting, 'this is no interface name');
    const known = held.get(path);
    try {
      const before = readFileSync(path, 'latin1').trim();
      if (known !== undefined) known.owners.add(owner);
      else held.set(path, { setting, before, owners: new Set([owner]) });
      if (before !== setting.value) writeFileSync(path, setting.value);
      return done;
    } catch (error) {
      return refuse(setting, words(error));
    }
  }

  function release(owner: string, path: string): void {
    const entry = held.get(path);
    if (entry === undefined || !entry.owners.delete(owner) || entry.owners.size > 0) return;
    held.delete(path);
    try {
      // Somebody who changed it meanwhile had a reason.
      if (readFileSync(path, 'latin1').trim() === entry.setting.value) writeFileSync(path, entry.before);
    } catch {
      // The interface is gone, and its settings with it.
    }
  }

  return {
    hold(owner, settings) {
      const wanted = new Set(settings.map((setting) => pathOf(root, setting)));
      for (const [path, entry] of [...held]) {
        if (entry.owners.has(owner) && !wanted.has(path)) release(owner, path);
      }
      return settings.map((setting) => take(owner, setting));
    },
    set(setting) {
      const path = pathOf(root, setting);
      if (path === undefined) return refuse(setting, 'this is no interface name');
      try {
        writeFileSync(path, setting.value);
        return done;
      } catch (error) {
        // A kernel that does not know the setting (or the family) needs none.
        if (words(error) === 'ENOENT') return done;
        return refuse(setting, words(error));
      }
    },
  };
}

/**
 * The settings that move `ipv4.conf.all.rp_filter` to the single interfaces: the kernel takes the greater of both, so no
 * device could be without it otherwise. Empty where it is off.
 */
export function reversePathSettings(root = '/proc/sys/net'): readonly Sysctl[] {
  const read = (name: string): number => {
    try {
      return Number(readFileSync(`${root}/ipv4/conf/${name}/rp_filter`, 'latin1'));
    } catch {
      return Number.NaN;
    }
  };
  const all = read('all');
  if (!(all > 0)) return [];
  const lower = readdirSync(`${root}/ipv4/conf`).filter((name) => name !== 'all' && read(name) < all);
  return [...lower.map((name) => rpFilter(name, all)), rpFilter('all', 0)];
}

function rpFilter(name: string, value: number): Sysctl {
  return { path: ['ipv4', 'conf', name, 'rp_filter'], value: String(value) };
}

/** Undefined when a part of the path would lead elsewhere. */
function pathOf(root: string, { path }: Sysctl): string | undefined {
  const harmless = path.every((part) => part !== '' && part !== '.' && part !== '..' && !/[/\0]/.test(part));
  return harmless ? [root, ...path].join('/') : undefined;
}

function refuse({ path, value }: Sysctl, why: string): PortResult {
  return { ok: false, code: 'EACCES', message: `cannot set net.${path.join('.')} to ${value}: ${why}` };
}

function words(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
