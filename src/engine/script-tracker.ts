// One vrrp_script: when it runs, how long it may, and what its results mean (rise, fall, init_fail).
// Pure: (state, event, now) → (state, effects), like an instance.
import type { ScriptExit } from '../ports/script-port.ts';
import type { ScriptConfig } from './config.ts';
import type { ScriptRunSnapshot } from './snapshot.ts';

/** keepalived's escalation: TERM at the timeout, KILL 2 s later and again 2 s later, then every 10 s. */
const KILL_AFTER_US = 2_000_000;
const KILL_AGAIN_US = 10_000_000;
const HISTORY = 60;

export interface ScriptState {
  /** Undefined until the first result decides. */
  readonly ok: boolean | undefined;
  /** keepalived's counter, 0..rise+fall-1; below `rise` is bad. */
  readonly level: number;
  readonly nextRunAt: number;
  readonly running:
    | { readonly id: number; readonly startedAt: number; readonly nextSignalAt: number; readonly signals: number }
    | undefined;
  readonly passes: number;
  readonly failures: number;
  readonly streak: number;
  readonly lastResult: string;
  /** The last result that was a failure. */
  readonly lastFailure: string;
  readonly lastOutput: string;
  readonly lastDurationUs: number | undefined;
  readonly history: readonly ScriptRunSnapshot[];
}

export interface ScriptStep {
  readonly state: ScriptState;
  /** A run to start or a signal to send now. */
  readonly action?: { readonly kind: 'start' } | { readonly kind: 'signal'; readonly signal: 'SIGTERM' | 'SIGKILL' };
  /** One line for the log. */
  readonly note?: { readonly level: 'info' | 'warning'; readonly text: string };
}

export function initialScript(config: ScriptConfig, now: number): ScriptState {
  return {
    ok: config.initFail ? false : undefined,
    level: 0,
    nextRunAt: now,
    running: undefined,
    passes: 0,
    failures: 0,
    streak: 0,
    lastResult: '',
    lastFailure: 'init_fail',
    lastOutput: '',
    lastDurationUs: undefined,
    history: [],
  };
}

export function nextScriptDeadline(state: ScriptState): number {
  return Math.min(state.nextRunAt, state.running?.nextSignalAt ?? Number.POSITIVE_INFINITY);
}

/** A due signal, or a due run. Call until it returns no action and no note. `id` is given to a run that starts. */
export function tickScript(config: ScriptConfig, state: ScriptState, now: number, id: number): ScriptStep {
  const { running } = state;
  if (running !== undefined && running.nextSignalAt <= now) return escalate(config, state, now);
  if (state.nextRunAt > now) return { state };
  // The schedule does not depend on how long a run takes; after a stalled clock no runs are made up for.
  const due = state.nextRunAt + config.intervalUs;
  const nextRunAt = due > now ? due : now + config.intervalUs;
  if (running !== undefined) {
    const text = `Track script ${config.name} is still running, this run is skipped`;
    return { state: { ...state, nextRunAt }, note: { level: 'warning', text } };
  }
  return { state: { ...state, nextRunAt, running: begun(config, now, id) }, action: { kind: 'start' } };
}

/** A run out of turn, of a script that does not run. The next one by itself comes an interval after it. */
export function startScript(config: ScriptConfig, state: ScriptState, now: number, id: number): ScriptState {
  return { ...state, nextRunAt: now + config.intervalUs, running: begun(config, now, id) };
}

function begun(config: ScriptConfig, now: number, id: number): NonNullable<ScriptState['running']> {
  return { id, startedAt: now, nextSignalAt: now + config.timeoutUs, signals: 0 };
}

function escalate(config: ScriptConfig, state: ScriptState, now: number): ScriptStep {
  const running = state.running!;
  const signals = running.signals + 1;
  const nextSignalAt = now + (signals <= 2 ? KILL_AFTER_US : KILL_AGAIN_US);
  const next = { ...state, running: { ...running, signals, nextSignalAt } };
  if (signals > 1) return { state: next, action: { kind: 'signal', signal: 'SIGKILL' } };
  const text = `Track script ${config.name} timed out after ${config.timeoutUs / 1_000_000} s`;
  return { state: next, action: { kind: 'signal', signal: 'SIGTERM' }, note: { level: 'warning', text } };
}

/** The end of a run. Anything but exit status 0 in time is a failure, also a program that cannot be executed. */
export function scriptExited(config: ScriptConfig, state: ScriptState, exit: ScriptExit, now: number): ScriptStep {
  const timedOut = (state.running?.signals ?? 0) > 0;
  const success = !timedOut && exit.outcome.kind === 'exited' && exit.outcome.code === 0;
  const result = timedOut ? `timed out after ${config.timeoutUs / 1_000_000} s` : describe(exit);
  const { ok, level } = success ? rise(config, state) : fall(config, state);
  const repeated = state.history.at(-1)?.ok === success;
  const next: ScriptState = {
    ...state,
    ok,
    level,
    running: undefined,
    passes: state.passes + (success ? 1 : 0),
    failures: state.failures + (success ? 0 : 1),
    streak: repeated ? state.streak + 1 : 1,
    lastResult: result,
    lastFailure: success ? state.lastFailure : result,
    lastOutput: exit.output,
    lastDurationUs: exit.durationUs,
    history: [...state.history.slice(1 - HISTORY), { at: now, ok: success, durationUs: exit.durationUs }],
  };
  if (ok !== state.ok) {
    const text = ok ? `VRRP_Script(${config.name}) succeeded` : `VRRP_Script(${config.name}) failed (${result})`;
    return { state: next, note: { level: ok ? 'info' : 'warning', text } };
  }
  if (result !== state.lastResult) {
    return { state: next, note: { level: 'info', text: `Script ${config.name} now ${result}` } };
  }
  return { state: next };
}

/** The first result of all decides at once; later ones count up to `rise`, then jump to the top. */
function rise({ rise, fall }: ScriptConfig, { ok, level }: ScriptState): Pick<ScriptState, 'ok' | 'level'> {
  const top = rise + fall - 1;
  if (ok === undefined || ok || level >= rise - 1) return { ok: true, level: top };
  return { ok: false, level: level + 1 };
}

function fall({ rise }: ScriptConfig, { ok, level }: ScriptState): Pick<ScriptState, 'ok' | 'level'> {
  if (ok && level > rise) return { ok: true, level: level - 1 };
  return { ok: false, level: 0 };
}

function describe({ outcome }: ScriptExit): string {
  switch (outcome.kind) {
    case 'exited':
      return `exited with status ${outcome.code}`;
    case 'signalled':
      return `ended by ${outcome.signal}`;
    case 'not-started':
      return `cannot be executed: ${outcome.message}`;
  }
}
