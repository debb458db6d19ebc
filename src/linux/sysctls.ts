// Settings below /proc/sys/net that hold for a while: who changed what, and what it was before.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Sysctl } from '../ports/network-port.ts';
import { done, type PortResult } from '../ports/result.ts';
import { type ChangedSetting, createSettingsMemo, type SettingsMemo } from './settings-memo.ts';

export interface Sysctls {
  /** These settings of `owner` hold from now on, in place of those it had before; one result each. */
  hold(owner: string, settings: readonly Sysctl[]): readonly PortResult[];
  /** Sets what needs no way back: the setting vanishes with its interface. */
  set(setting: Sysctl): PortResult;
}

interface Held extends ChangedSetting {
  readonly owners: Set<string>;
}

/** `root` is /proc/sys/net but for tests. What a crash has left changed is given back with the last of what is held. */
export function createSysctls(root = '/proc/sys/net', memo: SettingsMemo = createSettingsMemo()): Sysctls {
  const held = new Map<string, Held>();
  /** Of a run before this one; undefined: not looked at yet. */
  let left: Map<string, ChangedSetting> | undefined;

  function leftBehind(): Map<string, ChangedSetting> {
    left ??= new Map(
      memo.read().flatMap((each) => {
        const path = pathOf(root, each.setting);
        return path === undefined ? [] : [[path, each] as const];
      }),
    );
    return left;
  }

  function writeDown(): void {
    const changed = [...held.values()].filter(({ setting, before }) => setting.value !== before);
    memo.write([...changed, ...leftBehind().values()].map(({ setting, before }) => ({ setting, before })));
  }

  /** What it was before anybody of us changed it; an error when it is not there. */
  function register(owner: string, setting: Sysctl, path: string): void {
    const known = held.get(path);
    if (known !== undefined) return void known.owners.add(owner);
    const now = readFileSync(path, 'latin1').trim();
    const earlier = leftBehind().get(path);
    leftBehind().delete(path);
    const before = earlier?.setting.value === now ? earlier.before : now;
    held.set(path, { setting, before, owners: new Set([owner]) });
  }

  function take(owner: string, settings: readonly Sysctl[]): readonly PortResult[] {
    const size = held.size;
    const attempt = (setting: Sysctl, work: (path: string) => void): PortResult => {
      const path = pathOf(root, setting);
      if (path === undefined) return refuse(setting, 'this is no interface name');
      try {
        work(path);
        return done;
      } catch (error) {
        return refuse(setting, words(error));
      }
    };
    const known = settings.map((setting) => attempt(setting, (path) => register(owner, setting, path)));
    // Before the first of them changes.
    if (held.size > size) writeDown();
    return settings.map((setting, i) => {
      if (!known[i]!.ok) return known[i]!;
      return attempt(setting, (path) => {
        if (readFileSync(path, 'latin1').trim() !== setting.value) writeFileSync(path, setting.value);
      });
    });
  }

  function release(owner: string, path: string): void {
    const entry = held.get(path);
    if (entry === undefined || !entry.owners.delete(owner) || entry.owners.size > 0) return;
    held.delete(path);
    giveBack(path, entry);
  }

  return {
    hold(owner, settings) {
      const wanted = new Set(settings.map((setting) => pathOf(root, setting)));
      const before = held.size;
      for (const [path, entry] of [...held]) {
        if (entry.owners.has(owner) && !wanted.has(path)) release(owner, path);
      }
      const released = held.size < before;
      const results = take(owner, settings);
      if (released && held.size === 0) {
        for (const [path, entry] of leftBehind()) giveBack(path, entry);
        leftBehind().clear();
      }
      if (released) writeDown();
      return results;
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

function giveBack(path: string, { setting, before }: ChangedSetting): void {
  try {
    // Somebody who changed it meanwhile had a reason.
    if (readFileSync(path, 'latin1').trim() === setting.value) writeFileSync(path, before);
  } catch {
    // The interface is gone, and its settings with it.
  }
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
