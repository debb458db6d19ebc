// Tells V8 that this process has read its configuration and will run for months: pauses and memory count now, not speed.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So many instances leave garbage behind their reading that is worth a collection now. */
const MANY = 50;

/**
 * A small young generation from now on: it is collected more often, but within a fraction of a millisecond, and the heap
 * stays small. What the reading of `instances` has left behind is collected now, and not in a pause of V8's choice.
 */
export function settleMemory(instances: number): void {
  becomeSmall();
  // A BACKUP may wait for months: the code of the takeover must not be thrown away meanwhile.
  setFlagsFromString('--no-flush-bytecode');
  // The helpers of a collection of the young generation wait for a processor on a busy host, and the engine for them: 30 ms
  // were met where this thread alone needs 1 ms.
  setFlagsFromString('--no-parallel-scavenge');
  if (instances < MANY) return;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('globalThis.gc') as (() => void) | undefined;
  setFlagsFromString('--no-expose-gc');
  collect?.();
}

/** Lets the heap grow for the time of `work`: to read a configuration again with a small one would be twice as slow. */
export function withRoom(work: () => void): void {
  setFlagsFromString('--no-optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=4');
  try {
    work();
  } finally {
    becomeSmall();
  }
}

function becomeSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
}
