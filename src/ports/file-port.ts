// Files whose content counts (track_file): read, watched, and written once at the start.
import type { PortResult } from './result.ts';

export interface FileContent {
  readonly path: string;
  /** The first 127 bytes; undefined: there is no such file, or it cannot be read. */
  readonly text: string | undefined;
}

export interface FilePort {
  /** Watches these paths, whether or not they exist, and no others from now on. Returns what each of them holds. */
  watch(paths: readonly string[]): readonly FileContent[];
  /** A watched file was written and closed, made, removed or replaced, and its content is another one. */
  onChange(listener: (content: FileContent) => void): void;
  /** Makes a file with this text. One that exists stays as it is unless `overwrite`. */
  initialise(file: { readonly path: string; readonly text: string; readonly overwrite: boolean }): PortResult;
}
