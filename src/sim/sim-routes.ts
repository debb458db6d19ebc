// Routes and rules of a simulated host, and the port of the process that sets them.
import { done, type PortResult } from '../ports/result.ts';
import type { RoutePort } from '../ports/route-port.ts';
import { interfacesOf, type PolicyEntry } from '../wire/route.ts';
import type { Refusals } from './refusals.ts';
import type { SimProcess } from './sim-process.ts';

export interface SimRoutes {
  /** Everything that is set, in the order in which it was. */
  list(): readonly PolicyEntry[];
  /** Removed by the hand of another program: whoever set it is told. */
  remove(entry: PolicyEntry): void;
  /** The machine lost its power. */
  clear(): void;
  /** The port of a process that was just started. */
  attach(process: SimProcess): RoutePort;
}

/** A host without routes, with these interfaces. They survive its processes. */
export function createSimRoutes(interfaces: { has(name: string): boolean }, refusals: Refusals): SimRoutes {
  const entries = new Map<string, PolicyEntry>();
  let tell: (entry: PolicyEntry) => void = () => {};

  const add = (entry: PolicyEntry): PortResult => {
    const refusal = refusals.get('add-policy');
    if (refusal !== undefined) return refusal;
    const absent = interfacesOf(entry).find((name) => entry.kind === 'route' && !interfaces.has(name));
    if (absent !== undefined) return { ok: false, code: 'ENODEV', message: `no interface ${absent}` };
    entries.set(JSON.stringify(entry), entry);
    return done;
  };
  return {
    list: () => [...entries.values()],
    remove: (entry) => {
      if (entries.delete(JSON.stringify(entry))) tell(entry);
    },
    clear: () => entries.clear(),
    attach: (process) => {
      const listeners: ((entry: PolicyEntry) => void)[] = [];
      tell = (entry) =>
        process.deliver('input', () => {
          for (const listener of listeners) listener(entry);
        });
      return {
        add: (wanted) => wanted.map(add),
        remove: (unwanted) =>
          unwanted.map((entry) => {
            entries.delete(JSON.stringify(entry));
            return done;
          }),
        onRemoved: (listener) => void listeners.push(listener),
      };
    },
  };
}
