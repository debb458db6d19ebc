// The screen of `kavtui run`, with a real keepalived as its backup and the wire captured: what a key does is seen on both.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { sleep } from '../support/host.ts';
import { createLab, type Lab } from '../support/lab.ts';
import { openPty, type PtyOptions, type PtySession } from '../support/pty.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig, VIP } from '../support/router-config.ts';
import { KAVTUI, startRouter } from '../support/router-process.ts';

const INTERVAL = 0.2;
const open: { lab: Lab; session: PtySession }[] = [];

afterEach(async () => {
  for (const { lab, session } of open.splice(0)) {
    await session.dispose();
    await lab.close();
  }
});

/** kavtui with priority 150 on host 1 as MASTER under the screen; keepalived with 100 on host 2. */
async function pair(
  options: PtyOptions & { readonly backupLater?: boolean } = {},
): Promise<{ lab: Lab; session: PtySession }> {
  const lab = await createLab();
  const config = { version: 3, family: 4, mode: 'multicast', interval: INTERVAL } as const;
  const file = join(lab.host(1).directory, 'screen.conf');
  writeFileSync(file, routerConfig({ ...config, priority: 150 }));
  const command = [process.execPath, KAVTUI, 'run', '-f', file, '--operate'];
  const session = openPty('ip', ['netns', 'exec', lab.host(1).namespace, ...command], options);
  open.push({ lab, session });
  const backup = (): unknown => startRouter(lab, 'keepalived', 2, routerConfig({ ...config, priority: 100 }));
  if (options.backupLater !== true) backup();
  await session.waitFor(/● MASTER +VI_1 .* self /, 15_000);
  if (options.backupLater === true) backup();
  // The backup listens for one master-down time before it is ready.
  await sleep(1500);
  return { lab, session };
}

/** Presses a key that changes something, and confirms it in the way that the question asks for. */
async function change(session: PtySession, key: string): Promise<void> {
  session.send(key);
  await session.waitFor('Cancel');
  // Keys are ignored for 400 ms after a question opens.
  await sleep(500);
  const typed = / {2}(.+?) {2}to go on/.exec(session.screen())?.[1]?.trim();
  session.send(typed ?? 'y');
  if (typed === undefined) return;
  await session.waitFor(`to go on: ${typed}`);
  session.send('\x07');
}

const now = (): number => Date.now();

describeWithRoot('a drill on the screen', ['ip', 'tcpdump', 'keepalived', 'stty'], () => {
  it('F resigns by priority 0 and keepalived takes over; u brings it back', async () => {
    const { lab, session } = await pair();
    const before = now();
    await change(session, 'F');
    const resigned = await lab.wire.firstAdvert({ from: 1, priority: 0, after: before }, 3000);
    const taken = await lab.wire.firstAdvert({ from: 2, after: resigned.at }, 3000);
    console.log(`F: priority 0, then keepalived after ${((taken.at - resigned.at) / 1000).toFixed(3)} s`);
    await session.waitFor(/✗ FAULT .*VI_1/);
    expect(session.screen()).toContain('forced by the operator');
    await session.waitFor(/rcvd eth0 +10\.0\.0\.2 .*prio 100/);
    expect(await lab.addresses(1)).not.toContain(VIP);
    const undone = now();
    await change(session, 'u');
    await lab.wire.firstAdvert({ from: 1, priority: 150, after: undone }, 5000);
    await session.waitFor(/● MASTER +VI_1 .* self /);
  });

  it('knows a backup that it never heard, by its membership report, and tells the takeover as a range', async () => {
    const { session } = await pair({ backupLater: true });
    session.send('F');
    await session.waitFor(/Next MASTER: 10\.0\.0\.2, reported itself in the VRRP group/);
    expect(session.screen()).toMatch(/takes over \S+ ms to \S+ s after priority 0/);
    expect(session.screen()).toContain('Type  VI_1  to go on');
    session.send('\x1b');
  });

  it('P puts the new priority into the next advert, and N shows nopreempt', async () => {
    const { lab, session } = await pair();
    const before = now();
    session.send('P');
    await session.waitFor('Cancel');
    await sleep(500);
    session.send('160\r');
    await sleep(600);
    if (session.screen().includes('y: do it')) session.send('y');
    const advert = await lab.wire.firstAdvert({ from: 1, priority: 160, after: before }, 3000);
    expect(advert.priority).toBe(160);
    await session.waitFor('150→160');
    await change(session, 'N');
    await session.waitFor(/nopreempt/);
    // Both are taken back at once.
    const undone = now();
    await change(session, 'U');
    await lab.wire.firstAdvert({ from: 1, priority: 150, after: undone }, 3000);
  });

  it('D plans, asks and measures, and it takes itself back; :garp announces the addresses again', async () => {
    const { lab, session } = await pair();
    const before = now();
    session.send(':garp\r');
    await session.waitFor('Announce the addresses of VI_1');
    await sleep(500);
    session.send('y');
    await session.waitFor(/announcing \d+ address\S* 5 times, asked for by/);
    expect(lab.wire.announcements({ from: 1, after: before, address: VIP })).toHaveLength(5);
    session.send('D');
    await session.waitFor('Drill VI_1: what?');
    await sleep(500);
    session.send('f');
    await session.waitFor('Drill VI_1: force FAULT');
    await sleep(500);
    for (const keys of ['2s', '\r', 'exercise', '\r', 'VI_1', '\x07']) session.send(keys);
    await session.waitFor(/Drills/);
    const resigned = await lab.wire.firstAdvert({ from: 1, priority: 0, after: before }, 3000);
    await lab.wire.firstAdvert({ from: 2, after: resigned.at }, 3000);
    await session.waitFor(/first advert of 10\.0\.0\.2/);
    // No key is pressed: the override ends, and it preempts again.
    const back = await lab.wire.firstAdvert({ from: 1, priority: 150, after: resigned.at }, 6000);
    console.log(`D: away for ${((back.at - resigned.at) / 1000).toFixed(2)} s of an override of 2 s`);
    expect(back.at - resigned.at).toBeGreaterThan(2000);
    await session.waitFor(/over +VI_1/);
    await session.waitFor(/MASTER again after/);
  });

  it('a reader that stops for 30 s makes no advert later than 50 ms', async () => {
    const { lab, session } = await pair({ columns: 200, rows: 60 });
    session.stall();
    const from = now();
    await sleep(30_000);
    const adverts = lab.wire.adverts({ from: 1, after: from, before: now() });
    session.resume();
    const gaps = adverts.slice(1).map((advert, i) => advert.at - adverts[i]!.at);
    const worst = Math.max(...gaps) - INTERVAL * 1000;
    console.log(`stalled 30 s: ${adverts.length} adverts, the latest by ${worst.toFixed(1)} ms`);
    expect(adverts.length).toBeGreaterThanOrEqual(148);
    expect(worst).toBeLessThan(50);
    await session.waitFor(/● MASTER +VI_1 .* self /);
  });
});
