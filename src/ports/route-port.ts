// Routes and rules of policy routing in the kernel.
import type { PolicyEntry } from '../wire/route.ts';
import type { PortResult } from './result.ts';

export interface RoutePort {
  /** Adds all in one burst, in order; one result each. What is there already is ok. */
  add(entries: readonly PolicyEntry[]): readonly PortResult[];
  /** Removes all in one burst, in order; one result each. What is not there is ok. Nobody else's is removed. */
  remove(entries: readonly PolicyEntry[]): readonly PortResult[];
  /** An entry that was added here was removed by somebody else, or by the kernel, as far as it tells. */
  onRemoved(listener: (entry: PolicyEntry) => void): void;
}
