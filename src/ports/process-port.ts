// Processes of this host, counted by what they are called (vrrp_track_process).

export interface ProcessPattern {
  /** Of the vrrp_track_process block. */
  readonly name: string;
  /** `process`: the name of the process or, unless `match` is `name`, the first word of its command line. */
  readonly path: string;
  readonly parameters: readonly string[];
  /**
   * `name`: /proc/PID/comm; `command` (full_command): the first word, whatever follows; `exact`: these parameters and
   * no others; `initial`: the last one may go on; `partial`: others may follow.
   */
  readonly match: 'name' | 'command' | 'exact' | 'initial' | 'partial';
}

export interface ProcessPort {
  /** Counts what matches these patterns and no others from now on. Every first count comes through `onCount`, later. */
  watch(patterns: readonly ProcessPattern[]): void;
  /** The number of processes that match a pattern is known, or has changed. */
  onCount(listener: (name: string, count: number) => void): void;
}

/** Does a process match? `command` is the content of its /proc/PID/cmdline: words, each with a NUL behind it. */
export function processMatches(
  { path, parameters, match }: ProcessPattern,
  { name, command }: { readonly name: string; readonly command: string },
): boolean {
  if (match === 'name') return name === path;
  const first = `${path}\0`;
  if (!command.startsWith(first)) return false;
  const rest = command.slice(first.length);
  const wanted = parameters.map((word) => `${word}\0`).join('');
  if (match === 'exact') return rest === wanted;
  // keepalived compares bytes: without its last NUL the last parameter may go on.
  if (match === 'initial') return rest.startsWith(wanted.slice(0, -1));
  return match === 'command' || rest.startsWith(wanted);
}
