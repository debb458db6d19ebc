// Signals, taken before anything else is loaded: until the program is ready they wait here.
// (SIGUSR1 without a listener opens Node's inspector; SIGTSTP without one would stop the adverts.)

const NAMES = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTSTP', 'SIGCONT'] as const;
export type SignalName = (typeof NAMES)[number];

const DEFAULT_EXIT: Partial<Record<SignalName, number>> = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 };

let handler: ((signal: SignalName) => void) | undefined;
const waiting: SignalName[] = [];

for (const name of NAMES) process.on(name, () => (handler === undefined ? waiting.push(name) : handler(name)));

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
