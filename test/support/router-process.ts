// A router under test: keepalived or kavtui in the foreground inside a host of a lab.
// With KAVTUI_LAB_A=keepalived the place of kavtui is taken by keepalived: that proves the tests themselves.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kill, processTree, until } from './host.ts';
import type { Host, Lab } from './lab.ts';
import { reap } from './reaper.ts';

export type RouterKind = 'keepalived' | 'kavtui';

/** Who plays the router under test. */
export const UNDER_TEST: RouterKind = process.env.KAVTUI_LAB_A === 'keepalived' ? 'keepalived' : 'kavtui';
export const KAVTUI = fileURLToPath(new URL('../../bin/kavtui.js', import.meta.url));

export interface RouterProcess {
  readonly kind: RouterKind;
  readonly host: Host;
  readonly pid: number;
  /** Everything it printed so far. */
  log(): string;
  /** Waits for a line in the log. */
  logged(pattern: RegExp, milliseconds?: number): Promise<void>;
  /** Resolves with the exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** SIGTERM; the exit code. */
  terminate(): Promise<number | null>;
  /** A real crash: the whole process tree dies without a word. Its addresses stay on the interface. */
  crash(): Promise<void>;
}

/** Starts a router; `extra` words are put behind its own. */
export function startRouter(
  lab: Lab,
  kind: RouterKind,
  number: number,
  config: string,
  ...extra: string[]
): RouterProcess {
  const host = lab.host(number);
  const file = join(host.directory, `${kind}.conf`);
  writeFileSync(file, config, { mode: 0o644 });
  const command = kind === 'keepalived' ? keepalivedCommand(host, file) : kavtuiCommand(file);
  return startInHost(lab, kind, host, [...command, ...extra]);
}

/** keepalived with pid files of its own: /run is common to all network namespaces. */
function keepalivedCommand(host: Host, file: string): string[] {
  const pids = ['-p', 'main', '-r', 'vrrp', '-c', 'checkers', '-b', 'bfd'];
  const paths = pids.map((word) => (word.startsWith('-') ? word : join(host.directory, `${word}.pid`)));
  return ['keepalived', '-n', '-l', '-D', '-G', '-P', '-f', file, ...paths];
}

export function kavtuiCommand(file: string): string[] {
  return [process.execPath, KAVTUI, 'run', '-f', file, '--headless'];
}

/** Starts any command line of a router; what it prints goes to `<name>.log` in the host's folder. */
export function startInHost(
  lab: Lab,
  kind: RouterKind,
  host: Host,
  command: readonly string[],
  name: string = kind,
): RouterProcess {
  const logFile = join(host.directory, `${name}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn('ip', ['netns', 'exec', host.namespace, ...command], {
    stdio: ['ignore', log, log],
    cwd: host.directory,
    env: { ...process.env, TMPDIR: host.directory, XDG_RUNTIME_DIR: host.directory },
  });
  closeSync(log);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot start ${command.join(' ')}`);
  lab.spawned.add(pid);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const router: RouterProcess = {
    kind,
    host,
    pid,
    exited,
    log: () => readFileSync(logFile, 'utf8'),
    logged: async (pattern, milliseconds = 5000) => {
      await until(`${kind} on host ${host.number} logs ${pattern}`, milliseconds, () => pattern.test(router.log()));
    },
    terminate: async () => {
      const orphans = processTree(pid).slice(1);
      kill(pid, 'SIGTERM');
      const code = await exited;
      await reap(orphans);
      return code;
    },
    crash: async () => {
      const tree = processTree(pid);
      // The parent first stops, so that it cannot respawn its child; the child dies before the parent, because it
      // would leave gracefully at its parent's death.
      kill(pid, 'SIGSTOP');
      for (const member of [...tree].reverse()) kill(member, 'SIGKILL');
      await exited;
      await reap(tree.slice(1));
    },
  };
  return router;
}

/** The last state that a router's log tells for an instance: `MASTER`, `BACKUP`, `FAULT`. */
export function loggedState(router: RouterProcess, instance = 'VI_1'): string | undefined {
  const pattern = new RegExp(`\\(${instance}\\) [Ee]ntering (\\w+) (?:STATE|state)`, 'g');
  return [...router.log().matchAll(pattern)].at(-1)?.[1];
}
