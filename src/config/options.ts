// What a configuration may depend on besides its text: files it includes, the environment, chance, the host. All of it
// is handed in, so that reading a configuration is a pure function.

import type { HostFacts } from './host-facts.ts';

/** One path that a pattern of `include` matched, and what stands there. */
export interface Match {
  readonly path: string;
  /** keepalived reads plain files without any execute bit; of the others it only says so. */
  readonly kind: 'file' | 'directory' | 'irregular' | 'executable';
}

/** How included files are found and read (in the real program: from disk). */
export interface SourceReader {
  /** The paths that match a glob pattern with braces, sorted; relative patterns begin at `base`. */
  list(pattern: string, base: string): readonly Match[];
  /** The text of a file and its directory; undefined when it cannot be read. */
  read(path: string): { readonly text: string; readonly directory: string } | undefined;
}

/** All optional: without them includes are not read, conditions hold for no id, and nothing of the host is judged. */
export interface ParseOptions {
  /** Directory of the file: `${_PWD}`, and where relative includes begin. */
  readonly directory?: string;
  readonly files?: SourceReader;
  /** `--config-id`: what `@id` lines are compared with, and `${_INSTANCE}`. */
  readonly configId?: string;
  /** The host to judge interfaces, users and scripts against; absent: they are not judged. */
  readonly host?: HostFacts;
  /** `${_ENV NAME}`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `${_RANDOM MIN MAX}`: an integer from min to max, both included. */
  readonly random?: (min: number, max: number) => number;
}
