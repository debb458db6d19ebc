// The host in a real pseudo-terminal: start, keys, resize, every way out, and terminals that stop reading or vanish.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildScreenProgram } from '../support/build-screen-program.ts';
import { openPty, type PtyOptions, type PtySession } from '../support/pty.ts';
import { expectRestored, sleep, terminalModes } from '../support/terminal.ts';

let program = '';
const folder = mkdtempSync(join(tmpdir(), 'kavtui-terminal-'));
const open: PtySession[] = [];
let runs = 0;

beforeAll(async () => {
  program = await buildScreenProgram();
});
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});
afterAll(() => {
  rmSync(dirname(program), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

interface Run extends PtySession {
  report(): string[];
  /** Lateness of each 100 ms "advert", ms. */
  lateness(): number[];
}

function start(options: PtyOptions = {}, file = program): Run {
  const reportFile = join(folder, `report-${++runs}`);
  const env = { ...options.env, REPORT: reportFile };
  const session = openPty(process.execPath, [file], { ...options, env });
  open.push(session);
  const report = (): string[] => (existsSync(reportFile) ? readFileSync(reportFile, 'utf8').split('\n') : []);
  const lateness = (): number[] =>
    report()
      .filter((line) => line.startsWith('advert '))
      .map((line) => Number(line.slice(7)));
  return Object.assign(session, { report, lateness });
}

async function started(options?: PtyOptions): Promise<Run> {
  const run = start(options);
  await run.waitFor('VI_OLD');
  return run;
}

/** Header in the first row and footer in the last: nothing has scrolled or is left over. */
function whole(run: Run): boolean {
  const lines = run.lines();
  return (
    lines[0]!.startsWith('kavtui') &&
    lines.at(-1)!.includes('q quit') &&
    !lines.slice(1).join().includes('kavtui  alpha')
  );
}

describe('a screen on a terminal', () => {
  it('shows its first frame quickly, on the alternate screen, in raw mode', async () => {
    const began = Date.now();
    const run = start();
    await run.waitFor('VI_WEB');
    const took = Date.now() - began;
    console.log(`first frame with data after ${took} ms`);
    expect(took).toBeLessThan(3000);
    expect(run.buffer()).toBe('alternate');
    expect(terminalModes(run)).toMatch(/-icanon/);
    expect(run.lines()).toHaveLength(24);
    expect(run.lines()[23]).toContain('q quit');
  });

  it('obeys keys, also when several come in one read', async () => {
    const run = await started();
    run.send('jj');
    await run.waitFor('── VI_OLD ');
    run.send('\x1b[A');
    await run.waitFor('── VI_DB ');
  });

  it('joins an arrow key that arrives in two pieces, and takes a lone ESC as Escape', async () => {
    const run = await started();
    run.send('\x1b');
    await sleep(15);
    run.send('[B');
    await run.waitFor('── VI_DB ');
    run.send('?');
    await run.waitFor('── Help');
    run.send('\x1b');
    await run.waitFor('VI_OLD');
  });

  it('follows the size of the window', async () => {
    const run = await started();
    for (const [columns, rows] of [
      [120, 40],
      [40, 12],
      [100, 30],
    ] as const) {
      run.resize(columns, rows);
      await run.waitUntil(() => whole(run), `a whole screen at ${columns}x${rows}`);
    }
  });

  it('survives a storm of resizes', async () => {
    const run = await started();
    for (let i = 0; i < 40; i++) {
      run.resize(60 + ((i * 7) % 80), 16 + ((i * 5) % 30));
      await sleep(10);
    }
    run.resize(80, 24);
    await run.waitUntil(() => whole(run), 'a whole screen at 80x24');
  });

  it('ignores pasted text', async () => {
    const run = await started({ env: { DEMO: '1' } });
    run.send('\x1b[200~Fy\x1b[201~');
    await run.waitFor('Pasted text is ignored');
    await sleep(600);
    run.send('\x1b[200~y\x1b[201~');
    await sleep(300);
    expect(run.report().join('\n')).not.toContain('"type":"command"');
  });

  it('forces a fault with F and, after a person could read the question, the name and Ctrl-G', async () => {
    const run = await started({ env: { DEMO: '1' } });
    run.send('Fy');
    await run.waitFor('Force FAULT on VI_WEB');
    await sleep(500);
    expect(run.report().join('\n')).not.toContain('"type":"command"');
    run.send('VI_WEB');
    await run.waitFor('to go on: VI_WEB');
    run.send('\x07');
    await run.waitUntil(() => run.report().join('\n').includes('"kind":"force-fault"'), 'the command');
  });

  it('keeps what others print off the screen', async () => {
    const run = await started();
    const before = run.output().length;
    run.signal('SIGUSR2');
    await run.waitFor('something is deprecated');
    expect(run.report()).toContain('notice printed by a library');
    expect(run.report()).toContain('notice error text of a library');
    expect(run.output().slice(before)).not.toContain('(node:');
    expect(run.lines()[23]).toContain('q quit');
  });

  it('draws everything anew on Ctrl-L', async () => {
    const run = await started();
    const before = run.output().length;
    run.send('\x0c');
    await run.waitUntil(() => run.output().slice(before).includes('\x1b[H'), 'a repaint');
    await sleep(250);
    expect(run.output().slice(before)).toContain('kavtui');
    expect(run.lines()[0]).toContain('kavtui');
    expect(run.lines()[23]).toContain('q quit');
  });

  it('is not stopped by Ctrl-Z or SIGTSTP', async () => {
    const run = await started();
    run.send('\x1a');
    await run.waitFor('adverts must go on');
    run.signal('SIGTSTP');
    await sleep(500);
    const before = run.lateness().length;
    await sleep(500);
    expect(run.lateness().length).toBeGreaterThan(before + 2);
  });
});

describe('every way out', () => {
  it('q while MASTER asks; Enter cancels, r releases and leaves a clean terminal', async () => {
    const run = await started();
    run.send('q');
    await run.waitFor('Quit while MASTER');
    await sleep(450);
    run.send('\r');
    await run.waitFor('nothing was changed');
    run.send('q');
    await run.waitFor('Quit while MASTER');
    await sleep(450);
    run.send('r');
    expect((await run.exited).exitCode).toBe(0);
    expectRestored(run);
    expect(run.screen()).toContain('engine stopped');
  });

  it('d goes on without the screen, in a cooked terminal', async () => {
    const run = await started();
    run.send('\x03');
    await run.waitFor('Quit while MASTER');
    await sleep(450);
    run.send('d');
    await run.waitFor('going on as log lines');
    expectRestored(run);
    expect(terminalModes(run)).toMatch(/ icanon/);
    const before = run.lateness().length;
    await sleep(400);
    expect(run.lateness().length).toBeGreaterThan(before);
  });

  it('SIGTERM', async () => {
    const run = await started();
    run.signal('SIGTERM');
    expect((await run.exited).exitCode).toBe(0);
    expectRestored(run);
    expect(run.screen()).toContain('stopped by SIGTERM');
  });

  it('an uncaught exception of the program', async () => {
    const run = await started({ env: { CRASH_AFTER: '4000' } });
    expect((await run.exited).exitCode).toBe(1);
    expectRestored(run);
    expect(run.screen()).toContain('crashed: on purpose');
  });

  it('an exit that nobody announced', async () => {
    const run = await started({ env: { EXIT_AFTER: '4000' } });
    expect((await run.exited).exitCode).toBe(3);
    expectRestored(run);
  });

  it('a crash of the screen itself: the terminal is restored and the engine goes on', async () => {
    const run = await started();
    run.signal('SIGUSR1');
    await run.waitFor('going on as log lines');
    expectRestored(run);
    expect(terminalModes(run)).toMatch(/ icanon/);
    expect(run.report().join('\n')).toMatch(/quit detach the screen failed/);
    const before = run.lateness().length;
    await sleep(500);
    expect(run.lateness().length).toBeGreaterThan(before + 2);
  });

  it('a screen that hangs: Ctrl-C, and once more after two seconds, leaves it', async () => {
    const hung = join(dirname(program), 'hung');
    mkdirSync(hung);
    copyFileSync(program, join(hung, 'program.js'));
    writeFileSync(join(hung, 'worker.js'), 'for (;;);');
    const run = start({}, join(hung, 'program.js'));
    await run.waitUntil(() => run.lateness().length > 5, 'the program to run');
    run.send('\x03');
    await sleep(2200);
    run.send('\x03');
    await run.waitFor('going on as log lines');
    expect(terminalModes(run)).toMatch(/ icanon/);
    expect(run.report().join('\n')).toContain('the screen did not answer');
  });

  it.each([
    ['with SIGHUP', {}],
    ['without SIGHUP', { IGNORE_HANGUP: '1' }],
  ])('a hang-up %s takes the screen only: the engine goes on in time', { retry: 2 }, async (how, env) => {
    const run = await started({ env });
    await sleep(1000);
    const usual = Math.max(...run.lateness());
    const before = run.lateness().length;
    run.hangUp();
    await run.waitUntil(() => run.report().some((line) => line.startsWith('quit lost')), 'the loss to be noticed');
    await sleep(2000);
    const after = run.lateness().slice(before);
    console.log(`hang-up ${how}: ${after.length} adverts, worst ${Math.max(...after)} ms late (before: ${usual} ms)`);
    expect(after.length).toBeGreaterThan(17);
    // A machine that is busy with other things is late without our doing.
    expect(Math.max(...after)).toBeLessThan(Math.max(50, usual * 2));
    process.kill(run.pid, 'SIGKILL');
  });

  it('a terminal that does not read is left within 300 ms', async () => {
    const run = await started();
    run.stall();
    await sleep(3000);
    const began = Date.now();
    run.signal('SIGTERM');
    // node-pty reports the exit only when it reads again.
    await run.waitUntil(() => !run.alive(), 'the end of the program', 2000);
    expect(Date.now() - began).toBeLessThan(300);
  });
});

describe('a terminal that stops reading', () => {
  it('costs the main thread nothing: its 100 ms timer stays within 50 ms, and the screen comes back', {
    retry: 2,
  }, async () => {
    const run = await started({ columns: 160, rows: 50 });
    await sleep(3000);
    const usual = Math.max(...run.lateness());
    const before = run.lateness().length;
    run.stall();
    await sleep(6000);
    const during = run.lateness().slice(before);
    run.resume();
    const worst = Math.max(...during);
    console.log(`stalled for 6 s: ${during.length} adverts, worst ${worst} ms late (before: worst ${usual} ms)`);
    expect(during.length).toBeGreaterThan(50);
    // A machine that is busy with other things is late without our doing.
    expect(worst).toBeLessThan(Math.max(50, usual * 2));
    expect(run.report()).toContain('skipped');
    run.send('j');
    await run.waitFor('── VI_DB ');
    expect(run.lines()[49]).toContain('q quit');
  });
});
