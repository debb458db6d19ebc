// Other programs on a simulated host, and the port through which its router counts them.
import type { Clock } from '../ports/clock.ts';
import { type ProcessPattern, type ProcessPort, processMatches } from '../ports/process-port.ts';
import type { SimProcess } from './sim-process.ts';

/** A name of a process in the kernel has at most so many characters. */
const NAME = 15;

export interface SimProcesses {
  /** A program starts: its name is the last part of its first word. Returns a function that ends it. */
  run(argv: readonly string[]): () => void;
  /** The port of a router that was just started. */
  attach(process: SimProcess): ProcessPort;
}

/** A host on which nothing runs yet. */
export function createSimProcesses(clock: Clock): SimProcesses {
  const running = new Set<{ readonly name: string; readonly command: string }>();
  let changed: () => void = () => {};

  return {
    run: (argv) => {
      const name = (argv[0] ?? '').split('/').at(-1)!.slice(0, NAME);
      const program = { name, command: argv.map((word) => `${word}\0`).join('') };
      running.add(program);
      changed();
      return () => {
        running.delete(program);
        changed();
      };
    },
    attach: (process) => {
      let counts = new Map<string, number>();
      let patterns: readonly ProcessPattern[] = [];
      const listeners: ((name: string, count: number) => void)[] = [];
      const count = () => {
        for (const pattern of patterns) {
          const now = [...running].filter((program) => processMatches(pattern, program)).length;
          if (counts.get(pattern.name) === now) continue;
          counts.set(pattern.name, now);
          for (const listener of listeners) listener(pattern.name, now);
        }
      };
      changed = () => process.deliver('input', count);
      return {
        watch: (next) => {
          patterns = next;
          counts = new Map();
          clock.wakeAt(clock.now(), changed);
        },
        onCount: (listener) => void listeners.push(listener),
      };
    },
  };
}
