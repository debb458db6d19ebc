import { describe, expect, it } from 'vitest';
import type { ScriptConfig } from '../../src/engine/config.ts';
import { initialScript, type ScriptState, scriptExited, tickScript } from '../../src/engine/script-tracker.ts';
import type { ScriptOutcome } from '../../src/ports/script-port.ts';
import { SECOND } from '../support/instance.ts';
import { scriptConfig } from '../support/node.ts';

const OK: ScriptOutcome = { kind: 'exited', code: 0 };
const BAD: ScriptOutcome = { kind: 'exited', code: 1 };

/** `+` passes, `-` fails; the answer has one letter a run: U(p), d(own). */
function results(change: Partial<ScriptConfig>, runs: string): string {
  const config = scriptConfig(change);
  let state = initialScript(config, 0);
  return [...runs]
    .map((run) => {
      state = finish(config, state, run === '+' ? OK : BAD).state;
      return state.ok ? 'U' : 'd';
    })
    .join('');
}

function finish(config: ScriptConfig, state: ScriptState, outcome: ScriptOutcome): ReturnType<typeof scriptExited> {
  return scriptExited(config, state, { id: 1, outcome, output: '', durationUs: 5 }, 0);
}

describe('rise and fall', () => {
  it.each([
    ['the first result decides at once, good', { rise: 3, fall: 3 }, '+', 'U'],
    ['the first result decides at once, bad', { rise: 3, fall: 3 }, '-', 'd'],
    ['falls after 3 failures in a row', { rise: 1, fall: 3 }, '+---', 'UUUd'],
    ['a pass in between starts the count anew', { rise: 1, fall: 3 }, '+--+---', 'UUUUUUd'],
    ['rises after 3 passes in a row', { rise: 3, fall: 1 }, '-+++', 'dddU'],
    ['a failure in between starts the count anew', { rise: 3, fall: 1 }, '-++-+++', 'ddddddU'],
    ['rise 3, fall 3, all the way', { rise: 3, fall: 3 }, '+---+++---', 'UUUdddUUUd'],
    ['rise 1, fall 1', { rise: 1, fall: 1 }, '+-+-', 'UdUd'],
    ['init_fail: starts as failed and has to rise', { rise: 2, fall: 1, initFail: true }, '++', 'dU'],
  ] as const)('%s', (_title, change, runs, expected) => {
    expect(results(change, runs)).toBe(expected);
  });
});

describe('outcomes', () => {
  it.each([
    [OK, true, 'exited with status 0'],
    [BAD, false, 'exited with status 1'],
    [{ kind: 'signalled', signal: 'SIGSEGV' }, false, 'ended by SIGSEGV'],
    // Deviation: keepalived takes this for a success.
    [{ kind: 'not-started', message: 'ENOENT: no such file' }, false, 'cannot be executed: ENOENT: no such file'],
  ] as const)('%o', (outcome, ok, text) => {
    const config = scriptConfig();
    const { state } = finish(config, initialScript(config, 0), outcome);
    expect(state).toMatchObject({ ok, lastResult: text, passes: ok ? 1 : 0, failures: ok ? 0 : 1, streak: 1 });
  });

  it('a change of result is told once, in the words of keepalived', () => {
    const config = scriptConfig({ fall: 2 });
    const first = finish(config, initialScript(config, 0), OK);
    const second = finish(config, first.state, BAD);
    const third = finish(config, second.state, BAD);
    const fourth = finish(config, third.state, BAD);
    expect([first, second, third, fourth].map(({ note }) => note?.text)).toEqual([
      'VRRP_Script(chk) succeeded',
      'Script chk now exited with status 1',
      'VRRP_Script(chk) failed (exited with status 1)',
      undefined,
    ]);
  });

  it('keeps the last 60 results', () => {
    const config = scriptConfig();
    let state = initialScript(config, 0);
    for (let i = 0; i < 100; i++) state = finish(config, state, i === 99 ? BAD : OK).state;
    expect(state.history).toHaveLength(60);
    expect(state.history.at(-1)).toMatchObject({ ok: false });
  });
});

describe('the schedule', () => {
  const config = scriptConfig({ intervalUs: 2 * SECOND, timeoutUs: 3 * SECOND });

  it('runs at once, and then each interval however long a run takes', () => {
    const first = tickScript(config, initialScript(config, 0), 0, 1);
    expect(first).toMatchObject({ action: { kind: 'start' }, state: { nextRunAt: 2 * SECOND } });
    const skipped = tickScript(config, first.state, 2 * SECOND, 2);
    expect(skipped.action).toBeUndefined();
    expect(skipped.note?.text).toContain('still running');
    expect(skipped.state.nextRunAt).toBe(4 * SECOND);
  });

  it('TERM at the timeout, KILL two seconds later and again, then every ten; a run that was signalled has failed', () => {
    let { state } = tickScript(config, initialScript(config, 0), 0, 1);
    const signals: string[] = [];
    for (let at = 0; at <= 30 * SECOND; at += SECOND / 2) {
      const step = tickScript(config, state, at, 9);
      state = step.state;
      if (step.action?.kind === 'signal') signals.push(`${at / SECOND} ${step.action.signal}`);
    }
    expect(signals).toEqual(['3 SIGTERM', '5 SIGKILL', '7 SIGKILL', '17 SIGKILL', '27 SIGKILL']);
    expect(finish(config, state, OK).state).toMatchObject({
      ok: false,
      lastResult: 'timed out after 3 s',
      running: undefined,
    });
  });

  it('makes up for no runs after a stalled clock', () => {
    const { state } = tickScript(config, initialScript(config, 0), 100 * SECOND, 1);
    expect(state.nextRunAt).toBe(102 * SECOND);
  });
});
