// Which tests this host can run: those that make network namespaces need root and some programs.
// With KAVTUI_REQUIRE_INTEROP=1 (set in CI) nothing may be skipped: what is missing is a failure.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/** Debian keeps these outside the PATH of a plain user. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/lib/frr'];

let namespaceProblem: string | undefined | null = null;

/** Full path of a program, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Why tests in network namespaces with these programs cannot run here; undefined when they can. */
export function missingForRoot(programs: readonly string[] = []): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = ['ip', ...programs].filter((program) => !findProgram(program));
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  if (namespaceProblem === null) namespaceProblem = tryNamespace();
  return namespaceProblem;
}

/** `describe` for tests that need root; where it cannot run, one skipped test whose title says why. */
export function describeWithRoot(title: string, programs: readonly string[], body: () => void): void {
  const reason = missingForRoot(programs);
  if (reason === undefined) return void describe(title, body);
  describe(title, () => {
    if (process.env.KAVTUI_REQUIRE_INTEROP !== '1') return void it.skip(`skipped: ${reason}`, () => {});
    it('runs on this host', () => {
      throw new Error(`KAVTUI_REQUIRE_INTEROP=1, but this host ${reason}`);
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function tryNamespace(): string | undefined {
  const name = `kavtui-probe-${process.pid}`;
  const { status } = spawnSync('ip', ['netns', 'add', name]);
  if (status !== 0) return 'needs the right to make network namespaces';
  spawnSync('ip', ['netns', 'del', name]);
  return undefined;
}
