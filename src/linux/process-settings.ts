// The place of this process among the others: its name, its umask, and when the kernel lets its main thread run.
// The main thread is the engine; the threads and scripts that it starts are not to inherit what it is given.
import { setPriority } from 'node:os';
import { SCHED_OTHER, SCHED_RESET_ON_FORK, SCHED_RR } from './abi.ts';
import { errnoName, libc } from './libc.ts';

export interface ProcessSettings {
  readonly name?: string;
  readonly umask?: number;
  /** Nice value, -20..19. */
  readonly nice?: number;
  /** SCHED_RR, 1..99. */
  readonly realTimePriority?: number;
  readonly cpus?: readonly number[];
}

/** Of `after`, what `before` did not say or said otherwise. What is gone stays as it was set. */
export function changedSettings(before: ProcessSettings, after: ProcessSettings): ProcessSettings {
  const { name, umask, nice, realTimePriority, cpus } = after;
  return {
    ...(name !== undefined && name !== before.name && { name }),
    ...(umask !== undefined && umask !== before.umask && { umask }),
    ...(nice !== undefined && nice !== before.nice && { nice }),
    ...(realTimePriority !== undefined && realTimePriority !== before.realTimePriority && { realTimePriority }),
    ...(cpus !== undefined && cpus.join() !== before.cpus?.join() && { cpus }),
  };
}

/** Applies what is given. What the kernel refuses comes back, a line each: a router runs without it too. */
export function applyProcessSettings(settings: ProcessSettings): readonly string[] {
  const { name, umask, nice, realTimePriority, cpus } = settings;
  const problems: string[] = [];
  const note = (what: string, result: number): void => {
    if (result < 0) problems.push(`${what} cannot be set: ${errnoName(result)}`);
  };
  if (name !== undefined) process.title = name;
  if (umask !== undefined) process.umask(umask);
  if (cpus !== undefined) note(`CPU affinity ${cpus.join(' ')}`, libc().setAffinity(cpuMask(cpus)));
  if (nice !== undefined) {
    try {
      setPriority(0, nice);
      note('the scheduling of children', libc().setScheduler(SCHED_OTHER | SCHED_RESET_ON_FORK, 0));
    } catch (error) {
      problems.push(`priority ${nice} cannot be set: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
  if (realTimePriority !== undefined) {
    const result = libc().setScheduler(SCHED_RR | SCHED_RESET_ON_FORK, realTimePriority);
    note(`real-time priority ${realTimePriority}`, result);
  }
  return problems;
}

/** cpu_set_t: a bit for each CPU. */
function cpuMask(cpus: readonly number[]): Uint8Array {
  const mask = new Uint8Array(128);
  for (const cpu of cpus) mask[cpu >> 3] = (mask[cpu >> 3] ?? 0) | (1 << (cpu & 7));
  return mask;
}
