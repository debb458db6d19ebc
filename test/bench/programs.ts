// The programs that are compared, started in a host of a lab.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFrr } from '../support/frr.ts';
import { kill, processTree } from '../support/host.ts';
import type { Lab } from '../support/lab.ts';
import { type ManyOptions, manyConfig } from '../support/many-instances.ts';
import { kavtuiCommand, startInHost, startRouter } from '../support/router-process.ts';

export type ProgramName = 'kavtui' | 'keepalived' | 'frr';

export interface Program {
  /** Of all its processes. */
  pids(): readonly number[];
  /** All that it said so far. */
  log(): string;
  /** Waits until it is BACKUP of its last instance; where it does not say so, nothing. */
  listening(instance: string): Promise<void>;
  crash(): Promise<void>;
  terminate(): Promise<unknown>;
  /** With another configuration in its file. */
  reload(options: ManyOptions): void;
}

/** FRR: one instance of version 3 only. */
export async function startProgram(
  lab: Lab,
  name: ProgramName,
  host: number,
  options: ManyOptions,
  screen = false,
): Promise<Program> {
  if (name === 'frr') {
    const { priority, interval } = options;
    const router = await startFrr(lab, host, { family: 4, priority: Math.min(priority, 241), interval });
    return { ...router, pids: () => [], log: () => '', listening: async () => {}, reload: () => {} };
  }
  const config = manyConfig(options);
  const file = join(lab.host(host).directory, `${name}.conf`);
  const router = screen ? startWithScreen(lab, host, file, config) : startRouter(lab, name, host, config);
  return {
    pids: () => processTree(router.pid),
    log: router.log,
    listening: (instance) => router.logged(new RegExp(`\\(${instance}\\) Entering BACKUP STATE`), 20_000),
    crash: router.crash,
    terminate: router.terminate,
    reload(next) {
      writeFileSync(file, manyConfig(next));
      // keepalived's parent passes it on.
      kill(router.pid, 'SIGHUP');
    },
  };
}

/** In a pseudo-terminal of 120 columns, whose output nobody reads but `script`. */
function startWithScreen(lab: Lab, number: number, file: string, config: string) {
  writeFileSync(file, config);
  const words = kavtuiCommand(file).filter((word) => word !== '--headless');
  const command = `stty rows 40 cols 120; exec ${words.join(' ')}`;
  return startInHost(lab, 'kavtui', lab.host(number), ['script', '-qec', command, '/dev/null'], 'screen');
}
