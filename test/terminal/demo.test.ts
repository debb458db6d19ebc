// `kavtui demo` in a real pseudo-terminal, as a newcomer meets it.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCaptureReader } from '../../src/wire/pcap-stream.ts';
import { openPty, type PtyOptions, type PtySession } from '../support/pty.ts';
import { expectRestored, sleep } from '../support/terminal.ts';

const KAVTUI = fileURLToPath(new URL('../../bin/kavtui.js', import.meta.url));
/** A question ignores the keys of its first 400 ms. */
const READ_MS = 500;

const open: PtySession[] = [];

beforeAll(() => {
  const built = fileURLToPath(new URL('../../dist/.built', import.meta.url));
  if (!existsSync(built)) throw new Error('the program is not built: npm run build');
});
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});

async function demo(options: PtyOptions & { readonly args?: readonly string[] } = {}): Promise<PtySession> {
  const session = openPty(process.execPath, [KAVTUI, 'demo', ...(options.args ?? [])], options);
  open.push(session);
  await session.waitFor('[lb1] lb2 lb3');
  return session;
}

/** The demo when lb1 has become MASTER of its first instance. */
async function settledDemo(options?: Parameters<typeof demo>[0]): Promise<PtySession> {
  const session = await demo(options);
  await session.waitFor(/MASTER +VI_1 .* self /, 15_000);
  return session;
}

/** Opens a question and waits until its keys count. */
async function ask(session: PtySession, key: string, title: string): Promise<void> {
  session.send(key);
  await session.waitFor(title);
  await sleep(READ_MS);
}

describe('the demo', () => {
  it('is on the screen at once and says what it waits for', async () => {
    const began = Date.now();
    const session = await demo();
    console.log(`demo: first frame after ${Date.now() - began} ms`);
    expect(session.buffer()).toBe('alternate');
    expect(session.lines()[0]).toMatch(/^kavtui .*MASTER .*BACKUP .*FAULT.*DEMO/);
    expect(session.lines()[23]).toContain('q quit');
  });

  it('fails over when the name is typed, as fast as it said before', async () => {
    const session = await settledDemo();
    await ask(session, 'F', 'Force FAULT on VI_1');
    const said = /takes over ([\d.]+) (ms|s) after priority 0/.exec(session.screen());
    expect(session.screen()).toMatch(/Next MASTER: lb2 \(.*\), priority \d+, is BACKUP now/);
    const forecastMs = Number(said?.[1]) * (said?.[2] === 's' ? 1000 : 1);

    session.send('VI_1');
    await session.waitFor('to go on: VI_1');
    session.send('\x07');
    await session.waitFor(/FAULT .*VI_1 .*forced by the operator/);
    await session.waitFor(/⚑ 1 override [12]:\d\d/);
    const vrid = /VI_1 +\S+ +(\d+)/.exec(session.screen())![1]!;
    const at = (row: RegExp): number => {
      const [, h, m, s] = row.exec(session.screen())!;
      return (Number(h) * 60 + Number(m)) * 60_000 + Number(s) * 1000;
    };
    const time = String.raw`(\d\d):(\d\d):([\d.]+)`;
    await session.waitFor(new RegExp(`rcvd \\S+ +\\S+ .*vrid ${vrid} +prio [1-9]`));
    const resigned = at(new RegExp(`${time} sent .*vrid ${vrid} +prio 0`));
    const taken = at(new RegExp(`${time} rcvd .*vrid ${vrid} +prio [1-9]`));
    console.log(`takeover: forecast ${forecastMs} ms, on the wire ${(taken - resigned).toFixed(0)} ms`);
    expect(taken - resigned).toBeGreaterThan(forecastMs - 20);
    expect(taken - resigned).toBeLessThan(forecastMs + 150);
  });

  it('takes an override back with u', async () => {
    const session = await settledDemo();
    await ask(session, 'P', 'Priority of VI_1');
    session.send('+5');
    await session.waitFor('Effective priority');
    session.send('y');
    await session.waitFor('⚑ 1 override');
    await ask(session, 'u', 'Undo on VI_1');
    session.send('y');
    await session.waitFor('taken back');
    await session.waitUntil(() => !session.lines()[0]!.includes('override'), 'a header without override');
  });

  it('shows each router by its name and the next one with r', async () => {
    const session = await settledDemo();
    session.send(':router lb3\r');
    await session.waitFor('lb1 lb2 [lb3]');
    session.send('r');
    await session.waitFor('[lb1] lb2 lb3');
    await session.waitFor(/MASTER +VI_1 .* self /);
  });

  it('opens the detail of an instance and help, and comes back', async () => {
    const session = await settledDemo();
    session.send('\r');
    await session.waitFor('── Instance VI_1');
    await session.waitFor('Last state changes');
    session.send('?');
    await session.waitFor('── Help');
    session.send('\x1b');
    await session.waitFor('── Instance VI_1');
    session.send('\x1b');
    await session.waitFor('── Packets');
  });

  it('takes rows, views and packets off the screen: clipboard, new files of their owner alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kavtui-files-'));
    const [packets, view] = [join(folder, 'p.pcapng'), join(folder, 'v.json')];
    const session = await settledDemo({ env: { TMUX: undefined, STY: undefined } });
    session.send('y');
    await session.waitFor(/sent \d+ bytes to the terminal's clipboard/);
    const [, base64 = ''] = /\x1b\]52;c;([\w+/=]+)\x1b\\/.exec(session.output()) ?? [];
    expect(Buffer.from(base64, 'base64').toString()).toMatch(/^MASTER\tVI_1\t/);
    session.send(`:pcap ${packets}\r`);
    await session.waitFor(/\d+ packets written to/);
    const lengths: number[] = [];
    const reader = createCaptureReader(({ bytes }) => lengths.push(bytes.length));
    expect(reader.push(readFileSync(packets))).toBeUndefined();
    expect(lengths.length).toBeGreaterThan(3);
    expect(statSync(packets).mode & 0o777).toBe(0o600);
    session.send(`:export ${view}\r`);
    await session.waitFor('2 rows written to');
    expect(JSON.parse(readFileSync(view, 'utf8'))).toMatchObject([{ name: 'VI_1' }, { name: 'VI_2' }]);
    session.send(`:export ${view}\r`);
    await session.waitFor('it exists already');
    rmSync(folder, { recursive: true });
  });

  it('uses nothing but ASCII where the locale has no more, and no style with NO_COLOR', async () => {
    const session = openPty(process.execPath, [KAVTUI, 'demo'], {
      env: { LANG: 'C', LC_ALL: 'C', NO_COLOR: '1', COLORTERM: undefined },
    });
    open.push(session);
    await session.waitFor(/\* MASTER +VI_1/, 15_000);
    expect(session.output()).not.toMatch(/[^\x00-\x7f]/);
    expect(session.output()).not.toMatch(/\x1b\[[\d;]*m/);
  });

  it.each([
    [40, 12],
    [60, 16],
    [200, 60],
  ])('fits %ix%i', async (columns, rows) => {
    const session = openPty(process.execPath, [KAVTUI, 'demo'], { columns, rows });
    open.push(session);
    await session.waitFor(/MASTER +VI_1/, 15_000);
    await session.waitUntil(() => session.lines()[rows - 1]!.includes('q quit'), 'the footer in the last row');
    expect(session.lines()[0]).toMatch(/^kavtui/);
  });

  it('clears the screen never again after its start', async () => {
    const session = await settledDemo();
    const before = session.output().length;
    session.send('jjk?');
    await session.waitFor('── Help');
    session.resize(100, 30);
    await session.waitUntil(() => session.lines()[29]!.includes('? help'), 'the footer in the last row');
    expect(session.output().slice(before)).not.toMatch(/\x1b\[[23]J/);
  });
});

describe('leaving the demo', () => {
  it('q asks while MASTER, r ends it with a word of farewell', async () => {
    const session = await settledDemo();
    await ask(session, 'q', 'Quit while MASTER');
    session.send('r');
    expect(await session.exited).toMatchObject({ exitCode: 0 });
    expectRestored(session);
    expect(session.screen()).toContain('kavtui: the demo has ended');
  });

  it('Ctrl-C twice', async () => {
    const session = await settledDemo();
    await ask(session, '\x03', 'Quit while MASTER');
    session.send('\x03');
    expect(await session.exited).toMatchObject({ exitCode: 0 });
    expectRestored(session);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('%s', async (signal) => {
    const session = await demo();
    session.signal(signal);
    expect(await session.exited).toMatchObject({ exitCode: 0 });
    expectRestored(session);
  });

  it('a closed terminal', async () => {
    const session = await demo();
    session.hangUp();
    await session.waitUntil(() => !session.alive(), 'the end of the program');
  });
});
