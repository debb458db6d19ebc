// What a configuration may be judged against besides itself: interfaces, users and programs of one host.

/** Facts of a host, read from it or assumed. */
export interface HostFacts {
  readonly interfaces: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** True when a script can be run: an absolute path, or a name that PATH finds. */
  readonly canRun: (program: string) => boolean;
  /** dynamic_interfaces: those that are not there may come later. */
  readonly dynamicInterfaces?: boolean;
  /** Names under /run/netns. */
  readonly namespaces: ReadonlySet<string>;
}

/** keepalived's PATH when it looks for a script. */
export const SCRIPT_PATH: readonly string[] = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];

/** Facts from a parsed JSON object with `interfaces`, `users`, `groups`, `executables` (lists of names). */
export function readHostFacts(json: unknown): HostFacts {
  const object = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  const names = (key: string) =>
    new Set(Array.isArray(object[key]) ? object[key].filter((name) => typeof name === 'string') : []);
  const executables = names('executables');
  const canRun = (program: string) =>
    program.startsWith('/')
      ? executables.has(program)
      : SCRIPT_PATH.some((path) => executables.has(`${path}/${program}`));
  return {
    interfaces: names('interfaces'),
    users: names('users'),
    groups: names('groups'),
    canRun,
    namespaces: names('namespaces'),
  };
}
