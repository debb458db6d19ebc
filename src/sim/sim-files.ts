// Files of a simulated host, and the port through which its process watches them.
import type { FileContent, FilePort } from '../ports/file-port.ts';
import { done } from '../ports/result.ts';
import type { SimProcess } from './sim-process.ts';

const READ = 127;

export interface SimFiles {
  /** Writes a file, or removes it (`undefined`). Whoever watches it is told. */
  write(path: string, text: string | undefined): void;
  read(path: string): string | undefined;
  /** The port of a process that was just started. */
  attach(process: SimProcess): FilePort;
}

/** A host without files. They survive its processes. */
export function createSimFiles(): SimFiles {
  const files = new Map<string, string>();
  let tell: (content: FileContent) => void = () => {};

  const content = (path: string): FileContent => ({ path, text: files.get(path)?.slice(0, READ) });
  const write = (path: string, text: string | undefined) => {
    if (text === undefined) files.delete(path);
    else files.set(path, text);
    tell(content(path));
  };
  return {
    write,
    read: (path) => files.get(path),
    attach: (process) => {
      let watched: ReadonlySet<string> = new Set();
      const listeners: ((content: FileContent) => void)[] = [];
      tell = (changed) => {
        if (!watched.has(changed.path)) return;
        process.deliver('input', () => {
          for (const listener of listeners) listener(changed);
        });
      };
      return {
        watch: (paths) => {
          watched = new Set(paths);
          return paths.map(content);
        },
        onChange: (listener) => void listeners.push(listener),
        initialise: ({ path, text, overwrite }) => {
          if (overwrite || !files.has(path)) files.set(path, text);
          return done;
        },
      };
    },
  };
}
