import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runLifeScript } from '../../src/cli/life-script.ts';
import { done } from '../../src/ports/result.ts';
import type { ScriptExit, ScriptOutcome, ScriptPort, ScriptRun } from '../../src/ports/script-port.ts';

const SCRIPT = { command: { argv: ['/bin/x', 'y'], text: '/bin/x y', user: 'root' }, timeoutUs: 3_000_000 };

function scripts() {
  const listeners: ((exit: ScriptExit) => void)[] = [];
  const runs: ScriptRun[] = [];
  const signals: string[] = [];
  const port: ScriptPort = {
    start: (run) => void runs.push(run),
    signal: (_, signal) => {
      signals.push(signal);
      return done;
    },
    onExit: (listener) => void listeners.push(listener),
  };
  const exit = (id: number, outcome: ScriptOutcome): void => {
    for (const listener of listeners) listener({ id, outcome, output: '', durationUs: 0 });
  };
  return { port, runs, signals, exit };
}

describe('a script at the beginning or the end', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('that is not there is not waited for', () => {
    const onEnd = vi.fn();
    runLifeScript(scripts().port, undefined, onEnd);
    expect(onEnd).toHaveBeenCalledExactlyOnceWith(undefined);
  });

  it.each<[ScriptOutcome, string | undefined]>([
    [{ kind: 'exited', code: 0 }, undefined],
    [{ kind: 'exited', code: 7 }, '/bin/x y exited with status 7'],
    [{ kind: 'signalled', signal: 'SIGSEGV' }, '/bin/x y was ended by SIGSEGV'],
    [{ kind: 'not-started', message: 'no such file' }, '/bin/x y cannot be executed: no such file'],
  ])('is waited for until its own end: %j', (outcome, problem) => {
    const { port, runs, exit } = scripts();
    const onEnd = vi.fn();
    runLifeScript(port, SCRIPT, onEnd);
    const [run] = runs;
    expect(run).toMatchObject({ argv: ['/bin/x', 'y'], user: 'root' });
    exit(run!.id + 1_000_000, { kind: 'exited', code: 1 });
    expect(onEnd).not.toHaveBeenCalled();
    exit(run!.id, outcome);
    expect(onEnd).toHaveBeenCalledExactlyOnceWith(problem);
  });

  it('that takes too long is ended, and not waited for', () => {
    const { port, signals } = scripts();
    const onEnd = vi.fn();
    runLifeScript(port, SCRIPT, onEnd);
    vi.advanceTimersByTime(2999);
    expect(onEnd).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onEnd).toHaveBeenCalledExactlyOnceWith('/bin/x y takes longer than 3 s: it is not waited for');
    expect(signals).toEqual(['SIGTERM']);
  });
});
