// What the program exits with when it is called wrongly, or may not read: no terminal is needed to be told.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { judgeForRun } from '../../src/cli/read-for-run.ts';

vi.mock('node:fs', async (actual) => {
  const fs = await actual<typeof import('node:fs')>();
  const guarded = (path: string) => {
    if (path !== '/secret.conf') return fs.statSync(path);
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  };
  return { ...fs, statSync: guarded };
});

async function kavtui(...words: string[]): Promise<{ exit: unknown; err: string }> {
  let err = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text;
    return true;
  });
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw { code };
  });
  return main(words).then(
    () => ({ exit: undefined, err }),
    ({ code }: { code: unknown }) => ({ exit: code, err }),
  );
}

afterEach(() => void vi.restoreAllMocks());

describe('wrong usage', () => {
  it.each([
    [['watch', '-r', '/nowhere.pcap', '--theme', 'nope'], /^kavtui: no theme nope: dark, /],
    [['run', '-f', '/nowhere.conf', '--theme', 'nope', '--headless'], /^kavtui: no theme nope: dark, /],
    [['demo', '--theme', './nope.json', '--no-tui'], /^kavtui: the theme \.\/nope\.json cannot be read: no such file/],
    [['check', '/nowhere.conf', '--redact'], /--redact goes with --print/],
  ])('%j is told, and ends with 2', async (words, message) => {
    const { exit, err } = await kavtui(...words);
    expect(err).toMatch(message);
    expect(exit).toBe(2);
  });
});

describe('a configuration for run that cannot be read', () => {
  it('is a failure when it is not there', () => {
    expect(judgeForRun('/nowhere.conf', false)).toMatchObject({
      ok: false,
      code: 1,
      message: expect.stringMatching(/: no such file$/),
    });
  });

  it('is a missing permission when this user may not, with the line that helps', () => {
    expect(judgeForRun('/secret.conf', false)).toMatchObject({
      ok: false,
      code: 4,
      message: expect.stringMatching(/^\/secret\.conf: permission denied; type: sudo /),
    });
  });
});
