// `kavtui watch` in a real pseudo-terminal: a recording that is played and wound, and nothing to change.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { interfaceBlock, packetBlock, sectionBlock } from '../../src/wire/pcapng.ts';
import { advert, announcement, macOf } from '../observe/wire-lab.ts';
import { openPty, type PtySession } from '../support/pty.ts';
import { expectRestored } from '../support/terminal.ts';

const KAVTUI = fileURLToPath(new URL('../../bin/kavtui.js', import.meta.url));
/** 2026-03-01 12:00:00 UTC, seconds. */
const START = 1_772_366_400;
const [A, B] = ['192.0.2.11', '192.0.2.12'];

const folder = mkdtempSync(join(tmpdir(), 'kavtui-watch-'));
const recording = join(folder, 'pair.pcapng');
const open: PtySession[] = [];

/** A for a minute, then B, which takes over when A falls silent; from 90 s on A is back and both are MASTER. */
function pair(): Uint8Array {
  const frames: [number, Uint8Array][] = [];
  const sends = (source: string, from: number, to: number, priority: number): void => {
    for (let at = from; at < to; at++) frames.push([at, advert(source, { priority })]);
  };
  sends(A, 0, 60, 150);
  frames.push([62.61, announcement('192.0.2.100', macOf(B))]);
  sends(B, 62.609, 120, 100);
  sends(A, 90.2, 120, 150);
  frames.sort(([a], [b]) => a - b);
  const blocks = frames.map(([at, bytes]) =>
    packetBlock({
      ...{ interface: 0, at: Math.round((START + at) * 1e6), nanoseconds: 0, bytes },
      ...{ originalLength: bytes.length, direction: undefined },
    }),
  );
  return Buffer.concat([sectionBlock(), interfaceBlock({ linkType: 1, name: 'eth0' }), ...blocks]);
}

beforeAll(() => {
  const built = fileURLToPath(new URL('../../dist/.built', import.meta.url));
  if (!existsSync(built)) throw new Error('the program is not built: npm run build');
  writeFileSync(recording, pair());
});
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function watch(...args: string[]): Promise<PtySession> {
  const session = openPty(process.execPath, [KAVTUI, 'watch', '-r', recording, ...args], { env: { TZ: 'UTC' } });
  open.push(session);
  await session.waitFor(/seen +eth0 v4 51/);
  return session;
}

/** Types a command at the `:` prompt. */
function command(session: PtySession, text: string): void {
  session.send(`:${text}\r`);
}

describe('a recording on the screen', () => {
  it('is played at real speed from its start, with the roles that the wire shows', async () => {
    const session = await watch();
    expect(session.lines()[0]).toMatch(/^kavtui {2}pair\.pcapng .*1 seen .*0 SPLIT .*REPLAY x1 0:0\d\/1:59/);
    expect(session.screen()).toMatch(/192\.0\.2\.11 is MASTER since 12:00:00 \([\d.]+s\): heard first/);
    await session.waitFor(/REPLAY x1 0:02/);
    expect(session.screen()).toMatch(/12:00:01\.000 .*192\.0\.2\.11 .*vrid 51 +prio 150/);
  });

  it('offers nothing that changes a router, and no view of what only an engine has', async () => {
    const session = await watch();
    expect(session.screen()).not.toMatch(/read-only|F fault|RW|RO\b|3 Trk|6 Drill/);
    session.send('F');
    command(session, 'fault');
    await session.waitFor('no command fault');
    command(session, 'unlock 15m');
    await session.waitFor('no command unlock');
    session.send('?');
    await session.waitFor('replay: next packet');
    expect(session.screen()).not.toMatch(/CHANGE|force FAULT|:unlock/);
  });

  it('goes faster and slower, stops, steps packet by packet, and is wound by ten seconds', async () => {
    const session = await watch();
    session.send('p');
    await session.waitFor(/PAUSED x1 0:0\d/);
    session.send('++');
    await session.waitFor('PAUSED x10');
    session.send('+++');
    await session.waitFor('PAUSED x100');
    session.send('-');
    await session.waitFor('PAUSED x10 ');
    command(session, 'goto 12:00:58.5');
    await session.waitFor(/PAUSED x10 0:58\/1:59/);
    session.send('.');
    await session.waitFor('PAUSED x10 0:59');
    session.send('.');
    await session.waitFor('PAUSED x10 1:02');
    expect(session.screen()).toContain('192.0.2.12 is MASTER since 12:01:02');
    session.send(']');
    await session.waitFor('PAUSED x10 1:12');
    session.send('[[');
    await session.waitFor('PAUSED x10 0:52');
    expect(session.screen()).toContain('192.0.2.11 is MASTER since 12:00:00');
    expect(session.screen()).not.toContain('192.0.2.12');
  });

  it('tells of the change of MASTER with its cause, and of the finding with evidence and cure', async () => {
    const session = await watch();
    command(session, 'goto 75%');
    await session.waitFor(/1:3\d\/1:59/);
    session.send('4');
    session.send('/12 is MASTER\r');
    const told = '192.0.2.12 is MASTER (priority 100), the one before fell silent, 3.609 s after its last advert';
    const shown = (): string => session.screen().replaceAll(/\s+/g, ' ');
    await session.waitUntil(() => shown().includes(told), told);
    command(session, 'goto end');
    await session.waitFor('END x1 1:59/1:59');
    session.send('1');
    await session.waitFor(/SPLIT +eth0 v4 51/);
    session.send('9');
    await session.waitFor(/error +D\d\d/);
    await session.waitFor(/evidence[\s\S]*why[\s\S]*fix/);
    session.send('5');
    await session.waitFor(/SPLIT BRAIN +eth0 v4 51/);
  });

  it('just ends with q, and leaves the terminal as it was', async () => {
    const session = await watch();
    session.send('q');
    expect(await session.exited).toMatchObject({ exitCode: 0 });
    expectRestored(session);
    expect(session.screen()).toMatch(/kavtui: \d+ adverts of 1 virtual router were seen/);
  });

  it('ends by itself, and not by an abort, when the terminal goes', async () => {
    const session = await watch();
    session.hangUp();
    expect(await session.exited).toEqual({ exitCode: 0, signal: 0 });
  });

  it.each([
    ['--no-tui', '192.0.2.12 is MASTER (priority 100)'],
    ['--json', '"type":"master"'],
  ])('stays lines with %s', async (option, line) => {
    const session = openPty(process.execPath, [KAVTUI, 'watch', '-r', recording, option]);
    open.push(session);
    expect(await session.exited).toMatchObject({ exitCode: 0 });
    expect(session.buffer()).toBe('normal');
    expect(session.output()).toContain(line);
  });
});
