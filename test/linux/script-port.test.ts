import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScriptPort, type ScriptPortOptions } from '../../src/linux/script-port.ts';
import type { ScriptExit, ScriptRun } from '../../src/ports/script-port.ts';

const root = process.getuid?.() === 0;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-scripts-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A port, and the end of each run by its id. */
function scripts(options?: ScriptPortOptions) {
  const port = createScriptPort(options);
  const waiting = new Map<number, (exit: ScriptExit) => void>();
  port.onExit((exit) => waiting.get(exit.id)?.(exit));
  let id = 0;
  const start = (argv: readonly string[], more: Partial<ScriptRun> = {}) => {
    const run = { id: ++id, argv, ...more };
    const ended = new Promise<ScriptExit>((resolve) => waiting.set(run.id, resolve));
    port.start(run);
    return { id: run.id, ended };
  };
  return { port, start, run: (argv: readonly string[], more?: Partial<ScriptRun>) => start(argv, more).ended };
}

const sh = (text: string): string[] => ['/bin/sh', '-c', text];

describe('script port', () => {
  it.each([
    ['exit 0', { kind: 'exited', code: 0 }],
    ['exit 7', { kind: 'exited', code: 7 }],
    ['kill -9 $$', { kind: 'signalled', signal: 'SIGKILL' }],
  ])('tells how a script ends: %s', async (text, outcome) => {
    const exit = await scripts().run(sh(text));
    expect(exit).toMatchObject({ outcome, output: '' });
    expect(exit.durationUs).toBeGreaterThan(0);
  });

  it('passes arguments as they are, without a shell', async () => {
    const exit = await scripts().run(['/bin/echo', '$HOME', 'a b', '*']);
    expect(exit.output).toBe('$HOME a b *\n');
  });

  it('keeps standard output and standard error in the order of writing', async () => {
    expect((await scripts().run(sh('echo 1; echo 2 >&2; echo 3; echo 4 >&2'))).output).toBe('1\n2\n3\n4\n');
  });

  it('lets a script open its output again by name', async () => {
    expect((await scripts().run(sh('echo seen > /dev/stderr'))).output).toBe('seen\n');
  });

  it('keeps the last 4096 bytes of much output', async () => {
    const { output } = await scripts().run(sh('i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done'));
    expect(output.length).toBe(4096);
    expect(output.endsWith('line 2998\nline 2999\n')).toBe(true);
  });

  it('is not kept busy and does not grow by a script that prints without end', async () => {
    const { port, start } = scripts();
    const { id, ended } = start(['/usr/bin/yes', 'kavtui']);
    const before = process.memoryUsage.rss();
    const cpu = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const used = process.cpuUsage(cpu);
    port.signal(id, 'SIGKILL');
    const exit = await ended;
    expect(exit.outcome).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
    expect(exit.output.length).toBe(4096);
    expect(used.user + used.system).toBeLessThan(300_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 << 20);
  });

  it('gives no standard input', async () => {
    expect((await scripts().run(sh('cat; echo end'))).output).toBe('end\n');
  });

  it('takes what changes the meaning of a shell or of libraries out of the environment', async () => {
    const names = ['IFS', 'LD_PRELOAD', 'LD_LIBRARY_PATH'];
    process.env.LD_LIBRARY_PATH = '/nowhere';
    process.env.KAVTUI_TEST_KEPT = 'yes';
    const { output } = await scripts().run(['/usr/bin/env']);
    delete process.env.LD_LIBRARY_PATH;
    delete process.env.KAVTUI_TEST_KEPT;
    const present = output.split('\n').map((line) => line.split('=')[0]);
    expect(present).toContain('KAVTUI_TEST_KEPT');
    expect(present.filter((name) => names.includes(name ?? ''))).toEqual([]);
  });

  it('signals the whole process group', async () => {
    const { port, start } = scripts();
    const { id, ended } = start(sh('sleep 60 & sleep 60'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(port.signal(id, 'SIGTERM')).toEqual({ ok: true });
    const exit = await ended;
    expect(exit.outcome).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
    // Nobody holds the output any more, else the end had to be waited for.
    expect(exit.durationUs).toBeLessThan(5_000_000);
  });

  it('does nothing when it signals a run that is over', async () => {
    const { port, start } = scripts();
    const { id, ended } = start(['/bin/true']);
    await ended;
    expect(port.signal(id, 'SIGKILL')).toEqual({ ok: true });
    expect(port.signal(999, 'SIGTERM')).toEqual({ ok: true });
  });

  it('does not wait for a grandchild that holds the output, and lets it live', async () => {
    const marker = join(folder, 'written');
    const exit = await scripts().run(sh(`(sleep 0.3; echo late; echo ok > ${marker}) & echo early`));
    expect(exit).toMatchObject({ outcome: { kind: 'exited', code: 0 }, output: 'early\n' });
    expect(exit.durationUs).toBeLessThan(280_000);
    await expect
      .poll(
        () =>
          scripts()
            .run(['/bin/cat', marker])
            .then(({ output }) => output),
        { timeout: 3000 },
      )
      .toBe('ok\n');
  });

  it.each([
    ['a file that does not exist', ['/nowhere/script'], {}, 'cannot run /nowhere/script: no such file'],
    [
      'an unknown user',
      ['/bin/true'],
      { user: 'no-such-user' },
      'cannot run /bin/true: user no-such-user does not exist',
    ],
    ['an unknown group', ['/bin/true'], { group: 'no-such-group' }, 'group no-such-group does not exist'],
    ['nothing to run', [], {}, 'no program is named'],
    ['a folder', ['/tmp'], {}, 'cannot run /tmp: permission denied'],
  ])('says why it did not start: %s', async (_, argv, more, message) => {
    const { outcome } = await scripts().run(argv, more);
    expect(outcome).toMatchObject({ kind: 'not-started', message: expect.stringContaining(message) });
  });

  it('says why it did not start: a file that is not executable', async () => {
    const file = join(folder, 'plain');
    writeFileSync(file, 'exit 0\n', { mode: 0o644 });
    const { outcome } = await scripts().run([file]);
    expect(outcome).toEqual({ kind: 'not-started', message: `cannot run ${file}: permission denied` });
  });

  it.runIf(root)('runs as the user of the run, else as the default user, with the own group of that user', async () => {
    const { run } = scripts({ defaultUser: { user: 'nobody' } });
    const id = ['/usr/bin/id', '-u', '-n'];
    expect((await run(id)).output).toBe('nobody\n');
    expect((await run(id, { user: 'daemon' })).output).toBe('daemon\n');
    expect((await run(['/usr/bin/id', '-G', '-n'], { user: 'daemon' })).output).toBe('daemon\n');
    expect((await run(['/usr/bin/id', '-g', '-n'], { user: 'daemon', group: 'mail' })).output).toBe('mail\n');
  });

  it.runIf(root)('lets a script of another user open its output again', async () => {
    const exit = await scripts().run(sh('echo seen > /dev/stdout'), { user: 'nobody' });
    expect(exit).toMatchObject({ outcome: { kind: 'exited', code: 0 }, output: 'seen\n' });
  });

  it.runIf(!root)('says that it may not become another user', async () => {
    const { outcome } = await scripts().run(['/bin/true'], { user: 'root' });
    expect(outcome).toMatchObject({
      kind: 'not-started',
      message: expect.stringContaining('not allowed to become uid 0'),
    });
  });
});
