// Work that may not come to an end in a lifetime: a regular expression that backtracks.
import { createContext, Script } from 'node:vm';

const CALL = new Script('work()');
let context: { work?: (() => void) | undefined } | undefined;

/** What `work` returns; undefined when it was stopped, because it took longer than `ms`. What it throws is thrown. */
export function withinTime<T>(ms: number, work: () => T): { readonly value: T } | undefined {
  // V8 stops a search in the midst only for a script that was run with a time limit.
  context ??= createContext({}) as NonNullable<typeof context>;
  let result: { readonly value: T } | undefined;
  context.work = () => {
    result = { value: work() };
  };
  try {
    CALL.runInContext(context, { timeout: ms });
    return result;
  } catch (error) {
    // An error of the context: no instance of the Error of this one.
    if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    context.work = undefined;
  }
}
