// `--screen-reader` in a real pseudo-terminal: what is said, that nothing is drawn, and that questions are asked as ever.
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { openPty, type PtySession } from '../support/pty.ts';
import { sleep } from '../support/terminal.ts';

const KAVTUI = fileURLToPath(new URL('../../bin/kavtui.js', import.meta.url));
const open: PtySession[] = [];

afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});

async function spoken(): Promise<PtySession> {
  const session = openPty(process.execPath, [KAVTUI, 'demo', '--screen-reader'], { columns: 100, rows: 60 });
  open.push(session);
  await session.waitFor('VI_1: Entering MASTER STATE', 15_000);
  return session;
}

it('says what happens in plain lines, without a cursor address, a colour or a sign beyond ASCII', async () => {
  const session = await spoken();
  session.send('instances\r');
  await session.waitFor(/\* MASTER +VI_1 .* self /);
  session.send('events\r');
  await session.waitFor(/Events/);
  expect(session.buffer()).toBe('normal');
  expect(session.output()).not.toMatch(/\x1b|[^\x00-\x7f]/);
});

it('asks before it changes anything: an empty line and a wrong name cancel nothing into being', async () => {
  const session = await spoken();
  session.send('fault VI_1 for 30s because exercise\r');
  await session.waitFor('Type  VI_1  to go on');
  await sleep(500);
  session.send('\r');
  await session.waitFor('nothing was changed');
  session.send('fault VI_1 for 30s because exercise\r');
  await sleep(600);
  session.send('VI_2\r');
  await sleep(300);
  expect(session.output()).not.toContain('forced FAULT for');
  session.send('VI_1\r');
  await session.waitFor(/override: forced FAULT for 30 s by .*: exercise/);
  await session.waitFor('Entering FAULT STATE');
});

it('plans a drill in words: what, then the name', async () => {
  const session = await spoken();
  session.send('failover VI_1 20s because exercise\r');
  await session.waitFor('choose: nothing is done yet');
  await sleep(500);
  session.send('f\r');
  await session.waitFor('Type  VI_1  to go on');
  await sleep(500);
  session.send('VI_1\r');
  await session.waitFor(/override: forced FAULT for 20 s by .*: exercise/);
});

it('asks before it ends', async () => {
  const session = await spoken();
  session.send('quit\r');
  await session.waitFor('This router is MASTER');
  await sleep(500);
  session.send('r\r');
  expect(await session.exited).toMatchObject({ exitCode: 0 });
  expect(session.output()).toContain('the demo has ended');
});
