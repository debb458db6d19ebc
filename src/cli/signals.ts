// Signals, taken before anything else is loaded: until the program is ready they wait here.
// (SIGUSR1 without a listener opens Node's inspector; SIGTSTP without one would stop the adverts.)

const NAMES = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTSTP', 'SIGCONT'] as const;
/** What keepalived calls JSON (SIGRTMIN+2) and STATS_CLEAR (SIGRTMAX-1). */
export type SignalName = (typeof NAMES)[number] | 'SIGJSON' | 'SIGSTATSCLEAR';

const DEFAULT_EXIT: Partial<Record<SignalName, number>> = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 };

let handler: ((signal: SignalName) => void) | undefined;
const waiting: SignalName[] = [];

for (const name of NAMES) process.on(name, () => arrived(name));

/** Kept: a handle that is collected takes no signals. One that is not taken would end the process, addresses and all. */
export const realTimeSignals = [
  takeRealTimeSignal(36, () => arrived('SIGJSON')),
  takeRealTimeSignal(63, () => arrived('SIGSTATSCLEAR')),
];

function arrived(name: SignalName): void {
  if (handler === undefined) waiting.push(name);
  else handler(name);
}

interface SignalHandle {
  onsignal: () => void;
  start(signal: number): number;
  unref(): void;
}

/** Node has no event for real-time signals, only its inner handle, and warns of that. Undefined where it has gone. */
function takeRealTimeSignal(signal: number, take: () => void): SignalHandle | undefined {
  const { noDeprecation } = process as { noDeprecation?: boolean };
  try {
    Object.assign(process, { noDeprecation: true });
    type Binding = (name: 'signal_wrap') => { readonly Signal: new () => SignalHandle };
    const { Signal } = (process as unknown as { binding: Binding }).binding('signal_wrap');
    const handle = new Signal();
    handle.unref();
    handle.onsignal = take;
    return handle.start(signal) === 0 ? handle : undefined;
  } catch {
    return undefined;
  } finally {
    Object.assign(process, { noDeprecation });
  }
}

/** From now on `take` gets every signal, first those that came before. */
export function takeSignals(take: (signal: SignalName) => void): void {
  handler = take;
  for (const name of waiting.splice(0)) take(name);
}

/** For commands that just end: the usual exit status of a signal. */
export function endOnSignals(): void {
  takeSignals((name) => {
    const status = DEFAULT_EXIT[name];
    if (status !== undefined) process.exit(status);
  });
}
